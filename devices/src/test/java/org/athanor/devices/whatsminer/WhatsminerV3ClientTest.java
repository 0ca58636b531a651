package org.athanor.devices.whatsminer;

import static org.athanor.devices.testing.Failures.anyPort;
import static org.athanor.devices.testing.Failures.assertFailsWithin;
import static org.athanor.devices.testing.Failures.assertMentions;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.athanor.devices.DeviceException;
import org.athanor.devices.DeviceException.Kind;
import org.junit.jupiter.api.Test;

class WhatsminerV3ClientTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final String OK = "{\"code\":0,\"when\":5,\"msg\":{},\"desc\":\"get.device.info\"}";

    private interface Script {
        void answer(OutputStream out) throws IOException;
    }

    @Test
    void theLengthGoesAheadTheLowestByteFirst() throws Exception {
        try (var peer = new Peer(out -> out.write(framed(OK)))) {
            assertEquals(5, peer.ask().path("when").intValue());
            var request = peer.requests.poll(5, TimeUnit.SECONDS);
            assertEquals(25, request[0]);
            assertEquals(0, request[1] + request[2] + request[3]);
            assertEquals(
                    "{\"cmd\":\"get.device.info\"}",
                    new String(request, 4, request.length - 4, StandardCharsets.UTF_8));
        }
    }

    @Test
    void aReplyInPiecesIsPutTogether() throws Exception {
        try (var peer = new Peer(out -> {
            for (byte each : framed(OK)) {
                out.write(each);
                out.flush();
            }
        })) {
            assertEquals(5, peer.ask().path("when").intValue());
        }
    }

    @Test
    void aReplyThatEndsEarlyIsGarbled() throws Exception {
        try (var peer = new Peer(out -> out.write(framed(OK), 0, 30))) {
            assertMentions(peer.fails(Kind.GARBLED), "cut off: closed after 26 of " + OK.length() + " bytes");
        }
        try (var peer = new Peer(out -> {})) {
            assertMentions(peer.fails(Kind.GARBLED), "closed after 0 of 4 bytes");
        }
    }

    @Test
    void aLengthThatCannotBeIsNotWaitedFor() throws Exception {
        for (int length : new int[] {-1, 0, 1, 10_000_000, Integer.MIN_VALUE})
            try (var peer = new Peer(out -> out.write(length(length)))) {
                assertMentions(peer.fails(Kind.GARBLED), "a reply of " + length + " bytes");
            }
    }

    @Test
    void aTrickleDoesNotExtendTheTimeOut() throws Exception {
        try (var peer = new Peer(out -> {
            out.write(length(10_000));
            while (true) {
                out.write(' ');
                out.flush();
                pause();
            }
        })) {
            assertMentions(peer.fails(Kind.UNREACHABLE), "no whole reply within " + TIMEOUT);
        }
    }

    @Test
    void whatIsNoReplyToThisRequestSaysSo() throws Exception {
        try (var peer = new Peer(out -> out.write(framed("{\"code\":0,\"desc\":\"get.fan.setting\"}")))) {
            assertMentions(peer.fails(Kind.GARBLED), "a reply to another request: \"get.fan.setting\"");
        }
        try (var peer = new Peer(out -> out.write(framed("[1]")))) {
            assertMentions(peer.fails(Kind.GARBLED), "no code in its reply");
        }
        try (var peer = new Peer(out -> out.write(framed("<html>")))) {
            assertMentions(peer.fails(Kind.GARBLED), "not JSON: \"<html>\"");
        }
        try (var peer = new Peer(out -> out.write(framed("{\"code\":-1,\"msg\":\"invalid command\"}")))) {
            assertMentions(peer.fails(Kind.REFUSED), "\"invalid command\" (code -1)");
        }
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static byte[] length(int length) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(length)
                .array();
    }

    private static byte[] framed(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(4 + bytes.length)
                .put(length(bytes.length))
                .put(bytes)
                .array();
    }

    /** A device that answers each connection by a script. */
    private static final class Peer implements AutoCloseable {
        final BlockingQueue<byte[]> requests = new LinkedBlockingQueue<>();
        private final ServerSocket listener;

        Peer(Script script) throws IOException {
            listener = new ServerSocket(0, 5, anyPort().getAddress());
            Thread.ofVirtual().start(() -> {
                while (!listener.isClosed()) {
                    try (var socket = listener.accept()) {
                        var buffer = new byte[4096];
                        int count = socket.getInputStream().read(buffer);
                        requests.add(Arrays.copyOf(buffer, Math.max(0, count)));
                        script.answer(socket.getOutputStream());
                    } catch (IOException e) {
                        // the client gave up, which is what these tests are about
                    }
                }
            });
        }

        JsonNode ask() {
            var address = (InetSocketAddress) listener.getLocalSocketAddress();
            return new WhatsminerV3Client("m60", address, TIMEOUT)
                    .request(JsonNodeFactory.instance.objectNode().put("cmd", "get.device.info"));
        }

        DeviceException fails(Kind kind) {
            return assertFailsWithin(TIMEOUT, kind, this::ask);
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }
}
