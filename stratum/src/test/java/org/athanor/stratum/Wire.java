package org.athanor.stratum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.athanor.hash.BlockHeader;
import org.athanor.hash.Hex;
import org.athanor.hash.NonceScanners;
import org.athanor.hash.Sha256d;
import org.athanor.hash.Target;

/** A miner written by hand: every line as it goes over the wire, with nothing in between that could be too clever. */
final class Wire implements AutoCloseable {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int PATIENCE_MILLIS = 10_000;

    private final Socket socket;
    private final BufferedReader in;
    private final List<JsonNode> unread = new ArrayList<>();
    private long nextId = 1;
    private final Session session = new Session();

    Wire(InetSocketAddress address) throws IOException {
        this(new Socket(address.getAddress(), address.getPort()));
    }

    Wire(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    void raw(String text) {
        try {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void send(String json) {
        raw(json.replace('\'', '"') + "\n");
    }

    JsonNode call(String method, String params) {
        long id = nextId++;
        send("{'id':" + id + ",'method':'" + method + "','params':" + params + "}");
        return reply(id);
    }

    JsonNode reply(long id) {
        return await(message -> !message.has("method") && message.path("id").asLong(-1) == id);
    }

    JsonNode told(String method) {
        return await(message -> message.path("method").asText().equals(method)).path("params");
    }

    /** The first message that fits, leaving the others for later. */
    JsonNode await(Predicate<JsonNode> wanted) {
        for (var message : unread)
            if (wanted.test(message)) {
                unread.remove(message);
                return message;
            }
        while (true) {
            var message = read();
            assertTrue(message != null, "connection closed");
            if (wanted.test(message)) return message;
            unread.add(message);
        }
    }

    /** The next message in order; null at the end. */
    JsonNode next() {
        return unread.isEmpty() ? read() : unread.removeFirst();
    }

    private JsonNode read() {
        var line = rawLine();
        try {
            return line == null ? null : MAPPER.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String rawLine() {
        try {
            return in.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean closedByPeer() {
        try {
            String line;
            do line = in.readLine();
            while (line != null);
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true; // reset
        }
    }

    /** Subscribes, authorizes, and reads the first job. */
    MiningJob login(String user) {
        var result = call("mining.subscribe", "['hand/1.0']").path("result");
        session.subscribed(result);
        var job = job();
        assertTrue(
                call("mining.authorize", "['" + user + "','x']").path("result").asBoolean());
        return job;
    }

    Session session() {
        return session;
    }

    /** The next job, with the difficulty that was told before it. */
    MiningJob job() {
        while (true) {
            var message = await(m -> m.path("method").asText().startsWith("mining."));
            var method = message.path("method").asText();
            if (session.told(method, message.path("params"))) continue;
            assertEquals("mining.notify", method);
            return session.job(message.path("params"));
        }
    }

    JsonNode submit(String user, MiningJob job, long extranonce2, int nonce) {
        return call("mining.submit", share(user, job, extranonce2, nonce));
    }

    static String share(String user, MiningJob job, long extranonce2, int nonce) {
        return "['%s','%s','%016x','%08x','%08x']".formatted(user, job.id(), extranonce2, job.ntime(), nonce);
    }

    static byte[] header(MiningJob job, long extranonce2, int nonce) {
        return job.header(Hex.decode("%016x".formatted(extranonce2)), job.ntime(), 0, nonce);
    }

    static String hash(MiningJob job, long extranonce2, int nonce) {
        return Hex.display(Sha256d.hash(header(job, extranonce2, nonce)));
    }

    /** A nonce from {@code first} on whose hash meets {@code easy} but not {@code hard}. */
    static int nonceBetween(MiningJob job, long extranonce2, int first, Target easy, Target hard) {
        var header = BlockHeader.parse(header(job, extranonce2, 0)).bytes();
        int at = first;
        while (true) {
            var found = new ArrayList<Integer>();
            NonceScanners.digest().scan(header, easy, at, 256, (nonce, hash) -> {
                if (!hard.metBy(hash)) found.add(nonce);
            });
            if (!found.isEmpty()) return found.getFirst();
            at += 256;
        }
    }

    static int nonceMeeting(MiningJob job, long extranonce2, int first, Target target) {
        return nonceBetween(job, extranonce2, first, target, new Target(BigInteger.ZERO));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
