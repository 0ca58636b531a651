package org.athanor.stratum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A short run of the fuzzer over each of {@link FuzzTargets}; {@code ATHANOR_FUZZ_SECONDS=3600 ./mvnw -pl stratum -am verify
 * -Dtest=FuzzTest -Dsurefire.failIfNoSpecifiedTests=false} is a long one. What it finds is printed with its input, which
 * then belongs into a test of its own.
 */
class FuzzTest {
    private static final int SECONDS = Integer.parseInt(System.getenv().getOrDefault("ATHANOR_FUZZ_SECONDS", "2"));

    /** Where the fuzzer begins: the kinds of lines that there are. */
    private static final List<String> SEEDS = List.of(
            "{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"cpuminer/2.5.1\"]}\n",
            "{\"id\":2,\"method\":\"mining.authorize\",\"params\":[\"a.b\",\"x\"]}\n",
            "{\"id\":3,\"method\":\"mining.configure\",\"params\":[[\"version-rolling\"],"
                    + "{\"version-rolling.mask\":\"1fffe000\",\"version-rolling.min-bit-count\":2}]}\n",
            "{\"id\":4,\"method\":\"mining.submit\",\"params\":[\"a.b\",\"7\",\"0000000000000001\",\"696240c0\",\"0badcafe\","
                    + "\"00002000\"]}\n",
            "{\"id\":5,\"method\":\"mining.suggest_difficulty\",\"params\":[0.0001]}\n",
            "{\"id\":1,\"result\":[[[\"mining.notify\",\"1\"]],\"08000002\",4],\"error\":null}\n",
            "{\"id\":null,\"method\":\"mining.set_difficulty\",\"params\":[2e-10]}\n",
            "{\"id\":null,\"method\":\"mining.set_extranonce\",\"params\":[\"08000003\",4]}\n",
            "{\"id\":null,\"method\":\"mining.set_version_mask\",\"params\":[\"1fffe000\"]}\n",
            "{\"id\":null,\"method\":\"mining.notify\",\"params\":[\"7\",\"" + "00".repeat(32) + "\",\"01\",\"02\",[\""
                    + "ab".repeat(32) + "\"],\"20000000\",\"1e0fffff\",\"696240c0\",true]}\n",
            "{\"id\":4,\"result\":null,\"error\":[23,\"low difficulty share\",null]}\n",
            "{\"id\":4,\"result\":false,\"error\":null,\"reject-reason\":\"Stale\"}\n");

    /** Of {@link FuzzTargets}; most of a short run is the start of its Java machine, so two run at a time. */
    private static final List<String> TARGETS =
            List.of("MinersLine", "PoolsLine", "Header", "Block", "NodesReply", "Address", "Connection");

    private static final int AT_A_TIME = 2;

    @TempDir
    private static Path folder;

    private static ExecutorService fuzzers;
    private static Map<String, Future<Ended>> runs;

    /** What a fuzzer said, and how it ended; it is killed if it does not end by itself. */
    private record Ended(boolean inTime, int code, String output) {}

    @BeforeAll
    static void fuzz() {
        fuzzers = Executors.newFixedThreadPool(AT_A_TIME);
        runs = new HashMap<>();
        for (var target : TARGETS) runs.put(target, fuzzers.submit(() -> run(target)));
    }

    @AfterAll
    static void end() {
        fuzzers.shutdownNow();
    }

    static List<String> targets() {
        return TARGETS;
    }

    @ParameterizedTest
    @MethodSource("targets")
    void nothingButCleanRefusals(String target) throws Exception {
        var ended = runs.get(target).get();
        assertTrue(ended.inTime(), "the fuzzer does not end");
        assertEquals(0, ended.code(), ended.output());
        assertTrue(ended.output().contains("Done "), ended.output()); // it has really run
    }

    private static Ended run(String target) throws IOException, InterruptedException {
        var own = Files.createDirectories(folder.resolve(target));
        var corpus = Files.createDirectories(own.resolve("corpus"));
        for (int i = 0; i < SEEDS.size(); i++) Files.writeString(corpus.resolve("seed" + i), SEEDS.get(i));
        Files.writeString(corpus.resolve("talk"), String.join("", SEEDS));
        Files.write(corpus.resolve("header"), new byte[80]);
        Files.writeString(corpus.resolve("address"), "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080");
        for (var template : List.of("template-core.json", "template-bcoin.json"))
            Files.write(
                    corpus.resolve(template),
                    FuzzTest.class.getResourceAsStream(template).readAllBytes());
        var command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx700m",
                "-XX:+UseSerialGC",
                "-XX:+EnableDynamicAgentLoading",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + FuzzTargets.class.getName() + "$" + target,
                "--instrumentation_includes=org.athanor.**",
                "--custom_hook_includes=org.athanor.**",
                // it takes our own loopback socket for a forged request
                "--disabled_hooks=com.code_intelligence.jazzer.sanitizers.ServerSideRequestForgery",
                "--reproducer_path=" + own,
                "-artifact_prefix=" + own + "/",
                "-max_total_time=" + SECONDS,
                "-max_len=16384",
                "-timeout=20",
                "-rss_limit_mb=2048",
                corpus.toString());
        var output = own.resolve("output");
        var fuzzer = new ProcessBuilder(command)
                .directory(own.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean inTime = false;
        try {
            inTime = fuzzer.waitFor(SECONDS + 120L, TimeUnit.SECONDS);
        } finally {
            fuzzer.destroyForcibly();
        }
        return new Ended(inTime, fuzzer.waitFor(), Files.readString(output, StandardCharsets.ISO_8859_1));
    }
}
