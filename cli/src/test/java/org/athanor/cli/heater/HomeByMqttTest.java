package org.athanor.cli.heater;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.athanor.cli.Child;
import org.athanor.cli.Main;
import org.athanor.devices.mqtt.MqttBroker;
import org.athanor.devices.mqtt.MqttConfig;
import org.athanor.devices.testing.Mosquitto;
import org.athanor.edge.Tick;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What the commands of a heater do at a real broker. */
@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
class HomeByMqttTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Instant START = Instant.parse("2019-01-05T06:00:00Z");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private final StringWriter said = new StringWriter();
    private Mosquitto mosquitto;
    private MqttBroker far;

    @BeforeEach
    void open() {
        mosquitto = Mosquitto.open(folder);
        far = MqttBroker.open(MqttConfig.plain("127.0.0.1", mosquitto.port(), "far"), _ -> {});
        Mosquitto.await("connection", far::connected);
    }

    @AfterEach
    void close() {
        if (far != null) far.close();
        if (mosquitto != null) mosquitto.close();
    }

    private Path file(String plug) throws IOException {
        return Files.writeString(folder.resolve("heater.yaml"), """
                state: state
                tariff: {kind: flat, price: 0.3}
                mqtt: {host: 127.0.0.1, port: %d}
                homeAssistant: {homeId: cottage}
                rooms:
                  - {id: study, floorArea: 15, thermometer: {kind: shelly, address: "127.0.0.1:9"}}
                heaters:
                  - id: panel
                    kind: element
                    watts: 1000
                    plug: %s
                """.formatted(mosquitto.port(), plug));
    }

    private int run(String... arguments) {
        var line = Main.commandLine();
        line.setOut(new PrintWriter(said, true));
        line.setErr(new PrintWriter(said, true));
        return line.execute(arguments);
    }

    /** Whether the panel of the file counts as protected when the home runs. */
    private boolean isProtected(Path file) throws Exception {
        try (var home = HeaterHome.open(HeaterFile.read(file), () -> new Tick(START, 0), () -> START, _ -> {})) {
            return home.house()
                    .parts()
                    .getFirst()
                    .edge()
                    .cycle()
                    .heaters()
                    .getFirst()
                    .guarded();
        }
    }

    /** Behind Zigbee2MQTT; some firmwares take {@code on_time} and stay on. */
    private final class Plug implements AutoCloseable {
        private final boolean knowsOnTime;
        private final List<MqttBroker.Subscription> subscriptions;
        private volatile long offNanos = System.nanoTime();
        volatile boolean on;

        Plug(boolean knowsOnTime) {
            this.knowsOnTime = knowsOnTime;
            subscriptions = List.of(
                    far.subscribe("zigbee2mqtt/plug/set", message -> set(json(message.text()))),
                    far.subscribe("zigbee2mqtt/plug/get", _ -> tell()));
        }

        private void set(JsonNode command) {
            on = command.path("state").asText().equals("ON");
            long seconds = command.path("on_time").asLong();
            offNanos = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
            tell();
        }

        private void tell() {
            if (knowsOnTime && System.nanoTime() - offNanos > 0) on = false;
            far.publish(
                    "zigbee2mqtt/plug", "{\"state\":\"" + (on ? "ON" : "OFF") + "\",\"power\":0,\"energy\":1}", true);
        }

        private static JsonNode json(String text) {
            try {
                return JSON.readTree(text);
            } catch (JsonProcessingException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void close() {
            subscriptions.forEach(MqttBroker.Subscription::close);
        }
    }

    @Test
    void aZigbeePlugProtectsOnceItWasSeenToGoOffByItself() throws Exception {
        var file = file("{kind: zigbee2mqtt, topic: zigbee2mqtt/plug, countdown: on-time, ratingWatts: 2500}");
        var plug = new Plug(true);
        assertEquals(0, run("heater", "check", file.toString()));
        assertTrue(said.toString().contains("panel, unprotected"), said.toString());
        assertTrue(said.toString().contains("athanor heater check --try-plugs"), said.toString());
        assertFalse(isProtected(file));

        assertEquals(0, run("heater", "check", "--try-plugs", file.toString()));
        assertTrue(said.toString().contains("it went off by itself: it protects"), said.toString());
        assertTrue(said.toString().contains("panel, protected"), said.toString());
        assertTrue(isProtected(file));
        assertFalse(plug.on);

        // another plug at that place, or the same one after an update, is tried again
        plug.close();
        try (var broken = new Plug(false)) {
            assertEquals(0, run("heater", "check", "--try-plugs", file.toString()));
            assertTrue(said.toString().contains("it stayed on, and was switched off"), said.toString());
            assertFalse(broken.on);
            assertFalse(isProtected(file));
        }
    }

    @Test
    void plugsAreNotTriedWhileTheHomeRuns() throws Exception {
        var file = file("{kind: zigbee2mqtt, topic: zigbee2mqtt/plug, countdown: on-time, ratingWatts: 2500}");
        try (var _ = new Plug(true);
                var _ = HeaterHome.open(HeaterFile.read(file), () -> new Tick(START, 0), () -> START, _ -> {});
                var other = Child.start(Main.class, "heater", "check", "--try-plugs", file.toString())) {
            other.await("refusal", PATIENCE, line -> line.contains("end athanor heater run before"));
        }
    }

    @Test
    void aTasmotaPlugMayBeNamedByItsTopic() throws Exception {
        var file = file("{kind: tasmota, topic: tasmota_1a2b3c, ratingWatts: 2500}");
        assertEquals(0, run("heater", "check", file.toString()));
        assertTrue(said.toString().contains("panel, protected"), said.toString());
        var replies = Map.of(
                "Power1", "RESULT {\"POWER\":\"OFF\"}",
                "Status", "STATUS8 {\"StatusSNS\":{\"ENERGY\":{\"Power\":0,\"Total\":12.5}}}",
                "RuleTimer8", "RESULT {\"T8\":0}");
        try (var _ = far.subscribe("cmnd/tasmota_1a2b3c/+", message -> {
                    var command = message.topic().substring("cmnd/tasmota_1a2b3c/".length());
                    var reply = replies.getOrDefault(command, "RESULT {\"Command\":\"Unknown\"}")
                            .split(" ", 2);
                    far.publish("stat/tasmota_1a2b3c/" + reply[0], reply[1], false);
                });
                var home = HeaterHome.open(HeaterFile.read(file), () -> new Tick(START, 0), () -> START, _ -> {})) {
            Mosquitto.await("reading of the plug", () -> isRead(home));
        }
    }

    private static boolean isRead(HeaterHome home) {
        try {
            var panel = home.house().parts().getFirst().edge().cycle().heaters().getFirst();
            return panel.guarded() && panel.fault().isEmpty() && panel.level().equals(Optional.of("off"));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void uninstallingTakesTheHomeOutOfHomeAssistant() throws Exception {
        var file = file("{kind: zigbee2mqtt, topic: zigbee2mqtt/plug, countdown: on-time, ratingWatts: 2500}");
        var plug = new Plug(true);
        var present = ConcurrentHashMap.<String>newKeySet();
        far.subscribe("homeassistant/device/+/config", message -> {
            if (message.text().isEmpty()) present.remove(message.topic());
            else present.add(message.topic());
        });
        far.publish("homeassistant/device/lamp/config", "{\"o\":{\"name\":\"another\"}}", true);
        assertEquals(0, run("heater", "run", "--config", file.toString(), "--port", "0", "--for", "3s"));
        plug.close();
        Mosquitto.await("devices", () -> present.size() == 4);
        assertEquals(0, run("heater", "uninstall", "--config", file.toString()));
        assertTrue(said.toString().contains("3 devices removed"), said.toString());
        Mosquitto.await("their end", () -> present.size() == 1);
        assertEquals(List.of("homeassistant/device/lamp/config"), List.copyOf(present));

        Files.writeString(file, Files.readString(file).replace("{homeId: cottage}", "{discovery: false}"));
        assertEquals(1, run("heater", "uninstall", "--config", file.toString()));
        assertTrue(said.toString().contains("nothing was announced"), said.toString());
    }
}
