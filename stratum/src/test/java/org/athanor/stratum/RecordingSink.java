package org.athanor.stratum;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

/** Keeps what it is told; can be asked to wait until enough has come. */
final class RecordingSink implements ShareSink {
    private final List<ShareEvent> events = new ArrayList<>();
    private final List<ForwardEvent> forwards = new ArrayList<>();

    @Override
    public synchronized void share(ShareEvent event) {
        events.add(event);
        notifyAll();
    }

    @Override
    public synchronized void forwarded(ForwardEvent event) {
        forwards.add(event);
    }

    synchronized List<ForwardEvent> forwards() {
        return List.copyOf(forwards);
    }

    List<ForwardEvent> awaitForwards(int count) {
        Until.holds(() -> forwards().size() >= count);
        return forwards();
    }

    synchronized List<ShareEvent> events() {
        return List.copyOf(events);
    }

    synchronized List<ShareEvent> await(int count) throws InterruptedException {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (events.size() < count) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            assertTrue(left > 0, "only " + events.size() + " of " + count + " shares");
            wait(left);
        }
        return events();
    }

    ShareEvent last() {
        return events().getLast();
    }
}
