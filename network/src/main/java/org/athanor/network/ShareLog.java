package org.athanor.network;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.athanor.ledger.CreditLine;

/**
 * An append-only text file, one record a line, from which every credit can be computed again.
 *
 * <p>A record has reached the operating system when {@link #append} returns (so it survives the end of this process)
 * and the disk within {@link #SYNC_EVERY} (so a power cut costs at most that much). Appends are for one thread at a
 * time; {@link #sync} may run beside them.
 */
public final class ShareLog implements AutoCloseable {
    public static final String FILE_NAME = "shares.log";
    private static final String LOCK_SUFFIX = ".lock";
    static final Duration SYNC_EVERY = Duration.ofMillis(500);

    private final Path file;
    /** A stream and not a channel: an interrupt of a thread that is writing to a channel would close it for all. */
    private final FileOutputStream out;

    private final FileChannel channel;
    private final ByteArrayOutputStream batch = new ByteArrayOutputStream(64 * 1024);
    /** Of a file of its own: POSIX gives up a process's lock as soon as it closes any descriptor of the locked file. */
    private final FileChannel lock;

    private final LogCodec codec = new LogCodec();
    private final Accounts accounts;
    private final Optional<String> torn;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread syncer;
    private long length;
    private boolean cutBeforeAppend;
    private final AtomicLong appends = new AtomicLong();
    private volatile long synced;
    private volatile ShareLogException failure;

    private ShareLog(
            Path file, FileOutputStream out, FileChannel lock, Accounts accounts, Optional<String> torn, long length) {
        this.file = file;
        this.out = out;
        this.channel = out.getChannel();
        this.lock = lock;
        this.accounts = accounts;
        this.torn = torn;
        this.length = length;
        syncer = Thread.ofVirtual().name("share log sync").start(this::syncUntilClosed);
    }

    /**
     * Opens the log of a folder, which is made where it is missing; an unfinished last line is cut off.
     *
     * @throws ShareLogException if it is in use, damaged, or its own sums do not follow from its shares
     */
    static ShareLog open(Path folder) {
        var file = folder.resolve(FILE_NAME);
        FileChannel lock;
        try {
            Files.createDirectories(folder);
            lock = FileChannel.open(
                    folder.resolve(FILE_NAME + LOCK_SUFFIX), StandardOpenOption.WRITE, StandardOpenOption.CREATE);
        } catch (IOException e) {
            throw new ShareLogException(file, "cannot be opened: " + e.getMessage(), e);
        }
        FileOutputStream out;
        try {
            lock(file, lock);
            out = new FileOutputStream(file.toFile(), true);
        } catch (IOException | RuntimeException e) {
            closeAfter(lock, e);
            throw e instanceof ShareLogException own
                    ? own
                    : new ShareLogException(file, "cannot be opened: " + e.getMessage(), e);
        }
        try {
            var read = Replayer.read(file, line -> {});
            var replay = read.result();
            if (!replay.agrees())
                throw new ShareLogException(
                        file,
                        replay.differenceCount() + " differences, first "
                                + replay.differences().getFirst());
            if (replay.torn().isPresent()) out.getChannel().truncate(read.intactBytes());
            out.getChannel().force(true);
            forceFolder(folder);
            return new ShareLog(file, out, lock, read.accounts(), replay.torn(), read.intactBytes());
        } catch (IOException | RuntimeException e) {
            closeAfter(out, e);
            closeAfter(lock, e);
            throw e instanceof ShareLogException own
                    ? own
                    : new ShareLogException(file, "cannot be opened: " + e.getMessage(), e);
        }
    }

    /**
     * Computes everything in a log again, from its shares, weights and rates alone, and divides what stands in the
     * {@link CreditsLog} beside it.
     *
     * @param path the log or its folder
     * @param credits is given every credit line as it follows from the shares, in order
     * @throws ShareLogException if one of the two cannot be read, or a line before its last is damaged
     */
    public static Replay replay(Path path, Consumer<CreditLine> credits) {
        return Replayer.read(fileOf(path), credits, creditsBeside(path), false).result();
    }

    /** The same with what pay schemes need, which takes some 30 bytes of memory a share. */
    public static Recount recount(Path path) {
        var read = Replayer.read(fileOf(path), line -> {}, creditsBeside(path), true);
        return new Recount(read.result(), read.events());
    }

    private static Path fileOf(Path path) {
        return Files.isDirectory(path) ? path.resolve(FILE_NAME) : path;
    }

    private static CreditsLog.Contents creditsBeside(Path path) {
        return CreditsLog.read(fileOf(path).resolveSibling(CreditsLog.FILE_NAME));
    }

    /** {@link #replay(Path, Consumer)} without the lines. */
    public static Replay replay(Path path) {
        return replay(path, line -> {});
    }

    /**
     * Writes the records at once and applies them to the accounts, or does neither.
     *
     * @throws ShareLogException if they cannot be written; later ones may be, once there is room again
     */
    void append(List<LogRecord> entries) {
        if (failure != null) throw failure;
        batch.reset();
        for (var entry : entries) {
            var line = codec.encode(entry);
            batch.write(line.bytes(), 0, line.length());
        }
        try {
            if (cutBeforeAppend) channel.truncate(length);
            cutBeforeAppend = true; // until all lines are known to be there
            batch.writeTo(out);
            cutBeforeAppend = false;
        } catch (IOException e) {
            throw new ShareLogException(file, "cannot be written: " + e.getMessage(), e);
        }
        length += batch.size();
        appends.addAndGet(entries.size());
        for (var entry : entries) accounts.apply(entry);
    }

    void append(LogRecord entry) {
        append(List.of(entry));
    }

    Accounts accounts() {
        return accounts;
    }

    Optional<String> torn() {
        return torn;
    }

    Path file() {
        return file;
    }

    /** Returns when everything appended before is on the disk. */
    void sync() {
        var upTo = appends.get();
        if (synced >= upTo) return;
        try {
            channel.force(false);
        } catch (IOException e) {
            // after a failed sync the kernel may have dropped the pages: nothing later would be worth its word
            failure = new ShareLogException(file, "cannot be synced: " + e.getMessage(), e);
            throw failure;
        }
        synced = upTo;
    }

    private void syncUntilClosed() {
        try {
            while (!closing.await(SYNC_EVERY.toMillis(), TimeUnit.MILLISECONDS)) sync();
        } catch (InterruptedException e) {
            failure = new ShareLogException(file, "its sync was interrupted", e);
        } catch (ShareLogException e) {
            failure = e; // the next append throws it
        }
    }

    @Override
    public void close() {
        closing.countDown();
        try (lock;
                out) {
            syncer.join();
            sync();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ShareLogException(file, "its close was interrupted", e);
        } catch (IOException e) {
            throw new ShareLogException(file, "cannot be closed: " + e.getMessage(), e);
        }
    }

    private static void lock(Path file, FileChannel channel) throws IOException {
        try {
            if (channel.tryLock() != null) return;
        } catch (OverlappingFileLockException e) {
            throw new ShareLogException(file, "is in use by a pool of this program", e);
        }
        throw new ShareLogException(file, "is in use by another program");
    }

    /** A new file is only durable with its folder's entry; Windows neither needs nor allows this. */
    static void forceFolder(Path folder) throws IOException {
        if (System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows")) return;
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void closeAfter(Closeable opened, Exception cause) {
        try {
            opened.close();
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }
}
