package org.athanor.simulation;

import org.athanor.units.PricePerKwh;

/** What a kilowatt-hour of the same heat would cost from other sources, at one moment. */
public final class Alternatives {
    /** SEDBUK rates condensing boilers 0.89 to 0.90; in homes 0.75 to 0.85 are measured. */
    public static final double BOILER_EFFICIENCY = 0.85;

    private static final double FIELD_FACTOR = 0.85;
    private static final double SMALLEST_LIFT_KELVIN = 15;
    /** Vertex of the parabola: beyond it the fit would rise again. */
    private static final double LARGEST_LIFT_KELVIN = 94.1;

    private Alternatives() {}

    /**
     * Coefficient of performance of an air-source heat pump on radiators, by the fit of when2heat (Ruhnau, Hirth, Praktiknjo
     * 2019): field factor, quadratic in the lift, radiators at 40 °C less the outdoor temperature. Never below 1, where a
     * heating rod would take over.
     */
    public static double heatPumpCop(double outdoorCelsius) {
        double sink = 40 - outdoorCelsius;
        double lift = Math.clamp(sink - outdoorCelsius, SMALLEST_LIFT_KELVIN, LARGEST_LIFT_KELVIN);
        return Math.max(1, FIELD_FACTOR * (6.0801 - 0.0941 * lift + 0.0005 * lift * lift));
    }

    public static PricePerKwh resistive(PricePerKwh electricity) {
        return electricity;
    }

    public static PricePerKwh heatPump(PricePerKwh electricity, double outdoorCelsius) {
        return new PricePerKwh(electricity.value() / heatPumpCop(outdoorCelsius), electricity.currency());
    }

    public static PricePerKwh gas(PricePerKwh gas) {
        return gas(gas, BOILER_EFFICIENCY);
    }

    /** @throws IllegalArgumentException if {@code efficiency} is not within (0, 1.1]: condensing boilers reach 1.1 of the lower heating value */
    public static PricePerKwh gas(PricePerKwh gas, double efficiency) {
        if (!(efficiency > 0 && efficiency <= 1.1))
            throw new IllegalArgumentException("boiler efficiency " + efficiency + ": more than 0, at most 1.1");
        return new PricePerKwh(gas.value() / efficiency, gas.currency());
    }
}
