package org.athanor.comfort.money;

/** Prices of heat from computing, all in one currency per kWh. */
public final class ComputeHeat {
    private ComputeHeat() {}

    /**
     * Net cost of computing here and now: c = p_e + a - h v.
     *
     * @param electricity p_e: price of the next kWh to this site; with own solar the export price forgone
     * @param wear a: wear and noise per kWh
     * @param heatShare h: share of the drawn energy that reaches the sink, 0 to 1
     * @param heatValue v: what a kWh of heat is worth in this sink now; 0 when none is wanted, below 0 while it is cooled
     */
    public static double netCost(double electricity, double wear, double heatShare, double heatValue) {
        if (!(heatShare >= 0 && heatShare <= 1))
            throw new IllegalArgumentException("share of heat that is used " + heatShare + ": 0 to 1");
        return electricity + wear - heatShare * heatValue;
    }

    /** What this site asks of a buyer: never less than its own cost, nor than the best other work for the same heat pays. */
    public static double ask(double netCost, double bestOtherWork) {
        return Math.max(netCost, bestOtherWork);
    }

    /**
     * (p_e - r + a) / η_u.
     *
     * @param revenue r: what the work pays per kWh
     * @param usefulShare η_u: heat that was wanted per electricity; overheated and summer heat is not useful
     */
    public static double costPerUsefulKwh(double electricity, double revenue, double wear, double usefulShare) {
        return (electricity - revenue + wear) / used(usefulShare);
    }

    /**
     * The revenue per kWh from which computing is no dearer than the other heat: p_e + a - η_u v. Against a heat pump with
     * η_u = 1 this is p_e (1 - 1/COP), against gas p_e - p_gas/η.
     *
     * @param otherHeat v: price of a kWh of heat from the other source; 0 asks when the energy costs nothing
     */
    public static double breakEvenRevenue(double electricity, double wear, double usefulShare, double otherHeat) {
        return netCost(electricity, wear, usefulShare, otherHeat);
    }

    private static double used(double usefulShare) {
        if (!(usefulShare > 0 && usefulShare <= 1))
            throw new IllegalArgumentException("share of useful heat " + usefulShare + ": above 0, at most 1");
        return usefulShare;
    }
}
