package org.athanor.stratum;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Hears one topic of a ZeroMQ publisher: ZMTP 3.0 (rfc.zeromq.org/spec/23), mechanism NULL, as much of it as a
 * subscriber needs. Connects again whenever the connection is lost; what was published meanwhile is lost.
 */
final class ZmqSubscriber implements AutoCloseable {
    private static final int LARGEST_FRAME = 1 << 20;
    private static final int MOST_FRAMES = 16;
    private static final int MORE = 1;
    private static final int LONG = 2;
    private static final int COMMAND = 4;
    private static final int GREETING = 64;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final int HANDSHAKE_MILLIS = 5_000;

    private final InetSocketAddress publisher;
    private final byte[] topic;
    private final Runnable message;
    private final Consumer<String> problem;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile Socket socket;

    /**
     * @param message told of every message, on the connection's thread
     * @param problem told of every lost connection in words, and with an empty text when there is one again
     */
    ZmqSubscriber(InetSocketAddress publisher, String topic, Runnable message, Consumer<String> problem) {
        this.publisher = publisher;
        this.topic = topic.getBytes(StandardCharsets.US_ASCII);
        this.message = message;
        this.problem = problem;
        Thread.ofVirtual().name("node-zmq").start(this::run);
    }

    private void run() {
        var pause = FIRST_PAUSE;
        while (closing.getCount() > 0) {
            try (var connected = new Socket()) {
                socket = connected;
                // looked up each time: a name may point elsewhere after a restart
                connected.connect(
                        new InetSocketAddress(publisher.getHostString(), publisher.getPort()), HANDSHAKE_MILLIS);
                connected.setKeepAlive(true); // hours may pass between two blocks
                connected.setSoTimeout(HANDSHAKE_MILLIS);
                var in = new DataInputStream(new BufferedInputStream(connected.getInputStream()));
                shakeHands(in, connected);
                connected.setSoTimeout(0);
                problem.accept("");
                pause = FIRST_PAUSE;
                while (closing.getCount() > 0) read(in);
            } catch (IOException e) {
                if (closing.getCount() == 0) return;
                var why = e instanceof EOFException ? "the connection has ended" : String.valueOf(e.getMessage());
                problem.accept("ZMQ at tcp://" + publisher.getHostString() + ":" + publisher.getPort() + ": "
                        + Json.clean(why));
            }
            try {
                if (closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    private void shakeHands(DataInputStream in, Socket peer) throws IOException {
        var greeting = new byte[GREETING];
        greeting[0] = (byte) 0xff;
        greeting[9] = 0x7f;
        greeting[10] = 3; // version 3.0
        System.arraycopy("NULL".getBytes(StandardCharsets.US_ASCII), 0, greeting, 12, 4);
        peer.getOutputStream().write(greeting);
        var theirs = new byte[GREETING];
        in.readFully(theirs);
        if (theirs[0] != (byte) 0xff || theirs[9] != 0x7f || theirs[10] < 3)
            throw new IOException("this is no ZeroMQ publisher of version 3 or newer");
        var mechanism = new String(theirs, 12, 20, StandardCharsets.US_ASCII).trim();
        if (!mechanism.equals("NULL"))
            throw new IOException("it asks for mechanism " + mechanism + ": accepted is NULL");
        peer.getOutputStream().write(ready());
        var frame = frame(in);
        if (!frame.is(COMMAND) || frame.body().length < 6 || frame.body()[0] != 5 || frame.body()[1] != 'R')
            throw new IOException("it does not answer READY");
        peer.getOutputStream().write(subscription());
    }

    private static byte[] ready() {
        var body = MiningJob.concat(
                new byte[] {5},
                "READY".getBytes(StandardCharsets.US_ASCII),
                new byte[] {11},
                "Socket-Type".getBytes(StandardCharsets.US_ASCII),
                new byte[] {0, 0, 0, 3},
                "SUB".getBytes(StandardCharsets.US_ASCII));
        return MiningJob.concat(new byte[] {COMMAND, (byte) body.length}, body);
    }

    private byte[] subscription() {
        return MiningJob.concat(new byte[] {0, (byte) (topic.length + 1), 1}, topic);
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Frame(int flags, byte[] body) {
        boolean is(int flag) {
            return (flags & flag) != 0;
        }
    }

    /** One message of all its frames; publishers filter by topic, but need not. */
    private void read(DataInputStream in) throws IOException {
        var first = frame(in);
        if (first.is(COMMAND)) return;
        var last = first;
        for (int frames = 1; last.is(MORE); frames++) {
            if (frames == MOST_FRAMES) throw new IOException("a message of more than " + MOST_FRAMES + " frames");
            last = frame(in);
        }
        if (Arrays.equals(first.body(), topic)) message.run();
    }

    private static Frame frame(DataInputStream in) throws IOException {
        int flags = in.readUnsignedByte();
        long size = (flags & LONG) != 0 ? in.readLong() : in.readUnsignedByte();
        if (size < 0 || size > LARGEST_FRAME) throw new IOException("a frame of " + size + " bytes");
        var body = new byte[(int) size];
        in.readFully(body);
        return new Frame(flags, body);
    }

    @Override
    public void close() {
        closing.countDown();
        var open = socket;
        try {
            if (open != null) open.close();
        } catch (IOException e) {
            StratumServer.LOG.log(System.Logger.Level.DEBUG, "closing the connection to " + publisher, e);
        }
    }
}
