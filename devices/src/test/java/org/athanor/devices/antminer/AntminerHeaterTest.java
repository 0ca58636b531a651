package org.athanor.devices.antminer;

import static org.athanor.devices.testing.Failures.anyPort;
import static org.athanor.devices.testing.Failures.assertFails;
import static org.athanor.devices.testing.Failures.assertMentions;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.athanor.devices.Credentials;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.HeaterState.Phase;
import org.athanor.devices.simulated.SimulatedAntminer;
import org.athanor.devices.testing.FakeComputation;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is the stock firmware's own; the rest stands in the contract of all miners. */
class AntminerHeaterTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final List<AntminerMode> MODES =
            List.of(AntminerMode.lowPower(new Watts(2400)), AntminerMode.normal(new Watts(3250)));

    private final Credentials login = new Credentials("root", "sesame");
    private final SimulatedAntminer device = new SimulatedAntminer(
            login, anyPort(), anyPort(), new FakeComputation(), () -> Instant.parse("2019-01-15T00:00:00Z"));
    private final AntminerHeater heater = driver(device.address());

    private AntminerHeater driver(InetSocketAddress web) {
        return new AntminerHeater(
                "s19", "Antminer S19 Pro", MODES, new Watts(3500), login, web, device.apiAddress(), TIMEOUT);
    }

    private void pass(int minutes) {
        for (int i = 0; i < minutes; i++) device.advance(Duration.ofMinutes(1), new Celsius(20), true);
    }

    @AfterEach
    void stop() {
        heater.close();
        device.close();
    }

    @Test
    void itsPoolsOutliveEveryChange() {
        pass(20);
        for (int level : new int[] {1, 0, 2}) {
            heater.setLevel(level);
            pass(20);
            assertEquals(OptionalInt.of(level), heater.read().level());
            assertTrue(device.hasPools());
        }
    }

    @Test
    void asleepItIsBelievedWithoutItsOtherPort() {
        pass(20);
        heater.setLevel(0);
        var asleep = heater.read();
        assertEquals(Phase.OFF, asleep.phase());
        assertEquals(Optional.empty(), asleep.chip());
        assertEquals(Optional.empty(), asleep.hashrate());
        assertFails(Kind.UNREACHABLE, heater::pool);
    }

    /** Of firmware generations: what is read, and what must be written for it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, quoteCharacter = '`', textBlock = """
            settings                                                                   | written
            "bitmain-work-mode":"0","bitmain-freq-level":"100","bitmain-fan-ctrl":true | "bitmain-fan-ctrl":true,"freq-level":"100","miner-mode":1
            "miner-mode":"0","freq-level":"90"                                         | "freq-level":"90","miner-mode":"1"
            "miner-mode":0                                                             | "miner-mode":1
            """)
    void theModeIsWrittenAsThisFirmwareWantsIt(String settings, String written) throws IOException {
        var pools = "\"pools\":[{\"url\":\"a\",\"user\":\"b\",\"pass\":\"c\"}]";
        try (var web = new Web("{" + pools + "," + settings + "}", "{\"stats\":\"success\",\"code\":\"M000\"}");
                var driver = driver(web.address())) {
            driver.setLevel(0);
            assertEquals("{" + pools + "," + written + "}", web.posts.remove());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"bitmain-work-mode":"0"}                                                  | REFUSED | its settings hold no pools
            {"bitmain-work-mode":"0","pools":[]}                                       | REFUSED | its settings hold no pools
            {"bitmain-work-mode":"0","pools":[{"url":"a","user":"b"}]}                 | REFUSED | its settings hold no pools
            {"bitmain-work-mode":"often","pools":[]}                                   | GARBLED | bitmain-work-mode is "often"
            {"pools":[]}                                                               | GARBLED | neither bitmain-work-mode nor miner-mode
            []                                                                         | GARBLED | neither bitmain-work-mode nor miner-mode
            """)
    void settingsThatCannotBeSentBackWholeAreNotSent(String settings, Kind kind, String why) throws IOException {
        try (var web = new Web(settings, "{}");
                var driver = driver(web.address())) {
            assertMentions(assertFails(kind, () -> driver.setLevel(0)), why, "s19");
            assertTrue(web.posts.isEmpty());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"stats":"error","code":"M001","msg":"Illegal request!"} | REFUSED | Illegal request! (code M001)
            {}                                                       | GARBLED | no "stats" in its reply
            """)
    void whatIsNoSuccessIsSaid(String reply, Kind kind, String why) throws IOException {
        try (var web = new Web(
                        "{\"bitmain-work-mode\":\"0\",\"pools\":[{\"url\":\"a\",\"user\":\"b\",\"pass\":\"c\"}]}",
                        reply);
                var driver = driver(web.address())) {
            assertMentions(assertFails(kind, () -> driver.setLevel(0)), why);
        }
    }

    @Test
    void impossibleModesAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new AntminerMode("sleepy", 1, new Watts(20)));
        assertThrows(IllegalArgumentException.class, () -> AntminerMode.normal(Watts.ZERO));
        assertThrows(
                IllegalArgumentException.class,
                () -> new AntminerHeater(
                        "s19",
                        "Antminer S19 Pro",
                        MODES.reversed(),
                        new Watts(3500),
                        login,
                        device.address(),
                        device.apiAddress()));
        assertFalse(heater.capabilities().powerSource().isBlank());
    }

    /** Pages that ask nobody who he is. */
    private static final class Web implements AutoCloseable {
        final BlockingQueue<String> posts = new LinkedBlockingQueue<>();
        private final HttpServer http;

        Web(String settings, String reply) throws IOException {
            http = HttpServer.create(anyPort(), 0);
            http.createContext("/", exchange -> {
                try (exchange) {
                    var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                    if (exchange.getRequestMethod().equals("POST")) posts.add(body);
                    var bytes = (exchange.getRequestMethod().equals("POST") ? reply : settings)
                            .getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, bytes.length);
                    exchange.getResponseBody().write(bytes);
                }
            });
            http.start();
        }

        InetSocketAddress address() {
            return http.getAddress();
        }

        @Override
        public void close() {
            http.stop(0);
        }
    }
}
