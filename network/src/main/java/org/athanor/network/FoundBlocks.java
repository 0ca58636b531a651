package org.athanor.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.athanor.hash.Hex;
import org.athanor.hash.Sha256d;
import org.athanor.stratum.BlockFate;
import org.athanor.stratum.BlockStanding;
import org.athanor.stratum.BlockValue;
import org.athanor.stratum.BlockVerdict;
import org.athanor.stratum.NodeException;
import org.athanor.stratum.Template;
import org.athanor.stratum.TemplateSource;

/**
 * A source of templates that loses no found block: each is on the disk before it is handed over, and handed over again
 * after a restart until there is an answer. Accepted ones are watched until they are 100 blocks deep.
 *
 * <p>A block is a file, {@code HASH.STATE.hex}, of one line: what {@code bitcoin-cli -stdin submitblock} reads.
 */
public final class FoundBlocks implements TemplateSource, AutoCloseable {
    public static final String FOLDER_NAME = "blocks";
    private static final System.Logger LOG = System.getLogger("org.athanor.network");
    private static final int HEADER_BYTES = 80;
    private static final int MATURITY = 100;
    /** Files of blocks that are settled one way or the other. */
    static final int KEPT = 100;

    private static final Pattern NAME = Pattern.compile("([0-9a-f]{64})\\.([a-z]+)\\.hex");

    private final Path folder;
    /** Held while this is open: of two pools, each would take the other's unfinished files for left-overs. */
    private final FileChannel lock;

    private final TemplateSource source;
    private final Function<String, BlockStanding> standing;
    private final BlockFate.Listener fates;
    private final Duration every;
    private final Semaphore look = new Semaphore(1);
    private final AutoCloseable subscription;
    private final Thread watcher;
    /** Being handed over by this run. */
    private final Set<String> underway = ConcurrentHashMap.newKeySet();

    private final Map<String, Integer> heights = new ConcurrentHashMap<>();
    private final ReentrantLock telling = new ReentrantLock();
    private volatile boolean closed;

    /** As it stands in the file's name, in lower case. */
    enum State {
        /** On the disk, and not answered yet. */
        PENDING,
        /** In the node's best chain when it was looked at last. */
        ACCEPTED,
        /** Known to the node, and not in its best chain. */
        ASIDE,
        MATURED,
        /** Aside, and the chain has gone on by 100 blocks. */
        LOST,
        REFUSED;

        boolean isFinal() {
            return switch (this) {
                case PENDING, ACCEPTED, ASIDE -> false;
                case MATURED, LOST, REFUSED -> true;
            };
        }
    }

    private FoundBlocks(
            Path folder,
            FileChannel lock,
            TemplateSource source,
            Function<String, BlockStanding> standing,
            BlockFate.Listener fates,
            Duration every) {
        this.folder = folder;
        this.lock = lock;
        this.source = source;
        this.standing = standing;
        this.fates = fates;
        this.every = every;
        this.subscription = source.onChange(_ -> look.release());
        this.watcher = Thread.ofVirtual().name("found-blocks").start(this::watch);
    }

    /**
     * Opens the blocks in a share log's folder and begins to hand over those that were not answered.
     *
     * @param source blocks go there; it may wait for its answer as long as it likes
     * @param standing where a block is, by its hash; throws {@link NodeException} while the node is away
     * @throws ShareLogException if the folder cannot be made or read, or another pool has it open
     */
    public static FoundBlocks open(
            Path logFolder, TemplateSource source, Function<String, BlockStanding> standing, BlockFate.Listener fates) {
        return open(logFolder, source, standing, fates, Duration.ofMinutes(1));
    }

