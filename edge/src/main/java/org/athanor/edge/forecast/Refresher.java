package org.athanor.edge.forecast;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.athanor.comfort.series.SeriesException;

/**
 * Asks one service again and again and holds its last good reply. Waiting is measured by the monotonic clock, so that a wall
 * clock that jumps neither floods the service nor silences us; a jump itself is a reason to ask, since what was asked and when
 * it came hang on the time of day.
 */
final class Refresher<T> {
    static final Duration EVERY = Duration.ofHours(1);
    static final Duration FIRST_RETRY = Duration.ofMinutes(1);
    /** Also of what a service asks us to wait. */
    static final Duration LONGEST_WAIT = Duration.ofDays(1);

    private static final Duration LOOK = Duration.ofSeconds(30);
    private static final Duration JUMP = Duration.ofMinutes(2);
    /** A wall clock that is wrong by less does no harm. */
    private static final Duration SAME_TIME = Duration.ofMinutes(5);

    /** How far apart many homes' requests are spread. */
    private static final double JITTER = 0.1;

    private final Question<T> question;
    private final Transport transport;
    private final ReplyFile file;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final DoubleSupplier random;
    private final Consumer<String> notes;

    // of the asking thread
    private long dueNanos;
    private boolean waitIsAskedFor;
    private int failures;
    private Duration wallAhead;

    private volatile Held<T> held = new Held<>(Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * @param fetched when the value came
     * @param trouble why there is no newer one; empty while the last request went well
     */
    record Held<T>(Optional<T> value, Optional<Instant> fetched, Optional<String> trouble) {}

    /**
     * Begins with what the file holds.
     *
     * @param nanos the monotonic clock
     * @param random from 0 to 1
     * @param notes told in a sentence when trouble begins, changes and ends
     */
    Refresher(
            Question<T> question,
            Transport transport,
            ReplyFile file,
            InstantSource clock,
            LongSupplier nanos,
            DoubleSupplier random,
            Consumer<String> notes) {
        this.question = question;
        this.transport = transport;
        this.file = file;
        this.clock = clock;
        this.nanos = nanos;
        this.random = random;
        this.notes = notes;
        dueNanos = nanos.getAsLong();
        wallAhead = wallAhead();
        recall();
    }

    Held<T> held() {
        return held;
    }

    /** Asks if it is time to. @return for how long to wait before the next call */
    Duration step() throws InterruptedException {
        watchClock();
        if (nanos.getAsLong() - dueNanos >= 0) ask();
        var left = Duration.ofNanos(Math.max(0, dueNanos - nanos.getAsLong()));
        return left.compareTo(LOOK) < 0 ? left : LOOK;
    }

    private void recall() {
        var kept = file.recall(question.asked());
        if (kept.isEmpty()) return;
        var fetched = kept.get().fetched();
        try {
            held = new Held<>(
                    Optional.of(question.read(kept.get().text(), fetched)), Optional.of(fetched), Optional.empty());
        } catch (SeriesException e) {
            notes.accept("the kept reply is ignored: " + e.getMessage());
            return;
        }
        var age = Duration.between(fetched, clock.instant());
        if (age.compareTo(SAME_TIME.negated()) < 0)
            notes.accept(question.service() + ": the kept reply came at " + fetched
                    + ", which is yet to come: this computer's clock is wrong or was");
        else if (age.compareTo(EVERY) < 0)
            dueNanos += EVERY.minus(age.isNegative() ? Duration.ZERO : age).toNanos();
    }

    private void watchClock() {
        var ahead = wallAhead();
        var jump = ahead.minus(wallAhead);
        wallAhead = ahead;
        if (jump.abs().compareTo(JUMP) < 0 || waitIsAskedFor) return;
        notes.accept(question.service() + " is asked anew: this computer's clock jumped by " + jump.toSeconds() + " s");
        long soonest = nanos.getAsLong() + (failures > 0 ? FIRST_RETRY.toNanos() : 0);
        if (dueNanos - soonest > 0) dueNanos = soonest;
    }

    private Duration wallAhead() {
        return Duration.between(Instant.EPOCH, clock.instant()).minusNanos(nanos.getAsLong());
    }

    private void ask() throws InterruptedException {
        var now = clock.instant();
        switch (transport.get(question.request(now), now)) {
            case Transport.Answer.Refused(var why, var retry) -> failed(why, retry);
            case Transport.Answer.Body(var text) -> {
                try {
                    take(text, now);
                } catch (SeriesException e) {
                    failed(e.getMessage(), Optional.empty());
                }
            }
        }
    }

    private void take(String text, Instant now) {
        var fresh = question.read(text, now);
        var objection = question.objection(fresh, held.value, now);
        if (objection.isPresent()) {
            failed(objection.get(), Optional.empty());
            return;
        }
        if (held.trouble.isPresent()) notes.accept(question.service() + " answers again");
        held = new Held<>(Optional.of(fresh), Optional.of(now), Optional.empty());
        file.keep(question.asked(), new ReplyFile.Kept(now, text));
        failures = 0;
        waitIsAskedFor = false;
        dueNanos = nanos.getAsLong() + jittered(EVERY).toNanos();
    }

    private void failed(String why, Optional<Duration> retry) {
        var wait = FIRST_RETRY.multipliedBy(1L << Math.min(failures, 10));
        if (wait.compareTo(EVERY) > 0) wait = EVERY;
        wait = jittered(wait);
        if (retry.isPresent() && retry.get().compareTo(wait) > 0) wait = retry.get();
        if (wait.compareTo(LONGEST_WAIT) > 0) wait = LONGEST_WAIT;
        waitIsAskedFor = retry.isPresent();
        failures++;
        dueNanos = nanos.getAsLong() + wait.toNanos();
        var trouble = question.service() + ": " + why;
        if (!held.trouble.equals(Optional.of(trouble))) notes.accept(trouble);
        held = new Held<>(held.value, held.fetched, Optional.of(trouble));
    }

    private Duration jittered(Duration wait) {
        double factor = 1 + JITTER * (2 * random.getAsDouble() - 1);
        return Duration.ofNanos((long) (wait.toNanos() * factor));
    }
}
