package org.athanor.edge.training;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.athanor.training.data.ShardRef;
import org.athanor.training.engine.EngineFiles;
import org.athanor.training.job.JobSpec;
import org.athanor.training.mailbox.MailboxException;

/**
 * A job's data on a worker's disk. Which shard a round reads is known from seed, round and name: it is fetched when the round begins if it
 * is not there, and the next one's while the round runs, so that a joiner begins soon and a small disk can work on a large dataset. What was
 * fetched stays while there is room: a stranger's job must not fill the disk on which a heater keeps its books.
 */
final class ShardCache implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(ShardCache.class.getName());
    /** Of what is free and what it holds already, a job's data. */
    private static final double MOST_OF_DISK = 0.9;

    /** From where a shard comes. */
    @FunctionalInterface
    interface Line {
        /** One try. */
        void fetch(String hash, long bytes, Path file) throws MailboxException, IOException, InterruptedException;
    }

    /** A disk as far as a job may ask. */
    @FunctionalInterface
    interface Disk {
        /** Bytes. */
        long free() throws IOException;
    }

    private final JobSpec job;
    private final Function<ShardRef, Path> places;
    private final Line line;
    private final Disk disk;
    /** Those that lie on the disk, the one that was asked for longest ago first. */
    private final List<ShardRef> held = new ArrayList<>();

    private Thread ahead;
    private ShardRef coming;

    /** @param places of shards in the engine's folder, which need not be there */
    ShardCache(JobSpec job, Function<ShardRef, Path> places, Line line, Disk disk) {
        this.job = job;
        this.places = places;
        this.line = line;
        this.disk = disk;
        job.shards().stream().filter(this::lies).forEach(held::add);
    }

    private boolean lies(ShardRef shard) {
        return Files.exists(places.apply(shard), LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Why the job's data has no room here, not even a shard at a time; null when it has.
     *
     * @param besides bytes that are still to be fetched and stay
     */
    String problem(long besides) throws IOException {
        var largest = job.shards().stream().mapToLong(job::bytes).max().orElse(0);
        return fits(besides + largest, 0) ? null : said(besides + largest);
    }

    private String said(long needed) throws IOException {
        return String.format(
                Locale.ROOT,
                "the job's data takes %.1f MiB at a time, and of the %.1f that are free it may take %.0f %%",
                needed / 0x1p20,
                (disk.free() + bytesHeld()) / 0x1p20,
                100 * MOST_OF_DISK);
    }

    private boolean fits(long more, long kept) throws IOException {
        return kept + more <= MOST_OF_DISK * (disk.free() + bytesHeld());
    }

    private synchronized long bytesHeld() {
        return held.stream().mapToLong(job::bytes).sum();
    }

    /**
     * Has a round's shard on the disk, whole.
     *
     * @throws MailboxException when it could not be fetched: another try may
     * @throws IOException      when the disk has no room for it, or cannot be written
     */
    void fetch(ShardRef shard) throws MailboxException, IOException, InterruptedException {
        endAhead(shard);
        bring(shard, Set.of());
    }

    /** Whether a round can begin with it; it is held against its name. */
    boolean has(ShardRef shard) throws IOException {
        return EngineFiles.holds(places.apply(shard), job.bytes(shard), shard.hash());
    }

    /** Fetches a shard meanwhile, if that costs the round that runs nothing; one that cannot be had now is fetched when it is needed. */
    synchronized void ahead(ShardRef next, ShardRef running) {
        if (next.equals(running)) {
            return;
        }
        coming = next;
        ahead = Thread.ofVirtual().name("next-shard").start(() -> {
            try {
                bring(next, Set.of(running));
            } catch (MailboxException | IOException later) {
                LOGGER.log(Level.DEBUG, "the next shard is not here yet: {0}", later.getMessage());
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void endAhead(ShardRef wanted) throws InterruptedException {
        Thread running;
        synchronized (this) {
            running = ahead;
            ahead = null;
            if (running != null && !wanted.equals(coming)) {
                running.interrupt(); // a round was left out
            }
        }
        if (running != null) {
            running.join(); // a line that says nothing ends it
        }
    }

    private void bring(ShardRef shard, Set<ShardRef> needed)
            throws MailboxException, IOException, InterruptedException {
        if (!has(shard)) {
            makeRoom(shard, needed);
            bring(line, shard.hash(), job.bytes(shard), places.apply(shard));
        }
        synchronized (this) {
            held.remove(shard);
            held.add(shard);
        }
    }

    /** Has an object in an engine's folder, whole or not at all. */
    static void bring(Line line, String hash, long bytes, Path file)
            throws MailboxException, IOException, InterruptedException {
        if (!EngineFiles.holds(file, bytes, hash)) {
            var part = EngineFiles.part(file);
            Files.createDirectories(part.getParent());
            line.fetch(hash, bytes, part);
            EngineFiles.publish(file);
        }
    }

    /** Deletes what was not asked for longest, as far as it must. */
    private void makeRoom(ShardRef shard, Set<ShardRef> needed) throws IOException {
        var kept = new HashSet<>(needed);
        kept.add(shard);
        List<ShardRef> oldest;
        synchronized (this) {
            oldest = held.stream().filter(one -> !kept.contains(one)).toList();
        }
        var more = job.bytes(shard);
        for (var one : oldest) {
            if (fits(more, bytesHeld())) {
                break;
            }
            Files.deleteIfExists(places.apply(one));
            synchronized (this) {
                held.remove(one);
            }
        }
        if (!fits(more, bytesHeld())) {
            throw new IOException(said(more));
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            if (ahead != null) {
                ahead.interrupt();
            }
        }
    }
}
