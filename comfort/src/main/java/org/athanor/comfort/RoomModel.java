package org.athanor.comfort;

import java.time.Duration;

/**
 * The controller's room: air and mass, two resistances (2R2C), with an optional third for air that leaks straight to outdoors.
 * Between two steps the inputs are constant, and then its solution is exact for any length of step.
 *
 * @param airCapacity J/K of the air and what follows it within minutes
 * @param massCapacity J/K of walls and floors
 * @param airToMass W/K
 * @param massToOutdoor W/K
 * @param airToOutdoor W/K, windows and infiltration
 * @param solarAperture m² of window that would admit the same sun as all windows
 * @param solarToAir share of the admitted sun that warms the air at once, the rest warms the mass
 */
public record RoomModel(
        double airCapacity,
        double massCapacity,
        double airToMass,
        double massToOutdoor,
        double airToOutdoor,
        double solarAperture,
        double solarToAir) {
    /** Temperatures of both nodes. */
    public record State(double airCelsius, double massCelsius) {}

    /**
     * @param heatWatts released to the air
     * @param solarWattsPerSquareMetre on the plane of the windows
     */
    public record Inputs(double outdoorCelsius, double heatWatts, double solarWattsPerSquareMetre) {}

    public RoomModel {
        if (!(airCapacity > 0) || !(massCapacity > 0) || !(airToMass > 0))
            throw new IllegalArgumentException("room model: capacities " + airCapacity + ", " + massCapacity
                    + " J/K and coupling " + airToMass + " W/K (all above 0)");
        if (!(massToOutdoor >= 0) || !(airToOutdoor >= 0) || !(solarAperture >= 0))
            throw new IllegalArgumentException("room model: losses " + massToOutdoor + ", " + airToOutdoor
                    + " W/K and aperture " + solarAperture + " m² (none negative)");
        if (!(solarToAir >= 0) || solarToAir > 1)
            throw new IllegalArgumentException("room model: share of sun to the air " + solarToAir + " (0 to 1)");
    }

    /** 40 m², well insulated: loses 36 W/K in the steady state, with a time constant of two days. */
    public static RoomModel wellInsulatedFlat() {
        return new RoomModel(400_000, 6_000_000, 200, 22, 16.2, 4, 0.3);
    }

    /** 20 m² of a light building from before the rules on insulation: 60 W/K. */
    public static RoomModel lightOldRoom() {
        return new RoomModel(250_000, 2_000_000, 120, 45, 27.3, 2, 0.3);
    }

    /** Heat lost per kelvin between indoors and outdoors, in W/K, in the steady state. */
    public double lossWattsPerKelvin() {
        return airToOutdoor + airToMass * massToOutdoor / (airToMass + massToOutdoor);
    }

    /** The exact step for this length; make it once and use it again. */
    public Step discretise(Duration step) {
        double seconds = Units.seconds(step);
        // x' = A x + B u as one matrix over (air, mass, outdoor, heat, solar): its exponential holds both factors
        double[][] rates = new double[5][5];
        rates[0][0] = -(airToMass + airToOutdoor) / airCapacity;
        rates[0][1] = airToMass / airCapacity;
        rates[0][2] = airToOutdoor / airCapacity;
        rates[0][3] = 1 / airCapacity;
        rates[0][4] = solarAperture * solarToAir / airCapacity;
        rates[1][0] = airToMass / massCapacity;
        rates[1][1] = -(airToMass + massToOutdoor) / massCapacity;
        rates[1][2] = massToOutdoor / massCapacity;
        rates[1][4] = solarAperture * (1 - solarToAir) / massCapacity;
        for (var row : rates) for (int i = 0; i < row.length; i++) row[i] *= seconds;
        return new Step(MatrixExponential.of(rates));
    }

    public State step(State state, Inputs inputs, Duration step) {
        return discretise(step).apply(state, inputs);
    }

    /**
     * Where the room ends when the inputs stay.
     *
     * @throws IllegalStateException for a room without losses, which has no such state
     */
    public State steady(Inputs inputs) {
        if (massToOutdoor + airToOutdoor == 0)
            throw new IllegalStateException("a room without losses has no steady state");
        double sun = inputs.solarWattsPerSquareMetre() * solarAperture;
        double toAir = inputs.heatWatts() + sun * solarToAir;
        double toMass = sun * (1 - solarToAir);
        double sumMass = airToMass + massToOutdoor;
        double airRise = (toAir + toMass * airToMass / sumMass) / lossWattsPerKelvin();
        double massRise = (airToMass * airRise + toMass) / sumMass;
        return new State(inputs.outdoorCelsius() + airRise, inputs.outdoorCelsius() + massRise);
    }

    /** One exact step of fixed length. */
    public static final class Step {
        private final double[][] factors;

        private Step(double[][] factors) {
            this.factors = factors;
        }

        public State apply(State state, Inputs inputs) {
            return new State(row(factors[0], state, inputs), row(factors[1], state, inputs));
        }

        private static double row(double[] row, State state, Inputs inputs) {
            return row[0] * state.airCelsius()
                    + row[1] * state.massCelsius()
                    + row[2] * inputs.outdoorCelsius()
                    + row[3] * inputs.heatWatts()
                    + row[4] * inputs.solarWattsPerSquareMetre();
        }
    }
}
