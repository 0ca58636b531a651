package org.athanor.cli.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class TpiStrategyTest {
    private static final Duration STEP = Duration.ofMinutes(15);
    private static final double NOMINAL = 2000;

    private static Machine machine(double elementWatts) {
        return new Machine(
                "test",
                List.of(
                        new Machine.Level("off", 0, 0, OptionalDouble.of(0), 0, 0, 0),
                        new Machine.Level("low", 400, 20, OptionalDouble.of(35), 0.04, 0, 0),
                        new Machine.Level("high", 800, 40, OptionalDouble.empty(), 0.08, 0, 0)),
                elementWatts,
                Duration.ofMinutes(8),
                true,
                Duration.ofMinutes(5),
                Duration.ofMinutes(5));
    }

    private static TpiStrategy rule(Machine machine, boolean onlyWhenCheaper) {
        var setting = new Strategy.Setting(
                machine,
                NOMINAL,
                NOMINAL,
                40,
                1,
                _ -> 0.25,
                (price, outdoor) -> price,
                _ -> 20.0,
                _ -> OptionalDouble.empty(),
                Duration.ofDays(1));
        return new TpiStrategy(setting, TpiStrategy.Gains.PUBLISHED, onlyWhenCheaper);
    }

    private static Moment moment(double room, double price, double otherHeat, OptionalDouble mostDecibels) {
        return new Moment(Duration.ZERO, STEP, room, 0, 0, 0, 20, price, otherHeat, mostDecibels, () -> {
            throw new AssertionError("the rule does not look ahead");
        });
    }

    private static Moment cold(double room) {
        return moment(room, 0.25, 0.25, OptionalDouble.empty());
    }

    /** 0.01 per K of 20 K to the outdoors is 0.2 of 2000 W: 400 W at the setpoint. */
    @Test
    void atTheSetpointItGivesWhatTheOutdoorsTake() {
        var rule = rule(machine(0), false);
        var decision = rule.decide(cold(20));
        assertEquals(1, decision.level());
        assertEquals(0, decision.otherHeatWatts());
    }

    /** 0.2 - 0.6 x 0.125 is 0.125 of 2000 W: 250 W by levels of 0 and 400. */
    @Test
    void levelsMakeUpTheDemandInTheMean() {
        var rule = rule(machine(0), false);
        double watts = 0;
        int changes = 0;
        int level = 0;
        int steps = 4 * 24 * 4;
        for (int i = 0; i < steps; i++) {
            var decision = rule.decide(cold(20.125));
            watts += machine(0).levels().get(decision.level()).watts() / steps;
            if (decision.level() != level) changes++;
            level = decision.level();
        }
        assertEquals(250, watts, 15);
        assertTrue(changes <= steps / 4, changes + " changes in " + steps + " steps: levels are held for an hour");
    }

    @Test
    void whatChipsCannotGiveComesFromElementOrOtherHeating() {
        var rule = rule(machine(500), false);
        var decision = rule.decide(cold(18)); // all of 2000 W
        assertEquals(new Strategy.Decision(2, 500, 700), decision);
    }

    @Test
    void theElementRestsWhereTheOtherHeatIsCheaper() {
        var rule = rule(machine(500), false);
        assertEquals(new Strategy.Decision(2, 0, 1200), rule.decide(moment(18, 0.25, 0.06, OptionalDouble.empty())));
    }

    /** The chips pay 0.10 per kWh: at 0.25 they are worth it beside heat at 0.16, not at 0.14. */
    @Test
    void onlyWhenCheaperLeavesTheChipsOffBesideCheaperHeat() {
        var rule = rule(machine(0), true);
        assertEquals(new Strategy.Decision(0, 0, 2000), rule.decide(moment(18, 0.25, 0.14, OptionalDouble.empty())));
        assertEquals(
                2,
                rule(machine(0), true)
                        .decide(moment(18, 0.25, 0.16, OptionalDouble.empty()))
                        .level());
    }

    @Test
    void inQuietHoursOnlyLevelsThatAreKnownToBeQuietRun() {
        var rule = rule(machine(0), false);
        assertEquals(2, rule.decide(cold(18)).level());
        var quiet = rule.decide(moment(18, 0.25, 0.25, OptionalDouble.of(40)));
        assertEquals(new Strategy.Decision(1, 0, 1600), quiet);
        assertEquals(
                0, rule.decide(moment(18, 0.25, 0.25, OptionalDouble.of(30))).level());
    }

    @Test
    void aWarmRoomGetsNothing() {
        var rule = rule(machine(500), false);
        assertEquals(Strategy.Decision.OFF, rule.decide(cold(21)));
    }
}
