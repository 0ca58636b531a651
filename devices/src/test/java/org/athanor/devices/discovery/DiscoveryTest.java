package org.athanor.devices.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.athanor.devices.Computation;
import org.athanor.devices.drivers.HeaterKind;
import org.athanor.devices.simulated.SimulatedDevice;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class DiscoveryTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));

    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    @AfterEach
    void close() throws Exception {
        while (!open.isEmpty()) open.pop().close();
    }

    /** Each alone at an address of its own, as in a home. */
    private SimulatedDevice start(SimulatedDevice.Kind kind, int last) {
        var device = kind.start(new InetSocketAddress("127.0.7." + last, 0), IDLE, CLOCK);
        open.push(device);
        for (int i = 0; i < 40; i++) device.advance(Duration.ofMinutes(1)); // until it has started
        return device;
    }

    private static List<Finding> search(InetSocketAddress... at) throws InterruptedException {
        return new Discovery(
                        Stream.of(at).map(InetSocketAddress::getAddress).toList(),
                        Stream.of(at).map(InetSocketAddress::getPort).distinct().toList(),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(5))
                .search(_ -> {});
    }

    @Test
    void everyMinerIsRecognisedByTheNameThatConfigurationsUse() throws Exception {
        int last = 2;
        for (var kind : SimulatedDevice.Kind.values()) {
            if (!kind.heats()) continue;
            var device = start(kind, last++);
            var found = search(device.address());
            assertEquals(1, found.size(), kind.title() + ": " + found);
            var miner = assertInstanceOf(Finding.Miner.class, found.getFirst(), kind.title());
            assertEquals(kind.title(), miner.kind().title());
        }
    }

    @Test
    void plugsAndSensorsAreToldApart() throws Exception {
        var shelly = search(start(SimulatedDevice.Kind.SHELLY_PLUG, 2).address());
        assertEquals(
                "shelly",
                assertInstanceOf(Finding.SmartPlug.class, shelly.getFirst()).kind());
        var tasmota = search(start(SimulatedDevice.Kind.TASMOTA_PLUG, 3).address());
        assertEquals(
                "tasmota",
                assertInstanceOf(Finding.SmartPlug.class, tasmota.getFirst()).kind());
        var sensor = search(start(SimulatedDevice.Kind.ROOM_SENSOR, 4).address());
        assertEquals(
                "shelly",
                assertInstanceOf(Finding.Sensor.class, sensor.getFirst()).kind());
    }

    @Test
    void whatIsNotRecognisedIsNamedWithAReasonAndOnlyAskedToRead() throws Exception {
        var asked = Collections.synchronizedList(new ArrayList<String>());
        var http = HttpServer.create(new InetSocketAddress("127.0.7.9", 0), 0);
        http.createContext("/", exchange -> {
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            try (exchange) {
                var page = "<html>a printer</html>".getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, page.length);
                exchange.getResponseBody().write(page);
            }
        });
        http.start();
        open.push(() -> http.stop(0));
        var found = search(http.getAddress());
        var unknown = assertInstanceOf(Finding.Unknown.class, found.getFirst());
        assertTrue(!unknown.why().isBlank());
        assertTrue(asked.size() >= 5 && asked.stream().allMatch(each -> each.startsWith("GET ")), asked.toString());
        assertTrue(
                asked.stream().noneMatch(each -> each.contains("Set") || each.contains("Power%20O")), asked.toString());
    }

    @Test
    void pagesThatAskForAPasswordAreAnAntminerOnlyInItsOwnRealm() throws Exception {
        var router = asksForAPassword("127.0.7.10", "Basic realm=\"Router 401\"");
        var luxos = asksForAPassword("127.0.7.11", "Digest realm=\"LuxOS\", nonce=\"n\"");
        var silent = asksForAPassword("127.0.7.12", "");
        var antminer =
                asksForAPassword("127.0.7.13", "Digest realm=\"antMiner Configuration\", nonce=\"n\", qop=\"auth\"");
        var found = search(router, luxos, silent, antminer);
        for (var page : List.of(router, luxos, silent)) {
            var why = assertInstanceOf(Finding.Unknown.class, at(found, page)).why();
            assertTrue(why.contains("asks for a password"), why);
        }
        assertEquals(
                HeaterKind.ANTMINER,
                assertInstanceOf(Finding.Miner.class, at(found, antminer)).kind());
    }

    private static Finding at(List<Finding> found, InetSocketAddress address) {
        return found.stream()
                .filter(each -> each.address().equals(address))
                .findFirst()
                .orElseThrow();
    }

    private InetSocketAddress asksForAPassword(String address, String challenge) throws IOException {
        var http = HttpServer.create(new InetSocketAddress(address, 0), 0);
        http.createContext("/", exchange -> {
            try (exchange) {
                if (!challenge.isEmpty()) exchange.getResponseHeaders().add("WWW-Authenticate", challenge);
                exchange.sendResponseHeaders(401, -1);
            }
        });
        http.start();
        open.push(() -> http.stop(0));
        return http.getAddress();
    }

    /** The usual ports need a privileged process to listen at, so the findings are made here. */
    @Test
    void whatAMinersApiSaysCountsMoreThanItsPagesThatWantAPassword() {
        for (var kind : List.of(HeaterKind.LUXOS, HeaterKind.AVALON_Q, HeaterKind.WHATSMINER_V3)) {
            var page = new Finding.Miner(new InetSocketAddress("127.0.7.11", 80), HeaterKind.ANTMINER, "pages");
            var api = new Finding.Miner(new InetSocketAddress("127.0.7.11", kind.port()), kind, "api");
            assertEquals(List.of(api), Discovery.withoutSecondFaces(List.of(page, api)));
        }
        var page = new Finding.Miner(new InetSocketAddress("127.0.7.11", 80), HeaterKind.ANTMINER, "pages");
        var other = new Finding.Miner(new InetSocketAddress("127.0.7.12", 4028), HeaterKind.LUXOS, "api");
        assertEquals(List.of(page, other), Discovery.withoutSecondFaces(List.of(page, other)));
    }

    /** Behind unusual ports, its pages and the API beside them. */
    @Test
    void oneAddressIsOneFinding() {
        var at = new InetSocketAddress("127.0.7.7", 8080);
        var page = new Finding.Miner(at, HeaterKind.ANTMINER, Questions.ASKS_FOR_PASSWORD);
        var api = new Finding.Miner(at, HeaterKind.ANTMINER, "Antminer S19 Pro");
        assertEquals(List.of(api), Discovery.withoutSecondFaces(List.of(page, api)));
        assertEquals(List.of(api), Discovery.withoutSecondFaces(List.of(api, page)));
        var neighbour = new Finding.Miner(new InetSocketAddress("127.0.7.7", 8082), HeaterKind.ANTMINER, "another");
        assertEquals(List.of(api, neighbour), Discovery.withoutSecondFaces(List.of(page, api, neighbour)));
    }

    @Test
    void silenceIsNoDevice() throws Exception {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.9.8"))) {
            port = socket.getLocalPort();
        }
        var tried = new AtomicInteger();
        var found = new Discovery(Subnet.parse("127.0.9.0/28").addresses(), List.of(port))
                .search(_ -> tried.incrementAndGet());
        assertEquals(List.of(), found);
        assertEquals(14, tried.get());
    }

    @Test
    void subnetsAreThoseOfAHome() {
        assertEquals(254, Subnet.parse("192.168.1.77/24").addresses().size());
        assertEquals(
                "192.168.1.1",
                Subnet.parse("192.168.1.77/24").addresses().getFirst().getHostAddress());
        assertEquals(1, Subnet.parse("10.0.0.5").addresses().size());
        for (var wrong : List.of("8.8.8.0/24", "192.168.0.0/16", "home", "192.168.1.0/33", "::1", "1.2.3.4"))
            assertTrue(
                    assertThrows(IllegalArgumentException.class, () -> Subnet.parse(wrong))
                            .getMessage()
                            .contains(wrong),
                    wrong);
    }

    @Test
    void namesOfKindsAreThoseOfTheSimulatedDevices() throws IOException {
        for (var kind : HeaterKind.values())
            assertTrue(SimulatedDevice.Kind.named(kind.title()).heats(), kind.title());
    }

    private static final Computation IDLE = new Computation() {
        @Override
        public void setThreads(int threads) {} // computes nothing

        @Override
        public Counters counters() {
            return Counters.NONE;
        }

        @Override
        public void close() {} // holds nothing
    };
}
