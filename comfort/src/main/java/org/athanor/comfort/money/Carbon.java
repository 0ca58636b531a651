package org.athanor.comfort.money;

/**
 * Carbon of heat and of computing. Emissions that were avoided elsewhere are a figure of their own and never netted into
 * these: SCI (ISO/IEC 21031, SPEC.md 1.1.0) forbids it, and what is displaced cannot be observed.
 */
public final class Carbon {
    /** kg CO2e per kWh of natural gas, as BOPTEST counts it for Belgium. */
    public static final double GAS_KG_PER_KWH = 0.18108;

    private Carbon() {}

    /**
     * (I + m - d PUE_dc I_dc) / η_u in kg CO2e per kWh of useful heat.
     *
     * @param intensity I: kg per kWh of electricity at the home
     * @param embodied m: kg per kWh drawn, of making the device
     * @param displacedShare d: share of the same work that this work truly displaces elsewhere; report 0, and 1 as an upper bound
     * @param elsewhere PUE_dc · I_dc: kg per kWh of computing there
     * @param usefulShare η_u: useful heat per electricity
     */
    public static double perUsefulKwh(
            double intensity, double embodied, double displacedShare, double elsewhere, double usefulShare) {
        if (!(displacedShare >= 0 && displacedShare <= 1))
            throw new IllegalArgumentException("displaced share " + displacedShare + ": 0 to 1");
        if (!(usefulShare > 0 && usefulShare <= 1))
            throw new IllegalArgumentException("share of useful heat " + usefulShare + ": above 0, at most 1");
        return (intensity + embodied - displacedShare * elsewhere) / usefulShare;
    }

    /** kg per kWh of heat from a heat pump. */
    public static double heatPump(double intensity, double cop) {
        if (!(cop >= 1)) throw new IllegalArgumentException("COP " + cop + ": at least 1");
        return intensity / cop;
    }

    /** kg per kWh of heat from a boiler whose fuel has {@code fuelKgPerKwh}. */
    public static double boiler(double fuelKgPerKwh, double efficiency) {
        return fuelKgPerKwh / HeatPrice.acceptedEfficiency(efficiency);
    }

    /** Upper bound of what the work may have displaced: d = 1, the same energy in a data centre. kg CO2e. */
    public static double displacedUpperBound(double computeKwh, double pue, double intensityElsewhere) {
        return computeKwh * pue * intensityElsewhere;
    }

    /**
     * Software carbon intensity: SCI = (E · I + M) per R, in the unit of the emissions per unit of work.
     *
     * @param energyKwh E, of the computing alone
     * @param intensity I per kWh, of the place where it was drawn
     * @param embodied M: share of making the hardware that falls to this work
     * @param work R: units of work done
     */
    public static double sci(double energyKwh, double intensity, double embodied, double work) {
        if (!(work > 0)) throw new IllegalArgumentException("SCI of no work: " + work);
        return (energyKwh * intensity + embodied) / work;
    }
}
