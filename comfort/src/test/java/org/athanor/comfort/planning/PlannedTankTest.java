package org.athanor.comfort.planning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.athanor.comfort.learning.DisinfectionWatch;
import org.athanor.comfort.learning.DrawLearner;
import org.athanor.comfort.learning.LivedTank;
import org.athanor.comfort.learning.TankReading;
import org.athanor.comfort.model.HotWaterTank;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Plans made anew each quarter of an hour, with draws that were learned, lived on a tank in layers that the planner takes for mixed. */
class PlannedTankTest {
    private static final Duration STEP = Duration.ofMinutes(15);
    private static final int STEPS = 72;
    private static final double MAXIMUM = 68;
    private static final Duration HOLD = Duration.ofHours(1);
    private static final Duration EVERY = Duration.ofDays(7);
    private static final ComputeDevice DEVICE = ComputeDevice.plain(List.of(0.0, 800.0, 1600.0))
            .withMinimumTimes(Duration.ofMinutes(60), Duration.ofMinutes(30), Duration.ofMinutes(30));

    private final TankPlanner planner = new TankPlanner();
    private final DrawLearner learner = new DrawLearner(200, 1.6, 120, LivedTank.ZONE);
    private final LivedTank lived =
            new LivedTank(new HotWaterTank(200, 10, 2, 3, 0), 55, 75, Instant.parse("2026-01-04T23:00:00Z"), 5);
    private DisinfectionWatch watch = new DisinfectionWatch(60, HOLD, Optional.of(lived.time));
    private double heat;
    private double priceAtNoon;

    private void minute(double watts) {
        double before = lived.acceptedJoules;
        lived.live(watts);
        heat += lived.acceptedJoules - before;
        watch.observe(lived.time, lived.coldest());
        if (lived.time.getEpochSecond() % 300 != 0) return;
        learner.observe(new TankReading(lived.time, lived.shown(), heat / 300, LivedTank.AMBIENT));
        heat = 0;
    }

    private static boolean noon(Instant time) {
        int hour = time.atZone(LivedTank.ZONE).getHour();
        return hour >= 11 && hour < 15;
    }

    private double price(Instant time) {
        int hour = time.atZone(LivedTank.ZONE).getHour();
        if (hour >= 17 && hour < 21) return 0.30;
        return noon(time) ? priceAtNoon : 0.28;
    }

    private TankPlan plan(DeviceState state) {
        var prices = new double[STEPS];
        var ambient = new double[STEPS];
        var usable = new double[STEPS];
        for (int k = 0; k < STEPS; k++) prices[k] = price(lived.time.plus(STEP.multipliedBy(k)));
        Arrays.fill(ambient, LivedTank.AMBIENT);
        Arrays.fill(usable, 44);
        var revenue = new double[DEVICE.levels()][STEPS];
        for (int l = 1; l < DEVICE.levels(); l++) Arrays.fill(revenue[l], 0.05 * DEVICE.watts(l) / 1000);
        var due = watch.last().orElseThrow().plus(EVERY).minus(Duration.ofHours(12));
        var hold = HOLD.minus(watch.held(lived.time));
        return planner.plan(TankProblem.of(lived.tank, lived.shown(), STEP, STEPS)
                .surroundings(ambient, learner.drawWatts(lived.time, STEP, STEPS))
                .losing(learner.lossWattsPerKelvin())
                .comfort(usable, MAXIMUM)
                .reserve(learner.drawSpreadWatts(lived.time, STEP, STEPS), 1)
                .electricity(prices)
                .device(DEVICE, state, revenue, lived.sourceCelsius)
                .disinfection(60, hold.isNegative() ? Duration.ZERO : hold, (int)
                        Duration.between(lived.time, due).dividedBy(STEP))
                .build());
    }

    /** Where noon is cheap, so much is stored that the tank is disinfected each day; where it is not, no sooner than it must be. */
    @ParameterizedTest
    @CsvSource({"0.10,0,1.5,0.55", "0.27,5,7,0"})
    void servesDrawsKeepsItsLimitsAndDisinfectsInTime(
            double noonPrice, double fewestDays, double mostDays, double shareOfNoon) {
        priceAtNoon = noonPrice;
        boolean on = false;
        for (int i = 0; i < 10 * 1440; i++) {
            if (lived.shown() < 50) on = true;
            if (lived.shown() > 56) on = false;
            minute(on ? 1600 : 0);
        }
        watch = new DisinfectionWatch(60, HOLD, Optional.of(lived.time)); // somebody did it by hand
        var longest = Duration.ZERO;
        double litres = lived.litres;
        double cold = lived.litresBelowForty;
        lived.hottest = Double.NEGATIVE_INFINITY;
        int level = 0;
        var changed = lived.time.minus(Duration.ofDays(1));
        var switched = changed;
        double cheap = 0;
        double all = 0;
        int brokenTimers = 0;
        for (int i = 0; i < 9 * 96; i++) {
            var made = plan(new DeviceState(
                    level, Duration.between(changed, lived.time), Duration.between(switched, lived.time)));
            assertFalse(
                    made.disinfection() instanceof Disinfection.Refused,
                    made.disinfection().toString());
            brokenTimers += made.plan().breaches().timers();
            int next = made.plan().level(0);
            if ((next > 0) != (level > 0)) switched = lived.time;
            if (next != level) changed = lived.time;
            level = next;
            all += DEVICE.watts(level);
            if (noon(lived.time)) cheap += DEVICE.watts(level);
            for (int minute = 0; minute < 15; minute++) minute(DEVICE.watts(level));
            var since = Duration.between(watch.last().orElseThrow(), lived.time);
            if (since.compareTo(longest) > 0) longest = since;
        }
        assertTrue(lived.litres - litres > 9 * 60, "drawn: " + (lived.litres - litres) + " l");
        assertEquals(0, lived.litresBelowForty - cold, "litres that ran cold");
        assertTrue(lived.hottest <= MAXIMUM, "hottest water of " + lived.hottest + " °C");
        assertEquals(0, brokenTimers);
        assertTrue(cheap > shareOfNoon * all, cheap / all + " of the energy is of a sixth of the day");
        double days = longest.toMinutes() / 1440.0;
        assertTrue(days >= fewestDays && days <= mostDays, "disinfected " + days + " days apart");
    }
}
