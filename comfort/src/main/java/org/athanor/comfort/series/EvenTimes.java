package org.athanor.comfort.series;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Times of a reply in seconds since 1970, evenly apart. */
record EvenTimes(Instant start, Duration step, int count) {
    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

    /**
     * @param least number of times, 2 or more
     * @throws SeriesException for more or fewer, other steps, gaps, duplicates, disorder, or another century
     */
    static EvenTimes of(JsonReply times, int least, int most, Duration... accepted) {
        var seconds = times.numbers();
        if (seconds.size() < least || seconds.size() > most)
            throw times.wrong(seconds.size() + " times (" + least + " to " + most + ")");
        double first = seconds.get(0).orElse(Double.NaN);
        double step = seconds.get(1).orElse(Double.NaN) - first;
        if (Arrays.stream(accepted).noneMatch(length -> length.toSeconds() == step))
            throw times.wrong("begins with " + said(seconds.get(0)) + " and " + said(seconds.get(1)) + " (apart by "
                    + Arrays.stream(accepted)
                            .map(length -> length.toMinutes() + " min")
                            .collect(Collectors.joining(", "))
                    + ")");
        for (int i = 0; i < seconds.size(); i++) {
            double expected = first + step * i;
            if (seconds.get(i).orElse(Double.NaN) != expected)
                throw times.wrong("time " + i + " is " + said(seconds.get(i)) + " (evenly, without gaps: "
                        + (long) expected + ")");
        }
        if (first != Math.rint(first) || first < EARLIEST.getEpochSecond() || first > LATEST.getEpochSecond())
            throw times.wrong("begins at " + first + " (whole seconds since 1970, from 2000 to 2200)");
        return new EvenTimes(Instant.ofEpochSecond((long) first), Duration.ofSeconds((long) step), seconds.size());
    }

    /** Index of the last value that is no null, -1 if there is none. */
    static int last(List<Optional<Double>> values) {
        int last = values.size() - 1;
        while (last >= 0 && values.get(last).isEmpty()) last--;
        return last;
    }

    private static String said(Optional<Double> seconds) {
        return seconds.map(value -> String.valueOf(value.longValue())).orElse("null");
    }
}
