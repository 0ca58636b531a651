package org.athanor.ledger;

import java.util.Map;

/**
 * The one report that every program of Athanor writes: units and meaning of each key in {@code athanor help report}
 * and in {@code report.schema.json}. A part that does not apply is null, and left out of the JSON; it is never zero.
 *
 * @param period first and last moment, ISO 8601
 * @param home which home and heater were planned; left out where there is but one
 * @param currency ISO 4217 code of every sum of money
 * @param weights by heater: how many hashes one of its hashes stood for; left out where all are 1
 * @param speedReached virtual seconds per wall second; left out where time was real
 */
public record Report(
        Period period,
        Home home,
        String currency,
        Scenario scenario,
        Comfort comfort,
        Energy energy,
        Mining mining,
        Accounts money,
        Carbon carbon,
        Claims claims,
        BreakEven breakEvenHashprice,
        Payback payback,
        Map<String, HeaterWeight> weights,
        Double speedReached,
        String advice) {

    public record Period(String start, String end) {}

    /** What was planned: names as people gave them, and the heating that the home has. */
    public record Home(String name, String device, String otherHeating) {}

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
     * @param kelvinHoursAboveAnyway that sun and people would cause in the same home without any surplus of its heaters;
     *     where it is given, {@code kelvinHoursAbove} is only what comes on top of it
     * @param noiseHours hours in which a heater was louder than the quiet level
     */
    public record Comfort(
            double kelvinHoursBelow, double kelvinHoursAbove, Double kelvinHoursAboveAnyway, Double noiseHours) {}

    /**
     * Of the compute heaters and the boost element.
     *
     * @param otherHeatKwh heat that the home's other heating gave beside them
     * @param letOutKwh heat that people let out of windows since the room was too warm; {@code letOutAnywayKwh} of it would have
     *     gone that way in the same home without any surplus of its heaters
     */
    public record Energy(
            double electricityKwh,
            double usefulHeatKwh,
            double wastedHeatKwh,
            Double otherHeatKwh,
            Double letOutKwh,
            Double letOutAnywayKwh,
            Double balanceRelativeError) {}

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

    /**
     * @param earnedByMining of what was earned, and {@code earnedByRent} likewise: of a plan, the latter of devices that are let
     */
    public record Accounts(
            double electricity,
            double earned,
            Double earnedByMining,
            Double earnedByRent,
            double netCost,
            Double netCostPerUsefulKwh,
            long earnedMsat,
            Long poolCreditedMsat,
            Alternatives alternatives) {}

    /** What the useful heat would have cost from other sources in the same hours. */
    public record Alternatives(
            Alternative resistive, Alternative gas, Alternative oil, Alternative heatPump, Alternative district) {}

    public record Alternative(double costPerUsefulKwh) {}

    /**
     * Carbon of the useful heat, from this heater and from others.
     *
     * @param erf energy reuse factor, ISO/IEC 30134-6
     * @param sci software carbon intensity, ISO/IEC 21031, g CO2e per 10¹⁸ hashes
     * @param displacedUpperBoundKg of computing elsewhere, if all of this work were displaced there: never netted into the others
     */
    public record Carbon(
            PerHeat thisHeater,
            PerHeat resistive,
            PerHeat gas,
            PerHeat oil,
            PerHeat heatPump,
            PerHeat district,
            Double erf,
            Double sci,
            Double displacedUpperBoundKg) {}

    public record PerHeat(double kgPerUsefulKwh) {}

    /** Currency per TH/s per day at which the heat costs nothing, and no more than the home's other heat. */
    public record BreakEven(Double againstNothing, Double againstOtherHeat) {}

    /**
     * Years until the savings have paid for the device: on the middle, the best and the worst of the assumed paths; null
     * where they never do.
     */
    public record Payback(Double years, Double low, Double high) {}

    /** Hours in which a claim was true, of the hours in which the compute heaters ran. */
    public record Claims(double energyCostsNothingHours, double noDearerThanOtherHeatHours, double hours) {}

    /**
     * @param mean weighted work over raw work of the whole period
     * @param last of the last interval settled, with the quotients that it is made of
     */
    public record HeaterWeight(double mean, double last, String basis) {}
}
