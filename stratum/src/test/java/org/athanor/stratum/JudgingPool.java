package org.athanor.stratum;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.athanor.hash.Target;

/**
 * An upstream pool with extranonces of any size, which rebuilds each header from the text of the submit alone, by
 * arithmetic of its own, and refuses what does not meet its target.
 */
final class JudgingPool implements AutoCloseable {
    static final String BITS = "1d00ffff";
    private static final HexFormat HEX = HexFormat.of();
    private static final String BRANCH = "5a".repeat(32);
    private static final int VERSION = 0x20002000; // with a bit inside the mask that miners may choose from
    private static final String PREVIOUS = "4d16b6f85af6e2198f44ae2a6de67f78487ae5611b77c6c0440b921e00000000";

    /** @param verdict what an honest pool says: empty if the share is good */
    record Seen(long id, String user, String jobId, String hash, String verdict) {}

    private final FakePool pool;
    private final List<Wire> wires = new CopyOnWriteArrayList<>();
    private final List<String> jobs = new ArrayList<>(); // params of mining.notify
    private final List<Seen> seen = new ArrayList<>();
    private final Set<String> hashes = new HashSet<>();

    private volatile String extranonce1;
    private volatile int extranonce2Size;
    private volatile String mask = "1fffe000";
    private volatile BigDecimal difficulty = new BigDecimal("2e-10");
    private volatile boolean authorizes = true;
    private volatile boolean closed;
    volatile boolean sendsJobs = true;

    /** Rest of the reply to a submit; null for no reply. */
    volatile Function<Seen, String> answer = share -> share.verdict().isEmpty()
            ? "'result':true,'error':null"
            : "'result':null,'error':[23,'" + share.verdict() + "',null]";

    JudgingPool(String extranonce1, int extranonce2Size) throws IOException {
        this(StratumServerTest.loopback(), extranonce1, extranonce2Size);
    }

    JudgingPool(InetSocketAddress listen, String extranonce1, int extranonce2Size) throws IOException {
        pool = new FakePool(listen);
        this.extranonce1 = extranonce1;
        this.extranonce2Size = extranonce2Size;
        jobs.add(notify("j1", 1, true));
        Thread.ofVirtual().start(this::accept);
    }

    InetSocketAddress address() {
        return pool.address();
    }

    UpstreamPool.Upstream upstream(String name) {
        return ProxyRig.upstream(name, address());
    }

    private void accept() {
        while (true)
            try {
                var wire = pool.accept();
                wires.add(wire);
                if (closed) dropAll(); // accepted while it was closed
                Thread.ofVirtual().start(() -> serve(wire));
            } catch (IOException e) {
                return; // closed
            }
    }

    int connections() {
        return wires.size();
    }

    private void serve(Wire wire) {
        try {
            for (var request = wire.next(); request != null; request = wire.next()) handle(wire, request);
        } catch (UncheckedIOException e) {
            wires.remove(wire); // the other end is gone, or we closed it
        }
        wires.remove(wire);
    }

    private void handle(Wire wire, JsonNode request) {
        var id = "{'id':" + request.path("id") + ",";
        switch (request.path("method").asText()) {
            case "mining.configure" ->
                wire.send(id
                        + (mask == null
                                ? "'result':{'version-rolling':false},'error':null}"
                                : "'result':{'version-rolling':true,'version-rolling.mask':'" + mask
                                        + "'},'error':null}"));
            case "mining.subscribe" ->
                wire.send(id + "'result':[[],'" + extranonce1 + "'," + extranonce2Size + "],'error':null}");
            case "mining.authorize" -> {
                if (!authorizes) {
                    wire.send(id + "'result':false,'error':[24,'wrong password "
                            + request.path("params").path(1).asText() + "',null]}");
                    return;
                }
                wire.send(id + "'result':true,'error':null}");
                sendDifficulty(wire);
                if (sendsJobs) wire.send(last());
            }
            case "mining.submit" -> {
                var share = judge(request.path("id").asLong(), request.path("params"));
                var text = answer.apply(share);
                if (text != null) wire.send(id + text + "}");
            }
            default -> throw new AssertionError(request);
        }
    }

    private synchronized String last() {
        return jobs.getLast();
    }

    // ---- what tests want it to do ----

