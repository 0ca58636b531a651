package org.athanor.cli.plan;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PlanningStrategyTest {
    private static final int DAYS = 40;

    private static String figures(HomePlan plan) {
        var report = plan.report();
        return report.money() + " " + report.energy() + " " + report.comfort();
    }

    private static HomePlan planned(PlannedHome home) {
        return HomePlan.ofDays(home, HomePlan.planning(home), 0, DAYS);
    }

    private static HomePlan ruled(PlannedHome home) {
        return Homes.january(home, DAYS);
    }

    /** Cheap nights and dear evenings: the first days, until the room is known, are the rule's. */
    @Test
    void aWinterCostsLessThanByTheRule() {
        var home = Homes.of(Homes.flat("tariff: {kind: be_2019}\n"));
        var rule = ruled(home);
        var plan = planned(home);
        var what = figures(rule) + "\n" + figures(plan);
        assertTrue(cost(plan) < 0.97 * cost(rule), what);
        assertTrue(
                plan.report().comfort().kelvinHoursBelow()
                        < rule.report().comfort().kelvinHoursBelow() + 10,
                what);
        assertTrue(plan.report().energy().balanceRelativeError() < 1e-6, what);
    }

    /** With the price of all heat that the home got, the other heating's too. */
    private static double cost(HomePlan plan) {
        var report = plan.report();
        double other =
                report.energy().otherHeatKwh() == null ? 0 : report.energy().otherHeatKwh();
        return report.money().netCost()
                + other * report.money().alternatives().resistive().costPerUsefulKwh();
    }

    @Test
    void whereGasIsCheaperTheMachineRests() {
        var gas =
                Homes.of("home: {preset: well-insulated-flat}\nheating: {kind: gas}\ndevice: {model: avalon-mini-3}\n");
        var rule = ruled(gas);
        var plan = planned(gas);
        assertTrue(
                plan.report().energy().electricityKwh()
                        < 0.4 * rule.report().energy().electricityKwh(),
                figures(rule) + "\n" + figures(plan));
        assertTrue(plan.report().comfort().kelvinHoursBelow() < 0.02 * 24 * DAYS, figures(plan));
    }
}
