package org.athanor.cli.train;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.athanor.network.training.RoundRecord;

/**
 * Where the heat of a job went. It is the workers' word: what their heaters meter, or declare for a level, all of which a heater
 * gives to its room.
 *
 * @param kilowattHours by worker, of those whose heaters say it
 * @param meteredShare  of the updates that counted, how many said it, 0 to 1
 */
record Heat(Map<String, Double> kilowattHours, double meteredShare) {
    private static final double JOULES = 3.6e6;

    static Heat of(List<RoundRecord> rounds) {
        var byWorker = new TreeMap<String, Double>();
        long metered = 0;
        long counted = 0;
        for (var round : rounds) {
            round.metered().forEach((worker, joules) -> byWorker.merge(worker, joules / JOULES, Double::sum));
            metered += round.metered().size();
            // a late update has its round behind the worker's name
            counted += round.workers().stream()
                    .map(worker -> worker.split("@", 2)[0])
                    .distinct()
                    .count();
        }
        return new Heat(byWorker, counted == 0 ? 0 : (double) metered / counted);
    }

    double total() {
        return kilowattHours.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    String sentence() {
        if (kilowattHours.isEmpty()) {
            return "Nobody has metered the energy.";
        }
        var by = kilowattHours.entrySet().stream()
                .map(each -> each.getKey() + " " + kilowattHours(each.getValue()))
                .collect(Collectors.joining(", "));
        return "Heat of its work " + kilowattHours(total()) + ", as heaters meter or declare it: " + by
                + (meteredShare > 0.999
                        ? "."
                        : String.format(
                                Locale.ROOT, "; of %.0f %% of the work nobody said it.", 100 * (1 - meteredShare)));
    }

    /** A small computer's round is a thousandth of a kWh. */
    private static String kilowattHours(double value) {
        return String.format(Locale.ROOT, value < 0.1 ? "%.2g kWh" : "%.2f kWh", value);
    }
}
