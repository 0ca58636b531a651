package org.athanor.edge.s2;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.athanor.edge.FlexibleRoom;
import org.athanor.edge.s2.S2Link.LinkException;

/**
 * Offers a room to an energy manager, and hands its instructions to the room as preferences. It dials out, again and again until
 * somebody answers; a link that breaks takes all preferences with it. What would leave the comfort band is not passed on, and what
 * is passed on runs out by itself unless it is renewed.
 */
public final class ResourceManager implements AutoCloseable {
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(5);
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final double JITTER = 0.2;

    /**
     * @param round how often room and instructions are looked at
     * @param measure shortest time between two measurements of power
     * @param lease after which a preference runs out that is not renewed
     * @param answer after which the manager owed an answer, and the link counts as broken
     * @param firstRetry pause before the second attempt to connect; it doubles
     */
    record Pace(Duration round, Duration measure, Duration lease, Duration answer, Duration firstRetry) {
        static final Pace REAL = new Pace(
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                Duration.ofMinutes(5),
                Duration.ofSeconds(30),
                Duration.ofSeconds(2));
    }

    private final S2Config config;
    private final FlexibleRoom room;
    private final InstantSource clock;
    private final Pace pace;
    private final Consumer<String> notes;
    private final Thread worker;
    private volatile boolean closed;
    private volatile boolean controlled;
    private volatile Optional<String> trouble = Optional.of("not connected yet");

    private ResourceManager(
            S2Config config, FlexibleRoom room, InstantSource clock, Pace pace, Consumer<String> notes) {
        this.config = config;
        this.room = room;
        this.clock = clock;
        this.pace = pace;
        this.notes = notes;
        this.worker = Thread.ofVirtual().name("s2-" + room.id()).unstarted(this::work);
    }

    /**
     * Returns at once.
     *
     * @param clock in which execution times are meant
     * @param notes told in a sentence what went wrong, and why an instruction was not followed
     */
    public static ResourceManager start(
            S2Config config, FlexibleRoom room, InstantSource clock, Consumer<String> notes) {
        return start(config, room, clock, Pace.REAL, notes);
    }

    static ResourceManager start(
            S2Config config, FlexibleRoom room, InstantSource clock, Pace pace, Consumer<String> notes) {
        var manager = new ResourceManager(config, room, clock, pace, notes);
        manager.worker.start();
        return manager;
    }

    /** Why the manager is not connected, in words; empty while it is. */
    public Optional<String> trouble() {
        return trouble;
    }

    /** Whether an energy manager has taken control, within what the room allows. */
    public boolean controlled() {
        return controlled;
    }

    private void work() {
        int failures = 0;
        while (!closed) {
            try {
                var known = awaitRoom();
                if (known.isEmpty()) return; // closing
                var session = new Session(config, room, known.get(), clock, pace, this::said, state -> {
                    controlled = state == Session.State.CONTROLLED;
                    trouble = Optional.empty();
                });
                try {
                    boolean again = session.run();
                    failures = session.agreed() ? 0 : failures + 1;
                    if (again) failures = 0;
                    else ended("the manager ended the session");
                } catch (LinkException e) {
                    failures = session.agreed() ? 0 : failures + 1;
                    ended(e.getMessage());
                } finally {
                    controlled = false;
                    if (trouble.isEmpty()) trouble = Optional.of("connecting again");
                }
                Thread.sleep(pause(failures));
            } catch (InterruptedException e) {
                return; // closing
            } catch (
                    RuntimeException
                            e) { // our own fault: the room goes on without the manager, which may be tried again
                ended("error: " + e);
                failures++;
                try {
                    Thread.sleep(pause(failures));
                } catch (InterruptedException _) {
                    return;
                }
            }
        }
    }

    private Optional<FlexibleRoom.Flexibility> awaitRoom() throws InterruptedException {
        while (!closed) {
            var known = room.flexibility();
            if (known.isPresent() && room.moment().isPresent()) return known;
            trouble = Optional.of("the room is not known well enough yet to be described");
            Thread.sleep(pace.round());
        }
        return Optional.empty();
    }

    private void ended(String why) {
        var sentence = Optional.of(why);
        if (!sentence.equals(trouble) && !closed) said(why);
        trouble = sentence;
    }

    private void said(String what) {
        notes.accept(config + ", " + room.name() + ": " + what);
    }

    private Duration pause(int failures) {
        var wait = pace.firstRetry().multipliedBy(1L << Math.min(failures, 10));
        if (wait.compareTo(LONGEST_RETRY) > 0) wait = LONGEST_RETRY;
        return Duration.ofNanos((long)
                (wait.toNanos() * (1 + JITTER * ThreadLocalRandom.current().nextDouble())));
    }

    /** The room is released from all preferences. */
    @Override
    public void close() {
        closed = true;
        worker.interrupt();
        try {
            if (!worker.join(PATIENCE)) said("the session does not end");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
