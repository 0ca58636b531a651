package org.athanor.stratum;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicReference;

/** A pool that says whatever a test wants. */
final class FakePool implements AutoCloseable {
    static final String NOTIFY = "{'id':null,'method':'mining.notify','params':['bf',"
            + "'4d16b6f85af6e2198f44ae2a6de67f78487ae5611b77c6c0440b921e00000000','01000000','ffffffff',[],"
            + "'20000000','1c2ac4af','504e86b9',true]}";

    private final ServerSocket listening;

    FakePool() {
        this(StratumServerTest.loopback());
    }

    /** Waits for the port: a socket that was just closed lives on until the thread that accepts has left it. */
    FakePool(InetSocketAddress listen) {
        var bound = new AtomicReference<ServerSocket>();
        Until.holds(() -> {
            bound.set(bind(listen));
            return bound.get() != null;
        });
        listening = bound.get();
    }

    private static ServerSocket bind(InetSocketAddress listen) {
        try {
            var socket = new ServerSocket();
            try {
                socket.setReuseAddress(true);
                socket.bind(listen);
                return socket;
            } catch (BindException e) {
                socket.close();
                return null; // the caller tries again
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listening.getLocalSocketAddress();
    }

    Wire accept() throws IOException {
        Socket socket = listening.accept();
        return new Wire(socket);
    }

    /** Answers the handshake of a {@link StratumClient}. */
    Wire welcome() throws IOException {
        var wire = accept();
        while (true) {
            var request = wire.next();
            var id = request.path("id");
            switch (request.path("method").asText()) {
                case "mining.configure" ->
                    wire.send("{'id':" + id
                            + ",'result':{'version-rolling':true,'version-rolling.mask':'1fffe000'},'error':null}");
                case "mining.subscribe" -> wire.send("{'id':" + id + ",'result':[[],'08000002',4],'error':null}");
                case "mining.authorize" -> {
                    wire.send("{'id':" + id + ",'result':true,'error':null}");
                    return wire;
                }
                default -> throw new AssertionError(request);
            }
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
