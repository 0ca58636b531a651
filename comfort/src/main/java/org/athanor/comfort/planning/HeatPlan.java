package org.athanor.comfort.planning;

/**
 * A course of action and what it leads to on the room's exact model, by step. Temperatures have one entry more: they stand
 * before each step, the last one at the end.
 */
public final class HeatPlan {
    private final int[] level;
    private final double[] sourceWatts;
    private final double[] boostWatts;
    private final double[] electricWatts;
    private final double[] ownWatts;
    private final boolean[] elsewhere;
    private final double[][] celsius;
    private final double[] heatValue;
    private final PlanCost cost;
    private final Outside outside;
    private final Breaches breaches;

    /**
     * Rules that could not be kept.
     *
     * @param timers changes of level that a minimum time did not allow, forced by a cap
     * @param missedLevels steps below the promised level although the caps would have let it
     */
    public record Breaches(int timers, int missedLevels) {}

    /**
     * Where the air is not wanted, in K·h, by its temperature at the end of each step.
     *
     * @param below the comfort band
     * @param above the comfort band
     * @param hard beyond a hard limit
     */
    public record Outside(double below, double above, double hard) {}

    HeatPlan(
            int[] level,
            double[] sourceWatts,
            double[] boostWatts,
            double[] electricWatts,
            double[] ownWatts,
            boolean[] elsewhere,
            double[][] celsius,
            double[] heatValue,
            PlanCost cost,
            Outside outside,
            Breaches breaches) {
        this.level = level;
        this.sourceWatts = sourceWatts;
        this.boostWatts = boostWatts;
        this.electricWatts = electricWatts;
        this.ownWatts = ownWatts;
        this.elsewhere = elsewhere;
        this.celsius = celsius;
        this.heatValue = heatValue;
        this.cost = cost;
        this.outside = outside;
        this.breaches = breaches;
    }

    public int steps() {
        return level.length;
    }

    /** Of the compute device. */
    public int level(int step) {
        return level[step];
    }

    /** Heat of the commanded source. */
    public double sourceWatts(int step) {
        return sourceWatts[step];
    }

    public double boostWatts(int step) {
        return boostWatts[step];
    }

    /** Drawn by all that we command. */
    public double electricWatts(int step) {
        return electricWatts[step];
    }

    /** Drawn by the compute device and the boost element. */
    public double ownWatts(int step) {
        return ownWatts[step];
    }

    /** Whether the compute device's heat goes to the problem's other sink, outdoors for example, and not to the room. */
    public boolean elsewhere(int step) {
        return elsewhere[step];
    }

    /** Before a step; {@code steps()} gives the end. */
    public double airCelsius(int step) {
        return celsius[step][0];
    }

    /** Of the model's nodes, before a step. */
    public double[] celsius(int step) {
        return celsius[step].clone();
    }

    /**
     * What a kWh of heat in the room is worth before a step, in currency per kWh: the slope of the least cost from there on.
     * That of step 0 is the {@code v} of the rule c = p + a - h v.
     */
    public double heatValuePerKwh(int step) {
        return heatValue[step];
    }

    public PlanCost cost() {
        return cost;
    }

    public Outside outsideKelvinHours() {
        return outside;
    }

    public Breaches breaches() {
        return breaches;
    }
}
