package org.athanor.edge.journal;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;

/**
 * Keeps a journal from growing for ever, in the background: control steps are thinned to one an hour after {@link #THINNED_AFTER},
 * and they and events are forgotten after {@link #FORGOTTEN_AFTER}. Shares, credits, settings and what was learned stay. It goes
 * by pieces of a day's steps at the most, each committed whole, so that nobody who writes waits for long, and a kill loses nothing but
 * time.
 */
public final class Pruning implements AutoCloseable {
    public static final Duration THINNED_AFTER = Duration.ofDays(90);
    public static final Duration FORGOTTEN_AFTER = Duration.ofDays(730);

    /** Between two pieces: a year that was never pruned is thinned within two hours. */
    private static final Duration BETWEEN = Duration.ofSeconds(5);

    private static final Duration IDLE = Duration.ofHours(1);

    private final Journal journal;
    private final InstantSource clock;
    private final Consumer<String> notes;
    private final Thread thread;

    private Pruning(Journal journal, InstantSource clock, Consumer<String> notes) {
        this.journal = journal;
        this.clock = clock;
        this.notes = notes;
        thread = Thread.ofVirtual().name("pruning").unstarted(this::run);
    }

    /**
     * @param clock that of the steps
     * @param notes is told, in a sentence, when the journal cannot be written; it is tried again
     */
    public static Pruning start(Journal journal, InstantSource clock, Consumer<String> notes) {
        var pruning = new Pruning(journal, clock, notes);
        pruning.thread.start();
        return pruning;
    }

    private void run() {
        try {
            while (true) {
                boolean more = false;
                try {
                    more = journal.prune(clock.instant());
                } catch (JournalException e) {
                    notes.accept(e.getMessage());
                }
                Thread.sleep(more ? BETWEEN : IDLE);
            }
        } catch (InterruptedException e) {
            // it is closed
        }
    }

    /** Waits for the piece under way. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
