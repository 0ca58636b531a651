package org.athanor.network.training;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import org.athanor.training.mailbox.CoordinatorClient;
import org.athanor.training.mailbox.DamagedObjectException;
import org.athanor.training.mailbox.MailboxException;
import org.athanor.training.mailbox.Messages;
import org.athanor.training.mailbox.Protocol;

/**
 * The coordinator's side of the mailbox, over HTTPS: {@code POST /v1/join}, {@code POST /v1/beat}, {@code POST /v1/leave},
 * {@code GET /v1/job}, {@code GET /v1/state?after=ROUND}, {@code GET}, {@code HEAD}, {@code PUT} and {@code POST /v1/objects/HASH},
 * {@code POST /v1/rounds/ROUND/update}. Whoever is no member learns nothing.
 */
public final class CoordinatorServer implements AutoCloseable {
    private static final String ROOT = Protocol.SPOKEN.root();
    private static final Pattern OBJECT = Pattern.compile("objects/([0-9a-f]{64})");
    private static final Pattern UPDATE = Pattern.compile("rounds/(\\d{1,18})/update");
    private static final Pattern AFTER = Pattern.compile("after=(-?\\d{1,18})");
    private static final Pattern ROUND = Pattern.compile("\\d{1,18}");
    private static final Pattern FROM = Pattern.compile("bytes=(\\d{1,18})-");
    private static final Pattern PIECE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");
    private static final int LARGEST_MESSAGE = 4 << 20;
    /** Characters of a loss with its comma, and of all that an update says besides the loss of each step. */
    private static final int LONGEST_NUMBER = 32;

    private static final int UPDATE_BESIDES = 8192;
    /**
     * Requests of one member at a time. With what each may hold, a member takes no more memory than 32 MiB, whatever it asks for: a
     * message and a piece of an object are 4 MiB at most, and what is fetched comes straight from the disk.
     */
    private static final int MOST_AT_ONCE = 8;

    private static final int LARGEST_PIECE = 4 << 20;
    private static final int LARGEST_JOIN = 1 << 14;
    private static final int BACKLOG = 128;
    /** Of all together; strangers' are far fewer ({@link Door}), and what they send before they are heard has a time of its own. */
    private static final String CONNECTIONS = "jdk.httpserver.maxConnections";

    private static final String MOST_CONNECTIONS = "2000";

    private static final ThreadLocal<Patience.Watch> UNTIL_HEARD = new ThreadLocal<>();

    private final Coordinator coordinator;
    private final Membership membership;
    private final int largestUpdate;
    private final long largestObject;
    private final Patience patience;
    private final Traffic traffic;
    private final Uploads uploads;
    private final Map<String, Semaphore> places = new ConcurrentHashMap<>();
    private final HttpsServer server;
    private final Door door;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private CoordinatorServer(
            HttpsServer server, Door door, Coordinator coordinator, Membership membership, Patience patience)
            throws IOException {
        this.patience = patience;
        this.server = server;
        this.door = door;
        this.coordinator = coordinator;
        uploads = new Uploads(coordinator);
        this.membership = membership;
        traffic = Traffic.in(coordinator.folder().path());
        // an update is never longer than whole weights and the scales of their blocks
        largestUpdate = Math.min(
                LARGEST_MESSAGE,
                UPDATE_BESIDES + LONGEST_NUMBER * coordinator.spec().outer().innerSteps());
        largestObject = 5L * coordinator.spec().parameters() + LARGEST_MESSAGE;
    }

    /**
     * Starts to listen.
     *
     * @param listen port 0 takes a free one
     */
    public static CoordinatorServer start(
            InetSocketAddress listen, ServerIdentity identity, Coordinator coordinator, Membership membership)
            throws IOException {
        return start(listen, identity, coordinator, membership, Patience.USUAL);
    }

    static CoordinatorServer start(
            InetSocketAddress listen,
            ServerIdentity identity,
            Coordinator coordinator,
            Membership membership,
            Patience patience)
            throws IOException {
        if (System.getProperty(CONNECTIONS) == null) {
            System.setProperty(CONNECTIONS, MOST_CONNECTIONS);
        }
        var https = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        Door door = null;
        try {
            door = new Door(listen, https.getAddress(), patience);
            var server = new CoordinatorServer(https, door, coordinator, membership, patience);
            server.open(identity);
            return server;
        } catch (IOException failed) {
            if (door != null) {
                door.close();
            }
            https.stop(0);
            throw failed;
        }
    }

