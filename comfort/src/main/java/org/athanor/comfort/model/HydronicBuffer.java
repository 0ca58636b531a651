package org.athanor.comfort.model;

import java.time.Duration;

/**
 * Water between a source and the emitters of a heating, as two halves that are each mixed: the source takes from the lower one
 * and gives to the upper one, the emitters take from the upper one and give back to the lower one. So a source that is slow to
 * change, or must not be switched often, and emitters that want another flow and temperature do not fight.
 *
 * @param litres in all
 * @param lossWattsPerKelvin through the insulation, in all
 * @param betweenWattsPerKelvin conduction and stray mixing between the halves
 */
public record HydronicBuffer(double litres, double lossWattsPerKelvin, double betweenWattsPerKelvin) {
    /** Of what passes a half in one part of a step. */
    private static final double LARGEST_EXCHANGE = 0.1;

    private static final double LONGEST_SECONDS = 60;

    /** °C of the halves. */
    public record State(double upper, double lower) {
        public double mean() {
            return (upper + lower) / 2;
        }
    }

    /**
     * @param watts that it would give
     * @param flowCelsius to which it heats the water, its pump following
     * @param litresPerHour of its pump at most
     */
    public record Source(double watts, double flowCelsius, double litresPerHour) {
        public static final Source OFF = new Source(0, 0, 0);

        public Source {
            if (!(watts >= 0) || !(litresPerHour >= 0) || !Double.isFinite(flowCelsius))
                throw new IllegalArgumentException("source of a buffer: " + watts + " W, " + flowCelsius + " °C, "
                        + litresPerHour + " l/h (power and flow not negative)");
        }
    }

    /**
     * Radiators or a floor behind a mixing valve that follows the heat that is wanted.
     *
     * @param wattsPerKelvin between their water's and the room's temperature
     * @param litresPerHour that circulate
     * @param maximumFlowCelsius that they bear, 35 to 45 in a floor: hotter water is mixed with what comes back
     */
    public record Emitters(double wattsPerKelvin, double litresPerHour, double maximumFlowCelsius) {
        public Emitters {
            if (!(wattsPerKelvin > 0) || !(litresPerHour > 0) || !Double.isFinite(maximumFlowCelsius))
                throw new IllegalArgumentException("emitters: " + wattsPerKelvin + " W/K, " + litresPerHour
                        + " l/h, at most " + maximumFlowCelsius + " °C (the first two above 0)");
        }

        /** W for each kelvin between flow and room: 1 - e^-NTU of what circulates. */
        double wattsPerKelvinOfFlow() {
            double circulating = wattsPerKelvinOfWater();
            return circulating * -Math.expm1(-wattsPerKelvin / circulating);
        }

        double wattsPerKelvinOfWater() {
            return litresPerHour * HotWaterTank.WATER / 3600;
        }

        /** The flow temperature that gives this heat, whether they bear it or not. */
        public double flowCelsiusFor(double watts, double roomCelsius) {
            return roomCelsius + watts / wattsPerKelvinOfFlow();
        }

        /** W that they give at most to a room. */
        public double mostWatts(double roomCelsius) {
            return Math.max(0, maximumFlowCelsius - roomCelsius) * wattsPerKelvinOfFlow();
        }
    }

    /**
     * What became of a step, in joules.
     *
     * @param state at its end
     * @param accepted of the source
     * @param delivered to the room
     * @param lost through the insulation
     * @param hottestFlowCelsius that went to the emitters, NaN if none did
     */
    public record Outcome(State state, double accepted, double delivered, double lost, double hottestFlowCelsius) {}

    /** @throws IllegalArgumentException for sizes that no buffer has */
    public HydronicBuffer {
        if (!(litres > 0) || Double.isInfinite(litres))
            throw new IllegalArgumentException("buffer of " + litres + " l (above 0)");
        if (!(lossWattsPerKelvin >= 0) || !(betweenWattsPerKelvin >= 0))
            throw new IllegalArgumentException("buffer: loss " + lossWattsPerKelvin + " and conduction "
                    + betweenWattsPerKelvin + " W/K (neither negative)");
    }

    /** J/K of both halves. */
    public double capacity() {
        return litres * HotWaterTank.WATER;
    }

    /** As a planner sees it: mixed, in surroundings of one temperature. */
    public RoomModel mixed() {
        return HotWaterTank.store(capacity(), lossWattsPerKelvin);
    }

    /**
     * One step; it is cut into parts in which little water passes.
     *
     * @param wantedWatts by the room
     * @throws IllegalArgumentException for a negative wish
     */
    public Outcome step(
            State state,
            Duration step,
            Source source,
            Emitters emitters,
            double wantedWatts,
            double roomCelsius,
            double ambientCelsius) {
        if (!(wantedWatts >= 0))
            throw new IllegalArgumentException("heat wanted of a buffer: " + wantedWatts + " W (not negative)");
        double seconds = step.toNanos() / 1e9;
        double flowing = (source.litresPerHour() + emitters.litresPerHour()) / 3600;
        double longest = Math.min(LONGEST_SECONDS, LARGEST_EXCHANGE * litres / 2 / flowing);
        int parts = (int) Math.max(1, Math.ceil(seconds / longest));
        double part = seconds / parts;
        double half = capacity() / 2;
        double upper = state.upper();
        double lower = state.lower();
        double accepted = 0;
        double delivered = 0;
        double lost = 0;
        double hottest = Double.NaN;
        for (int i = 0; i < parts; i++) {
            // W/K of the water that moves, by its heat capacity
            double lift = source.flowCelsius() - lower;
            double given =
                    lift > 0 ? Math.min(source.watts(), lift * source.litresPerHour() * HotWaterTank.WATER / 3600) : 0;
            double up = lift > 0 ? given / lift : 0;
            double flow = Math.min(
                    Math.min(upper, emitters.maximumFlowCelsius()), emitters.flowCelsiusFor(wantedWatts, roomCelsius));
            double taken = Math.max(0, flow - roomCelsius) * emitters.wattsPerKelvinOfFlow();
            double back = flow - taken / emitters.wattsPerKelvinOfWater();
            double down = taken > 0 ? taken / (upper - back) : 0;
            double between = betweenWattsPerKelvin * (upper - lower);
            double lossUpper = lossWattsPerKelvin / 2 * (upper - ambientCelsius);
            double lossLower = lossWattsPerKelvin / 2 * (lower - ambientCelsius);
            // what the source brings up and the emitters do not take goes down inside, and the other way round
            double inside = up > down ? (up - down) * upper : (up - down) * lower;
            double toUpper = up * source.flowCelsius() - down * upper - inside - between - lossUpper;
            double toLower = down * back - up * lower + inside + between - lossLower;
            upper += toUpper * part / half;
            lower += toLower * part / half;
            accepted += given * part;
            delivered += taken * part;
            lost += (lossUpper + lossLower) * part;
            if (taken > 0) hottest = Double.isNaN(hottest) ? flow : Math.max(hottest, flow);
            if (lower > upper) {
                upper = (upper + lower) / 2;
                lower = upper;
            }
        }
        return new Outcome(new State(upper, lower), accepted, delivered, lost, hottest);
    }
}
