package org.athanor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.athanor.hash.NonceScanner;
import org.athanor.hash.NonceScanners;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which kernels the command finds, in Java machines of its own: with the JDK's vector module and without. */
class KernelsTest {
    /** What the jar's manifest does for who starts it with -jar. */
    private static final String EXPORTED = "--add-exports=java.base/jdk.internal.module=ALL-UNNAMED";

    private static final String NO_TRAP = "-XX:Tier3DelayOn=1000000";
    private static final Duration SOON = Duration.ofMinutes(3);

    @TempDir
    private Path folder;

    private record Output(int code, String out, String error) {}

    private Output run(List<String> options, Class<?> main, String... arguments) throws Exception {
        var error = folder.resolve("error");
        var process = new ProcessBuilder(command(options, main, arguments))
                .redirectError(Redirect.to(error.toFile()))
                .start();
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Output(process.waitFor(), out, Files.readString(error));
    }

    private static List<String> command(List<String> options, Class<?> main, String... arguments) {
        var command = new ArrayList<>(Child.command(main, arguments));
        command.addAll(1, options);
        return command;
    }

    /** Names the scanners, and says what is missing. */
    static final class Names {
        private Names() {}

        public static void main(String[] arguments) {
            System.out.println(VectorModule.load().orElse("loaded"));
            System.out.println(NonceScanners.all().scanners().stream()
                    .map(NonceScanner::name)
                    .toList());
        }
    }

    @Test
    void theRunningProgramLoadsTheVectorModule() throws Exception {
        var named = run(List.of(EXPORTED), Names.class);
        var asked = run(List.of("--add-modules=jdk.incubator.vector"), Names.class);
        assertTrue(named.out.startsWith("loaded\n[plain, digest, vector128"), named.out + named.error);
        assertEquals(asked.out, named.out);
        assertEquals("", named.error);
    }

    @Test
    void whereItCannotTheOthersServeAndItIsSaidWhy() throws Exception {
        var named = run(List.of(), Names.class);
        assertEquals(0, named.code, named.error);
        assertTrue(named.out.endsWith("\n[plain, digest]\n"), named.out);
        assertTrue(named.out.contains("jdk.incubator.vector"), named.out);
        assertTrue(named.out.contains("--add-modules"), named.out);
    }

    @Test
    void withoutTheVectorModuleTheOthersAreBenchedAndItIsSaidWhy() throws Exception {
        var table = run(List.of(), Main.class, "mine", "--bench", "--seconds", "1", "--threads", "1");
        assertEquals(0, table.code, table.error);
        assertEquals(
                List.of("kernel", "plain", "digest", "not"),
                table.out.lines().map(line -> line.split(" ", 2)[0]).toList());
        assertTrue(table.out.contains("not here: the module jdk.incubator.vector cannot be loaded"), table.out);
    }

    @Test
    void benchPrintsAnArrayOfExactlyFourFieldsAndNothingElse() throws Exception {
        var bench = run(List.of(), Main.class, "mine", "--bench", "--seconds", "1", "--threads", "2", "--json");
        assertEquals(0, bench.code, bench.error);
        assertTrue(bench.error.contains("warming digest"), bench.error);
        var array = JsonMapper.builder().build().readTree(bench.out);
        assertTrue(bench.out.startsWith("[") && bench.out.strip().endsWith("]"), bench.out);
        assertEquals(2, array.size());
        for (var row : array) {
            assertEquals(
                    List.of("kernel", "threads", "mhPerSecond", "mhPerCpuSecond"),
                    row.propertyStream().map(field -> field.getKey()).toList());
            assertEquals(2, row.get("threads").asInt());
            assertTrue(row.get("mhPerSecond").asDouble() > 0, bench.out);
            // two threads take at most two CPU-seconds a second
            assertTrue(
                    row.get("mhPerCpuSecond").asDouble()
                            > 0.45 * row.get("mhPerSecond").asDouble(),
                    bench.out);
        }
        assertEquals("digest", array.get(1).get("kernel").asText());
    }

    /** Begins with digest, says what it warms, and goes on with what is the fastest once that is compiled. */
    @Test
    void mineGoesOnWithTheFastestKernelOnceItIsCompiledAndRemembersIt() throws Exception {
        // vectors of 128 bits alone, so that there is one kernel to wait for
        var options = List.of(EXPORTED, NO_TRAP, "-XX:MaxVectorSize=16");
        var cache = folder.resolve("cache");
        try (var pool =
                Child.start(Main.class, "pool", "--listen", "127.0.0.1:0", "--local-chain", "--difficulty", "0.001")) {
            var url = pool.awaitPrefix("pool on ", SOON).split("[, ]", 2)[0];
            var mine = command(options, Main.class, "mine", "--pool", url, "--user", "me", "--threads", "1");
            mine.addAll(List.of("--cache", cache.toString()));
            try (var miner = Child.of(mine)) {
                miner.await("a warming kernel", SOON, line -> line.contains("1 thread, digest (warming vector128)"));
                var chosen = miner.await("a choice", SOON, line -> line.matches(".* 1 thread, \\w+  .*"))
                        .replaceAll(".* 1 thread, (\\w+)  .*", "$1");
                miner.interrupt();
                var printed = String.join("\n", miner.awaitEnd(SOON));
                assertTrue(printed.contains(" 0 rejected"), printed);
                var remembered = Files.readAllLines(cache.resolve("kernels")).getLast();
                assertTrue(remembered.startsWith(chosen + "\t"), remembered);
            }
        }
    }

    @Test
    void theCacheIsWhereTheUserHasHis() throws IOException {
        assertEquals(Path.of("/x/athanor"), KernelOptions.userCache("/x", "/home/me"));
        assertEquals(Path.of("/home/me/.cache/athanor"), KernelOptions.userCache(null, "/home/me"));
        assertEquals(Path.of("/home/me/.cache/athanor"), KernelOptions.userCache("", "/home/me"));
        assertEquals(Path.of("/home/me/.cache/athanor"), KernelOptions.userCache("relative", "/home/me"));
        assertNull(KernelOptions.userCache(null, "?"));
    }
}
