package org.athanor.cli.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole job over lines of which the kernel drops packets: coordinator and workers each in a network namespace of their own. */
@Timeout(180)
class HomeLineTest {
    private static final Path SCRIPT = Path.of("../bench/home-line");
    private static final Pattern DROPPED = Pattern.compile("worker (\\d): (\\d+) packets dropped");
    private static final int ROUNDS = 6;

    @TempDir
    Path folder;

    @BeforeEach
    void require() throws IOException, InterruptedException {
        assumeTrue(
                ok("ip", "-V") && ok("tc", "-V") && ok("iptables", "--version"),
                "skipped: ip, tc and iptables are needed (Debian: apt-get install iproute2 iptables)");
        var name = "athanor-trial-" + ProcessHandle.current().pid();
        assumeTrue(ok("ip", "netns", "add", name), "skipped: only root may make network namespaces");
        assertTrue(ok("ip", "netns", "del", name));
    }

    private static boolean ok(String... words) throws InterruptedException {
        try {
            return new ProcessBuilder(words)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException missing) {
            return false;
        }
    }

    @Test
    void ofEveryHundredPacketsOneIsLostAndOfTheJobNothing() throws Exception {
        var job = JobParts.smallJob(folder, ROUNDS, 3);
        // some 200,000 parameters, so that there are packets enough to lose
        Files.writeString(
                job,
                Files.readString(job)
                                .replace("layers: 1, heads: 2, width: 32", "layers: 1, heads: 2, width: 128")
                                .replace("down: int4", "down: int8")
                        + "round: {leastWorkers: 2}\n");
        var said = run(SCRIPT.toString(), job.toString(), "2", "10mbit", "0.01");

        var dropped = DROPPED.matcher(said);
        for (var worker : List.of("1", "2")) {
            assertTrue(dropped.find(), said);
            assertEquals(worker, dropped.group(1));
            assertTrue(Integer.parseInt(dropped.group(2)) > 0, said);
        }
        var report = new ObjectMapper().readTree(said.substring(said.indexOf('{')));
        assertEquals(ROUNDS, report.path("rounds").asInt(), said);
        assertEquals(2, report.path("workers").path("seen").asInt(), said);
        // eight sequences of 32 tokens a step, of each of two workers in every round: nothing is lost and nothing
        // counts twice
        assertEquals(ROUNDS * 3 * 8 * 32 * 2, report.path("tokens").asInt(), said);
    }

    private static String run(String... words) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().put("ATHANOR_CLASSES", System.getProperty("java.class.path"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        var process = builder.start();
        try {
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor(), said);
            return said;
        } finally {
            process.destroy(); // it tidies up when it is told to end
            process.waitFor(20, TimeUnit.SECONDS);
        }
    }
}
