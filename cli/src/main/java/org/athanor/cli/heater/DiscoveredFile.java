package org.athanor.cli.heater;

import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.athanor.cli.terminal.Printable;
import org.athanor.devices.discovery.Announcement;
import org.athanor.devices.discovery.Finding;
import org.athanor.devices.drivers.HeaterKind;
import org.athanor.devices.mqtt.MqttScout;
import org.athanor.devices.mqtt.MqttThermometer;
import org.athanor.devices.mqtt.TemperatureShape;

/** A heater file of what was found, to be completed by a person: which room has what is written on no device. */
final class DiscoveredFile {
    private DiscoveredFile() {}

    /**
     * What listens at a broker.
     *
     * @param broker as the file's key mqtt has it
     */
    record ByMqtt(String broker, List<MqttScout.Found> found) {}

    private record Thermometer(String text, String where) {}

    static void write(List<Finding> found, Optional<ByMqtt> mqtt, PrintWriter out) {
        write(found, mqtt, List.of(), out);
    }

    /** @param announced services by mDNS */
    static void write(List<Finding> found, Optional<ByMqtt> mqtt, List<Announcement> announced, PrintWriter out) {
        var miners = of(found, Finding.Miner.class);
        var plugs = new ArrayList<String>();
        for (var plug : of(found, Finding.SmartPlug.class)) plugs.add(plug(plug));
        var sensors = new ArrayList<Thermometer>();
        for (var sensor : of(found, Finding.Sensor.class))
            sensors.add(new Thermometer(sensor(sensor), Printable.text(sensor.model())));
        for (var each : mqtt.map(ByMqtt::found).orElse(List.of())) {
            switch (each) {
                case MqttScout.FoundThermometer it ->
                    sensors.add(new Thermometer(sensor(it.config()), Printable.text(it.name())));
                case MqttScout.FoundZigbeePlug it ->
                    plugs.add("{kind: zigbee2mqtt, topic: " + quoted(it.topic()) + ", countdown: "
                            + it.countdown().name().toLowerCase(Locale.ROOT).replace('_', '-')
                            + ", ratingWatts: 2300} # " + Printable.text(it.name())
                            + "; try its countdown: athanor heater check --try-plugs");
                case MqttScout.FoundTasmotaPlug it ->
                    plugs.add(
                            it.address().isPresent()
                                    ? "{kind: tasmota, address: "
                                            + quoted(it.address().get().getHostAddress())
                                            + ", ratingWatts: 2300} # " + Printable.text(it.name()) + ", topic "
                                            + Printable.text(it.device()) + "; by the address that it told the broker"
                                    : "{kind: tasmota, topic: " + quoted(it.device()) + ", ratingWatts: 2300} # "
                                            + Printable.text(it.name()) + ", by the broker");
            }
        }
        out.println(
                "# Found in your network. Lines with ??? are yours to complete; \"athanor help heater-file\" explains");
        out.println("# every key, and \"athanor heater check\" says what is still missing.");
        out.println();
        out.println("tariff: {kind: flat, price: 0.30}");
        mqtt.ifPresent(it -> out.println("mqtt: " + it.broker()));
        for (var each : announced) announced(each, mqtt.isPresent(), out);
        out.println();
        out.println("rooms:");
        if (sensors.isEmpty()) {
            out.println("  - id: room1");
            out.println("    floorArea: 20 # ??? m2");
            out.println(
                    "    thermometer: {kind: shelly, address: ???} # none was found; a miner's own sensor is not the room's");
        }
        for (int i = 0; i < sensors.size(); i++) {
            out.println(
                    "  - id: room" + (i + 1) + " # ??? where " + sensors.get(i).where() + " hangs");
            out.println("    floorArea: 20 # ??? m2");
            out.println("    setpoint: 21");
            out.println("    thermometer: " + sensors.get(i).text());
        }
        out.println();
        out.println("heaters:");
        for (int i = 0; i < miners.size(); i++) miner(miners.get(i), i, plugs, sensors.size(), out);
        for (int i = miners.size(); i < plugs.size(); i++) {
            out.println("  # a plain heater behind this plug, for example:");
            out.println("  #- id: element" + (i + 1));
            out.println("  #  room: room1");
            out.println("  #  kind: element");
            out.println("  #  watts: 1000");
            out.println("  #  plug: " + plugs.get(i));
        }
        for (var unknown : of(found, Finding.Unknown.class))
            out.println("# not recognised: " + at(unknown.address()) + ": " + Printable.text(unknown.why()));
    }

