package org.athanor.network;

import java.time.Duration;
import java.time.Instant;

/** How long the pool of a share log ran: from each start to the last time that was logged before the next one. */
final class RunningTime {
    private Instant begun = Instant.EPOCH;
    private Instant runBegun = Instant.EPOCH;
    private Instant last = Instant.EPOCH;
    private Duration before = Duration.ZERO;
    private boolean running;

    void started(Instant time) {
        if (!running) begun = time;
        before = total();
        running = true;
        runBegun = time;
        last = time;
    }

    /** A clock that was set back takes no time away. */
    void seen(Instant time) {
        if (time.isAfter(last)) last = time;
    }

    Instant begun() {
        return begun;
    }

    Instant last() {
        return last;
    }

    Duration total() {
        return before.plus(Duration.between(runBegun, last));
    }
}
