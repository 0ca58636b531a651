package org.athanor.bench.comfort;

import java.util.Locale;
import java.util.OptionalDouble;
import org.athanor.comfort.learning.RoomPrior;
import org.athanor.simulation.ForecastErrors;

/**
 * One winter under hysteresis, a tuned thermostat, ours, and perfect foresight. All are compared at the same kelvin-hours
 * outside the band and with the same heat left in the home; what they can reach is found by moving their setpoints.
 */
public final class Comparison {
    private static final double[] TPI_PER_KELVIN = {0.3, 0.7, 1.5};
    private static final double[] TPI_PER_OUTDOOR_KELVIN = {0, 0.01, 0.02, 0.03};
    private static final double STEP = 0.15;

    private final Winter winter;
    private final RoomPrior prior;
    private final double meanPrice;

    final Frontier hysteresis = new Frontier();
    final Frontier tpi = new Frontier();
    final Frontier ours = new Frontier();
    final Frontier bound = new Frontier();
    private String tuning = "";
    private int planned;
    private int asked;

    Comparison(Winter winter, RoomPrior prior) {
        this.winter = winter;
        this.prior = prior;
        double sum = 0;
        for (int step = 0; step < winter.steps(); step++) sum += winter.price(step);
        meanPrice = sum / winter.steps();
    }

    /** Columns of {@link #row}. */
    static final String HEADER = String.format(
            Locale.ROOT,
            "%-34s %6s | %10s %8s %8s %8s | %7s %7s %7s | %s",
            "home, climate, prices, from day",
            "K·h",
            "hysteresis",
            "TPI",
            "ours",
            "bound",
            "bound",
            "ours",
            "kept",
            "switches a day: TPI, ours; ours planned; tuning of TPI");

    /** Costs at the same kelvin-hours, a few more than the best tuned thermostat's; savings over it in per cent; how much of the bound's saving ours keeps. */
    String row() {
        var reference = new Outcome[1];
        for (double gain : TPI_PER_KELVIN)
            for (double outdoor : TPI_PER_OUTDOOR_KELVIN)
                for (double offset = 0; offset <= 1.2; offset += STEP) {
                    var outcome = Outcome.of(winter, new Rule.Tpi(Winter.LOW + offset, gain, outdoor));
                    if (reference[0] == null) reference[0] = outcome;
                    tpi.add(outcome, outcome.costLike(reference[0], meanPrice));
                }
        double target = 1.2 * tpi.leastKelvinHours() + 3;
        var best = tpi.cheapestWithin(target);
        tuning = tuningOf(best);
        for (double offset = 0; offset <= 1.2; offset += STEP) {
            var outcome = Outcome.of(winter, new Rule.Hysteresis(Winter.LOW + 0.2 + offset, 0.2));
            hysteresis.add(outcome, outcome.costLike(reference[0], meanPrice));
        }
        int switches = 0;
        for (double offset = 0; offset <= 0.6; offset += STEP) {
            var rule = new Planned(winter, prior, offset, 3 * meanPrice, ForecastErrors.typical(7));
            var outcome = Outcome.of(winter, rule);
            ours.add(outcome, outcome.costLike(reference[0], meanPrice));
            planned += rule.planned;
            asked += rule.asked;
            switches = outcome.switches();
        }
        var foresight = new Foresight(winter).best(best.outcome(), target);
        bound.add(foresight, foresight.costLike(reference[0], meanPrice));
        double tuned = tpi.costAt(target).orElseThrow();
        var mine = ours.costAt(target);
        double least = bound.points().getFirst().cost();
        double most = tuned - least;
        return String.format(
                Locale.ROOT,
                "%-34s %6.1f | %10s %8.2f %8s %8.2f | %6.1f%% %7s %7s | %.1f, %.1f; %.0f %%; %s",
                winter.name(),
                target,
                text(hysteresis.costAt(target)),
                tuned,
                text(mine),
                least,
                100 * most / tuned,
                mine.isPresent() ? percent((tuned - mine.getAsDouble()) / tuned) : "-",
                mine.isPresent() ? percent((tuned - mine.getAsDouble()) / most) : "-",
                best.outcome().switches() / (winter.length().toHours() / 24.0),
                switches / (winter.length().toHours() / 24.0),
                100.0 * planned / asked,
                tuning);
    }

    private String tuningOf(Frontier.Point best) {
        int i = tpi.points().indexOf(best);
        int offsets = (int) Math.floor(1.2 / STEP + 1e-9) + 1;
        return String.format(
                Locale.ROOT,
                "%.1f/K, %.2f/K outdoors, setpoint %.2f",
                TPI_PER_KELVIN[i / (offsets * TPI_PER_OUTDOOR_KELVIN.length)],
                TPI_PER_OUTDOOR_KELVIN[i / offsets % TPI_PER_OUTDOOR_KELVIN.length],
                Winter.LOW + i % offsets * STEP);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f%%", 100 * share);
    }

    private static String text(OptionalDouble cost) {
        return cost.isEmpty() ? "-" : String.format(Locale.ROOT, "%.2f", cost.getAsDouble());
    }
}
