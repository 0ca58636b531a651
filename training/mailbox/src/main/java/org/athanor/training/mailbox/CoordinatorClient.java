package org.athanor.training.mailbox;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import org.athanor.training.mailbox.MailboxException.Kind;

/**
 * A worker's line to its coordinator: it only dials out, keeps to the household's bandwidth, and goes on where a transfer broke off.
 * Where the coordinator keeps its objects in a store outside, their bodies go straight to it and come straight from it.
 */
public final class CoordinatorClient implements AutoCloseable {
    /** Requests for what is new are held open so long by the coordinator. */
    public static final Duration LONG_POLL = Duration.ofSeconds(20);

    /** Says up to which round a worker has what was published, so that it is told only of what came after. */
    public static final String SYNCED = "Athanor-Synced";

    private static final Duration CONNECT = Duration.ofSeconds(15);
    /** What has come of an object is kept for so long while nothing more comes: a router or a coordinator starts anew in less. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(8);
    private static final int MOST_PORT = 65_535;
    private static final int READ_BUFFER = 1 << 14;
    /** Of what a coordinator says: a heater's control shares this program's memory. */
    private static final int LARGEST_MESSAGE = 4 << 20;

    private static final int LARGEST_IN_MEMORY = Integer.MAX_VALUE - 8;
    /** Set aside before anything has come: what is announced may never come. */
    private static final int FIRST_ROOM = 1 << 20;
    /** How often a byte of an object goes to a store outside: once, and once again where the store has lost it. */
    private static final int MOST_TIMES = 2;
    /** In the mean of an object's: S3 takes none below 5 MiB but the last. */
    private static final int LEAST_PIECE = 1 << 20;
    /** An object that is just being deleted, or taken from another worker, may turn an answer once. */
    private static final int MOST_TURNS = 3;

    /** Temporary Redirect: an object's body is in a store outside. */
    private static final int ELSEWHERE = 307;

    private final URI address;
    private final HttpClient client;
    private final Throttle up;
    private final Throttle down;
    private final OutsideLine outside;
    private volatile String key = "";
    private volatile Protocol heard = Protocol.UNSAID;
    /** Whether objects were last found elsewhere; a wrong guess costs a question. */
    private volatile boolean elsewhere;

    /**
     * @param address     {@code https://HOST:PORT} of the coordinator
     * @param certificate SHA-256 of its certificate, in hexadecimal
     * @param up          for what is sent
     * @param down        for what is fetched
     */
    public CoordinatorClient(URI address, String certificate, Throttle up, Throttle down) {
        this.address = address(address).resolve(Protocol.SPOKEN.root());
        this.up = up;
        this.down = down;
        client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .sslContext(PinnedCertificate.context(certificate))
                .build();
        outside = new OutsideLine(address.getHost(), up);
    }

    /** @throws IllegalArgumentException unless it reads {@code https://HOST:PORT}, or has the usual port */
    public static URI address(URI text) {
        if (!"https".equals(text.getScheme())
                || text.getHost() == null
                || text.getPort() == 0
                || text.getPort() > MOST_PORT) {
            throw new IllegalArgumentException("a coordinator's address is https://HOST:PORT, but not " + text);
        }
        return text;
    }

    /** Shows {@code key} from now on. */
    public void use(String workerKey) {
        key = workerKey;
    }

    /**
     * Joins the job with a token's secret; its key is used from then on.
     *
     * @throws MailboxException REFUSED when the token was used already or is not the coordinator's
     */
    public Messages.Joined join(String secret, Messages.Join request) throws MailboxException, InterruptedException {
        key = secret;
        var joined = post("join", request, Messages.Joined.class);
        key = joined.key();
        return joined;
    }

    /**
     * What this member was told at joining, as the coordinator says it now.
     *
     * @throws MailboxException REFUSED by one of an older version, too
     */
    public Messages.Joined job() throws MailboxException, InterruptedException {
        return read(bytes(send(request("job").GET())), Messages.Joined.class);
    }

