package org.athanor.devices.mqtt;

import static org.athanor.devices.testing.Failures.assertFails;
import static org.athanor.devices.testing.Failures.assertFailsWithin;
import static org.athanor.devices.testing.Failures.assertMentions;
import static org.athanor.devices.testing.Mosquitto.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.mqtt.MqttPlug.ZigbeeCountdown;
import org.athanor.devices.testing.Mosquitto;
import org.athanor.units.Joules;
import org.athanor.units.Watts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Against a real broker, behind which plugs answer as Zigbee2MQTT and Tasmota do. */
@Execution(ExecutionMode.CONCURRENT)
class MqttPlugTest {
    private static final Watts RATING = new Watts(2300);
    private static final Duration COUNTDOWN = Duration.ofMinutes(3);

    private static final Duration SHORT = Duration.ofMillis(400);

    @TempDir
    Path folder;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private Mosquitto server;
    private MqttBroker edge;
    private MqttBroker far;

    @BeforeEach
    void open() {
        server = Mosquitto.open(folder);
        opened.add(server);
        edge = broker("edge");
        far = broker("far");
    }

    @AfterEach
    void close() throws Exception {
        for (var each : opened.reversed()) each.close();
    }

    private MqttBroker broker(String client) {
        var broker = MqttBroker.open(MqttConfig.plain("127.0.0.1", server.port(), client), _ -> {});
        opened.add(broker);
        await("a connection", broker::connected);
        return broker;
    }

    private <T extends AutoCloseable> T opened(T each) {
        opened.add(each);
        // both sides' subscriptions are at the broker when one of ours comes back
        var heard = new CopyOnWriteArrayList<String>();
        for (var broker : List.of(edge, far)) {
            var topic = "barrier/" + System.nanoTime();
            broker.subscribe(topic, message -> heard.add(message.text()));
            int before = heard.size();
            await("the barrier", () -> {
                broker.publish(topic, "here", false);
                return heard.size() > before;
            });
        }
        return each;
    }

    /** A switch that goes off by itself when it was told a time, if it knows how. */
    private abstract static class Relay {
        final List<String> told = new CopyOnWriteArrayList<>();
        volatile boolean on;
        volatile boolean obeys = true;
        volatile boolean silent;
        private volatile long offAt = Long.MAX_VALUE;

        boolean isOn() {
            if (on && System.nanoTime() - offAt >= 0 && offAt != Long.MAX_VALUE) on = false;
            return on;
        }

        void offAfter(long seconds) {
            offAt = seconds == 0 ? Long.MAX_VALUE : System.nanoTime() + seconds * 1_000_000_000L;
        }

        long left() {
            return offAt == Long.MAX_VALUE
                    ? 0
                    : Math.max(0, (offAt - System.nanoTime() + 999_999_999L) / 1_000_000_000L);
        }
    }

    private final class FakeZigbeePlug extends Relay {
        private final boolean knowsOnTime;
        volatile String extra = ",\"power\":612.5,\"energy\":12.25";
        private volatile Optional<Long> countdown = Optional.empty();

        FakeZigbeePlug(boolean knowsOnTime) {
            this.knowsOnTime = knowsOnTime;
            far.subscribe("zigbee2mqtt/plug/set", this::set);
            far.subscribe("zigbee2mqtt/plug/get", _ -> tell());
        }

        private void set(MqttMessage message) {
            told.add(message.text());
            if (!obeys) return; // without acknowledgement by radio Zigbee2MQTT tells no state
            var command = json(message.text());
            if (command.has("state")) on = command.get("state").asText().equals("ON");
            if (command.has("on_time") && knowsOnTime)
                offAfter(command.get("on_time").asLong());
            if (command.has("countdown")) {
                countdown = Optional.of(command.get("countdown").asLong());
                offAfter(countdown.get());
            }
            tell();
        }

        private void tell() {
            if (silent) return;
            far.publish(
                    "zigbee2mqtt/plug",
                    "{\"state\":\"" + (isOn() ? "ON" : "OFF") + "\"" + extra
                            + countdown.map(left -> ",\"countdown\":" + left).orElse("") + "}",
                    true);
        }
    }

    private final class FakeTasmotaPlug extends Relay {
        volatile String rule = "";
        volatile boolean enabled;
        volatile boolean oldFirmware;
        volatile boolean knowsRules = true;
        volatile String energy = "{\"Total\":12.250,\"Yesterday\":1.0,\"Today\":0.4,\"Power\":612,\"Voltage\":230}";

        FakeTasmotaPlug() {
            far.subscribe("cmnd/plug/+", this::command);
        }

