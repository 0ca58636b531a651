package org.athanor.stratum;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.athanor.hash.Hex;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a publisher made of bytes; conformance tries it with a real one. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class ZmqSubscriberTest {
    /** ZMTP 3.1's greeting as libzmq sends it: signature, version, mechanism NULL, no server, filler. */
    private static final byte[] GREETING =
            Hex.decode("ff00000000000000017f0301" + "4e554c4c" + "00".repeat(16) + "00" + "00".repeat(31));

    private static final byte[] READY =
            Hex.decode("0419" + "055245414459" + "0b" + "536f636b65742d54797065" + "00000003" + "505542");

    private ServerSocket listener;
    private ZmqSubscriber subscriber;
    private final AtomicInteger heard = new AtomicInteger();
    private volatile String problem = "none yet";

    @BeforeEach
    void open() throws IOException {
        listener = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        subscriber = new ZmqSubscriber(
                (InetSocketAddress) listener.getLocalSocketAddress(),
                "hashblock",
                heard::incrementAndGet,
                words -> problem = words);
    }

    @AfterEach
    void close() throws IOException {
        subscriber.close();
        listener.close();
    }

    private Socket accept() throws IOException {
        var peer = listener.accept();
        peer.setSoTimeout(10_000);
        var in = new DataInputStream(peer.getInputStream());
        var greeting = new byte[64];
        in.readFully(greeting);
        assertEquals("ff00000000000000007f0300" + "4e554c4c" + "00".repeat(48), Hex.encode(greeting));
        peer.getOutputStream().write(GREETING);
        var ready = new byte[2 + 25];
        in.readFully(ready);
        assertEquals(
                "0419" + "055245414459" + "0b" + "536f636b65742d54797065" + "00000003" + "535542", Hex.encode(ready));
        peer.getOutputStream().write(READY);
        var subscription = new byte[2 + 10];
        in.readFully(subscription);
        assertArrayEquals("\0\n\1hashblock".getBytes(StandardCharsets.ISO_8859_1), subscription);
        return peer;
    }

    /** Bitcoin Core's three frames: topic, hash, counter. */
    private static byte[] message(String topic) {
        var name = topic.getBytes(StandardCharsets.US_ASCII);
        return MiningJob.concat(
                new byte[] {1, (byte) name.length},
                name,
                new byte[] {1, 32},
                new byte[32],
                new byte[] {0, 4},
                new byte[4]);
    }

    @Test
    void hashblockIsHeardAndNothingElse() throws IOException {
        try (var peer = accept()) {
            peer.getOutputStream().write(message("rawtx"));
            peer.getOutputStream().write(Hex.decode("0407" + "0450494e470000")); // PING, a command
            peer.getOutputStream().write(message("hashblock"));
            Until.holds(() -> heard.get() == 1 && problem.isEmpty());
            var big = new byte[9 + 300]; // a frame with a long size
            big[0] = 2;
            big[7] = 1;
            big[8] = 44;
            peer.getOutputStream().write(big);
            for (byte one : message("hashblock")) peer.getOutputStream().write(one); // in pieces
            Until.holds(() -> heard.get() == 2);
        }
    }

    @Test
    void aLostConnectionIsMadeAgain() throws IOException {
        accept().close();
        Until.holds(() -> problem.startsWith("ZMQ at "));
        try (var peer = accept()) {
            peer.getOutputStream().write(message("hashblock"));
            Until.holds(() -> heard.get() == 1 && problem.isEmpty());
        }
    }

    @Test
    void aStrangerIsNamed() throws IOException {
        try (var peer = listener.accept()) {
            peer.getOutputStream()
                    .write(("HTTP/1.1 400 Bad Request\r\n" + "x".repeat(64)).getBytes(StandardCharsets.US_ASCII));
            Until.holds(() -> problem.contains("no ZeroMQ publisher"));
        }
    }

    @Test
    void endlessFramesAreCutOff() throws IOException {
        try (var peer = accept()) {
            peer.getOutputStream().write(Hex.decode("027fffffffffffffff"));
            Until.holds(() -> problem.contains("a frame of 9223372036854775807 bytes"));
        }
        try (var peer = accept()) {
            for (int i = 0; i < 17; i++) peer.getOutputStream().write(new byte[] {1, 0});
            Until.holds(() -> problem.contains("more than 16 frames"));
        }
        assertTrue(heard.get() == 0);
    }
}
