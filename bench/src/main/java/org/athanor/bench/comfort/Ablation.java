package org.athanor.bench.comfort;

import java.io.PrintStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.athanor.comfort.learning.RoomPrior;
import org.athanor.comfort.planning.GridSize;
import org.athanor.comfort.planning.HeatProblem.Discomfort;
import org.athanor.comfort.planning.Planner;
import org.athanor.simulation.ForecastErrors;

/** Where the gap between ours and perfect foresight comes from: ours with one thing changed at a time. */
final class Ablation {
    private Ablation() {}

    /** How ours is set in the comparison; its band is moved by {@code offset}. */
    static Planned.Setting standard(double offset) {
        return new Planned.Setting(
                offset, Discomfort.LINEAR, 2, 0, 24, false, true, ForecastErrors.typical(7), Planner.DEFAULT_GRID, 1.6);
    }

    private interface Change {
        Planned.Setting to(Planned.Setting s);
    }

    private static Map<String, Change> changes() {
        Map<String, Change> changes = new LinkedHashMap<>();
        changes.put("standard", s -> s);
        changes.put("discomfort x 0.5", s -> with(s, s.kind(), s.discomfort() / 2));
        changes.put("discomfort x 2", s -> with(s, s.kind(), s.discomfort() * 2));
        changes.put("quadratic, 3 kWh", s -> with(s, Discomfort.QUADRATIC, 3));
        changes.put("true weather", s -> with(s, ForecastErrors.none(), s.pricesKnown(), s.horizonHours()));
        changes.put("prices known", s -> with(s, s.errors(), true, s.horizonHours()));
        changes.put("weather and prices known", s -> with(s, ForecastErrors.none(), true, s.horizonHours()));
        changes.put(
                "all known, 48 h, fine",
                s -> with(
                        with(with(s, ForecastErrors.none(), true, 48), 0, new GridSize(61, 23), false),
                        Discomfort.LINEAR,
                        2));
        changes.put("36 h", s -> with(s, s.errors(), s.pricesKnown(), 36));
        changes.put("weather, prices known, 48 h", s -> with(s, ForecastErrors.none(), true, 48));
        changes.put("8 levels", s -> with(s, 8, s.grid(), s.nowcast()));
        changes.put("16 levels", s -> with(s, 16, s.grid(), s.nowcast()));
        changes.put("grid 61x23", s -> with(s, s.levels(), new GridSize(61, 23), s.nowcast()));
        changes.put("no nowcast", s -> with(s, s.levels(), s.grid(), false));
        return changes;
    }

    private static Planned.Setting with(Planned.Setting s, Discomfort kind, double discomfort) {
        return new Planned.Setting(
                s.offset(),
                kind,
                discomfort,
                s.levels(),
                s.horizonHours(),
                s.pricesKnown(),
                s.nowcast(),
                s.errors(),
                s.grid(),
                s.largestKelvin());
    }

    private static Planned.Setting with(Planned.Setting s, ForecastErrors errors, boolean known, int horizon) {
        return new Planned.Setting(
                s.offset(),
                s.kind(),
                s.discomfort(),
                s.levels(),
                horizon,
                known,
                s.nowcast(),
                errors,
                s.grid(),
                s.largestKelvin());
    }

    private static Planned.Setting with(Planned.Setting s, int levels, GridSize grid, boolean nowcast) {
        return new Planned.Setting(
                s.offset(),
                s.kind(),
                s.discomfort(),
                levels,
                s.horizonHours(),
                s.pricesKnown(),
                nowcast,
                s.errors(),
                grid,
                s.largestKelvin());
    }

    /** @param rows those whose name has this */
    static void run(Winter winter, RoomPrior prior, String rows, double[] offsets, PrintStream out) {
        var base = new Comparison(winter, prior);
        base.learn(standard(0.05));
        out.println(winter.name());
        if (rows.isEmpty()) {
            base.tuneThermostat();
            base.bound();
            points("TPI", base.tpi, out);
            points("bound", base.bound, out);
        }
        changes().forEach((name, change) -> {
            if (name.contains(rows)) one(name, base, change, offsets, out);
        });
        if ("learned for 40 d".contains(rows)) {
            var longer = new Comparison(winter.withWarmUp(Duration.ofDays(40)), prior);
            longer.learn(standard(0.05));
            one("learned for 40 d", longer, s -> s, offsets, out);
        }
        if (!"weather measured and known".contains(rows)) return;
        var known = new Comparison(winter, prior);
        known.learn(changes().get("true weather").to(standard(0.05)));
        one("weather measured and known", known, changes().get("true weather"), offsets, out);
    }

    private static void points(String name, Frontier frontier, PrintStream out) {
        out.printf(
                Locale.ROOT,
                "  %-28s %8s %8s%n",
                name,
                Comparison.text(frontier.costAt(Comparison.KELVIN_HOURS[0])),
                Comparison.text(frontier.costAt(Comparison.KELVIN_HOURS[1])));
    }

    private static void one(String name, Comparison base, Change change, double[] offsets, PrintStream out) {
        base.ours.clear();
        double surprise = 0;
        double bias = 0;
        int surprises = 0;
        Planned last = null;
        for (double offset : offsets) {
            last = base.tryOurs(change.to(standard(offset)));
            surprise += last.surprise;
            bias += last.bias;
            surprises += last.surprises;
        }
        out.printf(
                Locale.ROOT,
                "  %-28s %8s %8s   a step ahead %+.3f +- %.3f K, %s, planned %d of %d",
                name,
                Comparison.text(base.ours.costAt(Comparison.KELVIN_HOURS[0])),
                Comparison.text(base.ours.costAt(Comparison.KELVIN_HOURS[1])),
                bias / surprises,
                Math.sqrt(surprise / surprises),
                last.quality(),
                last.planned,
                last.asked);
        for (var point : base.ours.points()) out.printf(Locale.ROOT, " (%.1f %.2f)", point.kelvinHours(), point.cost());
        out.println();
    }
}
