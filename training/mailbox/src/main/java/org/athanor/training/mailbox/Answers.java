package org.athanor.training.mailbox;

import java.time.Duration;

/** How long an answer is waited for. */
final class Answers {
    private static final Duration LONGEST = Duration.ofSeconds(60);
    /** A line that carries less, in bytes a second, is not waited for. Several heaters of a home may share a slow one. */
    private static final long LEAST_RATE = 2048;

    private Answers() {}

    /** To a question of so many bytes, from when the first of them is sent. */
    static Duration within(long bytes) {
        return LONGEST.plusSeconds(bytes / LEAST_RATE);
    }
}
