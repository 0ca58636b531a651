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
import org.athanor.devices.Credentials;
import org.athanor.devices.files.OneWireThermometer;
import org.athanor.devices.homeassistant.HomeAssistantThermometer;
import org.athanor.devices.mqtt.MqttBroker;
import org.athanor.devices.mqtt.MqttPlug;
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
        kinds.put("shelly", s -> {
            var address = FileBasics.needed(s, "address", FileBasics.DEVICE, text -> FileBasics.device(text, 80));
            var password = basics.password(s);
            return address.map(at -> new ShellySensor(at, password));
        });
        kinds.put(
                "zigbee2mqtt",
                s -> FileBasics.needed(s, "topic", "a topic such as zigbee2mqtt/living", MqttBroker::topic)
                        .map(ZigbeeSensor::new));
        kinds.put("tasmota", s -> {
            var topic = FileBasics.needed(s, "topic", "the device's Topic", MqttBroker::topic);
            var probe = s.text("probe", "a sensor such as DS18B20").orElse("DS18B20");
            return topic.map(name -> new TasmotaSensor(name, probe));
        });
        kinds.put("mqtt", s -> {
            var topic = FileBasics.needed(s, "topic", "a topic that holds the number alone", MqttBroker::topic);
            boolean fahrenheit =
                    s.choice("unit", FileBasics.ordered("c", false, "f", true)).orElse(false);
            return topic.map(where -> new NumberSensor(where, fahrenheit));
        });
        kinds.put(
                "one-wire",
                s -> FileBasics.needed(
                                s,
                                "probe",
                                "28- and 12 hexadecimal digits in small letters, such as 28-0316a2795cff,",
                                OneWireThermometer::probe)
                        .map(OneWireSensor::new));
        kinds.put("hwmon", s -> {
            var chip = FileBasics.needed(s, "chip", "a chip such as jc42", text -> text);
            var probe = s.text("probe", "a sensor such as temp1").orElse("temp1");
            return chip.map(name -> new HwmonSensor(name, probe));
        });
        kinds.put(
                "home-assistant",
                s -> FileBasics.needed(
                                s,
                                "entity",
                                "a sensor, number or input_number such as sensor.living",
                                HomeAssistantThermometer::entity)
                        .map(EntitySensor::new));
        return sensor.choice("kind", kinds)
                .or(() -> {
                    if (!sensor.has("kind"))
                        sensor.complain(sensor.missing("kind", "one of " + String.join(", ", kinds.keySet())));
                    return Optional.empty();
                })
                .flatMap(kind -> kind.apply(sensor));
    }

    /** A second thermometer, with which the room goes on when the first one fails. */
    Optional<Sensor> second(Fields parent, Optional<Sensor> first) {
        var second = sensor(parent, "secondThermometer", false);
        if (first.isPresent() && second.isPresent() && measured(first.get()).equals(measured(second.get())))
            parent.complain(parent.notTogether(
                    "secondThermometer",
                    "it is the one in " + parent.where("thermometer")
                            + ", and would fail with it; another thermometer is accepted"));
        return second;
    }

    /** Equal for what is one thermometer, by whatever words. */
    private static Object measured(Sensor sensor) {
        return switch (sensor) {
            case ShellySensor it -> Claims.at(it.address());
            case NumberSensor it -> it.topic();
            default -> sensor;
        };
    }

    /**
     * A plug, and where it stands: for what is said of it together with its heater.
     *
     * @param rating empty for one with a mistake
     * @param entry empty for one with any mistake
     */
    record ReadPlug(Fields fields, Optional<Watts> rating, Optional<PlugEntry> entry) {}

    Optional<ReadPlug> plug(Fields heater) {
        var group = heater.group(
                "plug", "kind", "address", "topic", "countdown", "user", "password", "passwordFile", "ratingWatts");
        return group.map(plug -> {
            var number = FileBasics.number(plug, "ratingWatts", 100, 20_000, "W that it carries for hours");
            var rating = number.stream().mapToObj(Watts::new).findFirst();
            return new ReadPlug(plug, rating, read(plug, rating));
        });
    }

    private void claim(Object switched, Fields plug, String key) {
        basics.claims().claim(switched, plug, key, "a plug of one heater alone");
    }

    private Optional<PlugEntry> read(Fields plug, Optional<Watts> rating) {
        var kind = plug.choice("kind", Map.of("shelly", "shelly", "tasmota", "tasmota", "zigbee2mqtt", "zigbee2mqtt"));
        if (!plug.has("kind")) plug.complain(plug.missing("kind", "one of shelly, tasmota, zigbee2mqtt"));
        if (kind.isEmpty()) return Optional.empty();
        if (kind.get().equals("zigbee2mqtt")) {
            var topic = FileBasics.needed(plug, "topic", "a topic such as zigbee2mqtt/plug", MqttBroker::topic);
            topic.ifPresent(each -> claim(new Claims.Topic(kind.get(), each), plug, "topic"));
            var countdown = plug.choice("countdown", FileBasics.byName(MqttPlug.ZigbeeCountdown.values()))
                    .orElse(MqttPlug.ZigbeeCountdown.NONE);
            if (topic.isEmpty() || rating.isEmpty()) return Optional.empty();
            return Optional.of(new ZigbeePlugEntry(topic.get(), countdown.name(), rating.get()));
        }
        if (kind.get().equals("tasmota") && plug.has("topic") && !plug.has("address")) {
            var device = FileBasics.needed(plug, "topic", "its own topic, such as tasmota_1a2b3c", MqttBroker::topic);
            device.ifPresent(each -> claim(new Claims.Topic(kind.get(), each), plug, "topic"));
            if (device.isEmpty() || rating.isEmpty()) return Optional.empty();
            return Optional.of(new TasmotaTopicEntry(device.get(), rating.get()));
        }
        var address = FileBasics.needed(plug, "address", FileBasics.DEVICE, text -> FileBasics.device(text, 80));
        address.ifPresent(each -> claim(Claims.at(each), plug, "address"));
        var login = basics.login(plug);
        if (address.isEmpty() || rating.isEmpty()) return Optional.empty();
        return Optional.of(
                kind.get().equals("shelly")
                        ? new ShellyPlugEntry(address.get(), login.map(Credentials::password), rating.get())
                        : new TasmotaPlugEntry(address.get(), login, rating.get()));
    }
}
