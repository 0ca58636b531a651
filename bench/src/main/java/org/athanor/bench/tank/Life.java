package org.athanor.bench.tank;

import java.time.Instant;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.athanor.comfort.learning.DisinfectionWatch;
import org.athanor.comfort.learning.DrawLearner;
import org.athanor.comfort.learning.TankReading;
import org.athanor.comfort.planning.ComputeDevice;

/** One rule, lived minute by minute; a learner may look on. */
final class Life {
    private static final int READING_MINUTES = 5;

    private final Household household;
    private final ComputeDevice device;
    private final double revenuePerKwh;
    private final ToDoubleFunction<Instant> price;
    private final DisinfectionWatch watch;

    double electricityKwh;
    double cost;
    double earned;
    int starts;
    int disinfections;
    double daysSinceDisinfected;
    private int before;

    Life(
            Household household,
            ComputeDevice device,
            double revenuePerKwh,
            ToDoubleFunction<Instant> price,
            Optional<Instant> disinfected) {
        this.household = household;
        this.device = device;
        this.revenuePerKwh = revenuePerKwh;
        this.price = price;
        watch = new DisinfectionWatch(60, Rule.HOLD, disinfected);
    }

    DisinfectionWatch watch() {
        return watch;
    }

    void live(Rule rule, int days, Optional<DrawLearner> learner) {
        double heat = household.accepted;
        var disinfected = watch.last();
        boolean hot = false;
        for (int minute = 1; minute <= days * 1440; minute++) {
            var time = household.time();
            watch.observe(time, household.coldest());
            boolean done = !watch.last().equals(disinfected);
            if (done && !hot) disinfections++;
            hot = done;
            disinfected = watch.last();
            daysSinceDisinfected = Math.max(
                    daysSinceDisinfected,
                    disinfected
                            .map(last -> (time.getEpochSecond() - last.getEpochSecond()) / 86_400.0)
                            .orElse(0.0));
            int level = rule.level(time, household.shown(), watch);
            double kwh = device.watts(level) / 60_000;
            household.live(device.watts(level) * device.heatShare());
            electricityKwh += kwh;
            cost += kwh * price.applyAsDouble(time);
            earned += kwh * revenuePerKwh;
            if (level > 0 && before == 0) starts++;
            before = level;
            if (minute % READING_MINUTES != 0 || learner.isEmpty()) continue;
            double watts = (household.accepted - heat) / (60 * READING_MINUTES);
            heat = household.accepted;
            learner.get()
                    .observe(new TankReading(household.time(), household.shown(), watts, Household.AMBIENT_CELSIUS));
        }
    }
}
