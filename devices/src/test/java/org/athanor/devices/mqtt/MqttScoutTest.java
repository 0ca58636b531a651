package org.athanor.devices.mqtt;

import static org.athanor.devices.testing.Mosquitto.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.athanor.devices.mqtt.MqttPlug.ZigbeeCountdown;
import org.athanor.devices.mqtt.MqttScout.FoundTasmotaPlug;
import org.athanor.devices.mqtt.MqttScout.FoundThermometer;
import org.athanor.devices.mqtt.MqttScout.FoundZigbeePlug;
import org.athanor.devices.mqtt.TemperatureShape.Unit;
import org.athanor.devices.testing.Mosquitto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class MqttScoutTest {
    private static final String ZIGBEE = """
            [{"ieee_address":"0x00","type":"Coordinator","friendly_name":"Coordinator","definition":null},
             {"friendly_name":"living/sensor","definition":{"model":"WSDCGQ11LM","vendor":"Aqara","exposes":[
               {"type":"numeric","property":"battery","unit":"%"},
               {"type":"numeric","property":"temperature","unit":"°C"}]}},
             {"friendly_name":"no # topic","definition":{"exposes":[{"type":"numeric","property":"temperature"}]}},
             {"friendly_name":"plug","definition":{"exposes":[
               {"type":"switch","features":[{"type":"binary","property":"state"}]},
               {"type":"numeric","property":"countdown"},
               {"type":"numeric","property":"power"},{"type":"numeric","property":"energy"}]}},
             {"friendly_name":"old plug","definition":{"exposes":[
               {"type":"switch","features":[{"type":"binary","property":"state"}]},
               {"type":"numeric","property":"power"},{"type":"numeric","property":"energy"},
               {"type":"numeric","property":"temperature"}]}},
             {"friendly_name":"lamp","definition":{"exposes":[
               {"type":"light","features":[{"property":"state"},{"property":"brightness"}]}]}}]
            """;
    private static final Map<String, String> MESSAGES = Map.of(
            "zigbee2mqtt/bridge/devices",
            ZIGBEE,
            "tasmota/discovery/49A3BC/config",
            "{\"ip\":\"192.168.1.10\",\"dn\":\"Washing machine\",\"t\":\"plug_7\",\"ft\":\"%prefix%/%topic%/\",\"rl\":[1]}",
            "tasmota/discovery/49A3BC/sensors",
            "{\"sn\":{\"Time\":\"2026-01-15T07:00:00\",\"ENERGY\":{\"Total\":1.2,\"Power\":0},"
                    + "\"DS18B20\":{\"Temperature\":20.5},\"TempUnit\":\"C\"},\"ver\":1}",
            "homeassistant/sensor/bedroom/temperature/config",
            "{\"dev_cla\":\"temperature\",\"unit_of_meas\":\"°F\",\"name\":\"Temperature\","
                    + "\"stat_t\":\"bedroom/sensor/temperature/state\",\"avty_t\":\"bedroom/status\","
                    + "\"dev\":{\"name\":\"Bedroom\"}}",
            "homeassistant/sensor/zigbee/temperature/config",
            "{\"device_class\":\"temperature\",\"state_topic\":\"zigbee2mqtt/living/sensor\","
                    + "\"value_template\":\"{{ value_json.temperature }}\"}",
            "homeassistant/sensor/power/config",
            "{\"device_class\":\"power\",\"state_topic\":\"somewhere\"}",
            "homeassistant/sensor/odd/config",
            "not json",
            "tasmota/discovery/000000/config",
            "[1,2]");

    private static final List<MqttScout.Found> FOUND = List.of(
            new FoundThermometer(
                    "Bedroom Temperature",
                    MqttThermometer.Config.bare("bedroom/sensor/temperature/state", Unit.FAHRENHEIT)
                            .withAvailability("bedroom/status")),
            new FoundTasmotaPlug("Washing machine", "plug_7", Optional.of(InetAddress.ofLiteral("192.168.1.10"))),
            new FoundThermometer("Washing machine DS18B20", MqttThermometer.Config.tasmota("plug_7", "DS18B20")),
            new FoundThermometer("living/sensor", MqttThermometer.Config.zigbee2Mqtt("zigbee2mqtt/living/sensor")),
            new FoundZigbeePlug("old plug", "zigbee2mqtt/old plug", ZigbeeCountdown.ON_TIME),
            new FoundZigbeePlug("plug", "zigbee2mqtt/plug", ZigbeeCountdown.COUNTDOWN));

    @TempDir
    Path folder;

    @Test
    void itUnderstandsWhatDevicesLeaveOfThemselves() {
        assertEquals(FOUND, MqttScout.understand(MESSAGES));
    }

    @Test
    void anAddressThatIsNoneOfAHomeIsNotKnown() {
        for (var told : List.of("8.8.8.8", "plug.example.com", "", "0.0.0.0")) {
            var messages = new HashMap<>(MESSAGES);
            messages.computeIfPresent(
                    "tasmota/discovery/49A3BC/config", (_, text) -> text.replace("192.168.1.10", told));
            assertTrue(
                    MqttScout.understand(messages)
                            .contains(new FoundTasmotaPlug("Washing machine", "plug_7", Optional.empty())),
                    told);
        }
    }

    @Test
    void itFindsThemAtABrokerAndSaysNothingThere() throws InterruptedException {
        try (var server = Mosquitto.open(folder);
                var home = MqttBroker.open(MqttConfig.plain("127.0.0.1", server.port(), "home"), _ -> {});
                var scout = MqttBroker.open(MqttConfig.plain("127.0.0.1", server.port(), "scout"), _ -> {})) {
            await("both", () -> home.connected() && scout.connected());
            MESSAGES.forEach((topic, text) -> home.publish(topic, text, true));
            var heard = new CopyOnWriteArrayList<String>();
            home.subscribe("marker", message -> heard.add(message.topic()));
            await("the marker behind them", () -> {
                home.publish("marker", "here", false);
                return !heard.isEmpty();
            });
            var said = new CopyOnWriteArrayList<String>();
            home.subscribe("#", message -> {
                if (!message.retained() && !message.topic().equals("marker")) said.add(message.topic());
            });
            assertEquals(FOUND, MqttScout.look(scout, Duration.ofSeconds(2)));
            assertEquals(List.of(), said);
        }
    }
}
