package org.athanor.bench.comfort;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.athanor.comfort.learning.RoomPrior;
import org.athanor.simulation.Home;

/**
 * One winter under hysteresis, a tuned thermostat, ours, and perfect foresight. All begin in the same home on the same day
 * and are compared at the same kelvin-hours outside the band and with the same heat left in the home; what they can reach is
 * found by moving their setpoints.
 */
final class Comparison {
    /** Compared at: as few as a tuned thermostat reaches, and about what thermostats leave in BOPTEST's heat-pump case. */
    static final double[] KELVIN_HOURS = {3, 10};

    private static final double[] TPI_PER_KELVIN = {0.15, 0.3, 0.6, 1.2};
    private static final double[] TPI_PER_OUTDOOR_KELVIN = {0, 0.01, 0.015, 0.02, 0.03};
    private static final double COARSE_KELVIN = 0.2;
    private static final double FINE_KELVIN = 0.04;
    private static final double MOST_OFFSET_KELVIN = 1.2;
    private static final int REFINED = 5;
    private static final double[] BOUND = {1, 5, 15};

    final Winter winter;
    final RoomPrior prior;
    private final double meanPrice;

    final Frontier hysteresis = new Frontier();
    final Frontier tpi = new Frontier();
    final Frontier ours = new Frontier();
    final Frontier bound = new Frontier();
    private final List<Rule.Tpi> tpiRules = new ArrayList<>();

    private Home start;
    private Planned learned;
    private Outcome reference;
    /** K·h outside the band that even foresight has. */
    private double unavoidable;

    Comparison(Winter winter, RoomPrior prior) {
        this.winter = winter;
        this.prior = prior;
        meanPrice = winter.meanPrice();
    }

    /** The home and what was learned of it on the morning of the first day that counts. */
    void learn(Planned.Setting setting) {
        var home = winter.home();
        learned = new Planned(winter, prior, setting);
        Outcome.live(winter, home, learned, -winter.warmUpSteps(), 0);
        start = home;
        reference = Outcome.of(winter, start, new Rule.Tpi(Winter.LOW + 0.3, 0.6, 0.02));
    }

    Planned learned() {
        return learned;
    }

    /** A grid of gains over coarse setpoints, then fine setpoints for the best of them. */
    void tuneThermostat() {
        for (double gain : TPI_PER_KELVIN)
            for (double outdoor : TPI_PER_OUTDOOR_KELVIN)
                for (double offset = 0; offset <= MOST_OFFSET_KELVIN; offset += COARSE_KELVIN)
                    tpi(new Rule.Tpi(Winter.LOW + offset, gain, outdoor));
        refineThermostat();
    }

    private void refineThermostat() {
        for (double avoidable : KELVIN_HOURS) {
            double kelvinHours = avoidable + unavoidable;
            var best = tpi.points().stream()
                    .filter(point -> point.kelvinHours() <= 2 * kelvinHours)
                    .sorted(Comparator.comparingDouble(
                            point -> point.cost() + meanPrice * Math.max(0, point.kelvinHours() - kelvinHours)))
                    .limit(REFINED)
                    .toList();
            for (var point : best) {
                var rule = tpiRules.get(tpi.points().indexOf(point));
                for (double move = -COARSE_KELVIN; move <= COARSE_KELVIN; move += FINE_KELVIN)
                    tpi(new Rule.Tpi(rule.setpoint() + move, rule.perKelvin(), rule.perOutdoorKelvin()));
            }
        }
    }

    private void tpi(Rule.Tpi rule) {
        tpiRules.add(rule);
        add(tpi, Outcome.of(winter, start, rule));
    }

    void tryHysteresis() {
        for (double half : new double[] {0.05, 0.1, 0.2})
            for (double offset = 0; offset <= MOST_OFFSET_KELVIN; offset += COARSE_KELVIN)
                add(hysteresis, Outcome.of(winter, start, new Rule.Hysteresis(Winter.LOW + offset, half)));
    }

    /** Ours for one setting, from what was learned. */
    Planned tryOurs(Planned.Setting setting) {
        var rule = learned.with(winter, setting);
        add(ours, Outcome.of(winter, start, rule));
        return rule;
    }

    void bound() {
        var best = tpi.points().isEmpty()
                ? reference
                : tpi.cheapestWithin(1.2 * tpi.leastKelvinHours() + 3).outcome();
        var foresight = new Foresight(winter, start);
        for (var outcome : foresight.best(best, BOUND)) add(bound, outcome);
        unavoidable = foresight.unavoidable();
        if (unavoidable > 0 && !tpi.points().isEmpty()) refineThermostat();
    }

    void add(Frontier frontier, Outcome outcome) {
        frontier.add(outcome, outcome.costLike(reference, meanPrice));
    }

    /** Columns of {@link #row}. */
    static final String HEADER = String.format(
            Locale.ROOT,
            "%-44s %5s | %10s %8s %8s %8s | %7s %7s %7s | %s",
            "home, climate, prices, from day",
            "K·h",
            "hysteresis",
            "TPI",
            "ours",
            "bound",
            "bound",
            "ours",
            "kept",
            "on a day: TPI, ours; TPI per K, per K outdoors, setpoint");

    /** Costs at the same kelvin-hours, those that nobody can avoid come on top; savings over the tuned thermostat in per cent; how much of the bound's ours keeps. */
    String row(double avoidable) {
        double kelvinHours = avoidable + unavoidable;
        var tuned = tpi.costAt(kelvinHours);
        var mine = ours.costAt(kelvinHours);
        var least = bound.costAt(kelvinHours);
        var rule = tpi.points().stream().anyMatch(point -> point.kelvinHours() <= kelvinHours)
                ? tpi.cheapestWithin(kelvinHours)
                : tpi.points().getFirst();
        var gains = tpiRules.get(tpi.points().indexOf(rule));
        boolean compared = tuned.isPresent() && least.isPresent();
        double t = tuned.orElse(Double.NaN);
        return String.format(
                Locale.ROOT,
                "%-44s %5.1f | %10s %8s %8s %8s | %7s %7s %7s | %.1f, %s; %.2f, %.3f, %.2f",
                winter.name(),
                kelvinHours,
                text(hysteresis.costAt(kelvinHours)),
                text(tuned),
                text(mine),
                text(least),
                compared ? percent((t - least.getAsDouble()) / Math.abs(t)) : "-",
                tuned.isPresent() && mine.isPresent() ? percent((t - mine.getAsDouble()) / Math.abs(t)) : "-",
                compared && mine.isPresent() ? percent((t - mine.getAsDouble()) / (t - least.getAsDouble())) : "-",
                rule.outcome().switches() / winter.days(),
                mine.isPresent()
                        ? String.format(
                                Locale.ROOT,
                                "%.1f",
                                ours.cheapestWithin(kelvinHours).outcome().switches() / winter.days())
                        : "-",
                gains.perKelvin(),
                gains.perOutdoorKelvin(),
                gains.setpoint());
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f%%", 100 * share);
    }

    static String text(OptionalDouble cost) {
        return cost.isEmpty() ? "-" : String.format(Locale.ROOT, "%.2f", cost.getAsDouble());
    }
}