    /** The job's state as soon as its round is past {@code round}, or after {@link #LONG_POLL} as it is then. */
    public Messages.State state(long round) throws MailboxException, InterruptedException {
        return read(bytes(send(request("state?after=" + round).GET())), Messages.State.class);
    }

    /** The same without what is no news to this worker, which has all that was published before {@code synced}. */
    public Messages.State state(long round, long synced) throws MailboxException, InterruptedException {
        var request = request("state?after=" + round).header(SYNCED, Long.toString(synced));
        return read(bytes(send(request.GET())), Messages.State.class);
    }

    /** Tells what the worker does. */
    public Messages.Heard beat(Messages.Beat beat) throws MailboxException, InterruptedException {
        return post("beat", beat, Messages.Heard.class);
    }

    /** Says that a round is done; the update's object was put before. */
    public Messages.Verdict deliver(long round, Messages.Update update) throws MailboxException, InterruptedException {
        return post("rounds/" + round + "/update", update, Messages.Verdict.class);
    }

    /** Takes leave, so that nobody waits for this worker. */
    public void leave() throws MailboxException, InterruptedException {
        send(request("leave").POST(HttpRequest.BodyPublishers.noBody()));
    }

    private <T> T post(String path, Object message, Class<T> type) throws MailboxException, InterruptedException {
        return read(bytes(post(path, message)), type);
    }

