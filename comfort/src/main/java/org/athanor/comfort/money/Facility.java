package org.athanor.comfort.money;

/** Figures of a place that computes, by their standards. */
public final class Facility {
    private Facility() {}

    /** Power usage effectiveness: all energy over that of the computers (ISO/IEC 30134-2:2016). At least 1. */
    public static double pue(double facilityKwh, double computersKwh) {
        if (!(computersKwh > 0 && facilityKwh >= computersKwh))
            throw new IllegalArgumentException("PUE of " + facilityKwh + " kWh in all, " + computersKwh
                    + " kWh of computers: computers above 0 and at most all");
        return facilityKwh / computersKwh;
    }

    /**
     * Energy reuse factor: energy reused over all that was drawn (ISO/IEC 30134-6:2021; what the reuse itself draws lies
     * outside its boundary). 0 to 1.
     */
    public static double erf(double reusedKwh, double facilityKwh) {
        if (!(facilityKwh > 0 && reusedKwh >= 0 && reusedKwh <= facilityKwh))
            throw new IllegalArgumentException("ERF of " + reusedKwh + " kWh reused of " + facilityKwh + " kWh drawn");
        return reusedKwh / facilityKwh;
    }
}
