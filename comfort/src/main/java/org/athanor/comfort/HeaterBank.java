package org.athanor.comfort;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.athanor.comfort.planning.ComputeDevice;

/**
 * Several heaters as the planner sees them: those that compute as one device, whose levels are added in the order in which the
 * dispatcher will use them, and plain elements as a boost beside it.
 */
final class HeaterBank {
    private record Rung(double watts, int heater, int level) {}

    private final List<HeaterSpec> computing;
    private final List<Rung> rungs = new ArrayList<>(); // above off
    private final List<Double> boost = new ArrayList<>(List.of(0.0));

    HeaterBank(List<HeaterSpec> heaters, Set<String> usable) {
        var sorted = heaters.stream()
                .filter(heater -> usable.contains(heater.id()))
                .sorted(Comparator.comparingInt(HeaterSpec::preference))
                .toList();
        computing = sorted.stream().filter(heater -> !heater.switchedByPlug()).toList();
        double below = 0;
        for (int i = 0; i < computing.size(); i++) {
            var heater = computing.get(i);
            for (int level = 1; level <= heater.topLevel(); level++)
                rungs.add(new Rung(below + heater.watts(level).value(), i, level));
            below += heater.watts(heater.topLevel()).value();
        }
        double sum = 0;
        for (var heater : sorted) {
            if (!heater.switchedByPlug()) continue;
            sum += heater.watts(1).value();
            boost.add(sum);
        }
    }

    boolean isEmpty() {
        return rungs.isEmpty() && boost.size() == 1;
    }

    ComputeDevice device() {
        var watts = new ArrayList<Double>(List.of(0.0));
        for (var rung : rungs) watts.add(rung.watts());
        return ComputeDevice.plain(watts)
                .withMinimumTimes(
                        longest(HeaterSpec::minimumOn),
                        longest(HeaterSpec::minimumOff),
                        longest(HeaterSpec::minimumDwell))
                .withStartSettle(longest(HeaterSpec::earnsAfter));
    }

    private Duration longest(Function<HeaterSpec, Duration> time) {
        return computing.stream().map(time).max(Comparator.naturalOrder()).orElse(Duration.ZERO);
    }

    double[] boost() {
        return boost.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** Currency per hour of each level of the device, the same in all steps. */
    double[][] revenue(Map<String, List<Double>> perHour, int steps) {
        var revenue = new double[rungs.size() + 1][steps];
        for (int i = 0; i < rungs.size(); i++) {
            var rung = rungs.get(i);
            double sum = earned(perHour, computing.get(rung.heater()), rung.level());
            for (int full = 0; full < rung.heater(); full++)
                sum += earned(perHour, computing.get(full), computing.get(full).topLevel());
            Arrays.fill(revenue[i + 1], sum);
        }
        return revenue;
    }

    private static double earned(Map<String, List<Double>> perHour, HeaterSpec heater, int level) {
        var levels = perHour.get(heater.id());
        if (levels == null) return 0;
        if (levels.size() != heater.levels().size())
            throw new IllegalArgumentException("revenue of heater " + heater.id() + ": " + levels.size() + " levels ("
                    + heater.levels().size() + ", off included)");
        return levels.get(level);
    }

    /** The device's level that draws most nearly this. */
    int levelNear(double watts) {
        int best = 0;
        double nearest = Math.abs(watts);
        for (int i = 0; i < rungs.size(); i++) {
            double distance = Math.abs(watts - rungs.get(i).watts());
            if (distance < nearest) {
                nearest = distance;
                best = i + 1;
            }
        }
        return best;
    }

    /** Of the computing heaters, as read or, where nothing was read, as commanded. */
    double computingWatts(Map<String, Double> drawn) {
        return computing.stream()
                .mapToDouble(heater -> drawn.getOrDefault(heater.id(), 0.0))
                .sum();
    }

    double watts(int level) {
        return level == 0 ? 0 : rungs.get(level - 1).watts();
    }
}
