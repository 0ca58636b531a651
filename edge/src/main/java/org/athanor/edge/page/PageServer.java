package org.athanor.edge.page;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.sse.SseClient;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.athanor.edge.PageSource;
import org.athanor.edge.SettingRefused;
import org.athanor.edge.Snapshot;

/**
 * The heater's page and its API: {@code GET /}, {@code GET /api/state}, {@code GET /api/history?since=},
 * {@code GET /api/events} (server-sent), {@code PUT /api/setpoint} and {@code DELETE /api/setpoint}. It listens on the
 * address it is given; loopback unless its owner knows better, since there is no pairing yet.
 */
public final class PageServer implements AutoCloseable {
    private static final Set<String> LOOPBACK_NAMES = Set.of("127.0.0.1", "localhost", "[::1]");
    /** A phone draws no more points than this over its width, and a day has 1440. */
    private static final int MOST_STEPS = 2_000;

    private static final int MOST_LISTENERS = 32;
    private static final long MOST_BYTES = 4_096;
    private static final Duration BETWEEN_EVENTS = Duration.ofMillis(200);
    /** A silent stream is given a sign of life, so that a listener that is gone is noticed. */
    private static final int QUIET_ROUNDS = 50;

    private final PageSource source;
    private final Assets assets = new Assets();
    private final AtomicInteger listeners = new AtomicInteger();
    private final Set<SseClient> streams = ConcurrentHashMap.newKeySet();
    private final Javalin server;
    private final InetSocketAddress address;
    private volatile Gate gate;
    private volatile boolean closed;
    private volatile Rendered rendered = new Rendered(null, "");

    private record Rendered(Snapshot snapshot, String json) {}

    /**
     * @param listen port 0 takes a free one
     * @param names by which the page may be called besides the loopback names, such as {@code heater.local}
     */
    public record Config(InetSocketAddress listen, Set<String> names) {
        public Config {
            names = Set.copyOf(names);
        }

