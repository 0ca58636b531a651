package org.athanor.cli;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.athanor.edge.mining.HashMeter;
import org.athanor.edge.mining.HashMeter.Measurement;
import org.athanor.hash.NonceScanner;
import org.athanor.hash.NonceScanners;

/** {@code athanor mine --bench}: every kernel, first run until it is compiled and then measured. */
final class MineBench {
    private static final String ROW = "%-10s %8s %10s %12s";

    private final int threads;
    private final Duration measured;
    private final PrintStream progress;

    private record Row(String kernel, Measurement measurement) {}

    MineBench(int threads, Duration measured, PrintStream progress) {
        this.threads = threads;
        this.measured = measured;
        this.progress = progress;
    }

    /** Prints a table, or JSON and nothing else, on {@code out}. */
    void run(boolean json, PrintStream out) throws InterruptedException {
        var missing = new ArrayList<String>();
        VectorModule.load().ifPresent(missing::add);
        var available = NonceScanners.all();
        if (missing.isEmpty()) missing.addAll(available.missing());
        var rows = new ArrayList<Row>();
        // widest first: HotSpot compiles a kernel somewhat less well after others have run
        for (var scanner : available.scanners().reversed()) rows.addFirst(new Row(scanner.name(), measure(scanner)));
        if (json) out.println(pretty(json(rows)));
        else {
            lines(rows).forEach(out::println);
            missing.forEach(why -> out.println("not here: " + why));
        }
    }

    private Measurement measure(NonceScanner scanner) throws InterruptedException {
        var name = scanner.name();
        progress.println("warming " + name + " ...");
        if (!HashMeter.warm(scanner, threads, HashMeter.PATIENCE))
            progress.println("! " + name + " was not compiled within " + HashMeter.PATIENCE.toSeconds()
                    + " s: its figures mean nothing");
        progress.println("measuring " + name + " for " + measured.toSeconds() + " s ...");
        return HashMeter.measure(scanner, threads, measured);
    }

    private List<String> lines(List<Row> rows) {
        var lines = new ArrayList<String>();
        lines.add(String.format(Locale.ROOT, ROW, "kernel", "threads", "MH/s", "MH/CPU-s"));
        for (var row : rows)
            lines.add(String.format(
                    Locale.ROOT,
                    ROW,
                    row.kernel,
                    threads,
                    String.format(Locale.ROOT, "%.2f", row.measurement.rate().value() / 1e6),
                    String.format(Locale.ROOT, "%.2f", row.measurement.hashesPerCpuSecond() / 1e6)));
        return lines;
    }

    private ArrayNode json(List<Row> rows) {
        var array = JsonNodeFactory.instance.arrayNode();
        for (var row : rows)
            array.addObject()
                    .put("kernel", row.kernel)
                    .put("threads", threads)
                    .put("mhPerSecond", row.measurement.rate().value() / 1e6)
                    .put("mhPerCpuSecond", row.measurement.hashesPerCpuSecond() / 1e6);
        return array;
    }

    private static String pretty(ArrayNode json) {
        return JsonMapper.builder()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .build()
                .valueToTree(json)
                .toPrettyString();
    }
}
