package org.athanor.cli.train;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A line that stalls for a while and breaks, drawn at random: what a household's line with loss does to those who talk over TCP.
 * Losing packets themselves needs rights on a machine's network that a test does not have.
 */
final class BadLine implements AutoCloseable {
    private static final int BUFFER = 1 << 10;
    /**
     * Carries a handshake and a record of TLS, of which nothing has come before all has: a try that brings nothing is followed by
     * pauses that grow to a minute.
     */
    private static final int LEAST_BYTES = 24_000;

    private static final int MOST_BYTES = 50_000;
    private static final double STALLS = 0.05;
    private static final int LONGEST_STALL_MILLIS = 300;

    private final URI to;
    private final Random random;
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final AtomicInteger breaks = new AtomicInteger();
    private final AtomicInteger stalls = new AtomicInteger();

    BadLine(URI to, long seed) throws IOException {
        this.to = to;
        random = new Random(seed);
        Thread.ofVirtual().name("bad line").start(this::accept);
    }

    URI address() {
        return URI.create("https://127.0.0.1:" + server.getLocalPort());
    }

    /** Connections that were cut so far. */
    int breaks() {
        return breaks.get();
    }

    int stalls() {
        return stalls.get();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                connect(server.accept());
            } catch (IOException _) {
                return; // closed
            }
        }
    }

    private void connect(Socket near) throws IOException {
        Socket far;
        try {
            far = new Socket(to.getHost(), to.getPort());
        } catch (IOException _) {
            near.close(); // whoever called tries again
            return;
        }
        var left = new AtomicInteger(drawn(LEAST_BYTES, MOST_BYTES));
        Thread.ofVirtual().start(() -> pass(near, far, left));
        Thread.ofVirtual().start(() -> pass(far, near, left));
    }

    private synchronized int drawn(int from, int to) {
        return random.nextInt(from, to);
    }

    private synchronized boolean stalling() {
        return random.nextDouble() < STALLS;
    }

    private void pass(Socket from, Socket into, AtomicInteger left) {
        try (from;
                into) {
            var buffer = new byte[BUFFER];
            for (var read = from.getInputStream().read(buffer);
                    read >= 0;
                    read = from.getInputStream().read(buffer)) {
                if (stalling()) {
                    stalls.incrementAndGet();
                    Thread.sleep(drawn(1, LONGEST_STALL_MILLIS));
                }
                if (left.addAndGet(-read) < 0) {
                    breaks.incrementAndGet();
                    return; // in the middle of whatever was said
                }
                into.getOutputStream().write(buffer, 0, read);
            }
        } catch (IOException _) {
            // the other side is gone: so is this one
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