        private void command(MqttMessage message) {
            var command = message.topic().substring("cmnd/plug/".length());
            var argument = message.text();
            told.add((command + " " + argument).strip());
            if (silent) return;
            switch (command) {
                case "Power1" -> {
                    if (!argument.isEmpty() && obeys) on = argument.equals("ON");
                    result("{\"POWER\":\"" + (isOn() ? "ON" : "OFF") + "\"}");
                    far.publish("stat/plug/POWER", isOn() ? "ON" : "OFF", false);
                }
                case "Status" ->
                    far.publish(
                            "stat/plug/STATUS8",
                            "{\"StatusSNS\":{\"Time\":\"2026-01-15T07:00:00\",\"ENERGY\":" + energy + "}}",
                            false);
                case "RuleTimer8" -> {
                    if (!knowsRules) {
                        result("{\"Command\":\"Unknown\"}");
                        return;
                    }
                    if (!argument.isEmpty()) offAfter(Long.parseLong(argument));
                    result("{\"T1\":0,\"T2\":0,\"T3\":0,\"T4\":0,\"T5\":0,\"T6\":0,\"T7\":0,\"T8\":" + left() + "}");
                }
                case "Rule3" -> {
                    if (!knowsRules) {
                        result("{\"Command\":\"Unknown\"}");
                        return;
                    }
                    if (argument.equals("1")) enabled = true;
                    else if (!argument.isEmpty()) rule = argument;
                    var state = enabled ? "ON" : "OFF";
                    result(
                            oldFirmware
                                    ? "{\"Rule3\":\"" + state
                                            + "\",\"Once\":\"OFF\",\"StopOnError\":\"OFF\",\"Free\":400,\"Rules\":\""
                                            + rule + "\"}"
                                    : "{\"Rule3\":{\"State\":\"" + state
                                            + "\",\"Once\":\"OFF\",\"StopOnError\":\"OFF\",\"Length\":0,\"Free\":400,\"Rules\":\""
                                            + rule + "\"}}");
                }
                default -> result("{\"Command\":\"Unknown\"}");
            }
        }

        private void result(String text) {
            far.publish("stat/plug/RESULT", text, false);
        }
    }

    private static com.fasterxml.jackson.databind.JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private MqttPlug zigbee(ZigbeeCountdown countdown) {
        return opened(MqttPlug.zigbee2Mqtt("plug", edge, "zigbee2mqtt/plug", RATING, countdown));
    }

    private MqttPlug tasmota() {
        return opened(MqttPlug.tasmota("plug", edge, "plug", RATING));
    }

    @ParameterizedTest
    @EnumSource(ZigbeeCountdown.class)
    void aZigbeePlugIsSwitchedAndReadBack(ZigbeeCountdown countdown) {
        var device = new FakeZigbeePlug(true);
        var plug = zigbee(countdown);
        plug.on(COUNTDOWN);
        var state = plug.read();
        assertTrue(state.on());
        assertEquals(new Watts(612.5), state.power());
        assertEquals(Joules.ofKilowattHours(12.25), state.energy());
        plug.off();
        assertFalse(plug.read().on());
        assertFalse(device.on);
        assertEquals(countdown != ZigbeeCountdown.NONE, plug.countsDown());
        var expected = switch (countdown) {
            case NONE -> List.of("{\"state\":\"ON\"}", "{\"state\":\"OFF\"}");
            case ON_TIME -> List.of("{\"state\":\"ON\",\"on_time\":180}", "{\"state\":\"OFF\"}");
            case COUNTDOWN ->
                List.of("{\"state\":\"ON\"}", "{\"countdown\":180}", "{\"state\":\"OFF\"}", "{\"countdown\":0}");
        };
        assertEquals(expected, device.told);
    }

    @Test
    void aTasmotaPlugIsArmedBeforeItIsSwitchedOn() {
        var device = new FakeTasmotaPlug();
        var plug = tasmota();
        plug.on(COUNTDOWN);
        var rule = "ON Rules#Timer=8 DO Power1 0 ENDON ON System#Boot DO Power1 0 ENDON";
        assertEquals(List.of("Rule3", "Rule3 " + rule, "Rule3 1", "RuleTimer8 180", "Power1 ON"), device.told);
        var state = plug.read();
        assertTrue(state.on());
        assertEquals(new Watts(612), state.power());
        assertEquals(Joules.ofKilowattHours(12.25), state.energy());
        assertTrue(state.countdownLeft().orElseThrow().compareTo(COUNTDOWN) <= 0);
        device.told.clear();
        plug.on(COUNTDOWN);
        assertEquals(List.of("RuleTimer8 180", "Power1 ON"), device.told);
        plug.off();
        assertEquals(Optional.empty(), plug.read().countdownLeft());
        assertFalse(device.on);
    }

    @Test
    void aTasmotaPlugThatCameOnlineAnewIsGivenItsRuleAgain() {
        var device = new FakeTasmotaPlug();
        var plug = tasmota();
        plug.on(COUNTDOWN);
        device.rule = "";
        device.enabled = false;
        device.oldFirmware = true;
        await("the rule to be set again", () -> {
            far.publish("tele/plug/LWT", "Online", true);
            plug.on(COUNTDOWN);
            return device.enabled;
        });
        assertTrue(device.rule.startsWith("ON Rules#Timer=8"));
    }