        public static Config loopback(int port) {
            return new Config(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), Set.of());
        }
    }

    private PageServer(Config config, PageSource source) {
        this.source = source;
        var listen = config.listen();
        if (listen.isUnresolved())
            throw new PageException("page address " + listen.getHostString() + ": no such host", null);
        this.server = Javalin.create(this::configure);
        try {
            server.start(listen.getHostString(), listen.getPort());
        } catch (RuntimeException e) {
            server.stop();
            throw refused(listen, e);
        }
        this.address = new InetSocketAddress(listen.getAddress(), server.port());
        var names = new HashSet<>(config.names());
        names.addAll(LOOPBACK_NAMES);
        this.gate = new Gate(names, server.port());
    }

    /** @throws PageException if the address cannot be listened on */
    public static PageServer start(Config config, PageSource source) {
        return new PageServer(config, source);
    }

    /** Where it really listens. */
    public InetSocketAddress address() {
        return address;
    }

    private static PageException refused(InetSocketAddress listen, RuntimeException e) {
        var where = listen.getHostString() + ":" + listen.getPort();
        for (Throwable cause = e; cause != null; cause = cause.getCause())
            if (cause instanceof BindException)
                return new PageException(
                        "port " + listen.getPort() + " of " + listen.getHostString()
                                + " is in use or not allowed: name another port, or 0 for a free one",
                        e);
        return new PageException("cannot serve the page at " + where + ": " + e.getMessage(), e);
    }

    private void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.concurrency.useVirtualThreads = true;
        config.http.maxRequestSize = MOST_BYTES;
        config.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
        var routes = config.routes;
        routes.before(this::guard);
        routes.get("/api/state", this::state);
        routes.get("/api/history", this::history);
        routes.sse("/api/events", this::listen);
        routes.put("/api/setpoint", this::changeSetpoint);
        routes.delete("/api/setpoint", this::clearSetpoint);
        routes.get("/*", this::asset);
        routes.exception(SettingRefused.class, (e, context) -> error(context, 400, e.getMessage()));
    }

    private void guard(Context context) {
        headers(context);
        var keeper = gate;
        if (keeper == null) {
            error(context, 503, "the page is starting");
            context.skipRemainingHandlers();
            return;
        }
        var refusal = keeper.refusesRequest(context.header("Host"));
        if (refusal.isEmpty() && isWrite(context))
            refusal = keeper.refusesWrite(context.header("Origin"), context.header("Sec-Fetch-Site"));
        if (refusal.isPresent()) {
            error(context, 403, refusal.get());
            context.skipRemainingHandlers();
        }
    }

    private static boolean isWrite(Context context) {
        var method = context.req().getMethod();
        return !method.equals("GET") && !method.equals("HEAD");
    }

    private void headers(Context context) {
        context.header("Content-Security-Policy", assets.contentSecurityPolicy());
        context.header("X-Content-Type-Options", "nosniff");
        context.header("X-Frame-Options", "DENY");
        context.header("Referrer-Policy", "no-referrer");
        context.header("Cross-Origin-Resource-Policy", "same-origin");
        context.header("Cache-Control", "no-store");
    }

    private void asset(Context context) {
        var found = assets.at(context.path());
        if (found.isEmpty()) {
            error(context, 404, "nothing at " + context.path());
            return;
        }
        var asset = found.get();
        // always asked again: a newer program must not be shown with an older page
        context.header("Cache-Control", "no-cache").header("ETag", asset.tag());
        if (asset.tag().equals(context.header("If-None-Match"))) context.status(304);
        else context.contentType(asset.type()).result(asset.content());
    }

    private void state(Context context) {
        var snapshot = source.snapshot();
        if (snapshot.isEmpty()) error(context, 503, "the first control cycle has not ended yet");
        else json(context, 200, json(snapshot.get()));
    }

    private void history(Context context) {
        var since = context.queryParam("since");
        Instant start;
        try {
            // the journal counts milliseconds: what those cannot hold is refused
            start = since == null
                    ? Instant.EPOCH
                    : Instant.ofEpochMilli(Instant.parse(since).toEpochMilli());
        } catch (DateTimeParseException | ArithmeticException e) {
            error(context, 400, "since " + since + ": an instant such as 2026-01-15T06:00:00Z is accepted");
            return;
        }
        json(context, 200, Json.history(source.history(start, MOST_STEPS)));
    }

    private void changeSetpoint(Context context) {
        var type = context.contentType();
        var media = type == null ? "" : type.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
        if (!media.equals("application/json")) {
            error(
                    context,
                    415,
                    "Content-Type " + (type == null ? "(missing)" : type) + ": application/json is accepted");
            return;
        }
        source.setpoint(Json.setpoint(context.body()));
        context.status(204);
    }

    private void clearSetpoint(Context context) {
        source.clearSetpoint();
        context.status(204);
    }

    private void listen(SseClient client) {
        if (listeners.incrementAndGet() > MOST_LISTENERS || closed) {
            listeners.decrementAndGet();
            client.sendEvent("refused", "at most " + MOST_LISTENERS + " pages at a time");
            client.close();
            return;
        }
        streams.add(client);
        client.keepAlive();
        Thread.ofVirtual().name("page-events").start(() -> {
            try {
                stream(client);
            } finally {
                streams.remove(client);
                listeners.decrementAndGet();
                client.close();
            }
        });
    }

    /** One thread a listener, so that a slow one holds up nobody; it skips what it is too slow for. */
    private void stream(SseClient client) {
        Snapshot sent = null;
        int quiet = 0;
        while (!closed && !client.terminated()) {
            var snapshot = source.snapshot().orElse(null);
            if (snapshot != null && !snapshot.equals(sent)) {
                client.sendEvent("state", json(snapshot));
                sent = snapshot;
                quiet = 0;
            } else if (++quiet % QUIET_ROUNDS == 0) {
                client.sendComment("alive");
            }
            LockSupport.parkNanos(BETWEEN_EVENTS.toNanos());
        }
    }

    /** All listeners share one rendering of a snapshot. */
    private String json(Snapshot snapshot) {
        var last = rendered;
        if (snapshot.equals(last.snapshot())) return last.json();
        var next = new Rendered(snapshot, Json.state(snapshot));
        rendered = next;
        return next.json();
    }

    private static void error(Context context, int status, String message) {
        json(context, status, Json.error(message));
    }

    private static void json(Context context, int status, String body) {
        context.status(status).contentType("application/json").result(body);
    }

    @Override
    public void close() {
        closed = true;
        for (var stream : streams) stream.close();
        server.stop();
    }
}
