package org.athanor.network.training;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.athanor.training.data.ShardRef;
import org.athanor.training.mailbox.CoordinatorClient;
import org.athanor.training.mailbox.DamagedObjectException;
import org.athanor.training.mailbox.MailboxException;
import org.athanor.training.mailbox.Messages;

/**
 * The coordinator's side of the mailbox, over HTTPS: {@code POST /v1/join}, {@code POST /v1/beat}, {@code POST /v1/leave},
 * {@code GET /v1/state?after=ROUND}, {@code GET}, {@code HEAD} and {@code PUT /v1/objects/HASH},
 * {@code POST /v1/rounds/ROUND/update}. Whoever is no member learns nothing.
 */
public final class CoordinatorServer implements AutoCloseable {
    private static final String ROOT = "/" + Messages.VERSION + "/";
    private static final Pattern OBJECT = Pattern.compile("objects/([0-9a-f]{64})");
    private static final Pattern UPDATE = Pattern.compile("rounds/(\\d{1,18})/update");
    private static final Pattern AFTER = Pattern.compile("after=(-?\\d{1,18})");
    private static final Pattern FROM = Pattern.compile("bytes=(\\d{1,18})-");
    private static final Pattern PIECE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");
    private static final int LARGEST_MESSAGE = 4 << 20;
    private static final int BACKLOG = 128;

    private final Coordinator coordinator;
    private final Membership membership;
    private final long largestObject;
    private final Set<String> dataset;
    private final Traffic traffic = new Traffic();
    private final Map<String, String> uploaders = new ConcurrentHashMap<>();
    private final HttpsServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private CoordinatorServer(HttpsServer server, Coordinator coordinator, Membership membership) {
        this.server = server;
        this.coordinator = coordinator;
        this.membership = membership;
        // an update is never longer than whole weights and the scales of their blocks
        largestObject = 5L * coordinator.spec().parameters() + LARGEST_MESSAGE;
        dataset = coordinator.spec().shards().stream().map(ShardRef::hash).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Starts to listen.
     *
     * @param listen port 0 takes a free one
     */
    public static CoordinatorServer start(
            InetSocketAddress listen, ServerIdentity identity, Coordinator coordinator, Membership membership)
            throws IOException {
        var https = HttpsServer.create(listen, BACKLOG);
        https.setHttpsConfigurator(new HttpsConfigurator(identity.context()));
        var server = new CoordinatorServer(https, coordinator, membership);
        https.createContext("/", server::answer);
        https.setExecutor(server.threads);
        https.start();
        return server;
    }

    public InetSocketAddress address() {
        return server.getAddress();
    }

    /** What went over the line since the start. */
    public Traffic traffic() {
        return traffic;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Reply reply;
            var path = exchange.getRequestURI().getPath();
            try {
                reply = path.startsWith(ROOT)
                        ? route(exchange, path.substring(ROOT.length()))
                        : Reply.refusal(404, "nothing is here");
            } catch (MailboxException garbled) {
                reply = Reply.refusal(400, garbled.getMessage());
            } catch (IOException failed) {
                reply = Reply.refusal(503, "the coordinator cannot do that just now: " + failed.getMessage());
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                reply = Reply.refusal(503, "the coordinator is ending");
            } catch (RuntimeException bug) {
                reply = Reply.refusal(500, "the coordinator failed: " + bug);
            }
            if (reply.status >= 400) {
                // who still sends would see the line break instead of the reason
                exchange.getRequestBody().readNBytes(LARGEST_MESSAGE);
            }
            reply.send(exchange);
            traffic.count(exchange, reply.body.length, reply.dataset);
        }
    }

    private static final class Reply {
        private final int status;
        private final byte[] body;
        private final long offset;
        private final boolean dataset;

        /**
         * @param offset  told of an object that is being uploaded; -1 for none
         * @param dataset whether the body is a part of the dataset
         */
        Reply(int status, byte[] body, long offset, boolean dataset) {
            this.status = status;
            this.body = body;
            this.offset = offset;
            this.dataset = dataset;
        }

        static Reply of(Object message) {
            return new Reply(200, Messages.bytes(message), -1, false);
        }

        static Reply refusal(int status, String reason) {
            return new Reply(status, Messages.bytes(new Messages.Refusal(reason)), -1, false);
        }

