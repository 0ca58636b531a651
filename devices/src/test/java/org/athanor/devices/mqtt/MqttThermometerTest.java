package org.athanor.devices.mqtt;

import static org.athanor.devices.testing.Failures.assertFails;
import static org.athanor.devices.testing.Failures.assertMentions;
import static org.athanor.devices.testing.Mosquitto.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.athanor.devices.DeviceException;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.mqtt.MqttThermometer.Config;
import org.athanor.devices.mqtt.TemperatureReader.Told;
import org.athanor.devices.mqtt.TemperatureShape.Unit;
import org.athanor.devices.testing.Mosquitto;
import org.athanor.units.Celsius;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Execution(ExecutionMode.CONCURRENT)
class MqttThermometerTest {
    private static final Instant NOW = Instant.parse("2026-01-15T06:00:00Z");

    @TempDir
    Path folder;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong(5_000_000_000L);

    @AfterEach
    void close() throws Exception {
        for (var each : opened.reversed()) each.close();
    }

    /** At a broker that is never there: messages are handed over by the test. */
    private MqttThermometer alone(Config config) {
        var broker = MqttBroker.open(MqttConfig.plain("127.0.0.1", 1, "test"), _ -> {});
        opened.add(broker);
        return new MqttThermometer("room", broker, config, () -> NOW, nanos::get);
    }

    private static MqttMessage live(String text) {
        return new MqttMessage("topic", text, false);
    }

