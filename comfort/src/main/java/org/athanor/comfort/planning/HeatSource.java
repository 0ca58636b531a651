package org.athanor.comfort.planning;

import java.util.Arrays;

/**
 * The heat source that the home has beside the compute device, as far as the plan may command it. It modulates between off
 * and its capacity: the planner looks ahead in a few parts of it, and refines what it does in each step.
 */
public final class HeatSource {
    /** In how many parts of its capacity the planner thinks unless told otherwise. */
    private static final int PARTS = 4;

    private final double capacityWatts;
    private final double[] electricityPerHeat;
    private final double fuelPricePerHeatKwh;
    private final int parts;
    private final boolean modulates;

    private HeatSource(
            double capacityWatts,
            double[] electricityPerHeat,
            double fuelPricePerHeatKwh,
            int parts,
            boolean modulates) {
        this.capacityWatts = Require.notNegative("heat source: capacity", capacityWatts, "W");
        this.electricityPerHeat = electricityPerHeat;
        this.fuelPricePerHeatKwh = Require.finite("heat source: price of its fuel", fuelPricePerHeatKwh, "per kWh");
        if (parts < 1) throw new IllegalArgumentException("heat source: " + parts + " parts (at least 1)");
        this.parts = parts;
        this.modulates = modulates;
    }

    /** None that could be commanded. */
    public static HeatSource none() {
        return new HeatSource(0, new double[] {1}, 0, 1, false);
    }

    /**
     * @param capacityWatts of heat
     * @param cop heat per electricity, of each step
     */
    public static HeatSource heatPump(double capacityWatts, double... cop) {
        for (int k = 0; k < cop.length; k++)
            if (!(cop[k] > 0))
                throw new IllegalArgumentException("heat source: COP of step " + k + " is " + cop[k] + " (above 0)");
        return new HeatSource(
                capacityWatts, Arrays.stream(cop).map(value -> 1 / value).toArray(), 0, PARTS, true);
    }

    /** @param fuelPricePerKwh currency per kWh of fuel */
    public static HeatSource boiler(double capacityWatts, double efficiency, double fuelPricePerKwh) {
        if (!(efficiency > 0))
            throw new IllegalArgumentException("heat source: efficiency " + efficiency + " (above 0)");
        return new HeatSource(capacityWatts, new double[] {0}, fuelPricePerKwh / efficiency, PARTS, true);
    }

    public static HeatSource resistive(double capacityWatts) {
        return new HeatSource(capacityWatts, new double[] {1}, 0, PARTS, true);
    }

    /** One that can only be off or run at one of {@code parts} equal parts of its capacity. */
    public HeatSource inParts(int parts) {
        return new HeatSource(capacityWatts, electricityPerHeat, fuelPricePerHeatKwh, parts, false);
    }

    public double capacityWatts() {
        return capacityWatts;
    }

    boolean modulates() {
        return modulates;
    }

    int parts() {
        return capacityWatts > 0 ? parts : 0;
    }

    /** Of heat. */
    double watts(int part) {
        return capacityWatts * part / parts;
    }

    double electricityPerHeat(int step) {
        return electricityPerHeat[electricityPerHeat.length == 1 ? 0 : step];
    }

    double fuelPricePerHeatKwh() {
        return fuelPricePerHeatKwh;
    }

    double pricePerHeatKwh(int step, double electricityPrice) {
        return electricityPerHeat(step) * electricityPrice + fuelPricePerHeatKwh;
    }

    void requireSteps(int steps) {
        if (electricityPerHeat.length != 1 && electricityPerHeat.length != steps)
            throw new IllegalArgumentException("heat source: COP of " + electricityPerHeat.length
                    + " steps (one for all, or one for each of " + steps + ")");
    }
}
