package org.athanor.edge.s2;

import java.time.Instant;

/** What a manager asked, and what has become of it. */
final class Instruction {
    enum Status {
        ACCEPTED,
        REJECTED,
        REVOKED,
        STARTED,
        SUCCEEDED,
        ABORTED
    }

    final String id;
    final int heater;
    final int level;
    final Instant execution;
    Status status = Status.ACCEPTED;
    /** By when the heater should have reached its level. */
    Instant deadline = Instant.MAX;
    /** Of the preference that was handed to the room. */
    Instant until = Instant.MIN;

    Instruction(String id, int heater, int level, Instant execution) {
        this.id = id;
        this.heater = heater;
        this.level = level;
        this.execution = execution;
    }
}
