package org.athanor.training.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that sends some bytes and falls silent, without closing the line. */
@Timeout(30)
class DownloadTest {
    private static final Duration SOON = Duration.ofMillis(400);
    private static final Duration VERY_SOON = Duration.ofMillis(100);
    private static final Duration AT_ONCE = Duration.ofMillis(1);

    @TempDir
    Path folder;

    private final byte[] whole = new byte[500_000];
    private final List<Integer> asked = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch over = new CountDownLatch(1);
    private ServerSocket server;
    private volatile int most;

    @BeforeEach
    void serve() throws IOException {
        new Random(1).nextBytes(whole);
        server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try {
                    var line = server.accept();
                    Thread.ofVirtual().start(() -> answer(line));
                } catch (IOException _) {
                    return; // closed
                }
            }
        });
    }

    @AfterEach
    void end() throws IOException {
        over.countDown();
        server.close();
    }

    private void answer(Socket line) {
        try (line) {
            var head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) line.getInputStream().read());
            }
            var out = line.getOutputStream();
            if (head.indexOf("GET /file ") != 0) {
                out.write("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                return;
            }
            var range = Pattern.compile("(?i)\r\nRange: bytes=(\\d+)-\r\n").matcher(head);
            var from = range.find() ? Integer.parseInt(range.group(1)) : 0;
            asked.add(from);
            var status = from == 0 ? "200 OK" : "206 Partial Content";
            out.write(("HTTP/1.1 " + status + "\r\nContent-Length: " + (whole.length - from) + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.write(whole, from, Math.min(most, whole.length - from));
            out.flush();
            over.await();
        } catch (IOException _) {
            // the other side has given up
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private Download download(String path, Duration silence) {
        var address = URI.create("http://127.0.0.1:" + server.getLocalPort() + path);
        return new Download(address, whole.length, silence, AT_ONCE);
    }

    @Test
    void aLineThatFallsSilentIsGivenUpAndTheRestAskedForAgain() throws Exception {
        most = 200_000;
        var part = folder.resolve("part");
        var progress = new ArrayList<Long>();
        download("/file", SOON).into(part, progress::add);
        assertArrayEquals(whole, Files.readAllBytes(part));
        assertEquals(List.of(0, 200_000, 400_000), asked);
        assertEquals(whole.length, progress.getLast());
    }

    @Test
    void whatAnEarlierProgramFetchedIsNotFetchedAgain() throws Exception {
        most = whole.length;
        var part = folder.resolve("part");
        Files.write(part, java.util.Arrays.copyOf(whole, 123_456));
        download("/file", SOON).into(part, bytes -> {});
        assertArrayEquals(whole, Files.readAllBytes(part));
        assertEquals(List.of(123_456), asked);
    }

    @Test
    void whoNeverSendsAnythingIsGivenUpWithTheReason() {
        most = 0;
        var silent = assertThrows(
                IOException.class, () -> download("/file", VERY_SOON).into(folder.resolve("part"), bytes -> {}));
        assertEquals("the line has fallen silent", silent.getMessage());
        assertEquals(List.of(0, 0, 0, 0, 0), asked);
        var refused = assertThrows(
                IOException.class, () -> download("/none", SOON).into(folder.resolve("other"), bytes -> {}));
        assertTrue(refused.getMessage().endsWith("/none answers with status 404"), refused.getMessage());
    }
}
