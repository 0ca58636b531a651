package org.athanor.bench.tank;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.athanor.comfort.learning.DrawLearner;
import org.athanor.comfort.model.HotWaterTank;
import org.athanor.comfort.planning.ComputeDevice;
import org.athanor.simulation.ShippedData;

/** The same two weeks under each rule, after the same weeks of learning under a thermostat. */
public final class TwoWeeks {
    private static final HotWaterTank TANK = new HotWaterTank(200, 10, 2.2, 3, 0);
    /** What the learner is told by the label: the tank loses more. */
    private static final double LABEL_LOSS = 1.6;

    private static final double SOURCE_CELSIUS = 72;

    /** A computer cooled by the tank's water, a board or three of it. */
    private static final ComputeDevice DEVICE = ComputeDevice.plain(List.of(0.0, 500.0, 1000.0, 1500.0))
            .withMinimumTimes(Duration.ofMinutes(60), Duration.ofMinutes(30), Duration.ofMinutes(30));

    private static final double REVENUE_PER_KWH = 0.06;

    private static final String HEAD = "%-34s %9s %9s %8s %8s %8s %8s %7s %7s %9s";
    private static final String ROW = "%-34s %9.3f %9.2f %8.3f %8.1f %8.2f %8.1f %7.1f %7d %9.1f";

    private TwoWeeks() {}

    /** @param seed of the household's draws */
    public static void run(PrintStream out, int learnDays, int testDays, long seed) {
        out.printf(
                Locale.ROOT,
                HEAD + "%n",
                "",
                "net EUR/d",
                "kWh/d",
                "earned/d",
                "warm l/d",
                "cold l/d",
                "hottest",
                "starts",
                "hot 1 h",
                "days apart");
        for (int month : new int[] {1, 4, 7, 10})
            new Season(LocalDate.of(2019, month, 1), learnDays, testDays, seed).run(out);
    }

    private static final class Season {
        private final LocalDate begin;
        private final int learnDays;
        private final int testDays;
        private final long seed;
        private final ToDoubleFunction<Instant> price;

        Season(LocalDate begin, int learnDays, int testDays, long seed) {
            this.begin = begin;
            this.learnDays = learnDays;
            this.testDays = testDays;
            this.seed = seed;
            var prices = ShippedData.belgium2019();
            var year = LocalDate.of(begin.getYear(), 1, 1)
                    .atStartOfDay(Household.ZONE)
                    .toInstant();
            price = time -> prices.at(Duration.between(year, time)).value();
        }

        void run(PrintStream out) {
            out.println(begin.plusDays(learnDays) + ", " + testDays + " days after " + learnDays + " of learning");
            for (double low : new double[] {44, 48})
                row(
                        out,
                        "thermostat " + (int) low + " to " + (int) (low + 6) + " °C",
                        lived -> new Rule.Thermostat(DEVICE, low));
            row(out, "the same 42 to 48, at night 58 to 64", lived -> new Rule.Thermostat(DEVICE, 42, 58));
            for (double usable : new double[] {40, 44})
                row(out, "planned, from " + (int) usable + " °C and a reserve", lived -> planned(lived, usable, 1));
        }

        private record Lived(Household household, DrawLearner learner) {}

        private Planned planned(Lived lived, double usable, double deviations) {
            return new Planned(
                    lived.household, lived.learner, DEVICE, SOURCE_CELSIUS, REVENUE_PER_KWH, price, usable, deviations);
        }

        private void row(PrintStream out, String name, Function<Lived, Rule> made) {
            var start = begin.atStartOfDay(Household.ZONE).toInstant();
            var household = new Household(TANK, SOURCE_CELSIUS, start, seed);
            var learner = new DrawLearner(TANK.litres(), LABEL_LOSS, 120, Household.ZONE);
            var before = new Life(household, DEVICE, REVENUE_PER_KWH, price, Optional.of(start));
            before.live(new Rule.Thermostat(DEVICE, 50), learnDays, Optional.of(learner));

            double stored = household.storedJoules();
            double warm = household.litresWarm;
            double cold = household.litresCold;
            household.hottest = Double.NEGATIVE_INFINITY;
            var life = new Life(
                    household, DEVICE, REVENUE_PER_KWH, price, before.watch().last());
            var rule = made.apply(new Lived(household, learner));
            life.live(rule, testDays, Optional.of(learner));
            double net = life.cost - life.earned;
            // what is left in the tank, at what heat cost on the way
            double left = (household.storedJoules() - stored) / 3.6e6;
            double perKwh = life.electricityKwh == 0 ? 0 : net / life.electricityKwh;
            out.printf(
                    Locale.ROOT,
                    ROW + "%n",
                    "  " + name,
                    (net - left * perKwh) / testDays,
                    life.electricityKwh / testDays,
                    life.earned / testDays,
                    (household.litresWarm - warm) / testDays,
                    (household.litresCold - cold) / testDays,
                    household.hottest,
                    life.starts / (double) testDays,
                    life.disinfections,
                    life.daysSinceDisinfected);
            if (rule instanceof Planned planned)
                out.printf(
                        Locale.ROOT,
                        "    loss learned %.2f W/K (label %.2f, true %.2f); %.1f CPU-ms a plan, %d without a way to disinfect%n",
                        learner.lossWattsPerKelvin(),
                        LABEL_LOSS,
                        TANK.lossWattsPerKelvin(),
                        planned.planNanos / 1e6 / planned.plans,
                        planned.refused);
        }
    }
}