        void send(HttpExchange exchange) throws IOException {
            if (offset >= 0) {
                exchange.getResponseHeaders().set("Upload-Offset", Long.toString(offset));
            }
            var silent = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(status, silent ? -1 : body.length);
            if (!silent) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    private Reply route(HttpExchange exchange, String path) throws IOException, MailboxException, InterruptedException {
        var shown = exchange.getRequestHeaders().getFirst("Authorization");
        var key = shown != null && shown.startsWith("Bearer ") ? shown.substring("Bearer ".length()) : "";
        var method = exchange.getRequestMethod();
        if (path.equals("join") && method.equals("POST")) {
            return join(key, Messages.read(body(exchange), Messages.Join.class));
        }
        var worker = membership.worker(key);
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
                case "HEAD" ->
                    new Reply(200, new byte[0], coordinator.folder().objects().received(object.group(1)), false);
                case "PUT" -> put(exchange, worker.get(), object.group(1));
                default -> Reply.refusal(405, "an object is got or put");
            };
        }
        var update = UPDATE.matcher(path);
        if (update.matches() && method.equals("POST")) {
            var told = Messages.read(body(exchange), Messages.Update.class);
            var publicKey = membership.publicKey(worker.get()).orElse(null);
            return Reply.of(coordinator.deliver(worker.get(), publicKey, Long.parseLong(update.group(1)), told));
        }
        return switch (method + " " + path) {
            case "POST beat" ->
                Reply.of(coordinator.beat(worker.get(), Messages.read(body(exchange), Messages.Beat.class)));
            case "POST leave" -> {
                coordinator.leave(worker.get());
                yield Reply.of(coordinator.state());
            }
            case "GET state" -> state(exchange.getRequestURI().getQuery());
            default -> Reply.refusal(404, "nothing is here");
        };
    }

    private Reply join(String secret, Messages.Join request) throws IOException {
        var member = membership.join(secret, request);
        if (member.isEmpty()) {
            return Reply.refusal(403, "this token is not good, or was used already: each lets one worker in");
        }
        return Reply.of(new Messages.Joined(member.get().worker(), member.get().key(), coordinator.spec()));
    }

    private Reply state(String query) throws InterruptedException {
        var after = AFTER.matcher(query == null ? "" : query);
        return after.matches()
                ? Reply.of(coordinator.await(Long.parseLong(after.group(1)), CoordinatorClient.LONG_POLL))
                : Reply.of(coordinator.state());
    }

    /** Whoever could read the updates of others before their round closes could send them as its own. */
    private Reply get(HttpExchange exchange, String worker, String hash) throws IOException {
        var file = coordinator.folder().objects().file(hash);
        var readable = dataset.contains(hash) || coordinator.publishes(hash) || worker.equals(uploaders.get(hash));
        if (!readable || !Files.exists(file)) {
            return Reply.refusal(404, "there is no object " + hash + " any more");
        }
        var whole = coordinator.folder().objects().read(hash);
        var asked = exchange.getRequestHeaders().getFirst("Range");
        var range = FROM.matcher(asked == null ? "" : asked);
        var from = range.matches() ? Long.parseLong(range.group(1)) : 0;
        if (from > whole.length) {
            return Reply.refusal(416, "object " + hash + " has " + whole.length + " bytes");
        }
        var part = from == 0 ? whole : java.util.Arrays.copyOfRange(whole, (int) from, whole.length);
        return new Reply(from == 0 ? 200 : 206, part, -1, dataset.contains(hash));
    }

    private Reply put(HttpExchange exchange, String worker, String hash) throws IOException {
        var told = exchange.getRequestHeaders().getFirst("Content-Range");
        var piece = PIECE.matcher(told == null ? "" : told);
        if (!piece.matches()) {
            return Reply.refusal(400, "a piece of an object says which one it is: Content-Range: bytes FROM-TO/ALL");
        }
        var total = Long.parseLong(piece.group(3));
        if (total > largestObject) {
            return Reply.refusal(
                    413, "an update of this job has at most " + largestObject + " bytes, but not " + total);
        }
        try {
            var objects = coordinator.folder().objects();
            var there = objects.has(hash);
            if (objects.append(hash, Long.parseLong(piece.group(1)), total, exchange.getRequestBody()) && !there) {
                uploaders.put(hash, worker); // naming what another has sent is not having it
            }
        } catch (DamagedObjectException wrong) {
            return Reply.refusal(409, wrong.getMessage());
        }
        return new Reply(200, new byte[0], coordinator.folder().objects().received(hash), false);
    }

    private static byte[] body(HttpExchange exchange) throws IOException, MailboxException {
        var bytes = exchange.getRequestBody().readNBytes(LARGEST_MESSAGE + 1);
        if (bytes.length > LARGEST_MESSAGE) {
            throw new MailboxException(MailboxException.Kind.GARBLED, "a message has at most 4 MiB");
        }
        return bytes;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
