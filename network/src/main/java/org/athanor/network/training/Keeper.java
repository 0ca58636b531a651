package org.athanor.network.training;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;

/** Keeps the objects of a job that somebody needs where they are looked for, and no others. */
final class Keeper {
    private static final System.Logger LOGGER = System.getLogger(Keeper.class.getName());
    /** What was sent and never counted is kept so long: somebody may just be about to say that it is done. */
    private static final Duration OLD = Duration.ofDays(1);

    private final Object guard;
    private final JobFolder folder;
    private final Exchange exchange;
    private final InstantSource clock;
    private final Supplier<Set<String>> offered;
    private final Supplier<Set<String>> own;
    private Instant settled;

    /**
     * @param guard   held while something is looked for and deleted, so that what is delivered meanwhile is either kept or refused
     * @param offered what workers may ask for
     * @param own     with what the coordinator itself goes on
     */
    Keeper(
            Object guard,
            JobFolder folder,
            Exchange exchange,
            InstantSource clock,
            Supplier<Set<String>> offered,
            Supplier<Set<String>> own) {
        this.guard = guard;
        this.folder = folder;
        this.exchange = exchange;
        this.clock = clock;
        this.offered = offered;
        this.own = own;
    }

    /** Has everything lie where workers look for it, and nothing that a crash left over. */
    void settle() throws IOException {
        var old = clock.instant().minus(OLD);
        exchange.settle(offered.get(), own.get(), old);
        synchronized (guard) {
            folder.objects().sweep(needed(), old);
        }
        settled = clock.instant();
    }

    /** The same when it was long ago. A store outside that cannot be reached is looked through another time. */
    void settleNowAndThen() throws IOException {
        if (clock.instant().isAfter(settled.plus(OLD))) {
            try {
                settle();
            } catch (IOException away) {
                if (!exchange.isOutside()) {
                    throw away;
                }
                LOGGER.log(Level.WARNING, "the store is not looked through: {0}", away.getMessage());
            }
        }
    }

    /** Forgets those of {@code hashes} that nobody needs. */
    void discard(Collection<String> hashes) throws IOException {
        var gone = new HashSet<>(hashes);
        synchronized (guard) {
            gone.removeAll(needed());
            for (var hash : gone) {
                folder.delete(hash);
            }
        }
        exchange.deleteOutside(gone);
    }

    private Set<String> needed() {
        var needed = new HashSet<>(own.get());
        needed.addAll(offered.get());
        return needed;
    }
}
