package org.athanor.cli.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The figures of one or several plans as one HTML file: styles and plots inside, nothing fetched, no script. */
public final class PlanHtml {
    private static final String STYLE = """
            :root { color-scheme: light dark; --ink: #1d2429; --paper: #fbfaf7; --faint: #d9d6cf; --soft: #6b7176;
              --useful: #c8551b; --wasted: #e9b384; --other: #4b7f9e; --mark: #7a3e9d; }
            @media (prefers-color-scheme: dark) {
              :root { --ink: #e8e6e1; --paper: #16191c; --faint: #3a4046; --soft: #9aa1a7;
                --useful: #ef8a4c; --wasted: #8a5a36; --other: #76afd1; --mark: #c79be6; } }
            body { margin: 0 auto; padding: 1.5rem; max-width: 60rem; background: var(--paper); color: var(--ink);
              font: 16px/1.5 system-ui, sans-serif; }
            h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2.5rem; } h3 { font-size: 1rem; margin-bottom: .25rem; }
            .advice { border-left: .3rem solid var(--useful); padding: .5rem 1rem; font-size: 1.1rem; }
            table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
            th, td { padding: .2rem .5rem; border-bottom: 1px solid var(--faint); text-align: right; }
            th:first-child, td:first-child { text-align: left; } th[scope=rowgroup] { padding-top: 1rem; }
            svg { width: 100%; height: auto; } svg text { fill: var(--soft); font: 12px system-ui, sans-serif; }
            .wide { overflow-x: auto; }
            @media (max-width: 40rem) { body { padding: .75rem; } svg text { font-size: 21px; } th, td { padding: .2rem; } }
            svg .axis { stroke: var(--faint); } figure { margin: 1rem 0; } figcaption, .small { color: var(--soft); font-size: .9rem; }
            .useful { fill: var(--useful); } .wasted { fill: var(--wasted); } .other { fill: var(--other); }
            .line { fill: none; stroke: var(--useful); stroke-width: 2; } .band { fill: var(--wasted); opacity: .45; }
            .mark { stroke: var(--mark); stroke-dasharray: 4 3; } .setpoint { stroke: var(--other); stroke-dasharray: 4 3; }
            """;
    private static final double SHOWN_ABOVE_KELVIN = 6;
    private static final int[] MONTH_DAYS = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    private static final String[] MONTHS = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };

    private final StringBuilder html = new StringBuilder();

    private PlanHtml() {}

    public static String page(List<HomePlan> plans) {
        var page = new PlanHtml();
        page.write(plans);
        return page.html.toString();
    }

    private void write(List<HomePlan> plans) {
        var title = plans.size() == 1 ? plans.getFirst().name() : plans.size() + " plans side by side";
        html.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<title>Athanor: ")
                .append(escaped(title))
                .append("</title>\n<style>\n")
                .append(STYLE)
                .append("</style>\n</head>\n<body>\n<h1>What this heat would cost</h1>\n");
        for (var plan : plans)
            html.append("<p class=\"advice\">")
                    .append(plans.size() == 1 ? "" : "<strong>" + escaped(plan.name()) + ":</strong> ")
                    .append(escaped(plan.report().advice()))
                    .append("</p>\n");
        table(plans);
        for (var plan : plans) section(plan);
        html.append("</body>\n</html>\n");
    }

    /** The very rows of the terminal. */
    private void table(List<HomePlan> plans) {
        html.append("<div class=\"wide\"><table>\n");
        for (var row : PlanTable.cells(plans)) {
            if (row.size() == 1) {
                html.append("<tr><th scope=\"rowgroup\" colspan=\"")
                        .append(plans.size() + 1)
                        .append("\">")
                        .append(escaped(row.getFirst()))
                        .append("</th></tr>\n");
                continue;
            }
            html.append("<tr>");
            for (var cell : row)
                html.append("<td>").append(escaped(cell.strip())).append("</td>");
            html.append("</tr>\n");
        }
        html.append("</table></div>\n");
    }

    private void section(HomePlan plan) {
        var scenario = plan.report().scenario();
        html.append("<section>\n<h2>").append(escaped(plan.name())).append("</h2>\n");
        heat(plan);
        prices(plan);
        room(plan);
        hashprice(plan);
        html.append("<p class=\"small\">Weather: ")
                .append(escaped(scenario.weather()))
                .append(". Electricity: ")
                .append(escaped(scenario.prices()))
                .append(". Mining: ")
                .append(escaped(scenario.name()))
                .append(", ")
                .append(escaped(scenario.date()))
                .append(". Carbon of electricity: ")
                .append(escaped(plan.carbonSource()))
                .append(plan.rent().map(rent -> ". " + escaped(rent)).orElse(""))
                .append(". Price of the device: ")
                .append(escaped(plan.plan().priceSource()))
                .append(
                        ". A simulated year of an assumed home; prices of mining change by halves within months.</p>\n</section>\n");
    }

    private void heat(HomePlan plan) {
        var months = months(plan);
        double highest = 1;
        for (var month : months) highest = Math.max(highest, month[0] + month[1] + month[2]);
        var plot = new Plot(0, months.size(), 0, highest);
        var svg = new StringBuilder();
        String[] kinds = {"useful", "wasted", "other"};
        for (int i = 0; i < months.size(); i++) {
            double base = 0;
            for (int k = 0; k < kinds.length; k++) {
                double kwh = months.get(i)[k];
                svg.append(plot.bar(kinds[k], i + 0.15, i + 0.85, base, base + kwh));
                base += kwh;
            }
            svg.append(plot.below(i + 0.5, MONTHS[i]));
        }
        figure(
                "Heat by month, kWh",
                plot.frame(svg.toString(), "%.0f"),
                "Of the device: useful (dark) and wasted (light); from the "
                        + plan.plan().heating().kind().title + ": blue.");
    }

    /** Useful, wasted and other heat of the months that were lived. */
    private static List<double[]> months(HomePlan plan) {
        var months = new ArrayList<double[]>();
        int day = plan.result().firstDay();
        for (var lived : plan.books().days()) {
            int month = monthOf(day++);
            while (months.size() <= month) months.add(new double[3]);
            months.get(month)[0] += lived.usefulKwh();
            months.get(month)[1] += lived.deviceKwh() - lived.usefulKwh();
            months.get(month)[2] += lived.otherHeatKwh();
        }
        return months;
    }

    private static int monthOf(int day) {
        int month = 0;
        int left = day % YearRun.DAYS_OF_YEAR;
        while (left >= MONTH_DAYS[month]) left -= MONTH_DAYS[month++];
        return month;
    }

    private void prices(HomePlan plan) {
        var report = plan.report();
        if (report.money().netCostPerUsefulKwh() == null) return;
        var names = new ArrayList<>(List.of("this device"));
        var values = new ArrayList<>(List.of(report.money().netCostPerUsefulKwh()));
        for (var kind : HeatingKind.values()) {
            var cost = PlanTable.costPerUsefulKwh(report, kind);
            if (cost == null) continue;
            names.add(kind.title);
            values.add(cost);
        }
        double lowest = Math.min(0, values.stream().mapToDouble(v -> v).min().orElse(0));
        double highest =
                Math.max(0.01, values.stream().mapToDouble(v -> v).max().orElse(0));
        var plot = new Plot(0, values.size(), lowest, highest * 1.1);
        var svg = new StringBuilder();
        for (int i = 0; i < values.size(); i++) {
            svg.append(plot.bar(i == 0 ? "useful" : "other", i + 0.2, i + 0.8, 0, values.get(i)));
            svg.append(plot.label(i + 0.5, Math.max(0, values.get(i)), format("%.3f", values.get(i))));
            svg.append(plot.below(i + 0.5, names.get(i)));
        }
        figure(
                "A useful kWh, " + report.currency(),
                plot.frame(svg.toString(), "%.2f"),
                "The same heat in the same hours; for the device net of what it earned.");
    }

    private void room(HomePlan plan) {
        var days = plan.books().days();
        double lowest =
                days.stream().mapToDouble(YearBooks.Day::lowestCelsius).min().orElse(0);
        double highest =
                days.stream().mapToDouble(YearBooks.Day::highestCelsius).max().orElse(1);
        double warmest = plan.plan().setpoints().stream()
                .mapToDouble(PlannedHome.Setpoint::celsius)
                .max()
                .orElseThrow();
        // a hot summer would flatten the winter, of which the plot is
        double most = Math.min(highest, warmest + SHOWN_ABOVE_KELVIN);
        var plot = new Plot(0, days.size(), Math.floor(lowest - 0.5), Math.ceil(most + 0.5));
        var upper = new StringBuilder();
        var lower = new StringBuilder();
        var mean = new StringBuilder();
        for (int i = 0; i < days.size(); i++) {
            upper.append(plot.point(i + 0.5, Math.min(plot.high, days.get(i).highestCelsius())));
            lower.insert(0, plot.point(i + 0.5, Math.min(plot.high, days.get(i).lowestCelsius())));
            mean.append(plot.point(i + 0.5, Math.min(plot.high, days.get(i).meanCelsius())));
        }
        figure(
                "The room by day, °C",
                plot.frame(
                        "<polygon class=\"band\" points=\"" + upper + lower + "\"/><polyline class=\"line\" points=\""
                                + mean + "\"/>" + plot.level("setpoint", warmest),
                        "%.0f"),
                "Mean of each day, and the span between its coldest and its warmest step. Dashed: the setpoint."
                        + (most < highest ? " Cut off above." : ""));
    }

    /** What a year saves over the hashprice, with the scenario's own marked. */
    private void hashprice(HomePlan plan) {
        var report = plan.report();
        if (report.breakEvenHashprice() == null) return;
        double now = report.scenario().hashpricePerThPerDay();
        double most = Math.max(2 * now, 1.2 * report.breakEvenHashprice().againstOtherHeat());
        double highest = Math.max(1, plan.saving(most));
        var plot = new Plot(0, most, 0, highest);
        var line = new StringBuilder();
        int points = 60;
        for (int i = 0; i <= points; i++) line.append(plot.point(most * i / points, plan.saving(most * i / points)));
        figure(
                "Saved over the hashprice, " + report.currency(),
                plot.frame(
                        "<polyline class=\"line\" points=\"" + line + "\"/>" + plot.upright("mark", now)
                                + plot.below(0, "0") + plot.below(most, format("%.3f", most))
                                + plot.below(now, format("%.3f", now)),
                        "%.0f"),
                "Against the " + plan.plan().heating().kind().title + ", in " + report.currency()
                        + " per TH/s per day; the device is left off on days on which it would cost more. Dashed: the scenario's.");
    }

    private void figure(String title, String svg, String caption) {
        html.append("<figure>\n<h3>")
                .append(escaped(title))
                .append("</h3>\n")
                .append(svg)
                .append("\n<figcaption>")
                .append(escaped(caption))
                .append("</figcaption>\n</figure>\n");
    }

    /** Coordinates of one plot, from figures to pixels. */
    private record Plot(double left, double right, double low, double high) {
        private static final double WIDTH = 720;
        private static final double HEIGHT = 264;
        private static final double MARGIN_LEFT = 66;
        private static final double MARGIN = 24;
        private static final double BELOW = 46;
        private static final double LINE = 20;

        double x(double value) {
            return MARGIN_LEFT + (value - left) / (right - left) * (WIDTH - MARGIN_LEFT - MARGIN);
        }

        double y(double value) {
            return HEIGHT - BELOW - (value - low) / (high - low) * (HEIGHT - BELOW - MARGIN);
        }

        String point(double x, double y) {
            return format("%.1f,%.1f ", x(x), y(y));
        }

        String bar(String kind, double from, double to, double bottom, double top) {
            double upper = y(Math.max(bottom, top));
            return format(
                    "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
                    kind, x(from), upper, x(to) - x(from), y(Math.min(bottom, top)) - upper);
        }

        /** A line for each word. */
        String below(double x, String text) {
            var lines = new StringBuilder();
            double y = HEIGHT - BELOW + LINE;
            for (var word : text.split(" ", -1)) {
                lines.append(
                        format("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%s</text>", x(x), y, escaped(word)));
                y += LINE;
            }
            return lines.toString();
        }

        String label(double x, double y, String text) {
            return format(
                    "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%s</text>", x(x), y(y) - 4, escaped(text));
        }

        String level(String kind, double y) {
            return format(
                    "<line class=\"%s\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>",
                    kind, x(left), x(right), y(y), y(y));
        }

        String upright(String kind, double x) {
            return format(
                    "<line class=\"%s\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>",
                    kind, x(x), x(x), y(low), y(high));
        }

        /** With five lines across, each labelled. */
        String frame(String inner, String pattern) {
            var lines = new StringBuilder(format("<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\">", WIDTH, HEIGHT));
            int count = 4;
            for (int i = 0; i <= count; i++) {
                double value = low + (high - low) * i / count;
                lines.append(level("axis", value))
                        .append(format(
                                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
                                MARGIN_LEFT - 6, y(value) + 4, format(pattern, value)));
            }
            return lines.append(inner).append("</svg>").toString();
        }
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
