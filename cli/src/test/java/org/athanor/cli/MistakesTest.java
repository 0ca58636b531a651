package org.athanor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every mistake of a user gets one clear error: what, and what is accepted; never a stack trace. */
class MistakesTest {
    @TempDir
    private Path folder;

    private record Outcome(int code, String error) {}

    private static Outcome athanor(String... arguments) {
        var error = new StringWriter();
        var command = Main.commandLine().setErr(new PrintWriter(error)).setOut(new PrintWriter(new StringWriter()));
        int code = command.execute(arguments);
        return new Outcome(code, error.toString());
    }

    private static void assertMistake(int code, List<String> said, String... arguments) {
        var outcome = athanor(arguments);
        assertEquals(code, outcome.code, outcome.error);
        for (var part : said)
            assertTrue(outcome.error.contains(part), "\"" + part + "\" is missing in: " + outcome.error);
        assertFalse(outcome.error.contains("\tat "), outcome.error);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            demo --frobnicate                                        | --frobnicate
            demo --setpoint 80                                       | --setpoint 80
            demo --speed 0                                           | --speed 0
            demo --port 70000                                        | --port 70000
            demo --for 5                                             | span of time
            demo --start 13-41                                       | --start 13-41
            mine --user me                                           | --pool
            mine --pool http://pool:3333 --user me                   | stratum+tcp://
            mine --pool stratum+tcp://127.0.0.1:1 --user me --threads 0 | --threads 0
            mine --pool stratum+tcp://127.0.0.1:1                    | --user
            mine                                                     | --bench
            mine --bench --pool stratum+tcp://127.0.0.1:1 --user me  | leave out --pool
            mine --bench --for 5s                                    | --seconds
            mine --bench --metrics 0                                 | --metrics
            mine --bench --seconds 0                                 | --seconds 0
            mine --bench --kernel digest                             | --kernel
            mine --pool stratum+tcp://127.0.0.1:1 --user me --kernel abacus | --kernel abacus: accepted here is one of plain, digest
            mine --pool stratum+tcp://127.0.0.1:1 --user me --json   | --bench
            mine --pool stratum+tcp://127.0.0.1:1 --user me --seconds 3 | --bench
            mine --pool stratum+tcp://127.0.0.1:1 --user me --pool-certificate 00 | stratum+ssl://
            mine --pool stratum+ssl://127.0.0.1:1 --user me --pool-certificate 00 | SHA-256
            plan                                                     | HOME.yaml is missing
            plan home.yaml --json --html plan.html                   | --json and --html
            plan home.yaml --compare                                 | --compare
            pool                                                     | --local-chain
            pool --local-chain --node http://127.0.0.1:1             | several sources of work
            pool --local-chain --payout mzK2FFDEhxqHcmrJw1ysqFkVyhUULo45hZ | --node, which is missing
            pool --node 127.0.0.1:8332                               | http://HOST:PORT
            pool --node http://u:p@127.0.0.1:70000                   | port 70000
            pool --node http://u@127.0.0.1:8332                      | USER:PASSWORD only
            pool --node http://127.0.0.1:8332                        | --node-cookie FILE
            pool --node http://u:p@127.0.0.1:8332 --node-cookie c    | one of the two
            pool --node http://u:p@127.0.0.1:8332                    | --payout ADDRESS is missing
            pool --node http://u:p@127.0.0.1:1 --payout nobody       | --payout: address "nobody"
            pool --node http://u:p@127.0.0.1:1 --payout mzK2FFDEhxqHcmrJw1ysqFkVyhUULo45hZ=0 | any positive number
            pool --node http://u:p@127.0.0.1:1 --payout mzK2FFDEhxqHcmrJw1ysqFkVyhUULo45hZ --zmq x | tcp://HOST:PORT
            pool --local-chain --difficulty 0                        | --difficulty 0
            pool --local-chain --chain-difficulty -1                 | --chain-difficulty -1
            pool --local-chain --listen nowhere                      | HOST:PORT
            pool --local-chain --difficulty 1 --vardiff-target 5     | one of the two
            pool --local-chain --vardiff-target 0                    | 0.1 to 6000
            pool --local-chain --max-connections 0                   | --max-connections 0
            pool --local-chain --upstream stratum+tcp://me@pool:1    | several sources of work
            pool --upstream pool.example:3333                        | stratum+tcp://USER@HOST:PORT
            pool --upstream stratum+tcp://pool.example:3333          | stratum+tcp://USER@HOST:PORT
            pool --upstream http://me@pool.example:3333              | stratum+tcp://USER@HOST:PORT
            pool --upstream stratum+tcp://me@pool.example            | HOST:PORT
            pool --upstream stratum+tcp://me@pool.example:99999      | from 1 to 65535
            pool --upstream stratum+tcp://:word@pool:1               | the user is missing
            pool --upstream stratum+tcp://me%zz@pool:1               | %00 to %FF
            pool --upstream stratum+tcp://me@pool:1 --upstream stratum+tcp://me@pool:1 | each once
            pool --upstream stratum+tcp://me@pool:1 --upstream-certificate 00 | stratum+ssl://
            pool --upstream stratum+ssl://me@pool:1 --upstream-certificate 00 | SHA-256
            pool --local-chain --upstream-certificate 00             | --upstream=URL
            pool account                                             | --share-log
            simulate-device toaster                                  | mini3, nano3s
            simulate-device mini3 --fault rust                       | no fault "rust"
            simulate-device mini3 --fault lost-sensor                | mini3 cannot show lost-sensor
            simulate-device home --fault silent                      | --fault silent
            simulate-device                                          | --list
            help nonsense                                            | report
            """)
    void wrongUsageIsNamed(String line, String said) {
        assertMistake(2, List.of(said), line.split(" +"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "stratum+tcp://me:hunter2@pool",
                "stratum+tcp://me:hunter2@pool:0",
                "stratum+tcp://me:hunter2@:1",
                "stratum+tcp://me:hunter2%zz@pool:1",
                "stratum+tcp://:hunter2@pool:1",
                "tcp://me:hunter2@pool:1",
                "stratum+tcp://me:hunter2-pool:1"
            })
    void aPasswordIsNotRepeatedInAMistake(String upstream) {
        var outcome = athanor("pool", "--upstream", upstream);
        assertEquals(2, outcome.code, outcome.error);
        assertTrue(outcome.error.startsWith("--upstream: "), outcome.error);
        assertFalse(outcome.error.contains("hunter2"), outcome.error);
    }

    @Test
    void noPoolUpstreamCanBeHad() throws Exception {
        int free;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        assertMistake(
                1,
                List.of("within --for", "127.0.0.1:" + free + ": cannot reach the pool", "refused"),
                "pool",
                "--upstream",
                "stratum+tcp://me:hunter2@127.0.0.1:" + free,
                "--listen",
                "127.0.0.1:0",
                "--for",
                "3s");
    }

    @Test
    void theKeystoreIsMissingOrHasNoPassword() {
        assertMistake(
                1,
                List.of("--tls-keystore", "ATHANOR_KEYSTORE_PASSWORD is missing"),
                "pool",
                "--local-chain",
                "--tls-keystore",
                folder.resolve("none.p12").toString());
    }

    /** Of every option that takes a number or a word of its own, in the user's words: no Java type, no exception. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            mine --threads x                  | --threads x: a whole number up to 2147483647 is accepted
            mine --threads 99999999999        | --threads 99999999999: a whole number up to 2147483647 is accepted
            mine --bench --seconds 1.5        | --seconds 1.5: a whole number
            demo --seed 1.5                   | --seed 1.5: a whole number up to 9223372036854775807 is accepted
            demo --port http                  | --port http: a whole number
            demo --speed fast                 | --speed fast: a number is accepted
            demo --setpoint 20,5              | --setpoint 20,5: a number is accepted
            demo --for ever                   | --for: "ever" is not a span of time (such as 90s, 2m or 1h30m)
            pool --chain-difficulty x         | --chain-difficulty x: a number is accepted
            pool --difficulty hard            | --difficulty hard: a number is accepted
            pool --listen nowhere             | --listen: "nowhere" is not an address (HOST:PORT
            mine --metrics here               | --metrics: "here" is not an address (HOST:PORT
            """)
    void aWrongValueIsNamedWithWhatIsAccepted(String line, String said) {
        var outcome = athanor(line.split(" +"));
        assertEquals(2, outcome.code, outcome.error);
        assertTrue(outcome.error.startsWith(said), outcome.error);
        assertFalse(outcome.error.matches("(?s).*(java\\.|Exception|an int|BigDecimal|double).*"), outcome.error);
        assertEquals(2, outcome.error.lines().count(), outcome.error);
    }