    static FoundBlocks open(
            Path logFolder,
            TemplateSource source,
            Function<String, BlockStanding> standing,
            BlockFate.Listener fates,
            Duration every) {
        var folder = logFolder.resolve(FOLDER_NAME);
        FileChannel lock;
        try {
            Files.createDirectories(folder);
            ShareLog.forceFolder(logFolder);
            lock = lock(folder);
        } catch (IOException e) {
            throw new ShareLogException(folder, "cannot be opened: " + e.getMessage(), e);
        }
        try (var files = Files.list(folder)) {
            for (var file : files.filter(f -> f.toString().endsWith(".tmp")).toList())
                Files.delete(file); // was never whole, so never sent
            return new FoundBlocks(folder, lock, source, standing, fates, every);
        } catch (IOException | RuntimeException e) {
            try {
                lock.close();
            } catch (IOException second) {
                e.addSuppressed(second);
            }
            throw new ShareLogException(folder, "cannot be read: " + e.getMessage(), e);
        }
    }

    private static FileChannel lock(Path folder) throws IOException {
        var channel = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) return channel;
        } catch (OverlappingFileLockException e) {
            // by this very process
        }
        channel.close();
        throw new IOException("another pool has it open");
    }

    @Override
    public Template current() {
        return source.current();
    }

    @Override
    public AutoCloseable onChange(Consumer<Template> listener) {
        return source.onChange(listener);
    }

    @Override
    public BlockVerdict submit(byte[] block) {
        var hash = Hex.display(Sha256d.hash(Arrays.copyOf(block, HEADER_BYTES)));
        underway.add(hash);
        try {
            keep(hash, block);
            return deliver(hash, block, false);
        } finally {
            underway.remove(hash);
        }
    }

    /** Blocks without an answer. */
    public int pending() {
        return (int) states().values().stream().filter(s -> s == State.PENDING).count();
    }

    private void keep(String hash, byte[] block) {
        var unfinished = folder.resolve(hash + ".tmp");
        try {
            try (var out = FileChannel.open(
                    unfinished,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                var bytes = ByteBuffer.wrap((Hex.encode(block) + "\n").getBytes(StandardCharsets.US_ASCII));
                while (bytes.hasRemaining()) out.write(bytes);
                out.force(true);
            }
            Files.move(unfinished, file(hash, State.PENDING), StandardCopyOption.ATOMIC_MOVE);
            ShareLog.forceFolder(folder);
        } catch (IOException e) {
            // a full disk must not turn a block into none: it is sent all the same
            LOG.log(Level.ERROR, "block " + hash + " cannot be kept in " + folder, e);
        }
    }

    private BlockVerdict deliver(String hash, byte[] block, boolean again) {
        var verdict = source.submit(block);
        var state = switch (verdict) {
            case BlockVerdict.Accepted accepted -> {
                heights.put(hash, accepted.height());
                yield State.ACCEPTED;
            }
            case BlockVerdict.Refused(var reason) -> reason.equals("inconclusive") ? State.ASIDE : State.REFUSED;
        };
        become(hash, state, new BlockFate.Delivered(hash, verdict, BlockValue.ofCoinbase(block), again));
        return verdict;
    }

    /** First told, then noted: after a crash in between it is told again. */
    private void become(String hash, State state, BlockFate fate) {
        telling.lock();
        try {
            fates.heard(fate);
            var now = states().get(hash);
            if (now == null || now == state) return; // not kept, or known already
            Files.move(file(hash, now), file(hash, state), StandardCopyOption.ATOMIC_MOVE);
            ShareLog.forceFolder(folder);
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.ERROR, "block " + hash + ": what became of it will be told again: " + fate, e);
        } finally {
            telling.unlock();
        }
    }

    private void watch() {
        while (!closed) {
            try {
                if (look.tryAcquire(every.toNanos(), TimeUnit.NANOSECONDS)) look.drainPermits();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            if (!closed) lookAtAll();
        }
    }

    private void lookAtAll() {
        try {
            for (var entry : states().entrySet()) {
                var hash = entry.getKey();
                switch (entry.getValue()) {
                    case PENDING -> deliverAgain(hash, State.PENDING);
                    case ACCEPTED -> lookAtAccepted(hash);
                    case ASIDE -> lookAtAside(hash);
                    case MATURED, LOST, REFUSED -> {}
                }
            }
            forgetOldest();
        } catch (NodeException e) {
            LOG.log(Level.DEBUG, "found blocks will be looked at later", e);
        } catch (IOException | UncheckedIOException e) {
            LOG.log(Level.ERROR, "found blocks in " + folder + " cannot be looked at", e);
        }
    }

    private void lookAtAccepted(String hash) {
        switch (standing.apply(hash)) {
            case BlockStanding.InChain(int height, int confirmations) -> {
                heights.put(hash, height);
                if (confirmations >= MATURITY) become(hash, State.MATURED, new BlockFate.Matured(hash, height));
            }
            case BlockStanding.Aside(int height) -> {
                heights.put(hash, height);
                become(hash, State.ASIDE, new BlockFate.Orphaned(hash, height));
            }
            case BlockStanding.Unknown _ ->
                deliverAgain(hash, State.ACCEPTED); // the node lost it, such as by a power cut
        }
    }

    private void lookAtAside(String hash) {
        var now = standing.apply(hash);
        if (now instanceof BlockStanding.InChain(int height, int _)) {
            become(hash, State.ACCEPTED, new BlockFate.Returned(hash, height));
            return;
        }
        if (now instanceof BlockStanding.Aside(int height)) heights.put(hash, height);
        var height = Optional.ofNullable(heights.get(hash));
        int tip = source.current().height() - 1;
        if (height.isPresent() && tip - height.get() >= MATURITY) rename(hash, State.ASIDE, State.LOST);
    }

    private void rename(String hash, State from, State to) {
        try {
            Files.move(file(hash, from), file(hash, to), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOG.log(Level.ERROR, "block " + hash + ": not noted as " + to, e);
        }
    }

    private void deliverAgain(String hash, State state) {
        if (!underway.add(hash)) return;
        Thread.ofVirtual().name("found-block").start(() -> {
            try {
                if (states().get(hash) != state) return; // answered meanwhile
                var text = Files.readString(file(hash, state), StandardCharsets.US_ASCII);
                deliver(hash, Hex.decode(text.strip()), true);
            } catch (NodeException e) {
                LOG.log(Level.DEBUG, "block " + hash + " is handed over at the next start", e);
            } catch (IOException | RuntimeException e) {
                LOG.log(Level.ERROR, "block " + hash + " in " + folder + " cannot be handed over", e);
            } finally {
                underway.remove(hash);
            }
        });
    }

    private void forgetOldest() throws IOException {
        var settled = states().entrySet().stream()
                .filter(entry -> entry.getValue().isFinal())
                .map(entry -> file(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparing(FoundBlocks::age))
                .toList();
        for (var file : settled.subList(0, Math.max(0, settled.size() - KEPT))) Files.deleteIfExists(file);
    }

    private static FileTime age(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Map<String, State> states() {
        try (var files = Files.list(folder)) {
            var states = new TreeMap<String, State>();
            for (var file : files.toList()) {
                var name = NAME.matcher(file.getFileName().toString());
                if (!name.matches()) continue;
                for (var state : State.values())
                    if (label(state).equals(name.group(2))) states.put(name.group(1), state);
            }
            return states;
        } catch (IOException e) {
            throw new UncheckedIOException("found blocks in " + folder + " cannot be listed", e);
        }
    }

    /** Hashes, display order. */
    List<String> in(State state) {
        return states().entrySet().stream()
                .filter(entry -> entry.getValue() == state)
                .map(Map.Entry::getKey)
                .toList();
    }

    private Path file(String hash, State state) {
        return folder.resolve(hash + "." + label(state) + ".hex");
    }

    private static String label(State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    /** The source stays open. */
    @Override
    public void close() {
        closed = true;
        look.release();
        try (lock) {
            subscription.close();
            watcher.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new IllegalStateException("the source of block templates does not let go of the found blocks", e);
        }
    }
}