    private HttpResponse<java.io.InputStream> post(String path, Object message)
            throws MailboxException, InterruptedException {
        var body = Messages.bytes(message);
        up.pass(body.length);
        var request = request(path).header("Content-Type", "application/json").timeout(Answers.within(body.length));
        return send(request.POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    private <T> T read(byte[] answer, Class<T> type) throws MailboxException {
        try {
            return Messages.read(answer, type);
        } catch (MailboxException garbled) {
            var said = "what the coordinator says " + garbled.getMessage();
            throw new MailboxException(garbled.kind(), Protocol.difference(heard, Protocol.SPOKEN, said), garbled);
        }
    }

    /**
     * Sends an object in pieces, from where an earlier try ended.
     *
     * @return its hash
     * @throws MailboxException GARBLED when it did not arrive as it was sent
     */
    public String put(byte[] object) throws MailboxException, InterruptedException {
        var hash = ObjectStore.hash(object);
        for (var turn = 0; turn < MOST_TURNS; turn++) {
            if (elsewhere && bring(hash, object)) {
                return hash;
            }
            elsewhere = !taken(hash, object);
            if (!elsewhere) {
                return hash;
            }
        }
        throw new MailboxException(
                Kind.GARBLED, "the coordinator neither takes object " + hash + " nor says where it belongs");
    }

    /** Whether the coordinator takes it itself; otherwise it belongs in a store outside. */
    private boolean taken(String hash, byte[] object) throws MailboxException, InterruptedException {
        var sent = received(hash, object);
        while (sent < object.length) {
            var piece = Arrays.copyOfRange(object, (int) sent, (int) Math.min(object.length, sent + up.piece()));
            up.pass(piece.length);
            var range = "bytes " + sent + "-" + (sent + piece.length - 1) + "/" + object.length;
            var response = send(request("objects/" + hash)
                    .header("Content-Range", range)
                    .timeout(Answers.within(piece.length))
                    .PUT(HttpRequest.BodyPublishers.ofByteArray(piece)));
            bytes(response);
            if (response.statusCode() == ELSEWHERE) {
                return false;
            }
            // it may have more of it than this worker knows
            sent = Math.max(sent + piece.length, Math.min(object.length, offset(response)));
        }
        return true;
    }

    /** Whether it went to a store outside; otherwise the coordinator takes it. */
    private boolean bring(String hash, byte[] object) throws MailboxException, InterruptedException {
        var most = MOST_TIMES * (1 + object.length / LEAST_PIECE);
        var pieces = 0;
        var bytes = 0L;
        for (var asked = 0; asked <= most; asked++) {
            var place = post("objects/" + hash, new Messages.Bring(object.length), Messages.Place.class);
            if (place.here()) {
                elsewhere = false;
                broken = hash; // it may have it already
                return false;
            }
            for (var piece : place.pieces()) {
                pieces++;
                bytes += piece.bytes();
                if (pieces > most || bytes > (long) MOST_TIMES * object.length) {
                    throw endless(hash, object);
                }
                outside.put(piece, object);
            }
            if (!place.more()) {
                // the coordinator looks at it now, so that a damaged one is sent again at once
                if (offset(hash) != object.length) {
                    throw new MailboxException(Kind.GARBLED, "object " + hash + " did not arrive in the store");
                }
                return true;
            }
        }
        throw endless(hash, object);
    }

    private static MailboxException endless(String hash, byte[] object) {
        return new MailboxException(
                Kind.GARBLED,
                "the coordinator asks without end for pieces of object " + hash + ", which has " + object.length
                        + " bytes");
    }

    /** A first try needs no question: nothing has been sent of a new object. */
    private long received(String hash, byte[] object) throws MailboxException, InterruptedException {
        if (!hash.equals(broken)) {
            broken = hash;
            return 0;
        }
        var come = offset(hash);
        return come > object.length ? 0 : come;
    }

    private long offset(String hash) throws MailboxException, InterruptedException {
        return offset(send(request("objects/" + hash).HEAD()));
    }

    private static long offset(HttpResponse<java.io.InputStream> response) {
        return response.headers()
                .firstValue("Upload-Offset")
                .filter(told -> told.matches("\\d{1,18}"))
                .map(Long::parseLong)
                .orElse(0L);
    }

    private String broken = "";

    /**
     * Fetches an object and holds it against its name.
     *
     * @param length its size as announced; more is not read
     * @throws MailboxException GARBLED when it has another hash or size
     */
    public byte[] get(String hash, long length) throws MailboxException, InterruptedException {
        if (length < 0 || length > LARGEST_IN_MEMORY) {
            throw new MailboxException(Kind.GARBLED, "an object of " + length + " bytes is none for memory");
        }
        var object = new ByteArrayOutputStream((int) Math.min(length, FIRST_ROOM));
        fetch(hash, length, object);
        return object.toByteArray();
    }

    /**
     * Fetches an object into a file, and holds it against its name; it is never held in memory.
     *
     * @param length its size as announced; more is not read
     * @param file   is written anew, and is not whole when this fails; a link of that name is not followed
     * @throws MailboxException GARBLED when it has another hash or size
     * @throws IOException      when the file cannot be written
     */
    public void get(String hash, long length, Path file) throws MailboxException, IOException, InterruptedException {
        Files.deleteIfExists(file);
        try (var out = Files.newOutputStream(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            fetch(hash, length, out);
        } catch (UncheckedIOException full) {
            throw full.getCause();
        }
    }

    private void fetch(String hash, long length, OutputStream into) throws MailboxException, InterruptedException {
        var object = new Arriving(into, length);
        URI place = null;
        var came = System.nanoTime();
        var pause = FIRST_PAUSE;
        while (object.size < length) {
            var before = object.size;
            try {
                if (place == null) {
                    var request = request("objects/" + hash);
                    if (before > 0) {
                        request.header("Range", "bytes=" + before + "-");
                    }
                    var response = send(request.GET());
                    place = place(response);
                    if (place == null) {
                        fetch(response, object);
                        continue;
                    }
                    bytes(response);
                }
                fetch(outside.get(place, before), object);
            } catch (IOException | MailboxException broke) {
                if (object.size > before) {
                    came = System.nanoTime();
                    pause = FIRST_PAUSE;
                }
                var told = broke instanceof MailboxException said ? said : broken(broke);
                var lost = object.size == 0 || System.nanoTime() - came > PATIENCE.toNanos();
                if (lost || told.kind() != Kind.UNREACHABLE) {
                    throw told;
                }
                if (object.size == before) {
                    place = told.getCause() == null ? null : place; // a store that answers may want another address
                    Thread.sleep(pause);
                    pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : pause;
                }
            }
        }
        if (!object.hash().equals(hash)) {
            throw new MailboxException(Kind.GARBLED, "object " + hash + " came with another content");
        }
    }

    /** An object of which a part has come. */
    private static final class Arriving {
        private final OutputStream into;
        private final long length;
        private final MessageDigest digest = ObjectStore.sha256();
        private long size;

        Arriving(OutputStream into, long length) {
            this.into = into;
            this.length = length;
        }

        /** @throws UncheckedIOException when there is no room for it: no fault of the line */
        void write(byte[] bytes, int count) throws MailboxException {
            if (size + count > length) {
                throw new MailboxException(Kind.GARBLED, "an object is longer than its " + length + " bytes");
            }
            try {
                into.write(bytes, 0, count);
            } catch (IOException full) {
                throw new UncheckedIOException(full);
            }
            digest.update(bytes, 0, count);
            size += count;
        }

        String hash() {
            return HexFormat.of().formatHex(digest.digest());
        }
    }

    /** Where an object lies if the coordinator does not send it itself; null if it does. */
    private URI place(HttpResponse<java.io.InputStream> response) throws MailboxException {
        elsewhere = response.statusCode() == ELSEWHERE;
        if (!elsewhere) {
            return null;
        }
        var location = response.headers().firstValue("Location").orElse("");
        return OutsideLine.address(location);
    }

    private void fetch(HttpResponse<java.io.InputStream> response, Arriving object)
            throws IOException, InterruptedException, MailboxException {
        try (var body = new PatientBody(response.body())) {
            var buffer = new byte[READ_BUFFER];
            for (var read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                down.pass(read);
                object.write(buffer, read);
            }
        }
        if (object.size < object.length) {
            throw new IOException("it ended after " + object.size + " of " + object.length + " bytes");
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(address.resolve(path))
                .header("Authorization", "Bearer " + key)
                .header(Protocol.HEADER, Protocol.SPOKEN.toString())
                .timeout(Answers.within(0));
    }

    private HttpResponse<java.io.InputStream> send(HttpRequest.Builder request)
            throws MailboxException, InterruptedException {
        HttpResponse<java.io.InputStream> response;
        try {
            response = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException broke) {
            throw new MailboxException(
                    Kind.UNREACHABLE, address.getAuthority() + " cannot be reached: " + reason(broke), broke);
        }
        heard = response.headers()
                .firstValue(Protocol.HEADER)
                .flatMap(Protocol::said)
                .orElse(Protocol.UNSAID);
        var status = response.statusCode();
        if ((status >= 200 && status < 300) || status == ELSEWHERE) {
            return response;
        }
        var refusal = new String(bytes(response), java.nio.charset.StandardCharsets.UTF_8);
        throw new MailboxException(kindOf(status), errorOf(refusal, status));
    }

    private static Kind kindOf(int status) {
        return switch (status) {
            case 410 -> Kind.GONE;
            case 409 -> Kind.GARBLED; // an object that came damaged is sent again
            case 429 -> Kind.UNREACHABLE;
            default -> status >= 500 ? Kind.UNREACHABLE : Kind.REFUSED;
        };
    }

    private static String errorOf(String body, int status) {
        try {
            var error = Messages.read(body.getBytes(java.nio.charset.StandardCharsets.UTF_8), Messages.Refusal.class)
                    .error();
            if (error != null && !error.isEmpty()) {
                return "the coordinator refuses: " + error;
            }
        } catch (MailboxException _) {
            // as below
        }
        return "the coordinator answers with status " + status;
    }

    static String reason(IOException broke) {
        Throwable cause = broke;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private byte[] bytes(HttpResponse<java.io.InputStream> response) throws MailboxException, InterruptedException {
        try (var body = new PatientBody(response.body())) {
            var all = body.readNBytes(LARGEST_MESSAGE + 1);
            down.pass(all.length);
            if (all.length > LARGEST_MESSAGE) {
                throw new MailboxException(
                        Kind.GARBLED, "the coordinator says more than " + LARGEST_MESSAGE + " bytes at once");
            }
            return all;
        } catch (IOException broke) {
            throw broken(broke);
        }
    }

    private static MailboxException broken(Exception line) {
        return new MailboxException(Kind.UNREACHABLE, "the line broke: " + line.getMessage(), line);
    }

    @Override
    public void close() {
        client.shutdownNow();
        outside.close();
    }
}
