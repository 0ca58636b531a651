package org.athanor.devices.cgminer;

import static org.athanor.devices.testing.Failures.assertFailsWithin;
import static org.athanor.devices.testing.Failures.assertMentions;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.athanor.devices.DeviceException.Kind;
import org.junit.jupiter.api.Test;

class CgminerClientTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final String OK =
            "{\"STATUS\":[{\"STATUS\":\"S\",\"When\":5,\"Code\":119,\"Msg\":\"ASC 0 set OK\"}],\"id\":1}";

    @Test
    void oneRequestGoesOutAsJson() throws Exception {
        try (var peer = new Peer((in, out) -> out.write((OK + "\0").getBytes(StandardCharsets.UTF_8)))) {
            assertEquals(
                    "ASC 0 set OK",
                    peer.client().request("ascset", "0,workmode,set,1").message());
            assertEquals(
                    "{\"command\":\"ascset\",\"parameter\":\"0,workmode,set,1\"}",
                    peer.requests.poll(5, TimeUnit.SECONDS));
            peer.client().request("estats", "");
            assertEquals("{\"command\":\"estats\"}", peer.requests.poll(5, TimeUnit.SECONDS));
        }
    }

    @Test
    void theReplyEndsAtTheNulThoughTheSocketStaysOpen() throws Exception {
        var release = new CountDownLatch(1);
        try (var peer = new Peer((in, out) -> {
            out.write((OK + "\0rubbish").getBytes(StandardCharsets.UTF_8));
            await(release);
        })) {
            assertEquals(5, peer.client().request("estats", "").when());
            release.countDown();
        }
    }

    @Test
    void aReplyInPiecesIsPutTogether() throws Exception {
        try (var peer = new Peer((in, out) -> {
            for (byte each : OK.getBytes(StandardCharsets.UTF_8)) {
                out.write(each);
                out.flush();
            }
        })) {
            assertEquals(
                    119,
                    peer.client(Duration.ofSeconds(5)).request("estats", "").code());
        }
    }

    @Test
    void silenceIsUnreachableWithinTheTimeOut() throws Exception {
        var release = new CountDownLatch(1);
        try (var peer = new Peer((in, out) -> await(release))) {
            var failure = assertFailsWithin(
                    TIMEOUT, Kind.UNREACHABLE, () -> peer.client().request("estats", ""));
            assertMentions(
                    failure, "estats on mini at localhost:" + peer.address().getPort(), "" + TIMEOUT);
            release.countDown();
        }
    }

    @Test
    void aTrickleDoesNotExtendTheTimeOut() throws Exception {
        try (var peer = new Peer((in, out) -> {
            while (true) {
                out.write(' ');
                out.flush();
                Thread.onSpinWait();
                if (in.isClosed()) return;
                await(new CountDownLatch(1), 20);
            }
        })) {
            assertFailsWithin(TIMEOUT, Kind.UNREACHABLE, () -> peer.client().request("estats", ""));
        }
    }

    @Test
    void nothingListeningIsUnreachable() throws Exception {
        InetSocketAddress gone;
        // a socket that nobody ever accepted on: closing one under an accept may still take a connection
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            gone = new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
        }
        assertFailsWithin(
                TIMEOUT, Kind.UNREACHABLE, () -> new CgminerClient("mini", gone, TIMEOUT).request("estats", ""));
    }

    @Test
    void garbageIsGarbledAndQuoted() throws Exception {
        try (var peer = new Peer((in, out) -> out.write("<html>\u0001502</html>".getBytes(StandardCharsets.UTF_8)))) {
            assertMentions(
                    assertFailsWithin(TIMEOUT, Kind.GARBLED, () -> peer.client().request("estats", "")),
                    "neither JSON nor STATUS=",
                    "<html>?502</html>");
        }
    }

    @Test
    void closingWithoutAWordIsGarbledUnlessSilenceIsExpected() throws Exception {
        try (var peer = new Peer((in, out) -> {})) {
            assertFailsWithin(TIMEOUT, Kind.GARBLED, () -> peer.client().request("estats", ""));
            assertTrue(peer.client().requestOrSilence("ascset", "0,softon,1:5").isEmpty());
        }
    }

    @Test
    void anEndlessReplyIsGarbledNotReadForever() throws Exception {
        var chunk = "x".repeat(65536).getBytes(StandardCharsets.UTF_8);
        try (var peer = new Peer((in, out) -> {
            while (true) out.write(chunk);
        })) {
            assertMentions(
                    assertFailsWithin(
                            Duration.ofSeconds(5),
                            Kind.GARBLED,
                            () -> peer.client(Duration.ofSeconds(5)).request("estats", "")),
                    "more than " + CgminerClient.LARGEST_REPLY + " bytes");
        }
    }

    private static void await(CountDownLatch latch) throws IOException {
        await(latch, 10_000);
    }

    private static void await(CountDownLatch latch, long millis) throws IOException {
        try {
            if (latch.await(millis, TimeUnit.MILLISECONDS)) return;
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** A device that answers each connection by a script. */
    private static final class Peer implements AutoCloseable {
        interface Script {
            void answer(Socket socket, OutputStream out) throws IOException;
        }

        final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
        private final ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());

        Peer(Script script) throws IOException {
            var _ = CompletableFuture.runAsync(
                    () -> {
                        while (!listener.isClosed()) {
                            try (var socket = listener.accept()) {
                                var buffer = new byte[4096];
                                int count = socket.getInputStream().read(buffer);
                                requests.add(new String(buffer, 0, Math.max(0, count), StandardCharsets.UTF_8));
                                script.answer(socket, socket.getOutputStream());
                            } catch (IOException e) {
                                // the client gave up, which is what these tests are about
                            }
                        }
                    },
                    task -> Thread.ofVirtual().start(task));
        }

        InetSocketAddress address() {
            return new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
        }

        CgminerClient client() {
            return client(TIMEOUT);
        }

        CgminerClient client(Duration timeout) {
            return new CgminerClient("mini", address(), timeout);
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }
}
