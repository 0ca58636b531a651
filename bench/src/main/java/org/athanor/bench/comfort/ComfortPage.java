package org.athanor.bench.comfort;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Comfort against cost, one plot a winter, as one HTML file: styles and plots inside, nothing fetched, no script. */
final class ComfortPage {
    private static final String STYLE = """
            :root { color-scheme: light dark; --ink: #1d2429; --paper: #fbfaf7; --faint: #d9d6cf; --soft: #6b7176;
              --hysteresis: #6b7176; --tpi: #4b7f9e; --ours: #c8551b; --bound: #7a3e9d; }
            @media (prefers-color-scheme: dark) {
              :root { --ink: #e8e6e1; --paper: #16191c; --faint: #3a4046; --soft: #9aa1a7;
                --hysteresis: #9aa1a7; --tpi: #76afd1; --ours: #ef8a4c; --bound: #c79be6; } }
            body { margin: 0 auto; padding: 1.5rem; max-width: 75rem; background: var(--paper); color: var(--ink);
              font: 16px/1.5 system-ui, sans-serif; }
            h1 { font-size: 1.5rem; } h2 { font-size: 1rem; margin-bottom: .25rem; }
            main { display: grid; grid-template-columns: repeat(auto-fill, minmax(22rem, 1fr)); gap: 1rem; }
            figure { margin: 0; } svg { width: 100%; height: auto; } svg text { fill: var(--soft); font: 12px system-ui, sans-serif; }
            svg .axis { stroke: var(--faint); } svg .curve { fill: none; stroke-width: 2; } svg .mark { stroke: none; }
            .hysteresis { stroke: var(--hysteresis); fill: var(--hysteresis); } .tpi { stroke: var(--tpi); fill: var(--tpi); }
            .ours { stroke: var(--ours); fill: var(--ours); } .bound { stroke: var(--bound); fill: var(--bound); }
            """;
    private static final double WIDTH = 420;
    private static final double HEIGHT = 260;
    private static final double LEFT = 56;
    private static final double EDGE = 24;
    private static final double MOST_KELVIN_HOURS = 30;
    private static final double RESOLUTION = 0.25;
    private static final int LINES = 4;
    /** Hysteresis is often far above: it may reach out of the plot. */
    private static final double HEADROOM = 1.6;

    private ComfortPage() {}

    static String page(List<Comparison> comparisons) {
        var html = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n")
                .append("<title>Athanor: comfort and what it costs</title>\n<style>\n")
                .append(STYLE)
                .append("</style>\n</head>\n<body>\n<h1>Comfort and what it costs</h1>\n<p>Money in two weeks over")
                .append(" kelvin-hours outside 20 to 23 °C, with the same heat left in the home: ")
                .append("<span class=\"hysteresis\">hysteresis</span>, <span class=\"tpi\">tuned TPI</span>, ")
                .append("<span class=\"ours\">ours</span>, <span class=\"bound\">perfect foresight</span>. ")
                .append("Lines join outcomes that were simulated, or mix two of them.</p>\n<main>\n");
        for (var comparison : comparisons)
            html.append("<figure>\n<h2>")
                    .append(comparison.winter.name())
                    .append("</h2>\n")
                    .append(plot(comparison))
                    .append("\n</figure>\n");
        return html.append("</main>\n</body>\n</html>\n").toString();
    }

    private static String plot(Comparison comparison) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (var frontier : List.of(comparison.tpi, comparison.ours, comparison.bound))
            for (double x = 0; x <= MOST_KELVIN_HOURS; x += RESOLUTION) {
                var cost = frontier.costAt(x);
                if (cost.isEmpty()) continue;
                low = Math.min(low, cost.getAsDouble());
                high = Math.max(high, cost.getAsDouble());
            }
        double top = low + HEADROOM * (high - low);
        var svg = new StringBuilder(format("<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\">", WIDTH, HEIGHT));
        for (int i = 0; i <= LINES; i++) {
            double cost = low + (top - low) * i / LINES;
            double y = y(cost, low, top);
            svg.append(format(
                    "<line class=\"axis\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>",
                    LEFT, WIDTH - EDGE, y, y));
            svg.append(format("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">%.1f</text>", LEFT - 6, y + 4, cost));
        }
        for (int kelvinHours = 0; kelvinHours <= MOST_KELVIN_HOURS; kelvinHours += 5)
            svg.append(format(
                    "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%d K·h</text>",
                    x(kelvinHours), HEIGHT - 6, kelvinHours));
        for (var curve : Map.of(
                        "hysteresis", comparison.hysteresis,
                        "tpi", comparison.tpi,
                        "ours", comparison.ours,
                        "bound", comparison.bound)
                .entrySet()) svg.append(curve(curve.getKey(), curve.getValue(), low, top));
        return svg.append("</svg>").toString();
    }

    private static String curve(String kind, Frontier frontier, double low, double top) {
        var points = new StringBuilder();
        for (double kelvinHours = 0; kelvinHours <= MOST_KELVIN_HOURS; kelvinHours += RESOLUTION) {
            var cost = frontier.costAt(kelvinHours);
            if (cost.isEmpty() || cost.getAsDouble() > top) continue;
            points.append(format("%.1f,%.1f ", x(kelvinHours), y(cost.getAsDouble(), low, top)));
        }
        return format("<polyline class=\"curve %s\" points=\"%s\" style=\"fill:none\"/>", kind, points);
    }

    private static double x(double kelvinHours) {
        return LEFT + kelvinHours / MOST_KELVIN_HOURS * (WIDTH - LEFT - EDGE);
    }

    private static double y(double cost, double low, double top) {
        return HEIGHT - EDGE - (cost - low) / (top - low) * (HEIGHT - 2 * EDGE);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