    /** What thermometers and plugs may be reached through. */
    private static void announced(Announcement announced, boolean broker, PrintWriter out) {
        var host = announced.address().getAddress().getHostAddress();
        var name = " # announced by " + Printable.text(announced.name());
        switch (announced.service()) {
            case MQTT, SECURE_MQTT -> {
                var tls = announced.service() == Announcement.Service.SECURE_MQTT ? ", tls: true" : "";
                if (!broker)
                    out.println("#mqtt: {host: \"" + host + "\", port: "
                            + announced.address().getPort() + tls + "}" + name);
            }
            case HOME_ASSISTANT ->
                out.println("#homeAssistant: {discovery: false, address: \"" + at(announced.address())
                        + "\", tokenFile: token.txt}" + name);
            case SHELLY, HTTP, ESPHOME -> {} // what they are was asked, or cannot be
        }
    }

    private static <F extends Finding> List<F> of(List<Finding> found, Class<F> kind) {
        return found.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private static void miner(Finding.Miner miner, int i, List<String> plugs, int rooms, PrintWriter out) {
        out.println("  - id: " + miner.kind().title() + "-" + (i + 1));
        out.println("    name: " + quoted(miner.model()));
        out.println("    room: room1" + (rooms > 1 ? " # ???" : ""));
        out.println("    kind: " + miner.kind().title());
        out.println("    address: \"" + at(miner.address()) + "\"");
        if (miner.kind() == HeaterKind.AXEOS)
            out.println(miner.axeOs()
                    .map(model -> "    model: " + FileBasics.title(model))
                    .orElse("    model: gamma # ???"));
        if (miner.kind().levelsChosen()) {
            out.println("    levels: ??? # a list, each " + miner.kind().levels() + " of your choice");
            out.println("    maximumWatts: ??? # by its nameplate");
            out.println("    #passwordFile: miner.password");
        }
        // which plug it hangs on nobody can see: the file is not complete before a person has said so
        if (i < plugs.size())
            out.println("    plug: " + plugs.get(i).replace("ratingWatts: 2300", "ratingWatts: ???")
                    + (plugs.get(i).contains(" # ") ? "; ???" : " # ???") + " is it this one?");
        else if (miner.kind().stopsByPlugAlone())
            out.println("    plug: ??? # the one that it hangs on; without one it cannot be switched off");
        else
            out.println(
                    "    #acceptUnprotected: true # it has no plug: nothing would switch it off if this program died");
    }

    private static String sensor(Finding.Sensor sensor) {
        return sensor.kind().equals("shelly")
                ? "{kind: shelly, address: \"" + at(sensor.address()) + "\"}"
                : "{kind: tasmota, topic: ???, probe: " + quoted(sensor.model()) + "} # by MQTT";
    }

    private static String sensor(MqttThermometer.Config config) {
        return switch (config.shape()) {
            case TemperatureShape.Zigbee2Mqtt _ -> "{kind: zigbee2mqtt, topic: " + quoted(config.topic()) + "}";
            case TemperatureShape.Tasmota(var probe) ->
                "{kind: tasmota, topic: " + quoted(tasmota(config.topic())) + ", probe: " + quoted(probe) + "}";
            case TemperatureShape.Bare(var unit) ->
                "{kind: mqtt, topic: " + quoted(config.topic()) + ", unit: "
                        + (unit == TemperatureShape.Unit.FAHRENHEIT ? "f" : "c") + "}";
        };
    }

    /** Its name within {@code tele/NAME/SENSOR}. */
    private static String tasmota(String topic) {
        return topic.substring("tele/".length(), topic.length() - "/SENSOR".length());
    }

    /** As YAML: names and topics are others' text. */
    private static String quoted(String text) {
        return '"' + Printable.text(text).replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static String plug(Finding.SmartPlug plug) {
        return "{kind: " + plug.kind() + ", address: \"" + at(plug.address()) + "\", ratingWatts: 2300}";
    }

    static String at(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }
}
