package org.athanor.devices.simulated;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A port on which a simulated device serves HTTP, with a thread for each request. */
final class HttpPort implements AutoCloseable {
    static {
        // Without it each answer on a kept connection waits 40 ms for the peer's delayed acknowledgement, since headers
        // and
        // body leave in two packets. The JDK's server reads this once, and has no other switch for it.
        if (System.getProperty("sun.net.httpserver.nodelay") == null)
            System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer http;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** @throws UncheckedIOException if it cannot listen there */
    HttpPort(InetSocketAddress listen, String path, HttpHandler handler) {
        try {
            http = HttpServer.create(listen, 0);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen at " + listen + ": " + e.getMessage(), e);
        }
        http.setExecutor(threads);
        http.createContext(path, handler);
        http.start();
    }

    InetSocketAddress address() {
        return http.getAddress();
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }
}
