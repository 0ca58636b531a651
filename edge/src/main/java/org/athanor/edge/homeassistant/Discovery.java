package org.athanor.edge.homeassistant;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Currency;
import org.athanor.edge.ControlledRoom;
import org.athanor.edge.RoomSettings.Preset;
import org.athanor.edge.Snapshot;

/** What Home Assistant is told of our devices: one message each, with all that belongs to it. */
final class Discovery {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Topics topics;
    private final String version;
    private final Duration expiry;

    /** @param expiry after this time without a value Home Assistant shows none */
    Discovery(Topics topics, String version, Duration expiry) {
        this.topics = topics;
        this.version = version;
        this.expiry = expiry;
    }

    String home(Currency currency) {
        var device = topics.device();
        var config = config(device, "Athanor", "home", "");
        var components = config.putObject("cmps");
        sensor(components, device, "earnings", "Earnings", currency.getCurrencyCode(), topics.ofHome("earnings"))
                .put("device_class", "monetary")
                .put("state_class", "total");
        sensor(
                        components,
                        device,
                        "heat_price",
                        "Net price of heat",
                        currency.getCurrencyCode() + "/kWh",
                        topics.ofHome("heat_price"))
                .put("state_class", "measurement");
        energy(components, device, topics.ofHome("energy"));
        var safety = component(components, device, "safety", "binary_sensor", "Safety");
        safety.put("device_class", "problem").put("state_topic", topics.ofHome("safety"));
        safety.put("json_attributes_topic", topics.ofHome("safety_reasons"));
        safety.put("expire_after", expiry.toSeconds());
        return config.toString();
    }

    String room(ControlledRoom room, Snapshot.Room shown) {
        var device = topics.device(room.id());
        var config = config(device, room.name(), "room", topics.device());
        var components = config.putObject("cmps");
        var climate = component(components, device, "climate", "climate", null);
        climate.putArray("modes").add("off").add("heat").add("auto");
        both(climate, "mode", room, "mode");
        both(climate, "temperature", room, "setpoint");
        climate.put("current_temperature_topic", topics.ofRoom(room.id(), "temperature"));
        climate.put("action_topic", topics.ofRoom(room.id(), "action"));
        var presets = climate.putArray("preset_modes");
        for (var preset : Preset.values()) presets.add(preset.key());
        both(climate, "preset_mode", room, "preset");
        climate.put("min_temp", Math.ceil(shown.lowestSetpoint().value() * 10) / 10);
        climate.put("max_temp", Math.floor(shown.highestSetpoint().value() * 10) / 10);
        climate.put("temp_step", 0.5).put("precision", 0.1).put("temperature_unit", "C");
        return config.toString();
    }

    String heater(ControlledRoom room, String name, Snapshot.HeaterView heater) {
        var device = topics.device(room.id(), name);
        var config = config(device, heater.name(), "heater", topics.device(room.id()));
        var components = config.putObject("cmps");
        sensor(components, device, "power", "Power", "W", topics.ofHeater(room.id(), name, "power"))
                .put("device_class", "power")
                .put("state_class", "measurement");
        energy(components, device, topics.ofHeater(room.id(), name, "energy"));
        if (heater.mines() || heater.hashrate().isPresent())
            sensor(components, device, "hashrate", "Hash rate", "GH/s", topics.ofHeater(room.id(), name, "hashrate"))
                    .put("state_class", "measurement");
        sensor(components, device, "chip", "Chip temperature", "°C", topics.ofHeater(room.id(), name, "chip"))
                .put("device_class", "temperature")
                .put("state_class", "measurement");
        return config.toString();
    }

    private ObjectNode config(String id, String name, String model, String via) {
        var config = NODES.objectNode();
        var device = config.putObject("dev");
        device.putArray("ids").add(id);
        device.put("name", name).put("mf", "Athanor").put("mdl", model).put("sw", version);
        if (!via.isEmpty()) device.put("via_device", via);
        config.putObject("o").put("name", "athanor").put("sw", version);
        config.putArray("availability").addObject().put("topic", topics.online());
        return config;
    }

    /** @param name null for a component that bears the name of its device */
    private static ObjectNode component(
            ObjectNode components, String device, String key, String platform, String name) {
        return components
                .putObject(key)
                .put("p", platform)
                .put("unique_id", device + "_" + key)
                .put("name", name);
    }

    private ObjectNode sensor(
            ObjectNode components, String device, String key, String name, String unit, String topic) {
        return component(components, device, key, "sensor", name)
                .put("unit_of_measurement", unit)
                .put("state_topic", topic)
                .put("expire_after", expiry.toSeconds());
    }

    /** As the Energy dashboard wants it. */
    private void energy(ObjectNode components, String device, String topic) {
        sensor(components, device, "energy", "Energy", "kWh", topic)
                .put("device_class", "energy")
                .put("state_class", "total_increasing");
    }

    private void both(ObjectNode climate, String key, ControlledRoom room, String what) {
        climate.put(key + "_state_topic", topics.ofRoom(room.id(), what));
        climate.put(key + "_command_topic", topics.ofRoom(room.id(), what + "/set"));
    }
}
