package org.athanor.ledger;

import java.util.Map;

/**
 * The one report that every program of Athanor writes: units and meaning of each key in {@code athanor help report}
 * and in {@code report.schema.json}. A part that does not apply is null, and left out of the JSON; it is never zero.
 *
 * @param period first and last moment, ISO 8601
 * @param currency ISO 4217 code of every sum of money
 * @param weights by heater: how many hashes one of its hashes stood for; left out where all are 1
 * @param speedReached virtual seconds per wall second; left out where time was real
 */
public record Report(
        Period period,
        String currency,
        Scenario scenario,
        Comfort comfort,
        Energy energy,
        Mining mining,
        Accounts money,
        Claims claims,
        Map<String, HeaterWeight> weights,
        Double speedReached,
        String advice) {

    public record Period(String start, String end) {}

    /** The prices that were assumed, and where they, and the weather, come from. */
    public record Scenario(
            String name,
            String date,
            double hashpricePerThPerDay,
            double bitcoinPrice,
            String weather,
            String prices) {}

    /**
     * Kelvin-hours outside the comfort band.
     *
     * @param noiseHours hours in which a heater was louder than the quiet level
     */
    public record Comfort(double kelvinHoursBelow, double kelvinHoursAbove, Double noiseHours) {}

    /** Of the compute heaters and the boost element. */
    public record Energy(
            double electricityKwh, double usefulHeatKwh, double wastedHeatKwh, Double balanceRelativeError) {}

    /**
     * @param workHashes raw, unweighted expected hashes by heater, whole, as decimal text
     * @param blocks what the raw work on the local chain made likely, and whether the number found agrees
     */
    public record Mining(
            Map<String, Long> acceptedShares,
            Map<String, Long> rejectedShares,
            Long blocksFound,
            Map<String, String> workHashes,
            Blocks blocks) {}

    /** {@code low} to {@code high} is the central interval of Poisson({@code expected}) with that probability. */
    public record Blocks(double expected, double probability, long low, long high, boolean agrees) {}

    public record Accounts(
            double electricity,
            double earned,
            double netCost,
            Double netCostPerUsefulKwh,
            long earnedMsat,
            Long poolCreditedMsat,
            Alternatives alternatives) {}

    /** What the useful heat would have cost from other sources in the same hours. */
    public record Alternatives(Alternative resistive, Alternative gas, Alternative heatPump) {}

    public record Alternative(double costPerUsefulKwh) {}

    /** Hours in which a claim was true, of the hours in which the compute heaters ran. */
    public record Claims(double energyCostsNothingHours, double noDearerThanOtherHeatHours, double hours) {}

    /**
     * @param mean weighted work over raw work of the whole period
     * @param last of the last interval settled, with the quotients that it is made of
     */
    public record HeaterWeight(double mean, double last, String basis) {}
}