    private void open(ServerIdentity identity) {
        server.setHttpsConfigurator(new HttpsConfigurator(identity.context()) {
            @Override
            public void configure(HttpsParameters parameters) {
                if (!door.passes(parameters.getClientAddress())) {
                    throw new IllegalStateException("a connection from this computer that did not come by the door");
                }
                super.configure(parameters);
            }
        });
        server.createContext("/", this::answer);
        server.setExecutor(request -> threads.execute(() -> hear(request)));
        server.start();
        door.open();
    }

    /** Handshake and head have a time of their own: they come before anything here sees them. */
    private void hear(Runnable request) {
        try (var watch = patience.watch(0)) {
            UNTIL_HEARD.set(watch);
            request.run();
        } finally {
            UNTIL_HEARD.remove();
        }
    }

    public InetSocketAddress address() {
        return door.address();
    }

    /** What went over the line since the job began. */
    public Traffic traffic() {
        return traffic;
    }

    private void answer(HttpExchange exchange) throws IOException {
        UNTIL_HEARD.get().close();
        try (exchange) {
            var body = new CountedBody(exchange.getRequestBody());
            exchange.setStreams(body, null);
            var worker = membership.worker(key(exchange));
            worker.ifPresent(member -> door.shown(exchange.getRemoteAddress(), member));
            if (worker.isEmpty()) {
                var reply = reply(exchange, worker);
                send(exchange, reply);
                if (reply.status < 400) { // who joined; what strangers say is no worker's traffic
                    traffic.count(exchange, body.count(), reply.length, reply.dataset);
                }
                return;
            }
            var place = places.computeIfAbsent(worker.get(), _ -> new Semaphore(MOST_AT_ONCE));
            if (!place.tryAcquire()) {
                sendCounted(
                        exchange,
                        body,
                        Reply.refusal(
                                429,
                                MOST_AT_ONCE + " requests of this worker are being answered;"
                                        + " it may send more when those are"));
                return;
            }
            try {
                sendCounted(exchange, body, reply(exchange, worker));
            } finally {
                place.release();
            }
        }
    }

    private void sendCounted(HttpExchange exchange, CountedBody body, Reply reply) throws IOException {
        send(exchange, reply);
        traffic.count(exchange, body.count(), reply.length, reply.dataset);
    }

    /** What has come of a request: what its head declares is only said. */
    private static final class CountedBody extends FilterInputStream {
        private long count;

        CountedBody(InputStream body) {
            super(body);
        }

        long count() {
            return count;
        }

        @Override
        public int read() throws IOException {
            var next = super.read();
            count += next < 0 ? 0 : 1;
            return next;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            var read = super.read(into, from, length);
            count += Math.max(0, read);
            return read;
        }
    }

    private static String key(HttpExchange exchange) {
        var shown = exchange.getRequestHeaders().getFirst("Authorization");
        return shown != null && shown.startsWith("Bearer ") ? shown.substring("Bearer ".length()) : "";
    }

