package org.athanor.comfort.money;

import org.athanor.units.PricePerKwh;

/** What a kilowatt-hour of the same useful heat would cost from other sources, at one moment. */
public final class HeatPrice {
    /** SEDBUK rates condensing boilers 0.89 to 0.90; in homes 0.75 to 0.85 are measured. */
    public static final double BOILER_EFFICIENCY = 0.85;

    private HeatPrice() {}

    public static PricePerKwh resistive(PricePerKwh electricity) {
        return electricity;
    }

    public static PricePerKwh heatPump(PricePerKwh electricity, double cop) {
        if (!(cop >= 1)) throw new IllegalArgumentException("COP " + cop + ": at least 1");
        return new PricePerKwh(electricity.value() / cop, electricity.currency());
    }

    /**
     * Gas, oil or another fuel.
     *
     * @param efficiency of the boiler: heat per fuel
     * @throws IllegalArgumentException if {@code efficiency} is not within (0, 1.1]: condensing boilers reach 1.1 of the lower heating value
     */
    public static PricePerKwh boiler(PricePerKwh fuel, double efficiency) {
        return new PricePerKwh(fuel.value() / acceptedEfficiency(efficiency), fuel.currency());
    }

    static double acceptedEfficiency(double efficiency) {
        if (!(efficiency > 0 && efficiency <= 1.1))
            throw new IllegalArgumentException("boiler efficiency " + efficiency + ": more than 0, at most 1.1");
        return efficiency;
    }
}
