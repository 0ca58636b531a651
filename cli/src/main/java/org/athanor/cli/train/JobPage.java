package org.athanor.cli.train;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.athanor.cli.terminal.Addresses;
import org.athanor.cli.terminal.UserMistake;

/**
 * The job's page: {@code GET /}, the figures at {@code GET /api/job}, and as server-sent events at {@code GET /api/events}.
 * Nothing can be changed here. A site whose name was bent to this address (DNS rebinding) learns nothing: the page answers to
 * addresses, localhost and the name that it listens by.
 */
final class JobPage implements AutoCloseable {
    private static final String OWN = "/org/athanor/cli/train/page/";
    private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";
    private static final int MOST_LISTENERS = 32;
    private static final int BACKLOG = 32;
    private static final long BETWEEN_EVENTS_MILLIS = 1000;
    private static final Map<String, String> FILES = Map.of(
            "/", OWN + "index.html",
            "/job.css", OWN + "job.css",
            "/job.js", OWN + "job.js",
            "/icon.svg", OWN + "icon.svg",
            "/lib/uplot.js", UPLOT + "uPlot.esm.js",
            "/lib/uplot.css", UPLOT + "uPlot.min.css");

    private final HttpServer server;
    private final JobFigures figures;
    private final String name;
    private final Map<String, byte[]> files = new HashMap<>();
    private final Semaphore listeners = new Semaphore(MOST_LISTENERS);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile boolean closed;

    private JobPage(HttpServer server, String name, JobFigures figures) throws IOException {
        this.server = server;
        this.figures = figures;
        this.name = name;
        for (var file : FILES.entrySet()) {
            try (var in = JobPage.class.getResourceAsStream(file.getValue())) {
                if (in == null) {
                    throw new IllegalStateException("a file of the page is missing: " + file.getValue());
                }
                files.put(file.getKey(), in.readAllBytes());
            }
        }
    }

    /**
     * Starts to answer.
     *
     * @param listen port 0 takes a free one
     * @throws UserMistake when the address cannot be listened on
     */
    static JobPage start(InetSocketAddress listen, JobFigures figures) throws IOException {
        try {
            var server = HttpServer.create(listen, BACKLOG);
            var page = new JobPage(server, listen.getHostString(), figures);
            server.createContext("/", page::answer);
            server.setExecutor(page.threads);
            server.start();
            return page;
        } catch (BindException taken) {
            throw new UserMistake(
                    "--page " + Addresses.text(listen) + " cannot be listened on: " + taken.getMessage(), taken);
        }
    }

    /** Where it is found. */
    String url() {
        return "http://" + Addresses.text(server.getAddress()) + "/";
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var headers = exchange.getResponseHeaders();
            headers.set("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'; base-uri 'none'");
            headers.set("X-Content-Type-Options", "nosniff");
            headers.set("Referrer-Policy", "no-referrer");
            headers.set("Cache-Control", "no-cache");
            var path = exchange.getRequestURI().getPath();
            if (!exchange.getRequestMethod().equals("GET")) {
                headers.set("Allow", "GET");
                send(exchange, 405, "text/plain", "only GET is answered here");
            } else if (!ours(exchange.getRequestHeaders().getFirst("Host"))) {
                send(exchange, 403, "text/plain", "this page answers to its address and to localhost");
            } else if (path.equals("/api/job")) {
                send(exchange, 200, "application/json", figures.json(0).toString());
            } else if (path.equals("/api/events")) {
                stream(exchange);
            } else if (files.containsKey(path)) {
                send(exchange, 200, type(path), files.get(path));
            } else {
                send(exchange, 404, "text/plain", "nothing is here");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Addresses are digits, dots and colons; a name is ours when it is the one that was asked for. */
    private boolean ours(String host) {
        if (host == null) {
            return false;
        }
        var bare = host.replaceFirst(":\\d+$", "");
        return bare.equals("localhost") || bare.equals(name) || bare.matches("[0-9.]+|\\[[0-9a-fA-F:.]+]");
    }

    private void stream(HttpExchange exchange) throws IOException, InterruptedException {
        if (!listeners.tryAcquire()) {
            send(exchange, 503, "text/plain", "at most " + MOST_LISTENERS + " may listen");
            return;
        }
        try {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            long since = 0;
            while (!closed) {
                var job = figures.json(since);
                var text = "data: " + job + "\n\n";
                exchange.getResponseBody().write(text.getBytes(StandardCharsets.UTF_8));
                exchange.getResponseBody().flush();
                // the last round may yet learn how it does on unseen text
                var history = job.get("history");
                since = history.isEmpty()
                        ? since
                        : history.get(history.size() - 1).get("round").asLong();
                Thread.sleep(BETWEEN_EVENTS_MILLIS);
            }
        } finally {
            listeners.release();
        }
    }

    private static String type(String path) {
        if (path.endsWith(".js")) return "text/javascript";
        if (path.endsWith(".css")) return "text/css";
        return path.endsWith(".svg") ? "image/svg+xml" : "text/html";
    }

    private static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
        send(exchange, status, type, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        closed = true;
        threads.shutdownNow();
        server.stop(0);
    }
}