    private Reply reply(HttpExchange exchange, Optional<String> worker) {
        var path = exchange.getRequestURI().getPath();
        try {
            if (path.startsWith(ROOT)) {
                return route(exchange, path.substring(ROOT.length()), worker);
            }
            return Reply.refusal(
                    404, Protocol.ofPath(path).map(CoordinatorServer::otherThan).orElse("nothing is here"));
        } catch (MailboxException garbled) {
            return Reply.refusal(400, Protocol.difference(Protocol.SPOKEN, spoken(exchange), garbled.getMessage()));
        } catch (IOException failed) {
            return Reply.refusal(503, "the coordinator cannot do that just now: " + failed.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Reply.refusal(503, "the coordinator is ending");
        } catch (RuntimeException bug) {
            return Reply.refusal(500, "the coordinator failed: " + bug);
        }
    }

    private static Optional<Protocol> said(HttpExchange exchange) {
        return Protocol.said(exchange.getRequestHeaders().getFirst(Protocol.HEADER));
    }

    private static Protocol spoken(HttpExchange exchange) {
        return said(exchange).orElse(Protocol.UNSAID);
    }

    private static String otherThan(Protocol worker) {
        return Protocol.difference(Protocol.SPOKEN, worker);
    }

    private void send(HttpExchange exchange, Reply reply) throws IOException {
        try (var _ = reply.body) {
            if (reply.status >= 400) {
                // who still sends would see the line break instead of the reason
                var stranger = reply.status == 401 || reply.status == 403 || reply.status == 404;
                var most = stranger ? 0 : declared(exchange, LARGEST_MESSAGE); // a stranger has no more time
                patience.within(most, () -> passOver(exchange.getRequestBody()));
            }
            patience.within(reply.length, () -> reply.send(exchange));
        }
    }

    private static Void passOver(InputStream body) throws IOException {
        var buffer = new byte[1 << 13];
        var left = LARGEST_MESSAGE;
        for (var read = body.read(buffer); read >= 0 && left > 0; read = body.read(buffer)) {
            left -= read;
        }
        return null;
    }

    private static final class Reply {
        private final int status;
        private final InputStream body;
        private final long length;
        private final long offset;
        private final boolean dataset;
        private final URI elsewhere;

        /**
         * @param length    bytes of the body
         * @param offset    told of an object that is being uploaded; -1 for none
         * @param dataset   whether the body is a part of the dataset
         * @param elsewhere where the body is instead; null when it is here
         */
        private Reply(int status, InputStream body, long length, long offset, boolean dataset, URI elsewhere) {
            this.status = status;
            this.body = body;
            this.length = length;
            this.offset = offset;
            this.dataset = dataset;
            this.elsewhere = elsewhere;
        }

        static Reply elsewhere(URI place) {
            return new Reply(307, InputStream.nullInputStream(), 0, -1, false, place);
        }

        static Reply of(Object message) {
            return message(200, message);
        }

        static Reply refusal(int status, String reason) {
            return message(status, new Messages.Refusal(reason));
        }

        private static Reply message(int status, Object message) {
            var bytes = Messages.bytes(message);
            return new Reply(status, new ByteArrayInputStream(bytes), bytes.length, -1, false, null);
        }

        /** Nothing but how much of an object has come. */
        static Reply received(long bytes) {
            return new Reply(200, InputStream.nullInputStream(), 0, bytes, false, null);
        }

        /** An object from byte {@code from} on. */
        static Reply object(InputStream rest, long from, long length, boolean dataset) {
            return new Reply(from == 0 ? 200 : 206, rest, length, -1, dataset, null);
        }

        Void send(HttpExchange exchange) throws IOException {
            exchange.getResponseHeaders().set(Protocol.HEADER, Protocol.SPOKEN.toString());
            if (elsewhere != null) {
                exchange.getResponseHeaders().set("Location", elsewhere.toString());
                exchange.getResponseHeaders().set("Cache-Control", "no-store");
            }
            if (offset >= 0) {
                exchange.getResponseHeaders().set("Upload-Offset", Long.toString(offset));
            }
            var silent = length == 0 || exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(status, silent ? -1 : length);
            if (!silent) {
                body.transferTo(exchange.getResponseBody());
                exchange.getResponseBody().close();
            }
            return null;
        }
    }

    private Reply route(HttpExchange exchange, String path, Optional<String> worker)
            throws IOException, MailboxException, InterruptedException {
        var method = exchange.getRequestMethod();
        // who says nothing may be no older than that: whether it understands the job is seen when it signs
        var said = said(exchange);
        if (said.isPresent() && said.get().compareTo(Protocol.neededFor(coordinator.spec())) < 0) {
            return Reply.refusal(403, otherThan(said.get()));
        }
        if (path.equals("join") && method.equals("POST")) {
            return join(key(exchange), Messages.read(body(exchange, LARGEST_JOIN), Messages.Join.class));
        }
        if (worker.isEmpty()) {
            return Reply.refusal(401, "this worker is no member of the job: it joins with a token first");
        }
        var excluded = coordinator.excluded(worker.get());
        if (excluded != null) {
            return Reply.refusal(403, "this worker is excluded: " + excluded);
        }
        var object = OBJECT.matcher(path);
        if (object.matches()) {
            return switch (method) {
                case "GET" -> get(exchange, worker.get(), object.group(1));
                case "HEAD" -> received(worker.get(), object.group(1));
                case "PUT" -> put(exchange, worker.get(), object.group(1));
                case "POST" ->
                    bring(worker.get(), object.group(1), Messages.read(body(exchange), Messages.Bring.class));
                default -> Reply.refusal(405, "an object is got or put");
            };
        }
        var update = UPDATE.matcher(path);
        if (update.matches() && method.equals("POST")) {
            var told = Messages.read(body(exchange, largestUpdate), Messages.Update.class);
            var publicKey = membership.publicKey(worker.get()).orElse(null);
            var round = Long.parseLong(update.group(1));
            if (!spoken(exchange).equals(Protocol.SPOKEN)
                    && coordinator.isUnsigned(worker.get(), publicKey, round, told)) {
                uploads.refuse(told.hash(), worker.get());
                return Reply.refusal(403, otherThan(spoken(exchange))); // the job has another name there
            }
            var verdict = coordinator.deliver(worker.get(), publicKey, round, told);
            if (!verdict.counts()) {
                uploads.refuse(told.hash(), worker.get());
            }
            return Reply.of(verdict);
        }
        return switch (method + " " + path) {
            case "POST beat" -> { // every few seconds: it is answered with as little as can be
                var state = coordinator.beat(worker.get(), Messages.read(body(exchange), Messages.Beat.class));
                yield Reply.of(new Messages.Heard(state.phase(), state.reason()));
            }
            case "POST leave" -> {
                coordinator.leave(worker.get());
                yield Reply.of(Map.of());
            }
            case "GET job" -> Reply.of(joined(worker.get(), key(exchange)));
            case "GET state" -> state(exchange);
            default -> Reply.refusal(404, "nothing is here");
        };
    }

    private Reply join(String secret, Messages.Join request) throws IOException {
        var member = membership.join(secret, request);
        if (member.isEmpty()) {
            return Reply.refusal(403, "this token is not good, or was used already: each lets one worker in");
        }
        return Reply.of(joined(member.get().worker(), member.get().key()));
    }

    private Messages.Joined joined(String worker, String key) throws IOException {
        return new Messages.Joined(
                worker, key, coordinator.spec(), coordinator.folder().dataKey());
    }

    private Reply state(HttpExchange exchange) throws InterruptedException {
        var query = exchange.getRequestURI().getQuery();
        var after = AFTER.matcher(query == null ? "" : query);
        var header = exchange.getRequestHeaders().getFirst(CoordinatorClient.SYNCED);
        var synced = header != null && ROUND.matcher(header).matches() ? Long.parseLong(header) : -1;
        var state = coordinator.state();
        // who is ahead was there before this coordinator went back, and waits for nothing that is to come
        if (after.matches() && synced <= state.round()) {
            state = coordinator.await(Long.parseLong(after.group(1)), CoordinatorClient.LONG_POLL);
        }
        return Reply.of(state.since(synced));
    }

    /** Whoever could read the updates of others before their round closes could send them as its own. */
    private Reply get(HttpExchange exchange, String worker, String hash) throws IOException {
        var file = coordinator.folder().objects().file(hash);
        var published = coordinator.isForAll(hash);
        if (!(published || uploads.isOf(hash, worker)) || !Files.exists(file)) {
            return Reply.refusal(410, "there is no object " + hash + " any more");
        }
        if (published && coordinator.exchange().isOutside()) {
            return outside(exchange, hash, Files.size(file));
        }
        var from = from(exchange);
        var size = Files.size(file);
        if (from > size) {
            return Reply.refusal(416, "object " + hash + " has " + size + " bytes");
        }
        var rest = coordinator.folder().objects().open(hash, from);
        return Reply.object(rest, from, size - from, coordinator.isData(hash));
    }

    private static long from(HttpExchange exchange) {
        var asked = exchange.getRequestHeaders().getFirst("Range");
        var range = FROM.matcher(asked == null ? "" : asked);
        return range.matches() ? Long.parseLong(range.group(1)) : 0;
    }

    /** What the worker is about to fetch elsewhere is counted here, as it asks for it. */
    private Reply outside(HttpExchange exchange, String hash, long size) {
        var from = Math.min(from(exchange), size);
        traffic.countOutside(0, size - from, coordinator.isData(hash));
        return Reply.elsewhere(coordinator.exchange().fetchFrom(hash));
    }

    /** How much of an object has come; the question also tells that it was brought to a store outside. */
    private Reply received(String worker, String hash) throws IOException {
        var objects = coordinator.folder().objects();
        try {
            if (coordinator.exchange().take(hash)) {
                uploads.came(hash, worker);
                uploads.begins(hash, worker);
                traffic.countOutside(objects.received(hash), 0, false);
            }
        } catch (DamagedObjectException wrong) {
            return Reply.refusal(409, wrong.getMessage());
        }
        return Reply.received(objects.received(hash));
    }

    private Reply bring(String worker, String hash, Messages.Bring asked) throws IOException {
        if (!uploads.mayBegin(worker)) {
            return hoarding();
        }
        if (asked.bytes() < 1 || asked.bytes() > largestObject) {
            return tooLarge(asked.bytes());
        }
        if (coordinator.folder().objects().has(hash)) { // then there is nothing left to write over
            return Reply.of(Messages.Place.HERE);
        }
        var place = coordinator.exchange().bringTo(worker, hash, asked.bytes());
        return place.isPresent() ? Reply.of(place.get()) : hoarding();
    }

    private static Reply hoarding() {
        return Reply.refusal(
                429,
                Uploads.MOST_WAITING
                        + " objects of this worker wait for their rounds; it may send more when those are over");
    }

    private Reply tooLarge(long bytes) {
        return Reply.refusal(413, "an update of this job has at most " + largestObject + " bytes, but not " + bytes);
    }

    private Reply put(HttpExchange exchange, String worker, String hash) throws IOException {
        var told = exchange.getRequestHeaders().getFirst("Content-Range");
        var piece = PIECE.matcher(told == null ? "" : told);
        if (!piece.matches()) {
            return Reply.refusal(400, "a piece of an object says which one it is: Content-Range: bytes FROM-TO/ALL");
        }
        var total = Long.parseLong(piece.group(3));
        if (total > largestObject) {
            return tooLarge(total);
        }
        var objects = coordinator.folder().objects();
        var there = objects.has(hash);
        if (coordinator.exchange().isOutside() && !there) {
            patience.within(total, () -> exchange.getRequestBody().transferTo(OutputStream.nullOutputStream()));
            return Reply.elsewhere(URI.create(exchange.getRequestURI().getPath())); // the worker asks where, then
        }
        var from = Long.parseLong(piece.group(1));
        if (from == 0 && !there && !uploads.mayBegin(worker)) {
            return hoarding();
        }
        if (!there && (from == 0 || objects.received(hash) > 0)) {
            uploads.begins(hash, worker);
        }
        var to = Long.parseLong(piece.group(2));
        if (to - from >= LARGEST_PIECE || declared(exchange, Long.MAX_VALUE) > LARGEST_PIECE) {
            return Reply.refusal(413, "a piece of an object has at most " + LARGEST_PIECE + " bytes");
        }
        try {
            var whole = patience.within(
                    Math.max(0, to - from), () -> objects.append(hash, from, total, exchange.getRequestBody()));
            if (!there) {
                uploads.begins(hash, worker); // while it came nothing of it was there, and it may have been forgotten
            }
            if (whole && !there) {
                uploads.came(hash, worker); // naming what another has sent is not having it
            }
        } catch (DamagedObjectException wrong) {
            return Reply.refusal(409, wrong.getMessage());
        }
        return Reply.received(objects.received(hash));
    }

    private byte[] body(HttpExchange exchange) throws IOException, MailboxException {
        return body(exchange, LARGEST_MESSAGE);
    }

    private byte[] body(HttpExchange exchange, int most) throws IOException, MailboxException {
        var bytes = patience.within(
                declared(exchange, most), () -> exchange.getRequestBody().readNBytes(most + 1));
        if (bytes.length > most) {
            throw new MailboxException(MailboxException.Kind.GARBLED, "such a message has at most " + most + " bytes");
        }
        return bytes;
    }

    /** Bytes of a body as its head says, but no more than {@code most}. */
    private static long declared(HttpExchange exchange, long most) {
        var length = exchange.getRequestHeaders().getFirst("Content-Length");
        return length != null && length.matches("\\d{1,18}") ? Math.min(most, Long.parseLong(length)) : most;
    }

    @Override
    public void close() {
        server.stop(0);
        door.close();
        threads.shutdownNow();
        traffic.close();
    }
}
