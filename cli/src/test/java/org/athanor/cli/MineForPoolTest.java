package org.athanor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code athanor mine} against {@code athanor pool}, two programs and a socket. */
class MineForPoolTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    @Test
    void everyHashIsAShareAtTheLowestDifficulty() throws Exception {
        try (var pool =
                Child.start(Main.class, "pool", "--listen", "127.0.0.1:0", "--local-chain", "--difficulty", "2e-10")) {
            var url = pool.awaitPrefix("pool on ", SOON).split("[, ]", 2)[0];
            try (var miner =
                    Child.start(Main.class, "mine", "--pool", url, "--user", "me", "--threads", "1", "--for", "3s")) {
                var printed = String.join("\n", miner.awaitEnd(SOON));
                assertEquals(0, miner.exitCode(), printed);
                long accepted = number(printed, "(\\d+) shares accepted");
                assertTrue(accepted > 100, printed);

                pool.interrupt();
                var books = String.join("\n", pool.awaitEnd(SOON));
                assertEquals(accepted, number(books, "me has (\\d+) shares"), books);
                assertEquals(accepted, number(books, "me has \\d+ shares, (\\d+) hashes"), books);
            }
        }
    }

    @Test
    void prometheusSeesTheMiner() throws Exception {
        try (var pool =
                Child.start(Main.class, "pool", "--listen", "127.0.0.1:0", "--local-chain", "--difficulty", "2e-10")) {
            var url = pool.awaitPrefix("pool on ", SOON).split("[, ]", 2)[0];
            try (var miner = Child.start(
                    Main.class, "mine", "--pool", url, "--user", "me", "--threads", "1", "--metrics", "127.0.0.1:0")) {
                var metrics = miner.awaitPrefix("metrics on ", SOON);
                miner.await("accepted shares", SOON, line -> line.matches(".* [1-9]\\d* accepted,.*"));
                try (var client = HttpClient.newHttpClient()) {
                    var answer = client.send(
                            HttpRequest.newBuilder(URI.create(metrics)).build(), BodyHandlers.ofString());
                    assertEquals(200, answer.statusCode());
                    assertTrue(number(answer.body(), "^athanor_miner_nonces_total (\\d+)$") > 0, answer.body());
                    assertTrue(
                            number(answer.body(), "^athanor_miner_shares_total\\{verdict=\"accepted\"} (\\d+)$") > 0,
                            answer.body());
                    assertEquals(1, number(answer.body(), "^athanor_miner_connected (\\d)$"));
                    assertEquals(1, number(answer.body(), "^athanor_miner_kernel_info\\{kernel=\"digest\".*} (\\d)$"));
                }
                miner.interrupt();
                var _ = miner.awaitEnd(SOON);
            }
        }
    }

    @Test
    void aChainEasierThanRegtestTakesItsFloorAndFindsBlocks() throws Exception {
        try (var pool = Child.start(
                Main.class,
                "pool",
                "--listen",
                "127.0.0.1:0",
                "--local-chain",
                "--chain-difficulty",
                "1e-12",
                "--difficulty",
                "1")) {
            pool.await("the floor", SOON, line -> line.contains("below regtest's floor") && line.contains("4.66E-10"));
            var url = pool.awaitPrefix("pool on ", SOON).split("[, ]", 2)[0];
            try (var miner = Child.start(Main.class, "mine", "--pool", url, "--user", "me", "--for", "3s")) {
                var printed = String.join("\n", miner.awaitEnd(SOON));
                assertTrue(number(printed, "(\\d+) blocks$") > 0, printed);
                pool.interrupt();
                var books = String.join("\n", pool.awaitEnd(SOON));
                assertTrue(number(books, "(\\d+) blocks \\(.* expected\\)$") > 0, books);
            }
        }
    }

    /** The last number of its kind. */
    private static long number(String text, String pattern) {
        var matcher = Pattern.compile(pattern, Pattern.MULTILINE).matcher(text);
        long found = -1;
        while (matcher.find()) found = Long.parseLong(matcher.group(1));
        assertTrue(found >= 0, "no " + pattern + " in:\n" + text);
        return found;
    }
}
