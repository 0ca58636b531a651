package org.athanor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.athanor.network.ShareLog;
import org.athanor.units.Work;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code athanor mine} for {@code athanor pool --upstream}, which mines for {@code athanor pool --local-chain}. */
class ProxyPoolTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String SECRET = "a-secret-word";
    private static final Pattern FORWARDED = Pattern.compile(": (\\d+) accepted");

    @TempDir
    private Path folder;

    private Path above() {
        return folder.resolve("above");
    }

    private Path proxy() {
        return folder.resolve("proxy");
    }

    private Child above(String listen, String... more) throws IOException {
        return pool(
                Map.of("ATHANOR_KEYSTORE_PASSWORD", SECRET),
                above(),
                listen,
                List.of("--local-chain", "--chain-difficulty", "1000", "--difficulty", "2e-4"),
                more);
    }

    private static Child pool(
            Map<String, String> environment, Path log, String listen, List<String> source, String... more)
            throws IOException {
        var arguments = new java.util.ArrayList<>(List.of("pool", "--listen", listen, "--share-log", log.toString()));
        arguments.addAll(source);
        arguments.addAll(List.of(more));
        return Child.start(environment, Main.class, arguments.toArray(String[]::new));
    }

    private static Child miner(String pool, String user) throws IOException {
        return Child.start(Main.class, "mine", "--pool", pool, "--user", user, "--threads", "1");
    }

    private static String url(Child pool) throws InterruptedException {
        return pool.awaitPrefix("pool on ", SOON).split(",", 2)[0];
    }

    private static void awaitForwarded(Child proxy, long more) throws InterruptedException {
        proxy.await(more + " shares that the upstream accepted", SOON, line -> {
            var matcher = FORWARDED.matcher(line);
            return matcher.find() && Long.parseLong(matcher.group(1)) >= more;
        });
    }

    @Test
    void theProxysBooksAreThoseOfThePoolAboveItThroughItsDeathAndReturn() throws Exception {
        try (var first = above("127.0.0.1:0")) {
            var address = url(first).substring("stratum+tcp://".length());
            try (var proxy = pool(
                    Map.of("ATHANOR_UPSTREAM_PASSWORD", SECRET),
                    proxy(),
                    "127.0.0.1:0",
                    List.of("--upstream", "stratum+tcp://farm%2Bone@" + address, "--difficulty", "1e-4"))) {
                var url = url(proxy);
                try (var one = miner(url, "home.one");
                        var two = miner(url, "home.two")) {
                    awaitForwarded(proxy, 10);
                    first.kill();
                    proxy.await("word of the loss", SOON, line -> line.contains("NO POOL UPSTREAM, last " + address));
                    try (var back = above(address)) {
                        url(back);
                        awaitForwarded(proxy, 30);
                        assertTrue(one.alive() && two.alive());
                        one.kill();
                        two.kill();
                        proxy.interrupt();
                        var said = String.join("\n", proxy.awaitEnd(SOON));
                        assertEquals(130, proxy.exitCode(), said); // as after any Ctrl-C
                        assertTrue(said.contains("lost upstream " + address), said);
                        assertFalse(said.contains(SECRET), said);
                        back.interrupt();
                        back.awaitEnd(SOON);
                    }
                }
            }
            compareBooks(address);
        }
    }

    /** What the pool above counts for the account is what the proxy knows that it accepted, or never heard of. */
    private void compareBooks(String address) throws IOException {
        var accepted = outcomes("accepted");
        var lost = outcomes("lost");
        var counted = new HashSet<String>();
        for (var fields : records(above(), "share")) {
            assertEquals("farm+one", fields[1]);
            counted.add(fields[3]);
        }
        assertTrue(counted.size() >= 30, counted.size() + " shares");
        assertTrue(counted.containsAll(accepted));
        var unheard = new HashSet<>(counted);
        unheard.removeAll(accepted);
        assertTrue(lost.containsAll(unheard), "not even lost: " + unheard);

        var upstream = ShareLog.replay(proxy()).upstreams().getFirst();
        assertEquals(address, upstream.name());
        assertTrue(upstream.sessions() >= 2, upstream.sessions() + " sessions");
        assertEquals(accepted.size(), upstream.forwards().accepted());
        assertEquals(lost.size(), upstream.forwards().lost());
        // exactly, in hashes: what the pool above will pay for
        var work = new HashMap<String, BigInteger>();
        for (var fields : records(above(), "share")) work.put(fields[3], new BigInteger(fields[5]));
        var heard = accepted.stream().map(work::get).reduce(BigInteger.ZERO, BigInteger::add);
        assertEquals(new Work(heard), upstream.forwards().acceptedWork());
        var together = ShareLog.replay(above()).all().status().work();
        var rest = unheard.stream().map(work::get).reduce(BigInteger.ZERO, BigInteger::add);
        assertEquals(together, new Work(heard.add(rest)));
    }

    private Set<String> outcomes(String outcome) throws IOException {
        var hashes = new HashSet<String>();
        for (var fields : records(proxy(), "forward"))
            if (List.of(fields).subList(5, fields.length).contains(outcome)) hashes.add(fields[2]);
        return hashes;
    }

    private static List<String[]> records(Path log, String type) throws IOException {
        return Files.readAllLines(log.resolve(ShareLog.FILE_NAME), StandardCharsets.US_ASCII).stream()
                .map(line -> line.substring(9).split("\t", -1))
                .filter(fields -> fields[0].equals(type))
                .toList();
    }

    @Test
    void aProxyReachesThePoolAboveByTlsAndServesByTls() throws Exception {
        var keystore = folder.resolve("key.p12").toString();
        TestKey.make(Path.of(keystore), SECRET);
        try (var above = above("127.0.0.1:0", "--tls-keystore", keystore)) {
            var address = url(above);
            assertTrue(address.startsWith("stratum+ssl://127.0.0.1:"), address);
            var certificate = above.awaitPrefix("certificate with SHA-256 ", SOON);
            var upstream = address.replace("ssl://", "ssl://farm@");
            try (var proxy = pool(
                            Map.of(),
                            proxy(),
                            "127.0.0.1:0",
                            List.of("--upstream", upstream, "--upstream-certificate", certificate),
                            "--vardiff-target",
                            "60");
                    var miner = miner(url(proxy), "home")) {
                awaitForwarded(proxy, 3);
                assertTrue(miner.alive());
            }
            try (var stranger = Child.start(Main.class, "pool", "--upstream", upstream, "--listen", "127.0.0.1:0")) {
                stranger.await("why it waits", SOON, line -> line.startsWith("waiting: ") && line.contains("certif"));
            }
        }
    }
}
