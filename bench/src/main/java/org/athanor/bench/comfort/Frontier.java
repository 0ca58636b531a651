package org.athanor.bench.comfort;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/** What a family of rules can reach: its outcomes, and between two of them what mixing them would. */
final class Frontier {
    record Point(double kelvinHours, double cost, Outcome outcome) {}

    private final List<Point> points = new ArrayList<>();

    void add(Outcome outcome, double cost) {
        points.add(new Point(outcome.kelvinHours(), cost, outcome));
    }

    void clear() {
        points.clear();
    }

    List<Point> points() {
        return List.copyOf(points);
    }

    double leastKelvinHours() {
        return points.stream().mapToDouble(Point::kelvinHours).min().orElseThrow();
    }

    /** Of the outcomes with no more kelvin-hours than this, the cheapest. */
    Point cheapestWithin(double kelvinHours) {
        return points.stream()
                .filter(point -> point.kelvinHours() <= kelvinHours)
                .min(Comparator.comparingDouble(Point::cost))
                .orElseThrow();
    }

    /** The least cost at these kelvin-hours, on the straight line between any two outcomes; empty where none reaches so few. */
    OptionalDouble costAt(double kelvinHours) {
        double best = Double.POSITIVE_INFINITY;
        for (var a : points) {
            if (a.kelvinHours() > kelvinHours) continue;
            best = Math.min(best, a.cost());
            for (var b : points) {
                if (b.kelvinHours() <= kelvinHours) continue;
                double share = (kelvinHours - a.kelvinHours()) / (b.kelvinHours() - a.kelvinHours());
                best = Math.min(best, a.cost() + share * (b.cost() - a.cost()));
            }
        }
        return Double.isInfinite(best) ? OptionalDouble.empty() : OptionalDouble.of(best);
    }
}