    void job(String id, int tip, boolean clean) {
        var line = notify(id, tip, clean);
        synchronized (this) {
            jobs.add(line);
        }
        for (var wire : wires) wire.send(line);
    }

    void difficulty(String value) {
        difficulty = new BigDecimal(value);
        for (var wire : wires) sendDifficulty(wire);
    }

    private void sendDifficulty(Wire wire) {
        wire.send("{'id':null,'method':'mining.set_difficulty','params':[" + difficulty + "]}");
    }

    void mask(String value) {
        mask = value;
        for (var wire : wires) wire.send("{'id':null,'method':'mining.set_version_mask','params':['" + value + "']}");
    }

    /** For sessions to come. */
    void extranonces(String first, int size) {
        extranonce1 = first;
        extranonce2Size = size;
    }

    void refuseAccounts() {
        authorizes = false;
    }

    void noVersionRolling() {
        mask = null;
    }

    void line(String text) {
        for (var wire : wires) wire.send(text);
    }

    void dropAll() throws IOException {
        for (var wire : wires) wire.close();
    }

    /** What was submitted; a share twice says so in its verdict. */
    synchronized List<Seen> seen() {
        return List.copyOf(seen);
    }

    List<Seen> await(int count) {
        Until.holds(() -> seen().size() >= count);
        return seen();
    }

    /** Every share was good. */
    void assertAllGood() {
        for (var share : seen()) assertTrue(share.verdict().isEmpty(), share.toString());
    }

    // ---- arithmetic ----

    private static String notify(String id, int tip, boolean clean) {
        return "{'id':null,'method':'mining.notify','params':['" + id + "','" + PREVIOUS.substring(0, 62)
                + String.format(Locale.ROOT, "%02x", tip) + "','01000000"
                + HEX.formatHex(id.getBytes(StandardCharsets.US_ASCII))
                + "','ffffffff',['"
                + BRANCH + "'],'" + String.format(Locale.ROOT, "%08x", VERSION) + "','" + BITS + "','504e86b9'," + clean
                + "]}";
    }

    private synchronized Seen judge(long id, JsonNode params) {
        var jobId = params.path(1).asText();
        var job = jobs.stream()
                .filter(line -> line.contains("['" + jobId + "',"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no such job: " + params));
        var fields =
                job.substring(job.indexOf('[')).replaceAll("[\\[\\]{}']", "").split(",", -1);
        var extranonce2 = params.path(2).asText();
        var verdict = extranonce2.length() == 2 * extranonce2Size ? "" : "extranonce2 " + extranonce2;
        int version = VERSION;
        if (mask != null) {
            int allowed = Integer.parseUnsignedInt(mask, 16);
            int bits = Integer.parseUnsignedInt(params.path(5).asText("0"), 16);
            if ((bits & ~allowed) != 0)
                verdict = "version bits " + params.path(5).asText();
            version = (VERSION & ~allowed) | bits;
        } else if (params.has(5)) verdict = "version bits, though none were agreed";
        var root = sha256d(HEX.parseHex(fields[2] + extranonce1 + extranonce2 + fields[3]));
        root = sha256d(HEX.parseHex(HEX.formatHex(root) + BRANCH));
        var header = ByteBuffer.allocate(80).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(version);
        for (int i = 0; i < 8; i++) header.putInt(Integer.parseUnsignedInt(fields[1].substring(8 * i, 8 * i + 8), 16));
        header.put(root)
                .putInt(Integer.parseUnsignedInt(params.path(3).asText(), 16))
                .putInt(Integer.parseUnsignedInt(BITS, 16))
                .putInt(Integer.parseUnsignedInt(params.path(4).asText(), 16));
        var hash = sha256d(header.array());
        if (!Target.ofDifficulty(difficulty).metBy(hash)) verdict = "low difficulty share";
        var display = display(hash);
        if (!hashes.add(display)) verdict = "duplicate";
        var share = new Seen(id, params.path(0).asText(), jobId, display, verdict);
        seen.add(share);
        return share;
    }

    private static String display(byte[] hash) {
        var text = new StringBuilder();
        for (int i = hash.length - 1; i >= 0; i--) HEX.toHexDigits(text, hash[i]);
        return text.toString();
    }

    private static byte[] sha256d(byte[] bytes) {
        try {
            var sha256 = MessageDigest.getInstance("SHA-256");
            return sha256.digest(sha256.digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        pool.close();
        dropAll();
    }
}