    @Test
    void aCommandIsNeeded() {
        assertMistake(2, List.of("demo", "mine", "pool"));
    }

    @Test
    void thePortOfThePageIsInUse() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var port = Integer.toString(taken.getLocalPort());
            assertMistake(1, List.of(port, "in use"), "demo", "--port", port, "--for", "5s");
        }
    }

    @Test
    void thePortOfThePoolIsInUse() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var port = Integer.toString(taken.getLocalPort());
            assertMistake(1, List.of(port), "pool", "--local-chain", "--listen", "127.0.0.1:" + port);
        }
    }

    @Test
    void passwordsOfNodesAreNeverRepeated() {
        for (var url : List.of(
                "http://user:s3cret@127.0.0.1:70000",
                "http://user:s3cret@127.0.0.1",
                "ftp://user:s3cret@127.0.0.1:8332",
                "http://user:s3cret/x@127.0.0.1:8332")) {
            var outcome = athanor("pool", "--node", url, "--payout", "mzK2FFDEhxqHcmrJw1ysqFkVyhUULo45hZ");
            assertEquals(2, outcome.code, outcome.error);
            assertFalse(outcome.error.contains("s3cret"), outcome.error);
        }
    }

    @Test
    void aNodeThatIsNotThereIsNamedWithoutItsPassword() throws Exception {
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        try (var child = Child.start(
                Main.class,
                "pool",
                "--node",
                "http://user:s3cret@127.0.0.1:" + port,
                "--payout",
                "mzK2FFDEhxqHcmrJw1ysqFkVyhUULo45hZ",
                "--listen",
                "127.0.0.1:0",
                "--for",
                "5s")) {
            var said = String.join("\n", child.awaitEnd(Duration.ofMinutes(1)));
            assertTrue(said.contains("other users of this computer can read the node's password"), said);
            assertTrue(said.contains("waiting for the node: getblockchaininfo at http://127.0.0.1:" + port), said);
            assertTrue(said.contains("no template from the node within --for"), said);
            assertFalse(said.contains("s3cret"), said);
        }
    }

    @Test
    void thePortOfTheMinersMetricsIsInUse() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var port = Integer.toString(taken.getLocalPort());
            assertMistake(
                    1,
                    List.of("--metrics 127.0.0.1:" + port),
                    "mine",
                    "--pool",
                    "stratum+tcp://127.0.0.1:" + port,
                    "--user",
                    "me",
                    "--for",
                    "1s",
                    "--metrics",
                    port);
        }
    }

    @Test
    void thePortOfTheMetricsIsInUse() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var port = Integer.toString(taken.getLocalPort());
            assertMistake(
                    1,
                    List.of("--metrics 127.0.0.1:" + port),
                    "pool",
                    "--local-chain",
                    "--listen",
                    "127.0.0.1:0",
                    "--metrics",
                    port);
        }
    }

    @Test
    void theWeatherFileIsMissingUnreadableOrOfNoKnownKind() throws Exception {
        assertMistake(
                1,
                List.of("no such file"),
                "demo",
                "--weather",
                folder.resolve("none.epw").toString());
        var empty = Files.writeString(folder.resolve("empty.epw"), "");
        assertMistake(1, List.of("empty.epw"), "demo", "--weather", empty.toString());
        var text = Files.writeString(folder.resolve("weather.txt"), "sunny");
        assertMistake(1, List.of(".epw or .mos"), "demo", "--weather", text.toString());
        var binary = Files.write(folder.resolve("binary.epw"), new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
        assertMistake(1, List.of("not a text file"), "demo", "--weather", binary.toString());
    }

    @Test
    void aPriceSeriesWithAGapNamesItsLine() throws Exception {
        var text = new StringBuilder("time,electricity,gas\n");
        for (int hour = 0; hour < 8760; hour++)
            if (hour != 100) text.append(hour * 3600).append(",0.25,0.05\n");
        var file = Files.writeString(folder.resolve("prices.csv"), text);
        assertMistake(1, List.of("prices.csv", "102", "time"), "demo", "--prices", file.toString());
    }

    @Test
    void pricesOfLessThanAYearAreRefusedBeforeTheStart() throws Exception {
        var file =
                Files.writeString(folder.resolve("prices.csv"), "time,electricity,gas\n0,0.25,0.05\n3600,0.25,0.05\n");
        assertMistake(1, List.of("prices.csv", "8760"), "demo", "--prices", file.toString());
    }

    @Test
    void aSimulatedDevicesPortIsInUse() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var port = Integer.toString(taken.getLocalPort());
            for (var device : List.of("shelly-plug", "room-sensor", "mini3"))
                assertMistake(
                        1, List.of(port), "simulate-device", device, "--listen", "127.0.0.1:" + port, "--for", "2s");
        }
    }

    @Test
    void aSetpointThatSafetyWouldNotHoldIsRefused() {
        assertMistake(1, List.of("--setpoint 26", "25"), "demo", "--setpoint", "26", "--port", "0", "--for", "2s");
    }

    @Test
    void aScenarioNamesTheKeyThatIsWrong() throws Exception {
        var good =
                "name=x\ndate=2026-01-31\ndifficulty=1e14\nsubsidy=3.125 BTC\nfees=0.02 BTC\nbitcoinPrice=90000\npoolFee=0.01\n";
        for (var wrong :
                List.of("date=soon", "difficulty=0", "subsidy=3", "fees=-1 BTC", "bitcoinPrice=-1", "poolFee=2")) {
            var file = Files.writeString(folder.resolve("scenario.txt"), good + wrong + "\n");
            assertMistake(
                    1,
                    List.of("scenario.txt", wrong.replace("=", " = "), "accepted"),
                    "demo",
                    "--scenario",
                    file.toString());
        }
        var file = Files.writeString(folder.resolve("scenario.txt"), good + "tax=1\n");
        assertMistake(1, List.of("unknown [tax]"), "demo", "--scenario", file.toString());
        Files.writeString(file, "name=x\n");
        assertMistake(1, List.of("is missing"), "demo", "--scenario", file.toString());
    }

    @Test
    void theDataFolderIsAFileOrInUse() throws Exception {
        var file = Files.writeString(folder.resolve("file"), "");
        assertMistake(1, List.of("--data", "file"), "demo", "--data", file.toString());
        assertMistake(1, List.of("--data", "not empty"), "demo", "--data", folder.toString());
    }

    @Test
    void theReportCannotBeWritten() {
        assertMistake(
                1,
                List.of("--report"),
                "demo",
                "--report",
                folder.resolve("none/out.json").toString());
    }

    @Test
    void thePoolIsNotThere() throws Exception {
        int free;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        assertMistake(
                1,
                List.of("nothing was mined", Integer.toString(free)),
                "mine",
                "--pool",
                "stratum+tcp://127.0.0.1:" + free,
                "--user",
                "me",
                "--for",
                "1s");
    }

    @Test
    void helpIsThereWithExamples() {
        for (var command : List.of("demo", "mine", "pool", "pool account", "simulate-device")) {
            var out = new StringWriter();
            assertEquals(0, Main.commandLine().setOut(new PrintWriter(out)).execute((command + " --help").split(" ")));
            assertTrue(out.toString().contains("athanor " + command + " --"), out.toString());
        }
    }
}
