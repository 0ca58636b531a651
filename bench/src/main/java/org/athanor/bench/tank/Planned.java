package org.athanor.bench.tank;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import org.athanor.comfort.learning.DisinfectionWatch;
import org.athanor.comfort.learning.DrawLearner;
import org.athanor.comfort.planning.ComputeDevice;
import org.athanor.comfort.planning.DeviceState;
import org.athanor.comfort.planning.Disinfection;
import org.athanor.comfort.planning.TankPlanner;
import org.athanor.comfort.planning.TankProblem;

/**
 * Plans each quarter of an hour, as far as day-ahead prices reach: to midnight, and from one o'clock in the afternoon on to that
 * of the next day. Below a temperature at which taps run cold soon it heats whatever the plan says.
 */
final class Planned implements Rule {
    static final Duration STEP = Duration.ofMinutes(15);
    private static final int PRICES_COME = 13;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** Somebody may draw cold water into the hot tank, and then it has to be done again. */
    private static final Duration EARLY = Duration.ofHours(12);

    private static final double NET_CELSIUS = 40;

    /** At what mean of the sensors water is still warm at the top of a tank in layers. */
    private final double usable;

    private final double deviations;
    private final ComputeDevice device;
    private final double deviceCelsius;
    private final double revenuePerKwh;
    private final ToDoubleFunction<Instant> price;
    private final Household household;
    private final DrawLearner learner;
    private final TankPlanner planner = new TankPlanner();

    private int level;
    private Instant changed = Instant.EPOCH;
    private Instant switched = Instant.EPOCH;
    int refused;
    /** Of processor time. */
    long planNanos;

    int plans;

    Planned(
            Household household,
            DrawLearner learner,
            ComputeDevice device,
            double deviceCelsius,
            double revenuePerKwh,
            ToDoubleFunction<Instant> price,
            double usable,
            double deviations) {
        this.household = household;
        this.learner = learner;
        this.device = device;
        this.deviceCelsius = deviceCelsius;
        this.revenuePerKwh = revenuePerKwh;
        this.price = price;
        this.usable = usable;
        this.deviations = deviations;
    }

    @Override
    public int level(Instant time, double shown, DisinfectionWatch watch) {
        boolean quarter = time.getEpochSecond() % STEP.toSeconds() == 0;
        if (quarter) change(time, plan(time, shown, watch));
        if (shown < NET_CELSIUS) change(time, device.levels() - 1);
        return level;
    }

    private void change(Instant time, int to) {
        if (to == level) return;
        if ((to > 0) != (level > 0)) switched = time;
        changed = time;
        level = to;
    }

    private static int stepsWithPrices(ZonedDateTime local) {
        var end = local.truncatedTo(ChronoUnit.DAYS).plusDays(local.getHour() >= PRICES_COME ? 2 : 1);
        return (int) Duration.between(local, end).dividedBy(STEP);
    }

    private int plan(Instant time, double shown, DisinfectionWatch watch) {
        int steps = stepsWithPrices(time.atZone(Household.ZONE));
        var prices = new double[steps];
        for (int k = 0; k < steps; k++) prices[k] = price.applyAsDouble(time.plus(STEP.multipliedBy(k)));
        var revenue = new double[device.levels()][steps];
        for (int l = 1; l < device.levels(); l++) Arrays.fill(revenue[l], revenuePerKwh * device.watts(l) / 1000);
        var due = watch.last()
                .map(last -> last.plus(DISINFECT_EVERY).minus(EARLY))
                .orElse(time);
        var hold = HOLD.minus(watch.held(time));
        var problem = TankProblem.of(household.tank(), shown, STEP, steps)
                .surroundings(constant(Household.AMBIENT_CELSIUS, steps), learner.drawWatts(time, STEP, steps))
                .losing(learner.lossWattsPerKelvin())
                .comfort(constant(usable, steps), 70)
                .reserve(learner.drawSpreadWatts(time, STEP, steps), deviations)
                .electricity(prices)
                .device(device, state(time), revenue, deviceCelsius)
                .disinfection(
                        60,
                        hold.isNegative() ? Duration.ZERO : hold,
                        Math.toIntExact(Duration.between(time, due).dividedBy(STEP)))
                .build();
        long begun = THREADS.getCurrentThreadCpuTime();
        var made = planner.plan(problem);
        planNanos += THREADS.getCurrentThreadCpuTime() - begun;
        plans++;
        if (made.disinfection() instanceof Disinfection.Refused) refused++;
        return made.plan().level(0);
    }

    private DeviceState state(Instant time) {
        return new DeviceState(level, Duration.between(changed, time), Duration.between(switched, time));
    }

    private static double[] constant(double value, int steps) {
        var values = new double[steps];
        Arrays.fill(values, value);
        return values;
    }
}
