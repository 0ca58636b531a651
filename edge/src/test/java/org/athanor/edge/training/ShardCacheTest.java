package org.athanor.edge.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.athanor.training.data.ShardRef;
import org.athanor.training.data.Tokenizer;
import org.athanor.training.job.JobSpec;
import org.athanor.training.mailbox.MailboxException;
import org.athanor.training.mailbox.ObjectStore;
import org.athanor.training.model.AdamW;
import org.athanor.training.model.GptShape;
import org.athanor.training.model.LearningRate;
import org.athanor.training.model.ModelSpec;
import org.athanor.training.outer.OuterSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ShardCacheTest {
    private static final int BYTES = 400;

    @TempDir
    private Path folder;

    private final Map<String, byte[]> store = new HashMap<>();
    private final List<ShardRef> shards = new ArrayList<>();
    private final List<String> fetched = new ArrayList<>();
    private long disk = 1_000_000;
    private JobSpec job;
    private ShardCache cache;

    @BeforeEach
    void aJobOfFourShards() {
        for (byte number = 0; number < 4; number++) {
            var bytes = new byte[BYTES];
            bytes[0] = number;
            var hash = ObjectStore.hash(bytes);
            store.put(hash, bytes);
            shards.add(new ShardRef(hash, BYTES / 2));
        }
        var shape = new GptShape(1, 1, 8, 4, 8, false, 0);
        job = new JobSpec(
                "tiny",
                new ModelSpec.Gpt(shape),
                shape.tensors(),
                Tokenizer.Characters.of("abcdefgh"),
                shards,
                AdamW.USUAL,
                4,
                4,
                new LearningRate(1e-3, 1e-4, 1, 100),
                OuterSettings.diLoCo(2, "int8"),
                10,
                1,
                false,
                JobSpec.Moments.KEPT);
        cache = cache(this::fetch);
    }

    private ShardCache cache(ShardCache.Line line) {
        return new ShardCache(job, this::file, line, () -> disk - used());
    }

    private Path file(ShardRef shard) {
        return folder.resolve("engine").resolve("shard-" + shard.hash());
    }

    private void fetch(String hash, long bytes, Path file) throws IOException {
        assertEquals(BYTES, bytes);
        synchronized (fetched) {
            fetched.add(hash);
        }
        Files.write(file, store.get(hash));
    }

    private long used() {
        return shards.stream().filter(shard -> Files.exists(file(shard))).count() * BYTES;
    }

    private ShardRef shard(int number) {
        return shards.get(number);
    }

    @Test
    void aRoundFetchesOnlyTheShardThatItReadsAndKeepsIt() throws Exception {
        cache.fetch(shard(2));
        cache.fetch(shard(2));
        assertEquals(List.of(shard(2).hash()), fetched);
        assertTrue(cache.has(shard(2)));
        assertFalse(Files.exists(file(shard(0))), "nobody asked for it");
        Files.writeString(file(shard(2)), "an engine wrote here");
        cache.fetch(shard(2));
        assertEquals(2, fetched.size(), "it is held against its name in every round");
    }

    @Test
    void theNextOneComesWhileTheRoundRuns() throws Exception {
        cache.fetch(shard(0));
        cache.ahead(shard(1), shard(0));
        cache.fetch(shard(1)); // waits for what is on its way
        assertEquals(List.of(shard(0).hash(), shard(1).hash()), fetched);
    }

    @Test
    void whatIsOnItsWayAndNotWantedAnyMoreDelaysNothing() throws Exception {
        var begun = new CountDownLatch(1);
        cache = cache((hash, bytes, file) -> {
            if (hash.equals(shard(1).hash())) {
                begun.countDown();
                new CountDownLatch(1).await(); // a line that is very slow
            }
            fetch(hash, bytes, file);
        });
        cache.fetch(shard(0));
        cache.ahead(shard(1), shard(0));
        assertTrue(begun.await(10, TimeUnit.SECONDS));
        cache.fetch(shard(2));
        assertTrue(cache.has(shard(2)));
    }

    @Test
    void whatCannotComeAheadComesWhenItIsNeeded() throws Exception {
        var lines = new ArrayList<>(List.of("broken"));
        cache = cache((hash, bytes, file) -> {
            if (hash.equals(shard(1).hash()) && !lines.isEmpty()) {
                throw new MailboxException(MailboxException.Kind.UNREACHABLE, lines.removeFirst(), null);
            }
            fetch(hash, bytes, file);
        });
        cache.fetch(shard(0));
        cache.ahead(shard(1), shard(0));
        cache.fetch(shard(1));
        assertTrue(cache.has(shard(1)));
        assertTrue(lines.isEmpty());
    }

    @Test
    void onASmallDiskTheOldestMakesRoomAndTheRunningRoundsStays() throws Exception {
        disk = 1000; // 900 may be taken: two shards
        cache.fetch(shard(0));
        cache.fetch(shard(1));
        cache.fetch(shard(0));
        cache.fetch(shard(2));
        assertFalse(Files.exists(file(shard(1))), "it was asked for longest ago");
        assertTrue(cache.has(shard(0)));
        cache.ahead(shard(3), shard(0)); // 2 has to go, since 0 is being read
        cache.fetch(shard(3));
        assertTrue(cache.has(shard(0)) && cache.has(shard(3)));

        // who comes back finds what lies there
        cache = cache(this::fetch);
        fetched.clear();
        cache.fetch(shard(0));
        assertEquals(List.of(), fetched);
    }

    @Test
    void aDiskWithoutRoomForOneIsTold() throws Exception {
        disk = 440;
        assertEquals(
                "the job's data takes 0.0 MiB at a time, and of the 0.0 that are free it may take 90 %",
                cache.problem(0));
        var failed = assertThrows(IOException.class, () -> cache.fetch(shard(0)));
        assertTrue(failed.getMessage().contains("it may take 90 %"), failed.getMessage());
        assertFalse(Files.exists(file(shard(0))));
        disk = 450;
        assertNull(cache.problem(0));
        assertTrue(cache.problem(100) != null, "what else is to come takes room too");
        cache.fetch(shard(0));
        assertNull(cache.problem(0), "what lies there already counts as room");
    }
}
