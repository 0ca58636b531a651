package org.athanor.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.athanor.hash.Hex;
import org.athanor.hash.Sha256d;
import org.athanor.network.FoundBlocks.State;
import org.athanor.stratum.BlockFate;
import org.athanor.stratum.BlockStanding;
import org.athanor.stratum.BlockVerdict;
import org.athanor.stratum.NodeException;
import org.athanor.stratum.Template;
import org.athanor.stratum.TemplateSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class FoundBlocksTest {
    private static final byte[] BLOCK = block(1);
    private static final String HASH = Hex.display(Sha256d.hash(BLOCK));

    @TempDir
    Path folder;

    private final List<BlockFate> fates = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, BlockStanding> standings = new ConcurrentHashMap<>();
    private final Chain chain = new Chain();
    private volatile RuntimeException deaf;
    private FoundBlocks found;

    @AfterEach
    void close() {
        if (found != null) found.close();
    }

    /** Only headers matter here. */
    private static byte[] block(int number) {
        var block = new byte[80];
        block[0] = (byte) number;
        return block;
    }

    /** A chain that answers what it is told to. */
    private static final class Chain implements TemplateSource {
        final List<byte[]> submitted = new CopyOnWriteArrayList<>();
        final List<Consumer<Template>> listeners = new CopyOnWriteArrayList<>();
        volatile CompletableFuture<BlockVerdict> answer = new CompletableFuture<>();
        volatile Runnable whenSubmitted = () -> {};
        volatile int height = 101;

        @Override
        public Template current() {
            return new Template(height, 4, new byte[32], 0x207fffff, 0, 0, 0, List.of(), 0, new byte[0], List.of());
        }

        @Override
        public AutoCloseable onChange(Consumer<Template> listener) {
            listeners.add(listener);
            return () -> listeners.remove(listener);
        }

        @Override
        public BlockVerdict submit(byte[] block) {
            whenSubmitted.run();
            submitted.add(block);
            try {
                return answer.join();
            } catch (CompletionException e) {
                throw (RuntimeException) e.getCause();
            }
        }

        void changed() {
            for (var listener : listeners) listener.accept(current());
        }
    }

    private void open() {
        found = FoundBlocks.open(
                folder,
                chain,
                hash -> {
                    var standing = standings.get(hash);
                    if (standing == null) throw NodeException.noCredentials("the node is away", null);
                    return standing;
                },
                fate -> {
                    if (deaf != null) throw deaf;
                    fates.add(fate);
                },
                Duration.ofHours(1));
    }

    private void reopen() {
        found.close();
        open();
    }

    private static void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "waited for ten seconds");
            LockSupport.parkNanos(1_000_000);
        }
    }

    private void accept() {
        chain.answer.complete(new BlockVerdict.Accepted(101, HASH));
    }

    private static BlockFate delivered(boolean again) {
        return new BlockFate.Delivered(HASH, new BlockVerdict.Accepted(101, HASH), OptionalLong.empty(), again);
    }

    private String pending() {
        return found.in(State.PENDING).toString();
    }

    @Test
    void aBlockIsOnTheDiskBeforeItIsSent() throws Exception {
        open();
        var file = folder.resolve("blocks/" + HASH + ".pending.hex");
        var there = new CompletableFuture<String>();
        chain.whenSubmitted = () -> {
            try {
                there.complete(Files.readString(file, StandardCharsets.US_ASCII));
            } catch (IOException e) {
                there.completeExceptionally(e);
            }
        };
        accept();
        assertEquals(new BlockVerdict.Accepted(101, HASH), found.submit(BLOCK));
        assertEquals(Hex.encode(BLOCK) + "\n", there.get());
        assertEquals(Map.of(HASH, State.ACCEPTED), found.states());
        assertEquals(List.of(delivered(false)), fates);
        assertEquals(0, found.pending());
    }

    @Test
    void whatWasNotAnsweredIsSentAgainAtTheNextStart() throws Exception {
        open();
        var first = CompletableFuture.supplyAsync(() -> found.submit(BLOCK));
        until(() -> chain.submitted.size() == 1);
        found.close();
        chain.answer.completeExceptionally(NodeException.noCredentials("closed before the node had answered", null));
        assertInstanceOf(
                NodeException.class,
                assertThrows(ExecutionException.class, () -> first.get(10, TimeUnit.SECONDS))
                        .getCause());
        assertEquals("[" + HASH + "]", pending());

        chain.answer = new CompletableFuture<>();
        open();
        until(() -> chain.submitted.size() == 2);
        accept();
        until(() -> fates.equals(List.of(delivered(true))));
        until(() -> found.states().equals(Map.of(HASH, State.ACCEPTED)));
        assertEquals(Hex.encode(BLOCK), Hex.encode(chain.submitted.get(1)));
    }

    @Test
    void whileABlockIsUnderwayItIsNotSentTwice() throws Exception {
        open();
        var verdict = CompletableFuture.supplyAsync(() -> found.submit(BLOCK));
        until(() -> chain.submitted.size() == 1);
        for (int i = 0; i < 20; i++) chain.changed();
        standings.put(HASH, new BlockStanding.InChain(101, 1));
        accept();
        verdict.get(10, TimeUnit.SECONDS);
        for (int i = 0; i < 20; i++) chain.changed();
        reopen(); // has looked at all before it closes
        assertEquals(1, chain.submitted.size());
        assertEquals(List.of(delivered(false)), fates);
    }

    @Test
    void aRefusedBlockIsKeptAndNotSentAgain() {
        open();
        chain.answer.complete(new BlockVerdict.Refused("bad-cb-amount"));
        found.submit(BLOCK);
        assertEquals(Map.of(HASH, State.REFUSED), found.states());
        reopen();
        chain.changed();
        assertEquals(1, chain.submitted.size());
    }

    @Test
    void anAcceptedBlockIsWatchedUntilItIsMature() {
        open();
        accept();
        standings.put(HASH, new BlockStanding.InChain(101, 1));
        found.submit(BLOCK);
        standings.put(HASH, new BlockStanding.Aside(101));
        chain.changed();
        until(() -> fates.contains(new BlockFate.Orphaned(HASH, 101)));
        until(() -> found.states().equals(Map.of(HASH, State.ASIDE)));
        chain.changed();
        standings.put(HASH, new BlockStanding.InChain(101, 2));
        chain.changed();
        until(() -> fates.contains(new BlockFate.Returned(HASH, 101)));
        standings.put(HASH, new BlockStanding.InChain(101, 100));
        chain.changed();
        until(() -> found.states().equals(Map.of(HASH, State.MATURED)));
        assertEquals(
                List.of(
                        delivered(false),
                        new BlockFate.Orphaned(HASH, 101),
                        new BlockFate.Returned(HASH, 101),
                        new BlockFate.Matured(HASH, 101)),
                fates);
    }

    @Test
    void aBlockThatCameSecondIsWatchedUntilItIsLost() {
        open();
        chain.answer.complete(new BlockVerdict.Refused("inconclusive"));
        found.submit(BLOCK);
        assertEquals(Map.of(HASH, State.ASIDE), found.states());
        standings.put(HASH, new BlockStanding.Aside(101));
        chain.height = 201; // the tip is at 200
        chain.changed();
        reopen();
        assertEquals(Map.of(HASH, State.ASIDE), found.states());
        chain.height = 202;
        chain.changed();
        until(() -> found.states().equals(Map.of(HASH, State.LOST)));
    }

    @Test
    void aBlockThatTheNodeLostIsHandedOverAgain() {
        open();
        accept();
        found.submit(BLOCK);
        standings.put(HASH, new BlockStanding.Unknown());
        chain.changed();
        until(() -> fates.equals(List.of(delivered(false), delivered(true))));
        assertEquals(2, chain.submitted.size());
    }

    @Test
    void whatCouldNotBeToldIsToldAgain() {
        open();
        deaf = new IllegalStateException("the log is full");
        accept();
        assertEquals(new BlockVerdict.Accepted(101, HASH), found.submit(BLOCK));
        assertEquals(Map.of(HASH, State.PENDING), found.states());
        deaf = null;
        chain.changed();
        until(() -> fates.equals(List.of(delivered(true))));
        until(() -> found.states().equals(Map.of(HASH, State.ACCEPTED)));
    }

    @Test
    void aBlockThatCannotBeKeptIsSentAllTheSame() throws IOException {
        open();
        Files.move(folder.resolve("blocks"), folder.resolve("moved"));
        Files.writeString(folder.resolve("blocks"), "in the way");
        accept();
        assertEquals(new BlockVerdict.Accepted(101, HASH), found.submit(BLOCK));
        assertEquals(1, chain.submitted.size());
        assertEquals(List.of(delivered(false)), fates);
    }

    @Test
    void halfWrittenAndForeignFilesAreLeftAlone() throws IOException {
        Files.createDirectories(folder.resolve("blocks"));
        Files.writeString(folder.resolve("blocks/" + HASH + ".tmp"), "00");
        Files.writeString(folder.resolve("blocks/notes.txt"), "mine");
        Files.writeString(folder.resolve("blocks/" + HASH + ".pending.hex"), "no hex");
        standings.put(HASH, new BlockStanding.Unknown());
        open();
        chain.changed();
        reopen();
        assertEquals(Map.of(HASH, State.PENDING), found.states()); // for a person to look at
        assertEquals(List.of(), chain.submitted);
        assertTrue(Files.exists(folder.resolve("blocks/notes.txt")));
        assertTrue(Files.notExists(folder.resolve("blocks/" + HASH + ".tmp")));
    }

    @Test
    void oneFolderIsForOnePool() {
        open();
        var refused = assertThrows(
                ShareLogException.class, () -> FoundBlocks.open(folder, chain, standings::get, fates::add));
        assertTrue(refused.getMessage().contains("another pool has it open"), refused.getMessage());
        reopen();
    }

    @Test
    void theOldestSettledFilesAreForgotten() {
        open();
        chain.answer.complete(new BlockVerdict.Refused("high-hash"));
        for (int i = 0; i < FoundBlocks.KEPT + 5; i++) found.submit(block(i));
        chain.changed();
        until(() -> found.states().size() == FoundBlocks.KEPT);
        assertTrue(found.in(State.REFUSED).contains(Hex.display(Sha256d.hash(block(FoundBlocks.KEPT + 4)))));
    }
}
