package org.athanor.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A share log written by hand, as network's README describes it. Its shares have the targets 2²⁵⁵ - 1 (two hashes each)
 * and 2²⁵³ - 1 (eight), and a hash pays one millisatoshi, so all sums can be done in the head.
 */
final class HandLog {
    static final String EASY = "7" + "f".repeat(63);
    static final String HARD = "1" + "f".repeat(63);
    static final String ONE_HASH = "18446744073709551616";
    static final String A_MSAT_A_HASH = "1/" + ONE_HASH;
    static final long SECOND = 1_000_000;
    static final long START = 1_767_225_600 * SECOND; // 2026-01-01T00:00:00Z

    private final Path folder;
    private final List<String> lines = new ArrayList<>();
    private long shares;

    record Outcome(int code, String out, String error) {}

    HandLog(Path folder) {
        this.folder = folder;
    }

    static Outcome athanor(String... arguments) {
        var out = new StringWriter();
        var error = new StringWriter();
        int code = Main.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(error))
                .execute(arguments);
        return new Outcome(code, out.toString(), error.toString());
    }

    static String line(Object... fields) {
        var payload =
                String.join("\t", List.of(fields).stream().map(Object::toString).toList());
        var crc = new CRC32C();
        crc.update(payload.getBytes(StandardCharsets.US_ASCII));
        return String.format("%08x %s", crc.getValue(), payload);
    }

    void add(Object... fields) {
        lines.add(line(fields));
    }

    String share(String user, int sequence, String target, int hashes, int second) {
        return share(user, sequence, target, hashes, second, false);
    }

    String share(String user, int sequence, String target, int hashes, int second, boolean block) {
        var hash = String.format("%064x", ++shares);
        add("share", user, sequence, hash, target, units(hashes), block ? 1 : 0, START + second * SECOND);
        return hash;
    }

    static String units(int hashes) {
        return new BigInteger(ONE_HASH).multiply(BigInteger.valueOf(hashes)).toString();
    }

    Path file() {
        return folder.resolve("shares.log");
    }

    void save() throws IOException {
        Files.writeString(file(), String.join("\n", lines) + "\n");
    }
}
