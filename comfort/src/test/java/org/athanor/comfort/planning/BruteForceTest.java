package org.athanor.comfort.planning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/** Every course of a few hours, lived on the exact model, against the planner's. */
class BruteForceTest {
    private static final int STEPS = 5;

    private final Planner planner = new Planner();

    @Property(tries = 40)
    void noCourseIsMuchCheaperThanThePlan(@ForAll @LongRange(min = 0, max = 1L << 40) long seed) {
        var device = ComputeDevice.plain(List.of(0.0, 500.0, 1000.0))
                .withMinimumTimes(Duration.ofMinutes(45), Duration.ofMinutes(30), Duration.ZERO);
        var random = new RandomProblems(seed, STEPS).withDevice(device, DeviceState.RESTED, 0);
        random.problem.boost(0, 700);
        var problem = random.problem.build();
        // if it did, what is earned above the band would not count for the planner
        Assume.that(!problem.heatEarns);
        var plan = planner.plan(problem);
        double best = Double.POSITIVE_INFINITY;
        for (int code = 0; code < (int) Math.pow(6, STEPS); code++) {
            var levels = new int[STEPS];
            var boost = new double[STEPS];
            int rest = code;
            for (int k = 0; k < STEPS; k++, rest /= 6) {
                levels[k] = rest % 6 % 3;
                boost[k] = rest % 6 / 3 * 700;
            }
            if (!keepsTimes(levels)) continue;
            best = Math.min(
                    best,
                    Planner.rehearse(problem, levels, new double[STEPS], boost)
                            .cost()
                            .total());
        }
        double total = plan.cost().total();
        assertTrue(total >= best - 1e-9, "cheaper than the cheapest: " + total + " < " + best);
        assertEquals(best, total, 0.01 + 0.01 * Math.abs(best));
    }

    @Property(tries = 40)
    void startsThatCostAndSettleAreWeighedToo(@ForAll @LongRange(min = 0, max = 1L << 40) long seed) {
        var device = new ComputeDevice(
                List.of(0.0, 400.0, 1000.0),
                0.9,
                0.01,
                0.03,
                Duration.ofMinutes(20),
                Duration.ofMinutes(6),
                0.3,
                Duration.ofMinutes(30),
                Duration.ofMinutes(30),
                Duration.ofMinutes(30));
        var random = new RandomProblems(seed, STEPS + 1);
        random.withDevice(device, new DeviceState(1, Duration.ofMinutes(10), Duration.ofMinutes(40)), 0);
        var problem = random.problem.build();
        Assume.that(!problem.heatEarns);
        var plan = planner.plan(problem);
        double best = Double.POSITIVE_INFINITY;
        var none = new double[STEPS + 1];
        for (int code = 0; code < (int) Math.pow(3, STEPS + 1); code++) {
            var levels = new int[STEPS + 1];
            int rest = code;
            for (int k = 0; k <= STEPS; k++, rest /= 3) levels[k] = rest % 3;
            var lived = Planner.rehearse(problem, levels, none, none);
            if (lived.breaches().timers() == 0)
                best = Math.min(best, lived.cost().total());
        }
        assertEquals(0, plan.breaches().timers());
        assertEquals(best, plan.cost().total(), 0.01 + 0.01 * Math.abs(best));
    }

    /** Written anew: three steps on, two off, and free to start at once. */
    private static boolean keepsTimes(int[] levels) {
        int on = 0;
        int off = 9;
        for (int level : levels) {
            if (level > 0) {
                if (off < 2 && off > 0) return false;
                on++;
                off = 0;
            } else {
                if (on > 0 && on < 3) return false;
                off++;
                on = 0;
            }
        }
        return true;
    }
}
