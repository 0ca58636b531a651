package org.athanor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.athanor.cli.terminal.Addresses;
import org.athanor.hash.Target;
import org.athanor.network.ShareLog;
import org.athanor.stratum.MiningJob;
import org.athanor.stratum.ShareEvent;
import org.athanor.stratum.ShareVerdict;
import org.athanor.stratum.StratumClient;
import org.athanor.stratum.StratumException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 of a pool under load: no share that was answered {@code true} is lost, none counts twice. */
class KilledPoolTest {
    private static final int MINERS = 8;
    private static final int KILLS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    /** Hashes by user, as their miners were told. */
    private final Map<String, Set<String>> accepted = new ConcurrentHashMap<>();

    /** Submits without waiting for the replies, until its pool is gone. */
    private final class Miner implements StratumClient.Listener {
        private final String user;
        private volatile MiningJob job;

        Miner(String user) {
            this.user = user;
        }

        @Override
        public void job(MiningJob next, Target target) {
            job = next;
        }

        @Override
        public void verdict(ShareEvent event) {
            if (event.verdict() instanceof ShareVerdict.Accepted)
                accepted.get(user).add(event.hash());
        }

        @Override
        public void disconnected(String why) {
            // its client closes, and its loop ends
        }

        void run(InetSocketAddress pool) {
            try (var client = StratumClient.connect(StratumClient.Config.of(pool, user, "load"), this)) {
                for (int nonce = 0; client.open(); nonce++) {
                    var now = job;
                    if (now == null) {
                        LockSupport.parkNanos(
                                100_000); // leaves it to the others: this one may hold one of two processors
                        continue;
                    }
                    var _ = client.submit(
                            now, new byte[now.extranonce2Size()], now.ntime(), OptionalInt.empty(), nonce);
                }
            } catch (StratumException e) {
                return; // killed while this miner was just coming
            }
        }
    }

    @Test
    void everyAnsweredShareIsInTheLogOnce() throws Exception {
        for (int i = 0; i < MINERS; i++) accepted.put("heater" + i, ConcurrentHashMap.newKeySet());
        for (int kill = 0; kill < KILLS; kill++) {
            long before = answered();
            try (var pool = pool()) {
                var address = new Addresses()
                        .convert(pool.awaitPrefix("pool on stratum+tcp://", PATIENCE)
                                .split("[, ]", 2)[0]);
                var threads = accepted.keySet().stream()
                        .map(user -> Thread.ofVirtual().start(() -> new Miner(user).run(address)))
                        .toList();
                long deadline = System.nanoTime() + PATIENCE.toNanos();
                while (answered() < before + 5_000) {
                    assertTrue(System.nanoTime() < deadline, "only " + (answered() - before) + " shares");
                    TimeUnit.MILLISECONDS.sleep(5);
                }
                pool.kill(); // in the midst of it
                for (var thread : threads) assertTrue(thread.join(PATIENCE));
            }
            assertLogged();
        }
        try (var pool = pool()) { // and it can be carried on
            pool.awaitPrefix("pool on ", PATIENCE);
            pool.interrupt();
            var said = pool.awaitEnd(PATIENCE);
            assertTrue(said.stream().anyMatch(line -> line.startsWith("interval 1: heater")), said.toString());
        }
        assertLogged();
    }

    private Child pool() throws Exception {
        return Child.start(
                Main.class,
                "pool",
                "--listen",
                "127.0.0.1:0",
                "--local-chain",
                "--chain-difficulty",
                "1000",
                "--difficulty",
                new BigDecimal("2e-10").toString(),
                "--share-log",
                folder.toString());
    }

    private long answered() {
        return accepted.values().stream().mapToLong(Set::size).sum();
    }

    private void assertLogged() throws Exception {
        var logged = new HashMap<String, Set<String>>();
        var text = Files.readString(folder.resolve(ShareLog.FILE_NAME));
        var whole = text.substring(0, text.lastIndexOf('\n')); // the kill may have torn a line that nobody was told of
        for (var line : whole.lines().toList()) {
            var fields = line.split("\t", -1);
            if (!fields[0].endsWith(" share")) continue;
            assertTrue(logged.computeIfAbsent(fields[1], _ -> new HashSet<>()).add(fields[3]), "twice: " + line);
        }
        accepted.forEach((user, hashes) -> {
            var lost = new HashSet<>(hashes);
            lost.removeAll(logged.getOrDefault(user, Set.of()));
            assertEquals(Set.of(), lost, user);
        });
        var replay = ShareLog.replay(folder);
        assertTrue(replay.agrees(), replay.differences().toString());
        assertEquals(
                logged.values().stream().mapToLong(Set::size).sum(),
                replay.total().accepted());
    }
}
