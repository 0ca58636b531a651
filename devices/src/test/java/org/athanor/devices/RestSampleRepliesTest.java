package org.athanor.devices;

import static org.athanor.devices.testing.Failures.anyPort;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.athanor.devices.HeaterState.Phase;
import org.athanor.devices.axeos.AxeOsHeater;
import org.athanor.devices.axeos.AxeOsModel;
import org.athanor.devices.braiins.BraiinsHeater;
import org.athanor.devices.simulated.SimulatedVnish;
import org.athanor.devices.testing.FakeComputation;
import org.athanor.devices.vnish.VnishHeater;
import org.athanor.devices.vnish.VnishLevel;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The drivers of HTTP APIs on replies that were seen on real devices, and a simulation against its maker's description. These
 * are not ours to ship: the folder that holds them is given by the environment variable ATHANOR_SAMPLES, and without it these
 * tests are left out.
 */
class RestSampleRepliesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static Path samples;

    private HttpServer server;

    @BeforeAll
    static void find() {
        var folder = Optional.ofNullable(System.getenv("ATHANOR_SAMPLES")).map(Path::of);
        assumeTrue(
                folder.isPresent() && Files.isDirectory(folder.get()),
                "left out: ATHANOR_SAMPLES names no folder with replies of real devices");
        samples = folder.get();
    }

    private static String sample(String name) throws IOException {
        return Files.readString(samples.resolve(name));
    }

    /** @param replies by path */
    private void replay(Map<String, String> replies) throws IOException {
        server = HttpServer.create(anyPort(), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                var reply = replies.get(exchange.getRequestURI().getPath());
                var bytes = (reply == null ? "" : reply).getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(reply == null ? 404 : 200, bytes.length == 0 ? -1 : bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        if (server != null) server.stop(0);
    }

    @Test
    void aBitaxeSupraSecondsAfterItsStart() throws Exception {
        replay(Map.of("/api/system/info", sample("bitaxe_axeos_v2.0__system_info.json")));
        try (var heater = new AxeOsHeater("sample", AxeOsModel.SUPRA, false, server.getAddress(), TIMEOUT)) {
            var state = heater.read();
            assertEquals(OptionalInt.of(2), state.level());
            assertEquals(Phase.WORKING, state.phase());
            assertEquals(2.65, state.power().orElseThrow().value(), 1e-6);
            assertEquals(Optional.of(new Celsius(59.875)), state.chip());
            assertEquals(OptionalInt.of(3517), state.fanRpm());
            assertEquals(Optional.empty(), state.fault());
            assertEquals(
                    Optional.of(new PoolSetting("stratum+tcp://btc.example.pool:3333", "asic-rs.test")), heater.pool());
        }
    }

    @Test
    void aBitaxeThatSomebodyTuned() throws Exception {
        replay(Map.of("/api/system/info", sample("axeos_v2.12__system_info.uimock.json")));
        try (var heater = new AxeOsHeater("sample", AxeOsModel.GAMMA, true, server.getAddress(), TIMEOUT)) {
            var state = heater.read();
            assertEquals(OptionalInt.empty(), state.level(), "485 MHz at 1200 mV are none of ours");
            assertEquals(Phase.WORKING, state.phase());
            assertEquals(11.67, state.power().orElseThrow().value(), 1e-6);
            assertEquals(0.475, state.hashrate().orElseThrow().terahashes(), 1e-9);
        }
    }

    @Test
    void anAntminerWithBraiinsOs() throws Exception {
        replay(Map.of(
                "/api/v1/auth/login", "{\"token\":\"t\",\"timeout_s\":3600}",
                "/api/v1/miner/details", sample("braiins_rest_v26.04__miner_details.json"),
                "/api/v1/miner/stats", sample("braiins_rest_v26.04__miner_stats.json"),
                "/api/v1/cooling/state", sample("braiins_rest_v26.04__cooling_state.json"),
                "/api/v1/performance/tuner-state", sample("braiins_rest_v26.04__performance_tuner_state.json"),
                "/api/v1/pools", sample("braiins_rest_v26.04__pools.json")));
        try (var heater = new BraiinsHeater(
                "sample",
                "Antminer S21 Pro",
                List.of(2500, 3500),
                new Watts(3800),
                Credentials.DEFAULT,
                server.getAddress(),
                TIMEOUT)) {
            var state = heater.read();
            assertEquals(OptionalInt.of(2), state.level());
            assertEquals(Phase.WORKING, state.phase());
            assertEquals(Optional.of(new Watts(3480)), state.power());
            assertEquals(Optional.of(new Celsius(65.375)), state.chip());
            assertEquals(OptionalInt.of(5943), state.fanRpm());
            assertEquals(248.187, state.hashrate().orElseThrow().terahashes(), 0.001);
            assertEquals(
                    Optional.of(new PoolSetting("stratum+tcp://example.pool.com:3333", "asic_rs.test")), heater.pool());
        }
    }

    @Test
    void anAntminerWithVnishThatStands() throws Exception {
        // its owner left the watts out when he posted it
        var summary = (ObjectNode) JSON.readTree(sample("vnish_1.3.3__summary_stopped.partial.json"));
        ((ObjectNode) summary.get("miner")).put("power_consumption", 0);
        replay(Map.of(
                "/api/v1/info",
                "{\"fw_name\":\"Vnish\",\"fw_version\":\"1.3.3\",\"hr_measure\":\"GH/s\"}",
                "/api/v1/summary",
                summary.toString()));
        try (var heater = new VnishHeater(
                "sample",
                "Antminer S19 Pro",
                List.of(VnishLevel.throttled(50, new Watts(1600)), VnishLevel.throttled(100, new Watts(3250))),
                new Watts(3500),
                "admin",
                server.getAddress(),
                TIMEOUT)) {
            var state = heater.read();
            assertEquals(OptionalInt.of(0), state.level());
            assertEquals(Phase.OFF, state.phase());
            assertEquals(Optional.of(new Celsius(29)), state.chip());
            assertEquals(0, state.hashrate().orElseThrow().value());
        }
    }

    /** What the simulated Vnish says is in its maker's words: each field is one of the description's. */
    @Test
    void theSimulatedVnishSpeaksItsMakersWords() throws Exception {
        var description = JSON.readTree(sample("SPEC_vnish_1.3.4_openapi.json"));
        try (var device = new SimulatedVnish("admin", anyPort(), new FakeComputation());
                var http = HttpClient.newHttpClient()) {
            device.advance(Duration.ofMinutes(20), new Celsius(20), true);
            for (var call : List.of("info", "summary", "status", "perf-summary")) {
                var uri = URI.create("http://127.0.0.1:" + device.address().getPort() + "/api/v1/" + call);
                var reply = http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
                var schema = description
                        .path("paths")
                        .path("/" + call)
                        .at("/get/responses/200/content/application~1json/schema");
                assertTrue(schema.isObject(), call);
                requireKnown(description, schema, JSON.readTree(reply.body()), call);
            }
        }
    }

    private static void requireKnown(JsonNode description, JsonNode schema, JsonNode value, String where) {
        if (value.isArray()) {
            for (var item : value)
                requireKnown(description, described(description, schema).path("items"), item, where + "[]");
            return;
        }
        if (!value.isObject()) return;
        value.properties().forEach(field -> {
            var found = property(description, schema, field.getKey());
            assertTrue(found.isPresent(), () -> where + "." + field.getKey() + " is in no description");
            requireKnown(description, found.get(), field.getValue(), where + "." + field.getKey());
        });
    }

    private static JsonNode described(JsonNode description, JsonNode schema) {
        var reference = schema.path("$ref").asText("");
        return reference.isEmpty() ? schema : description.at(reference.substring(1));
    }

    private static Optional<JsonNode> property(JsonNode description, JsonNode schema, String name) {
        var here = described(description, schema);
        if (here.path("properties").has(name))
            return Optional.of(here.path("properties").get(name));
        for (var parts : List.of("allOf", "oneOf", "anyOf"))
            for (var part : here.path(parts)) {
                var found = property(description, part, name);
                if (found.isPresent()) return found;
            }
        return Optional.empty();
    }
}
