package org.athanor.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.athanor.edge.mining.HashMeter;
import org.athanor.edge.mining.HashMeter.Measurement;
import org.athanor.hash.NonceScanner;
import org.athanor.hash.NonceScanners;
import org.athanor.hash.Target;

/**
 * How many million hashes does each nonce scanner try in a second of CPU time, on one thread, and how much does it
 * allocate? The baseline is what anybody writes first: two {@code MessageDigest} calls a nonce.
 *
 * <pre>
 * bench/run HashBench
 * BENCH_OPTS=-XX:UseAVX=2 bench/run HashBench
 * bench/run HashBench --rounds 7 --seconds 2 --json
 * </pre>
 *
 * HotSpot compiles a kernel somewhat less well in a Java machine that runs others too, which no miner does for long. For
 * the figure of a single one add {@code --only vector256}.
 *
 * <p>Rounds are interleaved, so that whatever else the machine does falls on all alike. CPU time, not wall time: it
 * hardly depends on what else runs.
 */
public final class HashBench {
    /** Measured on an EPYC Zen 4 core with gcc 12.2, none of them here: to compare with, not from this run. */
    private static final List<Quoted> QUOTED = List.of(
            new Quoted("cpuminer-opt 26.1, AVX-512, 16 nonces at once", 25.7),
            new Quoted("cpuminer-opt 26.1, SHA-NI, 2 nonces at once", 22.7),
            new Quoted("pooler cpuminer 2.5.1, AVX2 in assembler, 8 nonces at once", 15.0),
            new Quoted("cpuminer-opt 26.1, AVX2, 8 nonces at once", 10.3));

    private static final String ROW = "%-22s %9s %9s %9s %10s %8s";

    private final int rounds;
    private final Duration round;
    private final Duration patience;
    private final String only;

    private record Quoted(String program, double megahashesPerCpuSecond) {}

    private record Row(String name, boolean warm, List<Measurement> rounds) {
        List<Double> rates() {
            return rounds.stream()
                    .map(m -> m.hashesPerCpuSecond() / 1e6)
                    .sorted()
                    .toList();
        }

        double median() {
            return rates().get(rounds.size() / 2);
        }

        /** The most of any round. */
        double bytesPerHash() {
            return rounds.stream().mapToDouble(Measurement::bytesPerHash).max().orElseThrow();
        }
    }

    /**
     * @param patience with a kernel that is not compiled yet
     * @param only name of the one kernel to measure beside the baseline; null for all
     */
    HashBench(int rounds, Duration round, Duration patience, String only) {
        this.rounds = rounds;
        this.round = round;
        this.patience = patience;
        this.only = only;
    }

    public static void main(String[] arguments) throws InterruptedException {
        int rounds = 5;
        var seconds = 2.0;
        var json = false;
        String only = null;
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--rounds" -> rounds = Integer.parseInt(arguments[++i]);
                case "--seconds" -> seconds = Double.parseDouble(arguments[++i]);
                case "--json" -> json = true;
                case "--only" -> only = arguments[++i];
                default ->
                    throw new IllegalArgumentException(
                            arguments[i] + ": accepted are --rounds N, --seconds S, --only KERNEL and --json");
            }
        }
        new HashBench(rounds, Duration.ofNanos((long) (seconds * 1e9)), HashMeter.PATIENCE, only)
                .run(json, System.out, System.err);
    }

    void run(boolean json, PrintStream out, PrintStream progress) throws InterruptedException {
        var available = NonceScanners.all();
        var rows = new ArrayList<Row>();
        var scanners = new ArrayList<NonceScanner>(List.of(new Naive()));
        available.scanners().stream()
                .filter(scanner -> only == null || scanner.name().equals(only))
                .forEach(scanners::add);
        // Twice: a kernel loses its code when one of another width is run for the first time.
        for (int pass = 1; pass <= 2; pass++) {
            rows.clear();
            for (var scanner : scanners.reversed()) {
                progress.println("warming " + scanner.name() + " ...");
                rows.addFirst(new Row(scanner.name(), HashMeter.warm(scanner, 1, patience), new ArrayList<>()));
            }
        }
        for (int i = 0; i < rounds; i++) {
            progress.println("round " + (i + 1) + " of " + rounds + " ...");
            for (int j = 0; j < rows.size(); j++) rows.get(j).rounds.add(HashMeter.measure(scanners.get(j), 1, round));
        }
        if (json) out.println(json(rows).toPrettyString());
        else {
            table(rows, out);
            available.missing().forEach(why -> out.println("not here: " + why));
        }
    }

    private void table(List<Row> rows, PrintStream out) {
        var baseline = rows.getFirst().median();
        out.println(line(ROW, "MH per CPU-second", "median", "least", "most", "x baseline", "B/hash"));
        for (var row : rows)
            out.println(line(
                    ROW,
                    row.name,
                    line("%.2f", row.median()),
                    line("%.2f", row.rates().getFirst()),
                    line("%.2f", row.rates().getLast()),
                    line("%.2f", row.median() / baseline),
                    line("%.3f", row.bytesPerHash()) + (row.warm ? "" : "  NOT COMPILED: means nothing")));
        out.println(line("%d interleaved rounds of %.1f s on one thread", rounds, round.toNanos() / 1e9));
        out.println();
        out.println("Quoted, measured elsewhere on such a core:");
        for (var quoted : QUOTED) out.println(line("%6.1f  %s", quoted.megahashesPerCpuSecond, quoted.program));
    }

    private ObjectNode json(List<Row> rows) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("java", Runtime.version().toString()).put("rounds", rounds).put("roundSeconds", round.toNanos() / 1e9);
        var kernels = json.putArray("kernels");
        for (var row : rows)
            kernels.addObject()
                    .put("kernel", row.name)
                    .put("warm", row.warm)
                    .put("mhPerCpuSecond", row.median())
                    .put("least", row.rates().getFirst())
                    .put("most", row.rates().getLast())
                    .put("timesBaseline", row.median() / rows.getFirst().median())
                    .put("bytesPerHash", row.bytesPerHash());
        var quoted = json.putArray("quoted");
        for (var one : QUOTED)
            quoted.addObject().put("program", one.program).put("mhPerCpuSecond", one.megahashesPerCpuSecond);
        return json;
    }

    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    /** Nothing is kept from nonce to nonce. */
    private static final class Naive implements NonceScanner {
        @Override
        public String name() {
            return "naive, two digests";
        }

        @Override
        public long scan(byte[] header, Target target, int first, int count, NonceSink found) {
            long tries = Integer.toUnsignedLong(count);
            var tried = header.clone();
            var nonce = ByteBuffer.wrap(tried).order(ByteOrder.LITTLE_ENDIAN);
            var hash = new byte[32];
            var last = ByteBuffer.wrap(hash).order(ByteOrder.LITTLE_ENDIAN);
            int topOfTarget = target.value().shiftRight(224).intValue();
            try {
                var sha256 = MessageDigest.getInstance("SHA-256");
                for (long i = 0; i < tries; i++) {
                    nonce.putInt(76, first + (int) i);
                    sha256.update(tried);
                    sha256.digest(hash, 0, 32);
                    sha256.update(hash);
                    sha256.digest(hash, 0, 32);
                    if (Integer.compareUnsigned(last.getInt(28), topOfTarget) <= 0 && target.metBy(hash))
                        found.found(first + (int) i, hash.clone());
                }
            } catch (NoSuchAlgorithmException | DigestException e) {
                throw new AssertionError("every Java platform has SHA-256, which gives 32 bytes", e);
            }
            return tries;
        }
    }
}