    @Test
    void aRuleOfSomebodyElseIsLeftAlone() {
        var device = new FakeTasmotaPlug();
        device.rule = "ON Switch1#State DO Power1 2 ENDON";
        device.enabled = true;
        assertMentions(
                assertFails(Kind.REFUSED, () -> tasmota().on(COUNTDOWN)), "Rule3", "ON Switch1#State", "clear it");
        assertFalse(device.on);
    }

    @Test
    void aTasmotaWithoutRulesIsNotSwitchedOn() {
        var device = new FakeTasmotaPlug();
        device.knowsRules = false;
        assertMentions(assertFails(Kind.REFUSED, () -> tasmota().on(COUNTDOWN)), "Rule3", "does not know the command");
        assertFalse(device.on);
    }

    @Test
    void aPlugThatDoesNotAnswerIsUnreachableInTime() {
        var zigbeeDevice = new FakeZigbeePlug(true);
        var tasmotaDevice = new FakeTasmotaPlug();
        var zigbee = zigbee(ZigbeeCountdown.ON_TIME);
        var tasmota = tasmota();
        zigbeeDevice.silent = true;
        tasmotaDevice.silent = true;
        for (var plug : List.of(zigbee, tasmota)) {
            var hasty = plug.within(SHORT);
            assertFailsWithin(SHORT, Kind.UNREACHABLE, hasty::read);
            assertFailsWithin(SHORT, Kind.UNREACHABLE, () -> hasty.on(COUNTDOWN));
            assertFailsWithin(SHORT, Kind.UNREACHABLE, hasty::off);
        }
    }

    @Test
    void aCommandThatIsNotObeyedIsNotBelieved() {
        var zigbeeDevice = new FakeZigbeePlug(true);
        var tasmotaDevice = new FakeTasmotaPlug();
        var zigbee = zigbee(ZigbeeCountdown.COUNTDOWN);
        var tasmota = tasmota();
        zigbeeDevice.obeys = false;
        tasmotaDevice.obeys = false;
        assertFails(Kind.UNREACHABLE, () -> zigbee.within(SHORT).on(COUNTDOWN));
        assertFails(Kind.UNREACHABLE, () -> tasmota.within(SHORT).on(COUNTDOWN));
    }

    @Test
    void aRetainedStateAnswersNoQuestion() {
        far.publish("zigbee2mqtt/plug", "{\"state\":\"OFF\",\"power\":0,\"energy\":1}", true);
        var plug = zigbee(ZigbeeCountdown.NONE);
        assertFailsWithin(SHORT, Kind.UNREACHABLE, plug.within(SHORT)::read);
    }

    @Test
    void aPlugThatDoesNotMeterSaysSo() {
        var zigbeeDevice = new FakeZigbeePlug(true);
        var tasmotaDevice = new FakeTasmotaPlug();
        var zigbee = zigbee(ZigbeeCountdown.NONE);
        var tasmota = tasmota();
        zigbeeDevice.extra = "";
        assertMentions(assertFails(Kind.GARBLED, zigbee::read), "no \"power\"");
        zigbeeDevice.extra = ",\"power\":1e99,\"energy\":1";
        assertMentions(assertFails(Kind.GARBLED, zigbee::read), "\"power\" from -100000.0 to 100000.0");
        tasmotaDevice.energy = "{\"Power\":[1,2],\"Total\":1}";
        assertMentions(assertFails(Kind.GARBLED, tasmota::read), "ENERGY.Power");
    }

    @Test
    void anInstallerLearnsWhetherAPlugGoesOffByItself() throws InterruptedException {
        new FakeZigbeePlug(true);
        // it has to be seen on before it goes off, by a busy machine too
        assertTrue(zigbee(ZigbeeCountdown.ON_TIME).goesOffByItself(Duration.ofSeconds(4)));
    }

    @Test
    void aFirmwareThatIgnoresOnTimeIsFoundOut() throws InterruptedException {
        var device = new FakeZigbeePlug(false);
        assertFalse(zigbee(ZigbeeCountdown.ON_TIME).goesOffByItself(Duration.ofSeconds(1)));
        assertFalse(device.on);
    }

    @Test
    void withoutABrokerNothingIsSent() {
        var plug = zigbee(ZigbeeCountdown.ON_TIME);
        server.stop();
        await("the loss", () -> edge.trouble().isPresent());
        assertMentions(assertFails(Kind.UNREACHABLE, plug::off), "not sent");
    }

    @Test
    void aCountdownOfNoTimeIsRefused() {
        var refused = assertThrows(
                IllegalArgumentException.class,
                () -> zigbee(ZigbeeCountdown.ON_TIME).on(Duration.ofMillis(10)));
        assertMentions(refused, "at least a second");
    }
}
