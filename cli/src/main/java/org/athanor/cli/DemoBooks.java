package org.athanor.cli;

import java.time.Duration;
import org.athanor.ledger.Report;

/**
 * What the demo's home cost and felt like, summed step by step: pure arithmetic over {@link Step}s. It goes by
 * the true air and the devices' own books, which only a simulation knows; the screen and the page show what the heater
 * measures.
 */
final class DemoBooks {
    /**
     * One control step that has passed.
     *
     * @param roomCelsius true temperature of the air at its end
     * @param bandLow lower end of the comfort band
     * @param bandHigh upper end
     * @param loud whether a heater was louder than the quiet level
     * @param price of electricity, currency per kWh
     * @param gasHeatPrice of a kWh of heat from a gas boiler
     * @param heatPumpPrice of a kWh of heat from a heat pump
     * @param electricityKwh drawn by the compute heaters and the boost element
     * @param computeKwh of that, by the compute heaters
     * @param deliveredKwh heat released into the room
     * @param usefulKwh of that, what the setpoint would have taken
     * @param computeValue expected pay of the hashes of the step, currency
     */
    record Step(
            Duration length,
            double roomCelsius,
            double bandLow,
            double bandHigh,
            boolean loud,
            double price,
            double gasHeatPrice,
            double heatPumpPrice,
            double electricityKwh,
            double computeKwh,
            double deliveredKwh,
            double usefulKwh,
            double computeValue) {}

    private double kelvinHoursBelow;
    private double kelvinHoursAbove;
    private double noiseHours;
    private double electricityKwh;
    private double electricityCost;
    private double deliveredKwh;
    private double usefulKwh;
    private double resistiveCost;
    private double gasCost;
    private double heatPumpCost;
    private double hours;
    private double hoursCostingNothing;
    private double hoursNoDearer;

    void add(Step step) {
        double stepHours = step.length.toNanos() / 3.6e12;
        kelvinHoursBelow += Math.max(0, step.bandLow - step.roomCelsius) * stepHours;
        kelvinHoursAbove += Math.max(0, step.roomCelsius - step.bandHigh) * stepHours;
        if (step.loud) noiseHours += stepHours;
        electricityKwh += step.electricityKwh;
        electricityCost += step.electricityKwh * step.price;
        deliveredKwh += step.deliveredKwh;
        usefulKwh += step.usefulKwh;
        resistiveCost += step.usefulKwh * step.price;
        gasCost += step.usefulKwh * step.gasHeatPrice;
        heatPumpCost += step.usefulKwh * step.heatPumpPrice;
        claim(step, stepHours);
    }

    /** DESIGN §3: r >= p_e, and r >= c with c = p_e - v; v is the boost element's price for the part that was wanted. */
    private void claim(Step step, double stepHours) {
        if (step.computeKwh <= 0) return;
        hours += stepHours;
        double earnedPerKwh = step.computeValue / step.computeKwh;
        if (earnedPerKwh >= step.price) hoursCostingNothing += stepHours;
        double wanted = step.deliveredKwh > 0 ? Math.min(1, step.usefulKwh / step.deliveredKwh) : 0;
        double netCostOfComputing = step.price - wanted * step.price;
        if (earnedPerKwh >= netCostOfComputing) hoursNoDearer += stepHours;
    }

    Report.Comfort comfort() {
        return new Report.Comfort(kelvinHoursBelow, kelvinHoursAbove, null, noiseHours);
    }

    Report.Energy energy(double balanceRelativeError) {
        return new Report.Energy(
                electricityKwh,
                usefulKwh,
                Math.max(0, deliveredKwh - usefulKwh),
                null,
                null,
                null,
                balanceRelativeError);
    }

    Report.Claims claims() {
        return new Report.Claims(hoursCostingNothing, hoursNoDearer, hours);
    }

    double electricityCost() {
        return electricityCost;
    }

    double usefulKwh() {
        return usefulKwh;
    }

    /** Null while no useful heat was released: a price per kWh would mean nothing. */
    Report.Alternatives alternatives() {
        if (usefulKwh <= 0) return null;
        return new Report.Alternatives(
                new Report.Alternative(resistiveCost / usefulKwh),
                new Report.Alternative(gasCost / usefulKwh),
                null,
                new Report.Alternative(heatPumpCost / usefulKwh),
                null);
    }

    Report.Accounts accounts(double earned, long earnedMsat, long poolCreditedMsat) {
        double net = electricityCost - earned;
        return new Report.Accounts(
                electricityCost,
                earned,
                null,
                null,
                net,
                usefulKwh > 0 ? net / usefulKwh : null,
                earnedMsat,
                poolCreditedMsat,
                alternatives());
    }
}