    private static MqttMessage retained(String text) {
        return new MqttMessage("topic", text, true);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', useHeadersInDisplayName = true, textBlock = """
            shape       | message                                                                                  | celsius
            zigbee      | {"temperature":20.3,"humidity":48.2,"battery":97,"linkquality":120}                      | 20.3
            zigbee      | {"temperature":-3}                                                                       | -3
            tasmota     | {"Time":"2026-01-15T07:00:00","DS18B20":{"Id":"0AB","Temperature":20.3},"TempUnit":"C"}  | 20.3
            tasmota     | {"DS18B20":{"Temperature":68.0},"TempUnit":"F"}                                          | 20
            tasmota     | {"DS18B20":{"Temperature":"21.8"}}                                                       | 21.8
            bare        | 20.30                                                                                    | 20.3
            bare        | ' -5 '                                                                                   | -5
            fahrenheit  | 68                                                                                       | 20
            """)
    void itUnderstandsWhatTheFirmwaresSay(String shape, String message, double celsius) {
        var told = assertInstanceOf(Told.Reading.class, TemperatureReader.read(shape(shape), message));
        assertEquals(celsius, told.celsius(), 1e-9);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', useHeadersInDisplayName = true, textBlock = """
            shape   | message                                              | why
            zigbee  | offline                                              | not a JSON object
            zigbee  | {"temperature":null}                                 | no number
            zigbee  | {"temperature":                                      | not a JSON object
            zigbee  | {"temperature":1e999}                                | beyond
            zigbee  | [20.3]                                               | not a JSON object
            tasmota | {"DS18B20":{"Temperature":null},"TempUnit":"C"}      | no number
            tasmota | {"AM2301":{"Temperature":20.3},"TempUnit":"C"}       | no DS18B20.Temperature
            tasmota | {"DS18B20":{"Temperature":293},"TempUnit":"K"}       | TempUnit "K"
            bare    | nan                                                  | not a number
            bare    | NaN                                                  | not a number
            bare    | 68F                                                  | not a number
            bare    | ''                                                   | not a number
            bare    | -127                                                 | beyond -55.0 to 125.0
            bare    | 20,3                                                 | not a number
            """)
    void whatItDoesNotUnderstandItSays(String shape, String message, String why) {
        var told = assertInstanceOf(Told.Unreadable.class, TemperatureReader.read(shape(shape), message));
        assertEquals(true, told.why().contains(why), told.why());
    }

    private static TemperatureShape shape(String name) {
        return switch (name) {
            case "zigbee" -> new TemperatureShape.Zigbee2Mqtt("temperature");
            case "tasmota" -> new TemperatureShape.Tasmota("DS18B20");
            case "bare" -> new TemperatureShape.Bare(Unit.CELSIUS);
            case "fahrenheit" -> new TemperatureShape.Bare(Unit.FAHRENHEIT);
            default -> throw new IllegalArgumentException(name);
        };
    }

    @Test
    void aReadingHoldsUntilItIsStale() {
        var thermometer = alone(Config.bare("topic", Unit.CELSIUS).withStale(Duration.ofMinutes(30)));
        assertMentions(assertFails(Kind.UNREACHABLE, thermometer::read), "no reading yet", "broker:");
        thermometer.heard(live("20.5"));
        pass(Duration.ofMinutes(30));
        assertEquals(new Celsius(20.5), thermometer.read());
        pass(Duration.ofMinutes(1));
        assertMentions(assertFails(Kind.UNREACHABLE, thermometer::read), "31 min ago", "believed for 30 min");
        thermometer.heard(live("20.4"));
        assertEquals(new Celsius(20.4), thermometer.read());
    }

    @Test
    void aRetainedMessageOfUnknownAgeIsNoReading() {
        var thermometer = alone(Config.bare("topic", Unit.CELSIUS));
        thermometer.heard(retained("20.5"));
        assertMentions(assertFails(Kind.UNREACHABLE, thermometer::read), "a retained one of unknown age was set aside");
        thermometer.heard(live("21"));
        thermometer.heard(retained("20.5")); // after a reconnection
        assertEquals(new Celsius(21), thermometer.read());
    }

    @ParameterizedTest
    @CsvSource({
        "'\"2026-01-15T05:50:00Z\"', 10",
        "'\"2026-01-15T06:40:00+01:00\"', 20",
        "1768456200000, 10",
    })
    void aRetainedMessageThatSaysWhenItsDeviceWasHeardIsAsOldAsThat(String seen, long minutes) {
        var thermometer = alone(Config.zigbee2Mqtt("topic"));
        thermometer.heard(retained("{\"temperature\":20.5,\"last_seen\":" + seen + "}"));
        assertEquals(new Celsius(20.5), thermometer.read());
        pass(Duration.ofMinutes(30 - minutes));
        assertEquals(new Celsius(20.5), thermometer.read());
        pass(Duration.ofMinutes(1));
        assertFails(Kind.UNREACHABLE, thermometer::read);
    }

    @Test
    void whatABridgeRepeatsFromItsMemoryIsOldToo() {
        var thermometer = alone(Config.zigbee2Mqtt("topic"));
        thermometer.heard(live("{\"temperature\":20.5,\"last_seen\":\"2026-01-15T03:00:00Z\"}"));
        assertMentions(assertFails(Kind.UNREACHABLE, thermometer::read), "180 min ago");
        thermometer.heard(live("{\"temperature\":21,\"last_seen\":\"2026-01-15T05:59:00Z\"}"));
        thermometer.heard(live("{\"temperature\":20.5,\"last_seen\":\"2026-01-15T03:00:00Z\"}"));
        assertEquals(new Celsius(21), thermometer.read());
    }

    @Test
    void aTimeYetToComeDatesNothing() {
        var thermometer = alone(Config.zigbee2Mqtt("topic"));
        thermometer.heard(retained("{\"temperature\":20.5,\"last_seen\":\"2026-01-15T09:00:00Z\"}"));
        assertFails(Kind.UNREACHABLE, thermometer::read);
    }

    @Test
    void garbageEndsTheReadingBeforeIt() {
        var thermometer = alone(Config.bare("topic", Unit.CELSIUS));
        thermometer.heard(live("20.5"));
        thermometer.heard(live("nan"));
        assertMentions(assertFails(Kind.GARBLED, thermometer::read), "room", "topic", "\"nan\"");
        thermometer.heard(live("20.6"));
        assertEquals(new Celsius(20.6), thermometer.read());
    }

    @Test
    void aMessageOfSomethingElseChangesNothing() {
        var thermometer = alone(Config.zigbee2Mqtt("topic"));
        thermometer.heard(live("{\"temperature\":20.5}"));
        thermometer.heard(live("{\"battery\":97}"));
        assertEquals(new Celsius(20.5), thermometer.read());
    }

    @Test
    void itReadsThroughARealBroker() {
        var server = Mosquitto.open(folder);
        opened.add(server);
        var bridge = broker(server, "bridge");
        bridge.publish("zigbee2mqtt/living", "{\"temperature\":19}", true); // of unknown age
        bridge.publish("zigbee2mqtt/living/availability", "{\"state\":\"online\"}", true);
        var thermometer = new MqttThermometer(
                "room", broker(server, "edge"), Config.zigbee2Mqtt("zigbee2mqtt/living"), () -> NOW);
        opened.add(thermometer);
        await("the retained message", () -> failure(thermometer).contains("set aside"));
        bridge.publish("zigbee2mqtt/living", "{\"temperature\":20.3,\"humidity\":40}", true);
        await("the reading", () -> failure(thermometer).isEmpty());
        assertEquals(new Celsius(20.3), thermometer.read());
        bridge.publish("zigbee2mqtt/living/availability", "{\"state\":\"offline\"}", true);
        await("the device to go", () -> failure(thermometer).contains("it is offline"));
        bridge.publish("zigbee2mqtt/living/availability", "{\"state\":\"online\"}", true);
        await("the device to come back", () -> failure(thermometer).isEmpty());
    }

    private MqttBroker broker(Mosquitto server, String client) {
        var broker = MqttBroker.open(MqttConfig.plain("127.0.0.1", server.port(), client), _ -> {});
        opened.add(broker);
        await("a connection", broker::connected);
        return broker;
    }

    private static String failure(MqttThermometer thermometer) {
        try {
            thermometer.read();
            return "";
        } catch (DeviceException e) {
            return e.getMessage();
        }
    }
}
