package org.athanor.comfort.planning;

/**
 * What a plan costs over its horizon, in the problem's currency.
 *
 * @param electricity of our devices, own solar at the export price forgone
 * @param revenue of the work, already without what settling loses, and of heat that goes to another sink
 * @param wear of the device, starts included
 * @param discomfort the price of being outside the band
 * @param demandCharge for a peak above the one already reached
 * @param storedHeatGain what the heat in the room at the end is worth more than that at the start
 */
public record PlanCost(
        double electricity,
        double fuel,
        double revenue,
        double wear,
        double discomfort,
        double demandCharge,
        double storedHeatGain) {
    /** What the planner makes least. */
    public double total() {
        return electricity + fuel - revenue + wear + discomfort + demandCharge - storedHeatGain;
    }
}
