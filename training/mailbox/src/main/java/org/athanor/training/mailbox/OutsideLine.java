package org.athanor.training.mailbox;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.athanor.training.mailbox.MailboxException.Kind;

/**
 * A worker's line to a store of objects that is not its coordinator, by addresses that the coordinator signed. It trusts who this
 * computer's platform trusts, shows no key of its own and follows no redirects.
 */
final class OutsideLine implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(15);
    private static final int MOST_PORT = 65_535;
    private static final int CHUNK = 1 << 14;
    private static final int MOST_OF_ANSWER = 4096;
    private static final Pattern CODE = Pattern.compile("<Code>(\\w{1,60})</Code>");
    private static final Pattern MESSAGE = Pattern.compile("<Message>([\\w ,.'-]{1,160})</Message>");
    /** Those that HTTP clients write themselves. */
    private static final Set<String> OWN_HEADERS = Set.of("host", "content-length");

    private final String coordinator;
    private final Throttle up;
    private HttpClient client;

    /** @param coordinator its host */
    OutsideLine(String coordinator, Throttle up) {
        this.coordinator = coordinator;
        this.up = up;
    }

    /** @throws MailboxException when {@code text} is no address of a store */
    static URI address(String text) throws MailboxException {
        try {
            var address = URI.create(text);
            if (address.getHost() != null && address.getScheme() != null && address.getPort() <= MOST_PORT) {
                return address;
            }
        } catch (IllegalArgumentException _) {
            // as below
        }
        // not shown: whoever reads a log must not fetch with it
        throw new MailboxException(Kind.GARBLED, "the coordinator names no address of a store");
    }

    /** The object from byte {@code from} on. */
    HttpResponse<InputStream> get(URI place, long from) throws MailboxException, IOException, InterruptedException {
        var request = HttpRequest.newBuilder(checked(place))
                .timeout(Answers.within(0))
                .GET();
        if (from > 0) {
            request.header("Range", "bytes=" + from + "-");
        }
        var response = send(request.build(), from > 0 ? 206 : 200);
        return response;
    }

    /** Brings a piece of an object, no faster than the household allows. */
    void put(Messages.Piece piece, byte[] object) throws MailboxException, InterruptedException {
        if (piece.from() < 0 || piece.bytes() < 1 || piece.bytes() > object.length - piece.from()) {
            throw new MailboxException(
                    Kind.GARBLED, piece + " is asked for of an object of " + object.length + " bytes");
        }
        var from = (int) piece.from();
        var length = (int) piece.bytes();
        var body = HttpRequest.BodyPublishers.fromPublisher(
                HttpRequest.BodyPublishers.ofInputStream(() -> new Throttled(object, from, length)), length);
        var request = HttpRequest.newBuilder(checked(address(piece.url())))
                .timeout(Answers.within(length))
                .PUT(body);
        piece.headers().forEach((name, value) -> {
            if (!OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                request.header(name, value);
            }
        });
        try {
            send(request.build(), 200).body().close();
        } catch (IOException broke) {
            throw unreachable(piece.url(), broke);
        }
    }

    private HttpResponse<InputStream> send(HttpRequest request, int expected)
            throws MailboxException, IOException, InterruptedException {
        HttpResponse<InputStream> response;
        try {
            response = client().send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException broke) {
            throw unreachable(request.uri().toString(), broke);
        }
        if (response.statusCode() == expected) {
            return response;
        }
        var why = reason(response.body());
        // asking the coordinator again brings a fresh address, or the reason
        throw new MailboxException(
                Kind.UNREACHABLE,
                "the store " + request.uri().getAuthority() + " answers with status " + response.statusCode() + why);
    }

    /**
     * What a store says in its own words (Amazon S3 API Reference, "Error Responses"), such as that clocks differ: its code, and its message where
     * that is a plain sentence. Nothing else of it, since stores repeat what was signed.
     */
    private static String reason(InputStream answer) {
        try (var body = new PatientBody(answer)) {
            var text = new String(body.readNBytes(MOST_OF_ANSWER), StandardCharsets.UTF_8);
            var code = CODE.matcher(text);
            if (!code.find()) {
                return "";
            }
            var message = MESSAGE.matcher(text);
            return ": " + code.group(1) + (message.find() ? ", " + message.group(1) : "");
        } catch (IOException _) {
            return ""; // the status says enough
        }
    }

    private static MailboxException unreachable(String url, IOException broke) {
        var store = URI.create(url).getAuthority();
        return new MailboxException(
                Kind.UNREACHABLE,
                "the store " + store + " cannot be reached: " + CoordinatorClient.reason(broke),
                broke);
    }

    private synchronized HttpClient client() {
        if (client == null) {
            client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .build();
        }
        return client;
    }

    /** Without TLS only on the coordinator's own computer: a household's devices must not be sent requests by a stranger. */
    private URI checked(URI place) throws MailboxException {
        var plain = "http".equals(place.getScheme())
                && (place.getHost().equals(coordinator) || (isLoopback(place.getHost()) && isLoopback(coordinator)));
        if (!plain && !"https".equals(place.getScheme())) {
            throw new MailboxException(
                    Kind.REFUSED,
                    "a store is reached by https, or by http on the coordinator's own host; the coordinator names "
                            + place.getScheme() + "://" + place.getAuthority());
        }
        return place;
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException _) {
            return false;
        }
    }

    /** Bytes that come no faster than they may be sent. */
    private final class Throttled extends InputStream {
        private final ByteArrayInputStream bytes;

        Throttled(byte[] object, int from, int length) {
            bytes = new ByteArrayInputStream(object, from, length);
        }

        @Override
        public int read() throws IOException {
            pass(1);
            return bytes.read();
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            var read = bytes.read(into, offset, Math.min(length, CHUNK));
            pass(Math.max(read, 0));
            return read;
        }

        private void pass(int count) throws IOException {
            try {
                up.pass(count);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while it waited for the line");
            }
        }
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.shutdownNow();
        }
    }
}
