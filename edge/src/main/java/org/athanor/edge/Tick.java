package org.athanor.edge;

import java.time.Instant;

/**
 * The moment of a control cycle.
 *
 * @param time for schedules, tariffs and people
 * @param monotonicNanos for everything that safety depends on: it never jumps
 */
public record Tick(Instant time, long monotonicNanos) {}
