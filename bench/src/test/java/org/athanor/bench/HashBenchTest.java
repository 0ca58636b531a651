package org.athanor.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.athanor.hash.NonceScanner;
import org.athanor.hash.NonceScanners;
import org.junit.jupiter.api.Test;

/** Tiny, so that the program does not rot; its figures mean nothing here. */
class HashBenchTest {
    @Test
    void everyScannerIsMeasuredBesideTheBaseline() throws Exception {
        var out = new ByteArrayOutputStream();
        var progress = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        new HashBench(1, Duration.ofMillis(20), Duration.ofMillis(50), null)
                .run(true, new PrintStream(out, true, StandardCharsets.UTF_8), progress);
        var json = JsonMapper.builder().build().readTree(out.toString(StandardCharsets.UTF_8));
        var kernels = json.get("kernels");
        assertEquals("naive, two digests", kernels.get(0).get("kernel").asText());
        assertEquals(1, kernels.get(0).get("timesBaseline").asDouble());
        assertEquals(
                NonceScanners.all().scanners().stream().map(NonceScanner::name).toList(),
                kernels.valueStream()
                        .skip(1)
                        .map(row -> row.get("kernel").asText())
                        .toList());
        assertTrue(kernels.valueStream().allMatch(HashBenchTest::positive), json.toPrettyString());
        assertEquals(
                List.of(25.7, 22.7, 15.0, 10.3),
                json.get("quoted")
                        .valueStream()
                        .map(row -> row.get("mhPerCpuSecond").asDouble())
                        .toList());
    }

    private static boolean positive(JsonNode row) {
        return row.get("mhPerCpuSecond").asDouble() > 0
                && row.get("least").asDouble() <= row.get("most").asDouble();
    }
}
