package org.athanor.edge.homeassistant;

import static org.athanor.devices.testing.Mosquitto.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.athanor.devices.mqtt.MqttConfig;
import org.athanor.devices.testing.Mosquitto;
import org.athanor.edge.ControlledRoom;
import org.athanor.edge.RoomSettings.Preset;
import org.athanor.edge.RoomSettings.Presets;
import org.athanor.edge.RoomSettings.Vacation;
import org.athanor.edge.testing.FakeRoom;
import org.athanor.edge.testing.Watcher;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;
import org.athanor.units.Watts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Before a real Mosquitto, with the test in the place of Home Assistant. */
@Execution(ExecutionMode.CONCURRENT) // each test has a broker of its own, for which it waits
class HomeAssistantTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HomeAssistant.Pace FAST =
            new HomeAssistant.Pace(Duration.ofMillis(20), Duration.ofMillis(200), Duration.ofMinutes(5));

    private static final String LIVING = "homeassistant/device/athanor_flat_living/config";
    private static final String HEATER = "homeassistant/device/athanor_flat_living_10_0_0_5_4028/config";
    private static final String HOME = "homeassistant/device/athanor_flat/config";
    private static final String ROOM = "athanor/flat/room/living/";

    /** Facts: device discovery in abbreviated form, climate, sensor and binary sensor of Home Assistant's documentation. */
    private static final Set<String> KNOWN_KEYS = Set.of(
            // the message
            "dev",
            "o",
            "availability",
            "cmps",
            "ids",
            "name",
            "mf",
            "mdl",
            "sw",
            "via_device",
            "topic",
            // every component
            "p",
            "unique_id",
            // climate
            "modes",
            "mode_command_topic",
            "mode_state_topic",
            "temperature_command_topic",
            "temperature_state_topic",
            "current_temperature_topic",
            "action_topic",
            "preset_modes",
            "preset_mode_command_topic",
            "preset_mode_state_topic",
            "min_temp",
            "max_temp",
            "temp_step",
            "precision",
            "temperature_unit",
            // sensors
            "device_class",
            "state_class",
            "unit_of_measurement",
            "state_topic",
            "expire_after",
            "json_attributes_topic");

    @TempDir
    Path folder;

    private final List<String> notes = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final FakeRoom living = new FakeRoom().cycle(Duration.ZERO);
    private final Memory memory = new Memory();
    private Mosquitto server;
    private Watcher watcher;

    private static final class Memory implements EnergyMemory {
        final Map<String, Joules> kept = new ConcurrentHashMap<>();

        @Override
        public Optional<Joules> recall(String meter) {
            return Optional.ofNullable(kept.get(meter));
        }

        @Override
        public void keep(String meter, Joules energy) {
            kept.put(meter, energy);
        }
    }

    @BeforeEach
    void open() {
        server = Mosquitto.open(folder);
        opened.add(server);
        watcher = new Watcher(server, "watcher");
        opened.add(watcher);
    }

    @AfterEach
    void close() throws Exception {
        for (var each : opened.reversed()) each.close();
    }

    private HomeAssistantConfig config() {
        return HomeAssistantConfig.of("127.0.0.1", server.port(), "flat");
    }

    private HomeAssistant start() {
        return start(List.of(new ControlledRoom("living", "Living room", living)));
    }

    private HomeAssistant start(List<ControlledRoom> rooms) {
        var home = HomeAssistant.start(config(), rooms, memory, "0.1", FAST, notes::add);
        opened.add(home);
        return home;
    }

    private void awaitAnnouncement() {
        for (var topic : List.of(LIVING, HEATER, HOME))
            await(topic, () -> watcher.last(topic).isPresent());
        await("states", () -> watcher.last("athanor/flat/safety").isPresent());
    }

    private JsonNode json(String topic) {
        try {
            return JSON.readTree(watcher.last(topic).orElseThrow());
        } catch (JsonProcessingException e) {
            throw new AssertionError(topic, e);
        }
    }

    // ---- discovery

    @Test
    void aRoomIsAClimate() throws Exception {
        start();
        awaitAnnouncement();
        assertEquals(JSON.readTree("""
                {"dev":{"ids":["athanor_flat_living"],"name":"Living room","mf":"Athanor","mdl":"room","sw":"0.1",
                        "via_device":"athanor_flat"},
                 "o":{"name":"athanor","sw":"0.1"},
                 "availability":[{"topic":"athanor/flat/online"}],
                 "cmps":{"climate":{"p":"climate","unique_id":"athanor_flat_living_climate","name":null,
                   "modes":["off","heat","auto"],
                   "mode_state_topic":"athanor/flat/room/living/mode",
                   "mode_command_topic":"athanor/flat/room/living/mode/set",
                   "temperature_state_topic":"athanor/flat/room/living/setpoint",
                   "temperature_command_topic":"athanor/flat/room/living/setpoint/set",
                   "current_temperature_topic":"athanor/flat/room/living/temperature",
                   "action_topic":"athanor/flat/room/living/action",
                   "preset_modes":["eco","comfort","boost"],
                   "preset_mode_state_topic":"athanor/flat/room/living/preset",
                   "preset_mode_command_topic":"athanor/flat/room/living/preset/set",
                   "min_temp":5.0,"max_temp":25.0,"temp_step":0.5,"precision":0.1,"temperature_unit":"C"}}}
                """), json(LIVING));
        watcher.await(ROOM + "mode", "auto");
        watcher.await(ROOM + "setpoint", "20.00");
        watcher.await(ROOM + "temperature", "19.50");
        watcher.await(ROOM + "action", "heating");
        watcher.await(ROOM + "preset", "None");
    }

    @Test
    void aHeaterHasPowerEnergyHashRateAndChip() {
        start();
        awaitAnnouncement();
        var components = json(HEATER).get("cmps");
        assertEquals(Set.of("power", "energy", "hashrate", "chip"), keys(components));
        assertEquals("athanor_flat_living", json(HEATER).at("/dev/via_device").asText());
        assertEquals("W power measurement", kind(components.get("power")));
        assertEquals("kWh energy total_increasing", kind(components.get("energy")));
        assertEquals("GH/s  measurement", kind(components.get("hashrate")));
        assertEquals("°C temperature measurement", kind(components.get("chip")));
        for (var component : components) {
            assertEquals("sensor", component.get("p").asText());
            assertTrue(component.has("expire_after"), component.toString());
        }
        var topic = ROOM + "heater/10_0_0_5_4028/";
        assertEquals(topic + "power", components.at("/power/state_topic").asText());
        watcher.await(topic + "power", "800");
        watcher.await(topic + "hashrate", "37500");
        watcher.await(topic + "chip", "61.2");
        watcher.await(topic + "energy", "0.000");
    }

    @Test
    void theHomeHasMoneyEnergyAndSafety() {
        start();
        awaitAnnouncement();
        var components = json(HOME).get("cmps");
        assertEquals("EUR monetary total", kind(components.get("earnings")));
        assertEquals("EUR/kWh  measurement", kind(components.get("heat_price")));
        assertEquals("kWh energy total_increasing", kind(components.get("energy")));
        assertEquals("binary_sensor", components.at("/safety/p").asText());
        assertEquals("problem", components.at("/safety/device_class").asText());
        watcher.await("athanor/flat/earnings", "1.5000");
        watcher.await("athanor/flat/heat_price", "0.1000");
        watcher.await("athanor/flat/energy", "10.000");
        watcher.await("athanor/flat/safety", "OFF");
        living.alarms("Mini 3: fan failed").cycle(Duration.ofMinutes(1));
        watcher.await("athanor/flat/safety", "ON");
        watcher.await("athanor/flat/safety_reasons", "{\"reasons\":[\"Mini 3: fan failed\"]}");
    }

    private static String kind(JsonNode sensor) {
        return sensor.get("unit_of_measurement").asText() + " "
                + sensor.path("device_class").asText() + " "
                + sensor.get("state_class").asText();
    }

    private static Set<String> keys(JsonNode node) {
        var keys = new TreeSet<String>();
        node.fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    @Test
    void everyKeyIsOneThatHomeAssistantKnows() {
        start();
        awaitAnnouncement();
        for (var topic : List.of(LIVING, HEATER, HOME)) {
            var message = json(topic);
            assertKnown(message, topic);
            var uniqueIds = new TreeSet<String>();
            for (var component : message.get("cmps")) {
                assertTrue(uniqueIds.add(component.get("unique_id").asText()), topic);
                assertTrue(component.hasNonNull("p"), topic);
                var name = component.get("p").asText().equals("climate") ? "climate" : "state_topic";
                assertTrue(name.equals("climate") || component.hasNonNull("state_topic"), topic);
            }
        }
    }

    private static void assertKnown(JsonNode node, String where) {
        for (var key : keys(node)) {
            if (key.equals("cmps")) {
                for (var component : node.get(key)) assertKnown(component, where);
                continue;
            }
            assertTrue(KNOWN_KEYS.contains(key), key + " in " + where);
            var value = node.get(key);
            if (value.isObject()) assertKnown(value, where);
            if (value.isArray()) for (var each : value) if (each.isObject()) assertKnown(each, where);
        }
    }

    @Test
    void discoveryIsRetainedAndStatesAreNot() {
        start();
        awaitAnnouncement();
        var late = new Watcher(server, "late");
        opened.add(late);
        await("what is retained", () -> late.last(LIVING).isPresent());
        var retained = late.all().stream()
                .filter(message -> message.retained())
                .map(message -> message.topic())
                .collect(Collectors.toSet());
        assertEquals(Set.of(LIVING, HEATER, HOME, "athanor/flat/online"), retained);
    }

    @Test
    void everythingIsSentAgainWhenHomeAssistantIsBorn() {
        start();
        awaitAnnouncement();
        watcher.forget();
        watcher.say("homeassistant/status", "offline");
        watcher.say("homeassistant/status", "online");
        awaitAnnouncement();
        watcher.await("athanor/flat/online", "online");
        watcher.await(ROOM + "setpoint", "20.00");
    }

    @Test
    void everythingIsSentAgainToABrokerThatForgotIt() {
        var home = start();
        awaitAnnouncement();
        server.stop();
        await("the loss", () -> home.trouble().isPresent());
        watcher.forget();
        server.start();
        awaitAnnouncement();
        watcher.await("athanor/flat/online", "online");
    }

    @Test
    void itIsOfflineWhenItIsClosedOrVanishes() {
        var home = start();
        watcher.await("athanor/flat/online", "online");
        home.close();
        watcher.await("athanor/flat/online", "offline");
        start();
        watcher.await("athanor/flat/online", "online");
        // another client of this name: the broker throws ours out, as it would one whose line is cut
        watcher.forget();
        var other = new Watcher(MqttConfig.plain("127.0.0.1", server.port(), "athanor-flat"));
        other.close();
        await(
                "the will",
                () -> watcher.all("athanor/flat/online").stream()
                        .anyMatch(message -> message.text().equals("offline")));
    }

    @Test
    void aRoomThatIsNoMoreIsRemoved() {
        var study = new FakeRoom().cycle(Duration.ZERO);
        var before = start(List.of(
                new ControlledRoom("living", "Living room", living), new ControlledRoom("study", "Study", study)));
        awaitAnnouncement();
        var gone = "homeassistant/device/athanor_flat_study/config";
        await("the study", () -> watcher.last(gone).isPresent());
        before.close();
        // of another home, whose name begins like ours
        watcher.sayRetained(
                "homeassistant/device/athanor_flat_2/config",
                "{\"availability\":[{\"topic\":\"athanor/flat_2/online\"}]}");
        start();
        watcher.await(gone, "");
        watcher.await("homeassistant/device/athanor_flat_study_10_0_0_5_4028/config", "");
        assertFalse(watcher.last(LIVING).orElseThrow().isEmpty());
        assertFalse(watcher.last("homeassistant/device/athanor_flat_2/config")
                .orElseThrow()
                .isEmpty());
    }

    @Test
    void uninstallingRemovesAllDevicesOfThisHome() throws Exception {
        var home = start();
        awaitAnnouncement();
        watcher.sayRetained("homeassistant/device/other/config", "{\"o\":{\"name\":\"other\"}}");
        watcher.sayRetained("homeassistant/device/odd/config", "not json");
        home.close();
        assertEquals(3, HomeAssistant.uninstall(config(), notes::add));
        for (var topic : List.of(LIVING, HEATER, HOME, "athanor/flat/online")) watcher.await(topic, "");
        assertFalse(
                watcher.last("homeassistant/device/other/config").orElseThrow().isEmpty());
        assertEquals(0, HomeAssistant.uninstall(config(), notes::add));
    }

    @Test
    void uninstallingWithoutABrokerSaysSo() {
        server.stop();
        var failure = assertThrows(HomeAssistantException.class, () -> HomeAssistant.uninstall(config(), notes::add));
        assertTrue(
                failure.getMessage().contains("home flat at tcp://127.0.0.1:" + server.port()), failure.getMessage());
    }

    // ---- states

    @Test
    void whatIsNotKnownIsToldAsUnknown() {
        start();
        awaitAnnouncement();
        living.temperature(Optional.empty()).watts(Optional.empty()).cycle(Duration.ofMinutes(1));
        watcher.await(ROOM + "temperature", "None");
        watcher.await(ROOM + "heater/10_0_0_5_4028/power", "None");
        watcher.await(ROOM + "heater/10_0_0_5_4028/chip", "None");
        watcher.await(ROOM + "heater/10_0_0_5_4028/hashrate", "None");
        watcher.await(ROOM + "action", "idle");
    }

    @Test
    void statesAreRepeatedSoThatTheyDoNotExpire() {
        start();
        awaitAnnouncement();
        watcher.forget();
        await("the same again", () -> watcher.all(ROOM + "temperature").size() >= 2);
    }

    @Test
    void aControlThatStandsStillIsAProblemAndItsReadingsExpire() {
        var pace = new HomeAssistant.Pace(Duration.ofMillis(20), Duration.ofMillis(100), Duration.ofSeconds(2));
        opened.add(HomeAssistant.start(
                config(),
                List.of(new ControlledRoom("living", "Living room", living)),
                memory,
                "0.1",
                pace,
                notes::add));
        watcher.await("athanor/flat/safety", "ON");
        watcher.await("athanor/flat/safety_reasons", "{\"reasons\":[\"Living room: control stands still\"]}");
        int told = watcher.all(ROOM + "temperature").size();
        watcher.forget();
        await(
                "the safety sensor again",
                () -> watcher.all("athanor/flat/safety").size() >= 2);
        assertTrue(told > 0);
        assertEquals(List.of(), watcher.all(ROOM + "temperature"));
        living.cycle(Duration.ofMinutes(1));
        watcher.await("athanor/flat/safety", "OFF");
        await("readings again", () -> !watcher.all(ROOM + "temperature").isEmpty());
    }

    @Test
    void energyGoesOnOverARestartAndNeverFalls() {
        var topic = ROOM + "heater/10_0_0_5_4028/energy";
        var home = start();
        watcher.await(topic, "0.000");
        living.cycle(Duration.ofMinutes(30));
        watcher.await(topic, "0.400");
        living.watts(Optional.of(Watts.ZERO)).cycle(Duration.ofMinutes(30));
        watcher.await(topic, "0.800");
        home.close();
        start();
        living.watts(Optional.of(new Watts(400))).cycle(Duration.ofDays(1)); // of a gap nobody knows
        watcher.await(ROOM + "heater/10_0_0_5_4028/power", "400");
        living.cycle(Duration.ofMinutes(15));
        watcher.await(topic, "0.900");
        double last = 0;
        for (var message : watcher.all(topic)) {
            double value = Double.parseDouble(message.text());
            assertTrue(value >= last, watcher.all(topic).toString());
            last = value;
        }
    }

    // ---- commands

    @Test
    void aSetpointIsTaken() {
        start();
        awaitAnnouncement();
        watcher.say(ROOM + "setpoint/set", "21.5");
        watcher.await(ROOM + "setpoint", "21.50");
        watcher.await(ROOM + "mode", "heat");
        assertEquals(Optional.of(new Celsius(21.5)), living.settings().setpoint());
    }

    @Test
    void modesSwitchHeatingAndSchedule() {
        start();
        awaitAnnouncement();
        watcher.say(ROOM + "mode/set", "off");
        watcher.await(ROOM + "mode", "off");
        assertFalse(living.settings().heating());
        watcher.say(ROOM + "mode/set", "heat");
        watcher.await(ROOM + "mode", "heat");
        assertTrue(living.settings().heating());
        assertEquals(Optional.of(new Celsius(20)), living.settings().setpoint()); // that of the comfort preset
        watcher.say(ROOM + "mode/set", "auto");
        watcher.await(ROOM + "mode", "auto");
        assertEquals(Optional.empty(), living.settings().setpoint());
    }

    @Test
    void theModeHeatHoldsNoMoreThanMayBeChosen() {
        living.change(now -> now.withHeating(false)
                .with(new Presets(new Celsius(18), new Celsius(27), new Celsius(27), Duration.ofHours(1))));
        start();
        awaitAnnouncement();
        watcher.say(ROOM + "mode/set", "heat");
        watcher.await(ROOM + "mode", "heat");
        assertEquals(Optional.of(new Celsius(25)), living.settings().setpoint());
    }

    @Test
    void aVacationGoesBeforeASetpointThatStaysAndWhatIsAskedDuringItHoldsUntilItsEnd() {
        start();
        awaitAnnouncement();
        watcher.say(ROOM + "setpoint/set", "21.5");
        watcher.await(ROOM + "setpoint", "21.50");
        var end = FakeRoom.START.plus(Duration.ofDays(7));
        living.change(now -> now.withVacation(Optional.of(new Vacation(FakeRoom.START, end, new Celsius(12)))));
        watcher.await(ROOM + "setpoint", "12.00");
        watcher.await(ROOM + "mode", "auto");
        watcher.say(ROOM + "mode/set", "heat");
        watcher.await(ROOM + "setpoint", "21.50");
        watcher.await(ROOM + "mode", "heat");
        assertEquals(Optional.of(end), living.settings().until());
        watcher.say(ROOM + "mode/set", "auto");
        watcher.await(ROOM + "setpoint", "12.00");
        watcher.say(ROOM + "preset/set", "eco");
        watcher.await(ROOM + "preset", "eco");
        assertEquals(Optional.of(end), living.settings().until());
        watcher.say(ROOM + "setpoint/set", "20.5");
        watcher.await(ROOM + "setpoint", "20.50");
        assertEquals(Optional.of(end), living.settings().until());
    }

    @Test
    void theModeHeatDoesNotBringBackABoostThatHasEnded() {
        start();
        awaitAnnouncement();
        watcher.say(ROOM + "preset/set", "boost");
        watcher.await(ROOM + "preset", "boost");
        living.cycle(Duration.ofHours(2));
        watcher.await(ROOM + "mode", "auto");
        watcher.say(ROOM + "mode/set", "heat");
        watcher.await(ROOM + "mode", "heat");
        assertEquals(Optional.of(new Celsius(20)), living.settings().setpoint());
    }

    @Test
    void presetsAreTakenAndTakenBack() {
        start();
        awaitAnnouncement();
        watcher.say(ROOM + "preset/set", "boost");
        watcher.await(ROOM + "preset", "boost");
        watcher.await(ROOM + "setpoint", "22.00");
        assertEquals(Optional.of(Preset.BOOST), living.settings().preset(FakeRoom.START));
        assertEquals(
                Optional.of(FakeRoom.START.plus(Duration.ofHours(1))),
                living.settings().until());
        watcher.say(ROOM + "preset/set", "eco");
        watcher.await(ROOM + "preset", "eco");
        watcher.say(ROOM + "preset/set", "none");
        watcher.await(ROOM + "preset", "None");
        watcher.await(ROOM + "mode", "auto");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            command  | text      | note
            setpoint | 99        | celsius 99.0: a setpoint from 5 to 25
            setpoint | 4.5       | celsius 4.5: a setpoint from 5 to 25
            setpoint | warm      | setpoint "warm": a temperature
            setpoint | NaN       | setpoint "NaN": a temperature
            setpoint | 21 °C     | a temperature in °C is accepted
            setpoint | ''        | setpoint "": a temperature
            setpoint | -300      | setpoint "-300": a temperature
            mode     | cool      | mode "cool": off, heat or auto
            mode     | {"a":1}   | off, heat or auto is accepted
            preset   | sauna     | preset "sauna": eco, comfort, boost or none
            """)
    void aBadCommandChangesNothingAndTheStateIsToldAgain(String command, String text, String note) {
        start();
        awaitAnnouncement();
        var before = living.settings();
        watcher.forget();
        watcher.say(ROOM + command + "/set", text);
        await("the note", () -> notes.stream().anyMatch(each -> each.contains(note)));
        var state =
                Map.of("setpoint", "20.00", "mode", "auto", "preset", "None").get(command);
        watcher.await(ROOM + command, state);
        assertEquals(before, living.settings());
    }

    @Test
    void theChildLockHoldsHereToo() {
        living.lock("1234");
        start();
        awaitAnnouncement();
        watcher.say(ROOM + "setpoint/set", "24");
        await("the note", () -> notes.stream().anyMatch(each -> each.contains("nothing while the child lock is on")));
        assertEquals(Optional.empty(), living.settings().setpoint());
    }

    @Test
    void aRetainedCommandIsIgnored() {
        watcher.sayRetained(ROOM + "setpoint/set", "24");
        watcher.await(ROOM + "setpoint/set", "24");
        start();
        awaitAnnouncement();
        await("the note", () -> notes.stream().anyMatch(each -> each.contains("a retained command")));
        assertEquals(Optional.empty(), living.settings().setpoint());
    }

    // ---- the broker

    @Test
    void aWrongPasswordIsNamed() {
        server.close();
        server = Mosquitto.withUser(folder, "athanor", "secret");
        opened.add(server);
        var home = HomeAssistant.start(
                config().withUser("athanor", "sesame"),
                List.of(new ControlledRoom("living", "Living room", living)),
                memory,
                "0.1",
                FAST,
                notes::add);
        opened.add(home);
        await("the refusal", () -> home.trouble().orElse("").contains("refuses user and password (user athanor)"));
        assertFalse(notes.toString().contains("sesame"), notes.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "home/1", "é", "#"})
    void aHomeIdThatIsNoTopicIsRefused(String id) {
        var refused = assertThrows(IllegalArgumentException.class, () -> HomeAssistantConfig.of("broker", 1883, id));
        assertTrue(refused.getMessage().contains("homeId"), refused.getMessage());
    }

    @Test
    void idsThatLookAlikeAsTopicsAreCounted() {
        assertEquals(List.of("a_b", "a_b_2", "c"), Topics.names(List.of("a:b", "a.b", "c")));
    }
}
