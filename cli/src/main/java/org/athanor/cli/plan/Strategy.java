package org.athanor.cli.plan;

/** Decides how a home is heated, step by step. One instance steers one home through one run and may remember. */
public interface Strategy {
    Decision decide(Moment moment);

    /**
     * @param level of the machine, 0 is off
     * @param elementWatts of the resistive element beside the chips
     * @param otherHeatWatts of heat from the home's other heating
     */
    record Decision(int level, double elementWatts, double otherHeatWatts) {
        public static final Decision OFF = new Decision(0, 0, 0);
    }

    /** Makes a strategy for each run. */
    @FunctionalInterface
    interface Maker {
        /**
         * @param nominalWatts heat that the home's heating is laid out for
         * @param otherMostWatts the most that the other heating can give
         */
        Strategy make(Machine machine, double nominalWatts, double otherMostWatts);
    }
}
