package org.athanor.stratum;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;

/** The server's end of TLS over a socket that never waits. Its buffers are let go while they are empty. */
final class TlsTransport implements Transport {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SocketChannel channel;
    private final SSLEngine engine;
    private final Runnable resume;
    private ByteBuffer received; // from the network, to be read; null while empty
    private ByteBuffer sending; // for the network, to be read; null while empty
    private volatile boolean computing;

    /** @param resume called on any thread when the handshake has computed its keys: to read and write again */
    TlsTransport(SocketChannel channel, SSLContext context, Runnable resume) {
        this.channel = channel;
        this.resume = resume;
        engine = context.createSSLEngine();
        engine.setUseClientMode(false);
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        int before = into.position();
        while (!computing) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> compute();
                case NEED_WRAP -> {
                    if (!send(NOTHING)) return into.position() - before;
                }
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN, NOT_HANDSHAKING, FINISHED -> {
                    var status = unwrap(into);
                    if (status == Status.BUFFER_OVERFLOW) return into.position() - before;
                    if (status == Status.BUFFER_UNDERFLOW) {
                        int count = receive();
                        if (count == 0) return into.position() - before;
                        if (count < 0) return into.position() > before ? into.position() - before : -1;
                    }
                    if (status == Status.CLOSED) return into.position() > before ? into.position() - before : -1;
                }
            }
        }
        return into.position() - before;
    }

    private Status unwrap(ByteBuffer into) throws IOException {
        if (received == null) return Status.BUFFER_UNDERFLOW;
        var status = engine.unwrap(received, into).getStatus();
        if (!received.hasRemaining()) received = null;
        return status;
    }

    private int receive() throws IOException {
        int size = engine.getSession().getPacketBufferSize();
        var all = ByteBuffer.allocate(size + (received == null ? 0 : received.remaining()));
        if (received != null) all.put(received);
        int count = channel.read(all);
        all.flip();
        received = all.hasRemaining() ? all : null;
        return count;
    }

    /** Public-key arithmetic takes milliseconds, in which thousands of others would wait. */
    private void compute() {
        computing = true;
        Thread.ofVirtual().name("stratum-tls").start(() -> {
            for (var task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) task.run();
            computing = false;
            resume.run();
        });
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        if (computing || !flushed()) return 0;
        var status = engine.getHandshakeStatus();
        if (status != HandshakeStatus.NOT_HANDSHAKING && status != HandshakeStatus.FINISHED) return 0;
        int before = from.position();
        while (from.hasRemaining() && send(from)) {}
        return from.position() - before;
    }

    @Override
    public boolean mustWrite() throws IOException {
        return !flushed();
    }

    @Override
    public boolean holdsInput() {
        return received != null;
    }

    /** @return whether all has left */
    private boolean send(ByteBuffer from) throws IOException {
        if (!flushed()) return false;
        var packet = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        var result = engine.wrap(from, packet);
        packet.flip();
        sending = packet.hasRemaining() ? packet : null;
        if (result.getStatus() == Status.CLOSED) {
            if (flushed()) throw new IOException("TLS is closed");
            return false;
        }
        return flushed();
    }

    private boolean flushed() throws IOException {
        if (sending == null) return true;
        channel.write(sending);
        if (sending.hasRemaining()) return false;
        sending = null;
        return true;
    }

    @Override
    public void farewell() throws IOException {
        if (computing) return;
        engine.closeOutbound();
        if (flushed() && !engine.isOutboundDone()) send(NOTHING);
    }
}
