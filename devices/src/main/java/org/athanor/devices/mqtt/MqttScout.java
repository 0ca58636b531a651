package org.athanor.devices.mqtt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.athanor.devices.mqtt.MqttPlug.ZigbeeCountdown;
import org.athanor.devices.mqtt.TemperatureShape.Unit;

/**
 * Finds thermometers and metering plugs at a broker. It only listens: to what Zigbee2MQTT ({@code bridge/devices}), Tasmota ({@code
 * tasmota/discovery}) and ESPHome (Home Assistant's discovery) have left there of themselves.
 */
public final class MqttScout {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> FILTERS = List.of(
            "+/bridge/devices",
            "tasmota/discovery/+/+",
            "homeassistant/sensor/+/config",
            "homeassistant/sensor/+/+/config");

    private static final String TASMOTA_TOPIC = "%prefix%/%topic%/";

    public sealed interface Found {
        /** As its owner called it. */
        String name();
    }

    public record FoundThermometer(String name, MqttThermometer.Config config) implements Found {}

    /** @param topic such as {@code zigbee2mqtt/plug} */
    public record FoundZigbeePlug(String name, String topic, ZigbeeCountdown countdown) implements Found {}

    /**
     * @param device its {@code Topic}
     * @param address as it told it when it joined the broker; empty if it told none of a private network
     */
    public record FoundTasmotaPlug(String name, String device, Optional<InetAddress> address) implements Found {}

    private MqttScout() {}

    /**
     * Listens for {@code time}; what brokers retain comes within a second or two.
     *
     * @return by name
     */
    public static List<Found> look(MqttBroker broker, Duration time) throws InterruptedException {
        var heard = new ConcurrentHashMap<String, String>();
        var subscriptions = new ArrayList<MqttBroker.Subscription>();
        try {
            for (var filter : FILTERS)
                subscriptions.add(broker.subscribe(filter, message -> heard.put(message.topic(), message.text())));
            Thread.sleep(time);
        } finally {
            subscriptions.forEach(MqttBroker.Subscription::close);
        }
        return understand(heard);
    }

    static List<Found> understand(Map<String, String> messages) {
        var found = new ArrayList<Found>();
        var tasmota = new TreeMap<String, JsonNode>();
        for (var message : new TreeMap<>(messages).entrySet()) {
            var topic = message.getKey();
            var content = json(message.getValue());
            if (content.isEmpty()) continue;
            if (topic.endsWith("/bridge/devices"))
                zigbee(topic.substring(0, topic.length() - "/bridge/devices".length()), content.get(), found);
            else if (topic.startsWith("tasmota/discovery/")) tasmota.put(topic, content.get());
            else homeAssistant(content.get()).ifPresent(found::add);
        }
        tasmota(tasmota, found);
        found.sort(Comparator.comparing(Found::name));
        return List.copyOf(found);
    }

    private static Optional<JsonNode> json(String text) {
        try {
            return Optional.ofNullable(JSON.readTree(text)).filter(JsonNode::isContainerNode);
        } catch (JsonProcessingException _) {
            return Optional.empty(); // others may leave there what they like
        }
    }

    private static void zigbee(String base, JsonNode devices, List<Found> found) {
        for (var device : devices) {
            var name = device.path("friendly_name").asText();
            var properties = new HashSet<String>();
            properties(device.path("definition").path("exposes"), properties);
            var topic = base + "/" + name;
            if (name.isEmpty() || properties.isEmpty() || !MqttBroker.isTopic(topic)) continue;
            if (properties.containsAll(Set.of("state", "power", "energy")))
                found.add(new FoundZigbeePlug(
                        name,
                        topic,
                        properties.contains("countdown") ? ZigbeeCountdown.COUNTDOWN : ZigbeeCountdown.ON_TIME));
            else if (properties.contains("temperature"))
                found.add(new FoundThermometer(name, MqttThermometer.Config.zigbee2Mqtt(topic)));
        }
    }

    /** What belongs together stands one level deeper. */
    private static void properties(JsonNode exposes, Set<String> properties) {
        for (var each : exposes) {
            if (each.hasNonNull("property")) properties.add(each.get("property").asText());
            for (var feature : each.path("features"))
                if (feature.hasNonNull("property"))
                    properties.add(feature.get("property").asText());
        }
    }

    /** Each device leaves its {@code config} and its {@code sensors}. */
    private static void tasmota(Map<String, JsonNode> messages, List<Found> found) {
        messages.forEach((topic, config) -> {
            if (!topic.endsWith("/config")) return;
            var device = config.path("t").asText();
            // topics in another order are spoken by nobody here
            if (!MqttBroker.isTopic(device)
                    || !config.path("ft").asText(TASMOTA_TOPIC).equals(TASMOTA_TOPIC)) return;
            var name = config.path("dn").asText(device);
            var sensors = messages.get(topic.substring(0, topic.length() - "config".length()) + "sensors");
            if (sensors == null) return;
            for (var sensor : sensors.path("sn").properties()) {
                if (sensor.getKey().equals("ENERGY")) found.add(new FoundTasmotaPlug(name, device, address(config)));
                else if (sensor.getValue().has("Temperature"))
                    found.add(new FoundThermometer(
                            name + " " + sensor.getKey(), MqttThermometer.Config.tasmota(device, sensor.getKey())));
            }
        });
    }

    private static Optional<InetAddress> address(JsonNode config) {
        try {
            return Optional.of(InetAddress.ofLiteral(config.path("ip").asText()))
                    .filter(at -> at.isSiteLocalAddress() || at.isLinkLocalAddress() || at.isLoopbackAddress());
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // a name, or nothing
        }
    }

    /** Bare numbers alone: a template would have to be understood. */
    private static Optional<Found> homeAssistant(JsonNode config) {
        var topic = text(config, "stat_t", "state_topic").replace("~", text(config, "~", "~"));
        boolean bare = text(config, "val_tpl", "value_template").isEmpty();
        if (!MqttBroker.isTopic(topic)
                || !bare
                || !text(config, "dev_cla", "device_class").equals("temperature")) return Optional.empty();
        var unit = text(config, "unit_of_meas", "unit_of_measurement").equals("°F") ? Unit.FAHRENHEIT : Unit.CELSIUS;
        var read = MqttThermometer.Config.bare(topic, unit);
        var availability = text(config, "avty_t", "availability_topic").replace("~", text(config, "~", "~"));
        var name = text(config.path(config.has("dev") ? "dev" : "device"), "name", "name") + " "
                + text(config, "name", "name");
        return Optional.of(new FoundThermometer(
                name.isBlank() ? topic : name.strip(),
                availability.isEmpty() ? read : read.withAvailability(availability)));
    }

    /** Keys may be abbreviated. */
    private static String text(JsonNode config, String brief, String full) {
        var node = config.has(brief) ? config.get(brief) : config.path(full);
        return node.isTextual() ? node.textValue() : "";
    }
}
