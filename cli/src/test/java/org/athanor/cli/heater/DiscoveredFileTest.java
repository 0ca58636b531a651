package org.athanor.cli.heater;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.athanor.cli.heater.DiscoveredFile.ByMqtt;
import org.athanor.cli.heater.HomeSetup.NumberSensor;
import org.athanor.cli.heater.HomeSetup.TasmotaSensor;
import org.athanor.cli.heater.HomeSetup.ZigbeePlugEntry;
import org.athanor.cli.heater.HomeSetup.ZigbeeSensor;
import org.athanor.devices.discovery.Finding;
import org.athanor.devices.drivers.HeaterKind;
import org.athanor.devices.mqtt.MqttPlug.ZigbeeCountdown;
import org.athanor.devices.mqtt.MqttScout;
import org.athanor.devices.mqtt.MqttThermometer;
import org.athanor.devices.mqtt.TemperatureShape;
import org.athanor.units.Watts;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class DiscoveredFileTest {
    private static String written(MqttScout.Found... found) {
        var text = new StringWriter();
        try (var out = new PrintWriter(text)) {
            var broker = new ByMqtt("{host: \"127.0.0.1\", port: 1883}", List.of(found));
            DiscoveredFile.write(List.of(), Optional.of(broker), out);
        }
        return text.toString();
    }

    /** As a person completes it who has a plain heater behind the first plug. */
    private static HomeSetup completed(String text) {
        return HeaterFile.parse(
                "heater.yaml", text.replace("  #- id", "  - id").replace("  #  ", "    "), Path.of("."));
    }

    @Test
    void whatOnlyAPlugSwitchesOffIsAskedForItsPlug() {
        for (var kind : HeaterKind.values()) {
            var text = new StringWriter();
            try (var out = new PrintWriter(text)) {
                var miner = new Finding.Miner(new InetSocketAddress("192.168.1.20", 4028), kind, "miner");
                DiscoveredFile.write(List.of(miner), Optional.empty(), out);
            }
            var whole = text.toString()
                    .replace("{kind: shelly, address: ???}", "{kind: shelly, address: \"192.168.1.22\"}")
                    .replace("floorArea: 20", "floorArea: 2000")
                    .replace("levels: ???", "levels: [" + (kind == HeaterKind.LUXOS ? "a 800" : "800") + "]")
                    .replace("maximumWatts: ???", "maximumWatts: 900")
                    .replace("#acceptUnprotected", "acceptUnprotected")
                    .replace("plug: ???", "plug: {kind: shelly, address: \"192.168.1.21\", ratingWatts: 2500}");
            var heater = HeaterFile.parse("heater.yaml", whole, Path.of("."))
                    .heaters()
                    .getFirst();
            assertEquals(kind.stopsByPlugAlone(), heater.plug().isPresent(), whole);
            assertEquals(
                    kind.stopsByPlugAlone(),
                    !Nameplate.of(heater.source()).orElseThrow().softStop(),
                    kind.title());
        }
    }

    /** Else a plug that somebody else hangs on would be switched, and the miner be called protected. */
    @Test
    void whichPlugAMinerHangsOnIsForThePersonToSay() {
        var text = new StringWriter();
        try (var out = new PrintWriter(text)) {
            var at = new InetSocketAddress("192.168.1.20", 4028);
            DiscoveredFile.write(
                    List.of(
                            new Finding.Miner(at, HeaterKind.NANO3S, "Nano3s"),
                            new Finding.SmartPlug(new InetSocketAddress("192.168.1.21", 80), "shelly", "plug")),
                    Optional.empty(),
                    out);
        }
        var whole = text.toString()
                .replace(
                        "thermometer: {kind: shelly, address: ???}",
                        "thermometer: {kind: shelly, address: \"192.168.1.22\"}");
        var refused = assertThrows(HeaterMistakes.class, () -> HeaterFile.parse("heater.yaml", whole, Path.of(".")));
        assertTrue(refused.getMessage().contains("plug.ratingWatts: ???"), refused.getMessage());
    }

    @Test
    void ofLevelsThatAreForThePersonToSayItIsSaidWhatTheyMayBe() {
        for (var kind : HeaterKind.values()) {
            var text = new StringWriter();
            try (var out = new PrintWriter(text)) {
                var at = new InetSocketAddress("192.168.1.20", kind.port());
                DiscoveredFile.write(List.of(new Finding.Miner(at, kind, "miner")), Optional.empty(), out);
            }
            assertEquals(
                    kind.levelsChosen(),
                    text.toString().contains("levels: ??? # a list, each " + kind.levels() + " of your choice"),
                    text.toString());
        }
    }

    @Test
    void whatIsHeardByMqttIsWrittenSoThatItCanBeRead() {
        var odd = "zigbee2mqtt/\"living\" \\ - 1: attic";
        var setup = completed(written(
                new MqttScout.FoundThermometer("attic\n- evil", MqttThermometer.Config.zigbee2Mqtt(odd)),
                new MqttScout.FoundThermometer(
                        "bedroom", MqttThermometer.Config.bare("bedroom/state", TemperatureShape.Unit.FAHRENHEIT)),
                new MqttScout.FoundThermometer("cellar", MqttThermometer.Config.tasmota("plug_7", "DS18B20")),
                new MqttScout.FoundZigbeePlug("plug\n", "zigbee2mqtt/plug", ZigbeeCountdown.ON_TIME)));
        assertEquals(
                List.of(
                        new ZigbeeSensor(odd),
                        new NumberSensor("bedroom/state", true),
                        new TasmotaSensor("plug_7", "DS18B20")),
                setup.rooms().stream().map(HomeSetup.Sink::sensor).toList());
        assertEquals(
                Optional.of(new ZigbeePlugEntry("zigbee2mqtt/plug", "ON_TIME", new Watts(2300))),
                setup.heaters().getFirst().plug());
        assertEquals(1883, setup.broker().orElseThrow().port());
    }

    @Test
    void aTasmotaPlugHasTheAddressThatItToldTheBroker() {
        var setup = completed(written(
                new MqttScout.FoundThermometer("cellar", MqttThermometer.Config.tasmota("plug_7", "DS18B20")),
                new MqttScout.FoundTasmotaPlug(
                        "Washing machine", "plug_7", Optional.of(InetAddress.ofLiteral("192.168.1.10")))));
        var plug =
                (HomeSetup.TasmotaPlugEntry) setup.heaters().getFirst().plug().orElseThrow();
        assertEquals("192.168.1.10", plug.address().getAddress().getHostAddress());
    }

    /** A device in the network may call itself whatever it likes. */
    @Test
    void namesOfDevicesAddNoLinesToTheFile() {
        var at = new InetSocketAddress("192.168.1.20", 80);
        var evil = "Nano3s\npage: 0.0.0.0:8642 # \"\\\u001b[2J\u2028outdoor: x";
        var text = new StringWriter();
        DiscoveredFile.write(
                List.of(
                        new Finding.Miner(at, HeaterKind.NANO3S, evil, Optional.empty()),
                        new Finding.Sensor(at, "shelly", evil),
                        new Finding.Sensor(at, "tasmota", evil),
                        new Finding.Unknown(at, "an Avalon " + evil)),
                Optional.empty(),
                List.of(),
                new PrintWriter(text, true));
        for (var line : text.toString().lines().toList()) {
            assertFalse(line.startsWith("page:"), line);
            assertFalse(line.contains("\u001b"), line);
        }
        assertFalse(text.toString().contains("\u2028"));
        var load = new Load(LoadSettings.builder().build());
        var read = (Map<?, ?>) load.loadFromString(text.toString().replace("???", "1"));
        assertEquals(Set.of("tariff", "rooms", "heaters"), read.keySet());
    }

    @Test
    void whatIsNotKnownIsLeftToThePerson() {
        var text = written(new MqttScout.FoundTasmotaPlug("Washing machine", "plug_7", Optional.empty()));
        assertTrue(text.contains("{kind: tasmota, topic: \"plug_7\", ratingWatts: 2300} # Washing machine"), text);
        assertTrue(text.contains("thermometer: {kind: shelly, address: ???} # none was found"), text);
    }
}
