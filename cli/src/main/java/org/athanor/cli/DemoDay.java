package org.athanor.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.athanor.edge.Snapshot;

/**
 * One local day of the home as a few rows of characters, two an hour: what was planned, what was done, what electricity costs.
 * It is told of each cycle and asked for its rows by another thread.
 */
final class DemoDay {
    private static final int PARTS = 48;
    private static final Duration PART = Duration.ofMinutes(30);
    private static final String BARS = "▁▂▃▄▅▆▇█";
    private static final char OFF = '·';
    private static final char UNKNOWN = ' ';
    private static final char NOW = '│';
    private static final double ROUNDING = 1e-9;
    /** So that equal prices are no division by nothing. */
    private static final double MIN_RANGE = 1e-6;

    private final ZoneOffset offset;
    private LocalDate day = LocalDate.EPOCH;
    private Instant midnight = Instant.EPOCH;
    private Instant last = Instant.EPOCH;
    private final double[] joules = new double[PARTS];
    private final double[] seconds = new double[PARTS];
    private final double[] planned = new double[PARTS];
    private final double[] prices = new double[PARTS];

    DemoDay(ZoneOffset offset) {
        this.offset = offset;
    }

    /** One cycle; its power held since the one before. */
    synchronized void add(Snapshot now) {
        var today = LocalDate.ofInstant(now.time(), offset);
        if (!today.equals(day)) begin(today, now.time());
        double since = Math.clamp(Duration.between(last, now.time()).toNanos() / 1e9, 0, PART.toNanos() / 1e9);
        last = now.time();
        int part = part(now.time());
        joules[part] += now.power().value() * since;
        seconds[part] += since;
        // what has passed keeps what the day's first plan had said of it
        now.planning().today().ifPresent(plan -> fill(planned, plan, 0));
        now.planning().plan().ifPresent(plan -> fill(planned, plan, part + 1));
        now.planning().prices().ifPresent(this::fill);
        now.books().price().ifPresent(price -> prices[part] = price.value());
    }

    private void begin(LocalDate today, Instant now) {
        day = today;
        midnight = today.atStartOfDay().toInstant(offset);
        if (last.isBefore(midnight)) last = now; // the step that reached over midnight is left out
        Arrays.fill(joules, 0);
        Arrays.fill(seconds, 0);
        Arrays.fill(planned, Double.NaN);
        Arrays.fill(prices, Double.NaN);
    }

    private int part(Instant time) {
        return Math.clamp(Duration.between(midnight, time).dividedBy(PART), 0, PARTS - 1);
    }

    private Instant middle(int part) {
        return midnight.plus(PART.multipliedBy(part)).plus(PART.dividedBy(2));
    }

    /** Means of the plan over each part of the day from {@code first} on, where it says something of it. */
    private void fill(double[] row, Snapshot.Course plan, int first) {
        for (int i = first; i < PARTS; i++) {
            double sum = 0;
            int steps = 0;
            for (var time = midnight.plus(PART.multipliedBy(i));
                    time.isBefore(midnight.plus(PART.multipliedBy(i + 1L)));
                    time = time.plus(PART.dividedBy(4))) {
                var step = plan.step(time);
                if (step.isEmpty()) continue;
                sum += plan.watts().get(step.getAsInt());
                steps++;
            }
            if (steps > 0) row[i] = sum / steps;
        }
    }

    private void fill(Snapshot.Prices known) {
        for (int i = 0; i < PARTS; i++) {
            var since = Duration.between(known.start(), middle(i));
            if (since.isNegative()) continue;
            long step = since.dividedBy(known.step());
            if (step < known.perKwh().size()) prices[i] = known.perKwh().get((int) step);
        }
    }

    /** Each with a label; empty before the first cycle. */
    synchronized List<String> rows() {
        if (day.equals(LocalDate.EPOCH)) return List.of();
        var done = new double[PARTS];
        for (int i = 0; i < PARTS; i++) done[i] = seconds[i] > 0 ? joules[i] / seconds[i] : Double.NaN;
        double most = Math.max(1, Math.max(most(done).orElse(0), most(planned).orElse(0)));
        var rows = new ArrayList<String>();
        rows.add("today     0     3     6     9     12    15    18    21");
        rows.add("planned   " + bars(planned, 0, most) + String.format(Locale.ROOT, "  up to %.0f W", most));
        rows.add("done      " + bars(done, 0, most).substring(0, part(last) + 1) + NOW);
        var dearest = most(prices);
        if (dearest.isPresent()) rows.add(prices(dearest.getAsDouble()));
        return rows;
    }

    /** From the cheapest, which is the lowest bar. */
    private String prices(double dearest) {
        double cheapest = Arrays.stream(prices)
                .filter(price -> !Double.isNaN(price))
                .min()
                .orElseThrow();
        double step = (dearest - cheapest) / (BARS.length() - 1);
        return "price     " + bars(prices, cheapest - step, Math.max(dearest, cheapest - step + MIN_RANGE))
                + String.format(Locale.ROOT, "  %.3f to %.3f", cheapest, dearest);
    }

    private static OptionalDouble most(double[] row) {
        return Arrays.stream(row).filter(value -> !Double.isNaN(value)).max();
    }

    private static String bars(double[] row, double from, double to) {
        var text = new StringBuilder();
        for (double value : row) {
            double share = (value - from) / (to - from);
            if (Double.isNaN(value)) text.append(UNKNOWN);
            else if (value == 0 && from == 0) text.append(OFF);
            else
                text.append(BARS.charAt((int)
                        Math.clamp(Math.ceil(share * BARS.length() - ROUNDING) - 1, 0, BARS.length() - 1)));
        }
        return text.toString();
    }
}
