package org.athanor.comfort.money;

import java.util.List;

/**
 * How a miner's efficiency changes over its range. What one more watt earns hangs on the marginal efficiency, which is worse
 * than the average wherever the curve bends upwards.
 *
 * @param points ascending in both, at least one; off is no point
 */
public record EfficiencyCurve(List<Point> points) {
    public record Point(double watts, double terahashes) {}

    public EfficiencyCurve {
        points = List.copyOf(points);
        if (points.isEmpty()) throw new IllegalArgumentException("an efficiency curve without points");
        double watts = 0;
        double terahashes = 0;
        for (var point : points) {
            if (!(point.watts > watts && point.terahashes > terahashes))
                throw new IllegalArgumentException("points of an efficiency curve ascend in watts and TH/s: " + points);
            watts = point.watts;
            terahashes = point.terahashes;
        }
    }

    /** J/TH of the point as a whole. */
    public double average(int point) {
        return points.get(point).watts / points.get(point).terahashes;
    }

    /** J/TH of the step up from the point before, or from off. */
    public double marginal(int point) {
        if (point == 0) return average(0);
        var below = points.get(point - 1);
        var here = points.get(point);
        return (here.watts - below.watts) / (here.terahashes - below.terahashes);
    }
}
