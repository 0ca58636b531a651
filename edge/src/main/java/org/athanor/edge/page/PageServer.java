package org.athanor.edge.page;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.SameSite;
import io.javalin.http.sse.SseClient;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.athanor.edge.ControlledRoom;
import org.athanor.edge.PageSource;
import org.athanor.edge.RefusalReason;
import org.athanor.edge.RefusalWords;
import org.athanor.edge.RoomSettings;
import org.athanor.edge.SettingRefused;
import org.athanor.edge.Snapshot;
import org.athanor.edge.journal.JournalException;

/**
 * The heater's page and its API, for one room or several.
 *
 * <p>Of a room, under {@code /api/rooms/ID/}: {@code GET state}, {@code GET history?since=}, {@code GET log},
 * {@code GET events} (server-sent), {@code GET} and {@code PATCH settings}, {@code PUT} and {@code DELETE setpoint},
 * {@code PUT preset}, {@code POST lock} and {@code POST unlock}. The same under {@code /api/} are those of the first room.
 * Of the home: {@code GET /api/rooms}, {@code /api/texts}, {@code /api/access}; for pairing {@code GET} and
 * {@code POST /api/pairing}, {@code POST /api/pair}, {@code DELETE /api/pairing/DEVICE}.
 *
 * <p>The heater's own computer may do everything. Other devices reach no more than the page's files until they are paired.
 */
public final class PageServer implements AutoCloseable {
    private static final Set<String> LOOPBACK_NAMES = Set.of("127.0.0.1", "localhost", "[::1]");
    /** What strangers may ask, so that they can be paired. */
    private static final Set<String> OPEN = Set.of("/api/texts", "/api/access", "/api/pair");

    private static final String LANGUAGE = "language";
    /** A phone draws no more points than this over its width, and a day has 1440. */
    private static final int MOST_STEPS = 2_000;

    private static final int MOST_EVENTS = 200;
    private static final int MOST_LISTENERS = 32;
    private static final long MOST_BYTES = 16_384;
    private static final Duration BETWEEN_EVENTS = Duration.ofMillis(200);
    private static final Duration COOKIE_LIFE = Duration.ofDays(365);
    /** A silent stream is given a sign of life, so that a listener that is gone is noticed. */
    private static final int QUIET_ROUNDS = 50;

    private final Map<String, RoomDesk> rooms;
    private final Optional<Pairing> pairing;
    private final Visitors visitors;
    private final List<String> notes;
    private final Texts texts = new Texts();
    private final Assets assets = new Assets(texts);
    private final AtomicInteger listeners = new AtomicInteger();
    private final Set<SseClient> streams = ConcurrentHashMap.newKeySet();
    private final Javalin server;
    private final InetSocketAddress address;
    private volatile Gate gate;
    private volatile boolean closed;

    /**
     * @param listen port 0 takes a free one
     * @param names by which the page may be called besides the loopback names and its addresses, such as {@code heater.local}
     * @param notes on the home, such as where weather and prices come from
     */
    public record Config(InetSocketAddress listen, Set<String> names, List<String> notes) {
        public Config {
            names = Set.copyOf(names);
            notes = List.copyOf(notes);
        }

        public static Config loopback(int port) {
            return new Config(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), Set.of(), List.of());
        }

        /** With the name of this computer, also as {@code NAME.local}, by which other devices of the home may call it. */
        public static Config of(InetSocketAddress listen, List<String> notes) {
            var names = new HashSet<>(ownNames());
            names.add(listen.getHostString()); // a name by which it was told to listen is one by which it may be called
            return new Config(listen, names, notes);
        }

