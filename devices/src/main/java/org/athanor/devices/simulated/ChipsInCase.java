package org.athanor.devices.simulated;

/**
 * The warmth of a miner: chips in a case, and a fan. All electricity enters the chips, all heat leaves from the case, the
 * faster the faster the fan. Heat and electricity are summed from the same fluxes as the temperatures, so the books close to
 * rounding. Explicit: a step must be shorter than the shortest time constant.
 */
final class ChipsInCase {
    static final double START_CELSIUS = 20;

    /**
     * @param chipJoulesPerKelvin heat capacity of chips and heat sink
     * @param caseJoulesPerKelvin of all else
     * @param chipToCase W/K
     * @param caseToAirStill W/K with the fan at rest
     * @param caseToAirFan W/K that the fan adds at full speed
     */
    record Constants(
            double chipJoulesPerKelvin,
            double caseJoulesPerKelvin,
            double chipToCase,
            double caseToAirStill,
            double caseToAirFan) {}

    private final Constants constants;
    double chipCelsius = START_CELSIUS;
    double caseCelsius = START_CELSIUS;
    double electricityJoules;
    double heatJoules;

    ChipsInCase(Constants constants) {
        this.constants = constants;
    }

    /** @param fan 0 to 1 */
    void advance(double seconds, double watts, double fan, double ambientCelsius) {
        double toCase = constants.chipToCase * (chipCelsius - caseCelsius) * seconds;
        double toAir =
                (constants.caseToAirStill + constants.caseToAirFan * fan) * (caseCelsius - ambientCelsius) * seconds;
        double in = watts * seconds;
        chipCelsius += (in - toCase) / constants.chipJoulesPerKelvin;
        caseCelsius += (toCase - toAir) / constants.caseJoulesPerKelvin;
        electricityJoules += in;
        heatJoules += toAir;
    }

    double storedJoules() {
        return constants.chipJoulesPerKelvin * (chipCelsius - START_CELSIUS)
                + constants.caseJoulesPerKelvin * (caseCelsius - START_CELSIUS);
    }
}
