package org.athanor.cli.plan;

import java.time.Duration;
import java.time.LocalTime;
import java.util.OptionalDouble;
import java.util.function.Function;

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
        Strategy make(Setting setting);
    }

    /**
     * What is known of a home before the first step, and of all steps to come.
     *
     * @param nominalWatts heat that the home's heating is laid out for
     * @param otherMostWatts the most that the other heating can give
     * @param floorArea m²
     * @param bandKelvin on either side of the setpoint that still counts as comfortable
     * @param electricity price of each hour
     * @param setpoint and {@code mostDecibels} (empty outside quiet hours) of each time of day
     * @param planEvery how often a strategy that plans should plan anew
     */
    record Setting(
            Machine machine,
            double nominalWatts,
            double otherMostWatts,
            double floorArea,
            double bandKelvin,
            Tariff electricity,
            OtherHeatPrice otherHeat,
            Function<LocalTime, Double> setpoint,
            Function<LocalTime, OptionalDouble> mostDecibels,
            Duration planEvery) {}

    /** Of a kWh of heat from the home's other heating. */
    @FunctionalInterface
    interface OtherHeatPrice {
        double at(double electricityPrice, double outdoorCelsius);
    }
}
