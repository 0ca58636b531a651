package org.athanor.cli.heater;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.athanor.cli.heater.HomeSetup.EntitySensor;
import org.athanor.cli.heater.HomeSetup.HwmonSensor;
import org.athanor.cli.heater.HomeSetup.NumberSensor;
import org.athanor.cli.heater.HomeSetup.OneWireSensor;
import org.athanor.cli.heater.HomeSetup.PlugEntry;
import org.athanor.cli.heater.HomeSetup.Sensor;
import org.athanor.cli.heater.HomeSetup.ShellyPlugEntry;
import org.athanor.cli.heater.HomeSetup.ShellySensor;
import org.athanor.cli.heater.HomeSetup.TasmotaPlugEntry;
import org.athanor.cli.heater.HomeSetup.TasmotaSensor;
import org.athanor.cli.heater.HomeSetup.TasmotaTopicEntry;
import org.athanor.cli.heater.HomeSetup.ZigbeePlugEntry;
import org.athanor.cli.heater.HomeSetup.ZigbeeSensor;
import org.athanor.cli.yaml.Fields;
import org.athanor.units.Watts;

/** Reads thermometers and plugs. */
final class SensorEntries {
    private static final String[] SENSOR = {
        "kind", "address", "password", "passwordFile", "topic", "probe", "chip", "entity", "unit"
    };

    private final FileBasics basics;

    SensorEntries(FileBasics basics) {
        this.basics = basics;
    }

    Optional<Sensor> sensor(Fields parent, String key, boolean required) {
        var group = parent.group(key, SENSOR);
        if (group.isEmpty()) {
            if (required && !parent.has(key))
                parent.complain(parent.missing(key, "a group such as {kind: shelly, address: 192.168.1.20}"));
            return Optional.empty();
        }
        var sensor = group.get();
        Map<String, Function<Fields, Optional<Sensor>>> kinds = new LinkedHashMap<>();
        kinds.put(
                "shelly",
                s -> FileBasics.needed(s, "address", "HOST[:PORT]", text -> FileBasics.address(text, 80))
                        .map(at -> new ShellySensor(at, basics.password(s))));
        kinds.put(
                "zigbee2mqtt",
                s -> FileBasics.needed(s, "topic", "a topic such as zigbee2mqtt/living", text -> text)
                        .map(ZigbeeSensor::new));
        kinds.put("tasmota", s -> {
            var topic = FileBasics.needed(s, "topic", "the device's Topic", text -> text);
            return topic.map(name -> new TasmotaSensor(
                    name, s.text("probe", "a sensor such as DS18B20").orElse("DS18B20")));
        });
        kinds.put(
                "mqtt",
                s -> FileBasics.needed(s, "topic", "a topic that holds the number alone", text -> text)
                        .map(topic -> new NumberSensor(
                                topic,
                                s.choice("unit", FileBasics.ordered("c", false, "f", true))
                                        .orElse(false))));
        kinds.put(
                "one-wire",
                s -> FileBasics.needed(s, "probe", "a probe such as 28-0316a2795cff", text -> text)
                        .map(OneWireSensor::new));
        kinds.put("hwmon", s -> {
            var chip = FileBasics.needed(s, "chip", "a chip such as jc42", text -> text);
            var probe = s.text("probe", "a sensor such as temp1").orElse("temp1");
            return chip.map(name -> new HwmonSensor(name, probe));
        });
        kinds.put(
                "home-assistant",
                s -> FileBasics.needed(s, "entity", "an entity such as sensor.living", text -> text)
                        .map(EntitySensor::new));
        return sensor.choice("kind", kinds)
                .or(() -> {
                    if (!sensor.has("kind"))
                        sensor.complain(sensor.missing("kind", "one of " + String.join(", ", kinds.keySet())));
                    return Optional.empty();
                })
                .flatMap(kind -> kind.apply(sensor));
    }

    Optional<PlugEntry> plug(Fields heater) {
        var group = heater.group(
                "plug", "kind", "address", "topic", "countdown", "user", "password", "passwordFile", "ratingWatts");
        if (group.isEmpty()) return Optional.empty();
        var plug = group.get();
        var rating = FileBasics.number(plug, "ratingWatts", 100, 20_000, "W that it carries for hours");
        var kind = plug.choice("kind", Map.of("shelly", "shelly", "tasmota", "tasmota", "zigbee2mqtt", "zigbee2mqtt"));
        if (!plug.has("kind")) plug.complain(plug.missing("kind", "one of shelly, tasmota, zigbee2mqtt"));
        if (kind.isEmpty() || rating.isEmpty()) return Optional.empty();
        var watts = new Watts(rating.getAsDouble());
        if (kind.get().equals("zigbee2mqtt"))
            return FileBasics.needed(plug, "topic", "a topic such as zigbee2mqtt/plug", text -> text)
                    .map(topic -> new ZigbeePlugEntry(
                            topic,
                            plug.choice(
                                            "countdown",
                                            FileBasics.byName(
                                                    org.athanor.devices.mqtt.MqttPlug.ZigbeeCountdown.values()))
                                    .orElse(org.athanor.devices.mqtt.MqttPlug.ZigbeeCountdown.NONE)
                                    .name(),
                            watts));
        if (kind.get().equals("tasmota") && plug.has("topic") && !plug.has("address"))
            return FileBasics.needed(plug, "topic", "its own topic, such as tasmota_1a2b3c", text -> text)
                    .map(device -> new TasmotaTopicEntry(device, watts));
        var address = FileBasics.needed(plug, "address", "HOST[:PORT]", text -> FileBasics.address(text, 80));
        return address.map(at -> kind.get().equals("shelly")
                ? new ShellyPlugEntry(at, basics.password(plug), watts)
                : new TasmotaPlugEntry(at, basics.login(plug), watts));
    }
}