        private static Set<String> ownNames() {
            try {
                var name = InetAddress.getLocalHost().getHostName();
                var first = name.split("\\.", 2)[0];
                return Set.copyOf(List.of(name, first, first + ".local").stream()
                        .distinct()
                        .toList());
            } catch (UnknownHostException e) {
                return Set.of(); // a computer without a name is called by its address
            }
        }
    }

    private PageServer(
            Config config, List<ControlledRoom> rooms, Optional<Pairing> pairing, Predicate<InetAddress> own) {
        if (rooms.isEmpty()) throw new IllegalArgumentException("a page without a room");
        this.rooms = desks(rooms);
        this.pairing = pairing;
        this.visitors = new Visitors(pairing, own);
        this.notes = config.notes();
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

    private static Map<String, RoomDesk> desks(List<ControlledRoom> rooms) {
        var desks = new LinkedHashMap<String, RoomDesk>();
        for (var room : rooms)
            if (desks.put(room.id(), new RoomDesk(room)) != null)
                throw new IllegalArgumentException("two rooms have the id " + room.id());
        return desks;
    }

    /**
     * @param pairing none keeps every device out but the heater's own computer
     * @throws PageException if the address cannot be listened on
     */
    public static PageServer start(Config config, List<ControlledRoom> rooms, Optional<Pairing> pairing) {
        return new PageServer(config, rooms, pairing, InetAddress::isLoopbackAddress);
    }

    /** The same at an address of this computer, under the computer's own names. */
    public static PageServer start(
            InetSocketAddress listen, List<ControlledRoom> rooms, Optional<Pairing> pairing, List<String> notes) {
        return start(Config.of(listen, notes), rooms, pairing);
    }

    static PageServer start(
            Config config, List<ControlledRoom> rooms, Optional<Pairing> pairing, Predicate<InetAddress> own) {
        return new PageServer(config, rooms, pairing, own);
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
        routes.get("/api/rooms", this::listRooms);
        routes.get("/api/texts", this::texts);
        routes.get("/api/access", this::access);
        routes.get("/api/pairing", this::pairing);
        routes.post("/api/pairing", this::openPairing);
        routes.delete("/api/pairing/{device}", this::revoke);
        routes.post("/api/pair", this::pair);
        ofRoom(routes, "/api/");
        ofRoom(routes, "/api/rooms/{id}/");
        routes.get("/*", this::asset);
        routes.exception(SettingRefused.class, (e, context) -> error(context, 400, e.reason()));
        routes.exception(JournalException.class, (e, context) -> json(context, 500, Json.error(e.getMessage())));
        routes.exception(Refusal.class, (e, context) -> error(context, e.status(), e.reason()));
    }

    private void ofRoom(RoutesConfig routes, String path) {
        routes.get(path + "state", this::state);
        routes.get(path + "history", this::history);
        routes.get(path + "log", this::log);
        routes.sse(path + "events", this::listen);
        routes.get(
                path + "settings", context -> json(context, 200, desk(context).settings()));
        routes.patch(path + "settings", this::changeSettings);
        routes.put(path + "setpoint", this::changeSetpoint);
        routes.delete(path + "setpoint", this::clearSetpoint);
        routes.put(path + "preset", this::choosePreset);
        routes.post(path + "lock", this::lock);
        routes.post(path + "unlock", this::unlock);
    }

    // ---- who may

    private void guard(Context context) {
        headers(context);
        var keeper = gate;
        if (keeper == null) {
            deny(context, 503, RefusalWords.STARTING.alone());
            return;
        }
        var arrivedAt = context.req().getLocalAddr();
        var refusal = keeper.refusesRequest(context.header("Host"), arrivedAt);
        if (refusal.isEmpty() && isWrite(context))
            refusal = keeper.refusesWrite(context.header("Origin"), context.header("Sec-Fetch-Site"), arrivedAt);
        if (refusal.isPresent()) deny(context, 403, refusal.get());
        else if (!isOpen(context.path()) && !visitors.mayEnter(context))
            deny(
                    context,
                    401,
                    (pairing.isPresent() ? RefusalWords.NOT_PAIRED : RefusalWords.ONLY_OWN_COMPUTER).alone());
    }

    /** Whatever is not known to be open is closed, however its path is written. */
    private boolean isOpen(String path) {
        return OPEN.contains(path) || assets.at(path, Texts.ENGLISH).isPresent();
    }

    private static void deny(Context context, int status, RefusalReason why) {
        error(context, status, why);
        context.skipRemainingHandlers();
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

    // ---- the page's files and words

    private void asset(Context context) {
        var found = assets.at(context.path(), language(context));
        if (found.isEmpty()) {
            error(context, 404, RefusalWords.NOTHING_AT.with("path", context.path()));
            return;
        }
        var asset = found.get();
        // always asked again: a newer program must not be shown with an older page
        context.header("Cache-Control", "no-cache").header("ETag", asset.tag());
        context.header("Vary", "Accept-Language, Cookie");
        if (asset.tag().equals(context.header("If-None-Match"))) context.status(304);
        else context.contentType(asset.type()).result(asset.content());
    }

    private String language(Context context) {
        var asked = context.queryParam(LANGUAGE);
        return texts.language(asked == null ? context.cookie(LANGUAGE) : asked, context.header("Accept-Language"));
    }

    private void texts(Context context) {
        var language = language(context);
        json(context, 200, Json.texts(language, texts.languageNames(), texts.of(language), texts.phrases()));
    }

    // ---- pairing

    private void access(Context context) {
        json(
                context,
                200,
                Json.access(visitors.isOwn(context), visitors.device(context).isPresent(), pairing.isPresent()));
    }

    private Pairing pairingHere() {
        return pairing.orElseThrow(() -> new Refusal(404, RefusalWords.NO_PAIRING));
    }

    /** The code is for the eyes of those who stand before the heater. */
    private void pairing(Context context) {
        var here = pairingHere();
        var code = visitors.isOwn(context) ? here.code() : Optional.<Pairing.Code>empty();
        json(context, 200, Json.pairing(here.devices(), visitors.device(context), code));
    }

    private void openPairing(Context context) {
        if (!visitors.isOwn(context)) throw new Refusal(403, RefusalWords.CODE_ELSEWHERE);
        var here = pairingHere();
        var code = here.open();
        json(context, 200, Json.pairing(here.devices(), visitors.device(context), Optional.of(code)));
    }

    private void pair(Context context) {
        var asked = Json.pair(body(context));
        var paired = pairingHere().pair(asked.code(), asked.name());
        if (asked.bearer()) {
            json(context, 200, Json.token(paired.token()));
            return;
        }
        // no script can read it, so a bearer's copy is given only to those who ask for it instead
        var cookie = new Cookie(Visitors.COOKIE, paired.token());
        cookie.setMaxAge((int) COOKIE_LIFE.toSeconds());
        cookie.setHttpOnly(true);
        cookie.setSameSite(SameSite.STRICT);
        context.cookie(cookie);
        context.status(204);
    }

    private void revoke(Context context) {
        var id = context.pathParam("device");
        if (!pairingHere().revoke(id)) throw new Refusal(404, RefusalWords.NO_DEVICE.with("device", id));
        context.status(204);
    }

    // ---- what is shown of rooms

    private void listRooms(Context context) {
        json(
                context,
                200,
                Json.rooms(rooms.values().stream().map(RoomDesk::room).toList(), notes));
    }

    private RoomDesk desk(Context context) {
        var id = context.pathParamMap().get("id");
        if (id == null) return rooms.values().iterator().next();
        var desk = rooms.get(id);
        if (desk == null)
            throw new Refusal(404, RefusalWords.NO_ROOM.with("room", id, "rooms", String.join(", ", rooms.keySet())));
        return desk;
    }

    private PageSource source(Context context) {
        return desk(context).room().control();
    }

    private void state(Context context) {
        var desk = desk(context);
        var snapshot = desk.room().control().snapshot();
        if (snapshot.isEmpty()) error(context, 503, RefusalWords.NO_CYCLE.alone());
        else json(context, 200, desk.state(snapshot.get()));
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
            error(context, 400, RefusalWords.SINCE.with("since", since));
            return;
        }
        json(context, 200, Json.history(source(context).history(start, MOST_STEPS)));
    }

    private void log(Context context) {
        json(context, 200, Json.log(source(context).events(MOST_EVENTS)));
    }

    // ---- what is changed

    private static String body(Context context) {
        var type = context.contentType();
        var media = type == null ? "" : type.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
        if (!media.equals("application/json"))
            throw new Refusal(415, RefusalWords.CONTENT_TYPE.with("type", type == null ? "(missing)" : type));
        return context.body();
    }

    /** The room, if its child lock is open. */
    private PageSource unlocked(Context context) {
        var source = source(context);
        if (source.settings().childLock()) throw new Refusal(423, RefusalWords.LOCKED);
        return source;
    }

    private void changeSetpoint(Context context) {
        var setpoint = Json.setpoint(body(context));
        unlocked(context).setpoint(setpoint);
        context.status(204);
    }

    private void clearSetpoint(Context context) {
        unlocked(context).clearSetpoint();
        context.status(204);
    }

    private void changeSettings(Context context) {
        var body = body(context);
        unlocked(context);
        json(context, 200, desk(context).change(body));
    }

    private void choosePreset(Context context) {
        var preset = Json.preset(body(context));
        var source = unlocked(context);
        var now = source.snapshot().map(Snapshot::time).orElseThrow(() -> new Refusal(503, RefusalWords.NO_CYCLE));
        source.change(present -> present.with(preset, now));
        json(context, 200, desk(context).settings());
    }

    private void lock(Context context) {
        var code = Json.code(body(context));
        unlocked(context).lock(code);
        json(context, 200, desk(context).settings());
    }

    private void unlock(Context context) {
        desk(context).unlock(Json.code(body(context)));
        json(context, 200, desk(context).settings());
    }

    // ---- the stream

    private void listen(SseClient client) {
        var desk = desk(client.ctx());
        if (listeners.incrementAndGet() > MOST_LISTENERS || closed) {
            listeners.decrementAndGet();
            client.sendEvent(
                    "refused", RefusalWords.PAGES.with("most", MOST_LISTENERS).toString());
            client.close();
            return;
        }
        visitors.device(client.ctx()); // the stream's thread finds it there
        streams.add(client);
        client.keepAlive();
        Thread.ofVirtual().name("page-events").start(() -> {
            try {
                stream(client, desk);
            } finally {
                streams.remove(client);
                listeners.decrementAndGet();
                client.close();
            }
        });
    }

    /** One thread a listener, so that a slow one holds up nobody; it skips what it is too slow for. */
    private void stream(SseClient client, RoomDesk desk) {
        Snapshot sent = null;
        RoomSettings told = null;
        String settings = "";
        String others = "";
        int quiet = 0;
        while (!closed && !client.terminated() && visitors.mayStay(client.ctx())) {
            boolean spoke = false;
            var snapshot = desk.room().control().snapshot().orElse(null);
            if (snapshot != null && !snapshot.equals(sent)) {
                client.sendEvent("state", desk.state(snapshot));
                sent = snapshot;
                told = null; // a boost may have ended meanwhile
                spoke = true;
            }
            if (!desk.room().control().settings().equals(told)) {
                told = desk.room().control().settings();
                var now = desk.settings();
                if (!now.equals(settings)) client.sendEvent("settings", now);
                settings = now;
            }
            if (rooms.size() > 1) {
                var now = Json.rooms(rooms.values().stream().map(RoomDesk::room).toList(), notes);
                if (!now.equals(others)) client.sendEvent("rooms", now);
                spoke |= !now.equals(others);
                others = now;
            }
            if (spoke) quiet = 0;
            else if (++quiet % QUIET_ROUNDS == 0) client.sendComment("alive");
            LockSupport.parkNanos(BETWEEN_EVENTS.toNanos());
        }
    }

    private static void error(Context context, int status, RefusalReason reason) {
        json(context, status, Json.error(reason));
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
