package org.athanor.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** When a home trained, by spans of some hours: shown as a strip of bars. Written by one thread, read by any. */
final class DemoTrainDays {
    static final Duration SPAN = Duration.ofHours(3);
    private static final String BARS = " ▁▂▃▄▅▆▇█";

    private final Instant start;
    private final List<int[]> spans = new ArrayList<>();
    private long steps;
    private long trained;

    DemoTrainDays(Instant start) {
        this.start = start;
    }

    synchronized void add(Instant time, boolean trains) {
        var index = (int) Duration.between(start, time).dividedBy(SPAN);
        while (spans.size() <= index) spans.add(new int[2]);
        var span = spans.get(index);
        span[0]++;
        steps++;
        if (trains) {
            span[1]++;
            trained++;
        }
    }

    /** Share of the time so far in which it trained, 0 to 1. */
    synchronized double share() {
        return steps == 0 ? 0 : (double) trained / steps;
    }

    /** The last spans, a character each. */
    synchronized String strip(int width) {
        var text = new StringBuilder();
        for (var span : spans.subList(Math.max(0, spans.size() - width), spans.size()))
            text.append(BARS.charAt((int) Math.ceil((BARS.length() - 1) * (double) span[1] / span[0])));
        return text.toString();
    }
}
