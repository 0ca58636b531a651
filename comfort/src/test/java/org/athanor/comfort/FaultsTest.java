package org.athanor.comfort;

import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.LongRange;
import org.athanor.units.Celsius;
import org.junit.jupiter.api.Assertions;

/** Hard limits under random faults, in the sense of the governor's promise, checked against the true room. */
class FaultsTest {
    private static final int STEPS = 12 * 60;

    /**
     * Promise 1: while the true room is at or above its maximum no device draws power. Promise 2: since the last reading that
     * was true and differed from the one before, no more heat was released than brings the air from there to the maximum.
     */
    @Property(tries = 300, shrinking = ShrinkingMode.OFF)
    void hardLimitsAreKeptWhateverFails(@ForAll @LongRange(min = 0) long seed, @ForAll boolean softStop) {
        keepsLimits(seed, Control.THERMOSTAT, softStop);
    }

    /** Prices, revenue and weather as no world has them: plans are wild, limits hold. */
    @Property(tries = 60, shrinking = ShrinkingMode.OFF)
    void hardLimitsAreKeptWhateverIsPlannedAndWhateverFails(
            @ForAll @LongRange(min = 0) long seed, @ForAll boolean softStop) {
        keepsLimits(seed, Control.PLAN, softStop);
    }

    @Property(tries = 300, shrinking = ShrinkingMode.OFF)
    void theGovernorAloneKeepsThemAgainstOneWhoAsksForEverything(
            @ForAll @LongRange(min = 0) long seed, @ForAll boolean softStop) {
        keepsLimits(seed, Control.GREED, softStop);
    }

    /** Otherwise the property above would show nothing of plans. */
    @Example
    void wildPlansAreReallyInForce() {
        var config = ComfortConfig.wellInsulatedFlat(ZoneOffset.UTC, new Celsius(21));
        int planned = 0;
        for (long seed = 0; seed < 5; seed++) {
            var flat = new TestFlat(config, 21, -4);
            var wild = new WildPlans(config, seed);
            for (int minute = 0; minute < 200; minute++) {
                wild.control(flat, Optional.of(flat.sensor()), Optional.empty());
                flat.advance();
            }
            planned += wild.planned;
        }
        Assertions.assertTrue(planned > 300, planned + " of 1000 steps were planned");
    }

    /**
     * A reading that jumped while the controller was away, and then stuck, once passed for one that moves; and a thermometer
     * that jumps at random for one that has come back.
     */
    @Example
    void runsThatOnceBrokeThem() {
        for (long seed : new long[] {2972, 103924, 31091, 7424823320577205270L, 6589093962536799264L})
            keepsLimits(seed, Control.THERMOSTAT, true);
        keepsLimits(13382, Control.GREED, true);
        keepsLimits(103924, Control.GREED, true);
    }

    private enum Control {
        THERMOSTAT,
        PLAN,
        GREED
    }

    private static void keepsLimits(long seed, Control control, boolean softStop) {
        var random = new Random(seed);
        double setpoint = 16 + random.nextInt(11);
        double outdoor = -20 + random.nextInt(46);
        var config = softStop
                ? ComfortConfig.wellInsulatedFlat(ZoneOffset.UTC, new Celsius(setpoint))
                : UnpoweredRestTest.flat(setpoint);
        var flat = new TestFlat(config, 15 + random.nextInt(11), outdoor);
        var faults = new Faults(random);
        var planned = new WildPlans(config, seed);
        boolean secondFitted = random.nextBoolean();
        double maximum = config.limits().roomMaximum().value();
        double capacity = config.limits().airCapacityJoulesPerKelvin();

        var first = new Ledger();
        var second = new Ledger();
        for (int step = 0; step < STEPS; step++) {
            faults.next(flat);
            flat.sun = faults.sensorsWork() && step % 400 > 200 ? 100 : 0;
            if (faults.controllerGone()) {
                flat.heaters.values().forEach(TestHeater::controllerGone);
            } else {
                var real = flat.sensor();
                var shown = faults.first(real);
                var shownSecond = secondFitted ? faults.second(real) : Optional.<Celsius>empty();
                first.reading(shown, faults.firstIsTrue(), flat);
                second.reading(shownSecond, faults.secondIsTrue(), flat);
                if (faults.wallClockJumps()) flat.time = flat.time.plus(Duration.ofHours(random.nextInt(2000) - 1000));
                if (faults.monotonicStops()) flat.nanos -= (long) (120 * 1e9);
                if (random.nextInt(200) == 0) {
                    var wish = new SetpointOverride(new Celsius(5 + random.nextInt(70)), Optional.empty());
                    flat.state = flat.state.withOverride(wish);
                    planned.controller.override(wish);
                }
                switch (control) {
                    case THERMOSTAT -> flat.control(shown, shownSecond);
                    case PLAN -> planned.control(flat, shown, shownSecond);
                    case GREED -> flat.greedyControl(shown, shownSecond);
                }
            }
            flat.advance();
            var where = "seed " + seed + ", step " + step + ", " + faults + ", air " + flat.room[0] + ": "
                    + (flat.last == null ? "" : flat.last.explanation());
            if (faults.sensorsWork())
                Assertions.assertEquals(0, flat.drawnWhileTooHot, "drawn at or above the maximum, " + where);
            Assertions.assertTrue(
                    first.within(flat, maximum, capacity) || (secondFitted && second.within(flat, maximum, capacity)),
                    () -> "more heat than the last good reading allows (" + first.released(flat) + " J since "
                            + first.celsius + " °C), " + where);
        }
    }

    /** Heat since the last true reading that differed from the one before. */
    private static final class Ledger {
        double celsius = Double.NaN;
        private double start;
        private double storedThen;

        void reading(Optional<Celsius> shown, boolean isTrue, TestFlat flat) {
            if (!isTrue || shown.isEmpty() || shown.get().value() == celsius) return;
            celsius = shown.get().value();
            start = flat.electricity;
            storedThen = flat.stored();
        }

        double released(TestFlat flat) {
            return flat.electricity - start + storedThen - flat.stored();
        }

        boolean within(TestFlat flat, double maximum, double capacity) {
            if (Double.isNaN(celsius)) return flat.electricity < 1;
            return released(flat) <= capacity * (maximum - celsius);
        }
    }
}
