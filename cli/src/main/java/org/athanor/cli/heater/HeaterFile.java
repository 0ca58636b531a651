package org.athanor.cli.heater;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.athanor.cli.heater.HomeSetup.EntitySensor;
import org.athanor.cli.heater.HomeSetup.HeaterEntry;
import org.athanor.cli.heater.HomeSetup.NumberSensor;
import org.athanor.cli.heater.HomeSetup.Room;
import org.athanor.cli.heater.HomeSetup.Sensor;
import org.athanor.cli.heater.HomeSetup.Sink;
import org.athanor.cli.heater.HomeSetup.Tank;
import org.athanor.cli.heater.HomeSetup.TasmotaSensor;
import org.athanor.cli.heater.HomeSetup.TasmotaTopicEntry;
import org.athanor.cli.heater.HomeSetup.ZigbeePlugEntry;
import org.athanor.cli.heater.HomeSetup.ZigbeeSensor;
import org.athanor.cli.yaml.Fields;
import org.athanor.cli.yaml.YamlMistake;
import org.athanor.devices.mqtt.MqttConfig;
import org.athanor.ledger.MiningScenario;
import org.athanor.units.Watts;

/**
 * Reads a heater file. All mistakes are told at once, and nothing of a file with a mistake is used. {@code athanor help heater}
 * documents every key.
 */
final class HeaterFile {
    static final Set<String> KEYS = Set.of(
            "name",
            "zone",
            "state",
            "page",
            "currency",
            "tariff",
            "location",
            "circuits",
            "rooms",
            "tanks",
            "heaters",
            "outdoor",
            "mqtt",
            "homeAssistant",
            "s2",
            "mining");

    private final Fields top;
    /** Those with mistakes too. */
    private final Set<String> circuitIds = new LinkedHashSet<>();

    private final List<YamlMistake> mistakes = new ArrayList<>();
    private final FileBasics basics;
    private final SensorEntries sensors;
    private final SinkEntries sinkEntries;
    private final HeaterEntries heaterEntries;
    private final ServiceEntries services;

    private HeaterFile(String source, String text, Path folder) {
        top = Fields.of(source, text, KEYS, mistakes::add);
        var currency = top.value("currency", "an ISO 4217 code such as EUR", Currency::getInstance)
                .orElse(MiningScenario.JULY_2025.currency());
        var zone = top.value("zone", "a time zone such as Europe/Brussels", ZoneId::of)
                .orElseGet(ZoneId::systemDefault);
        basics = new FileBasics(folder, zone, currency);
        sensors = new SensorEntries(basics);
        sinkEntries = new SinkEntries(basics, sensors);
        heaterEntries = new HeaterEntries(basics, sensors, sinkEntries.ids());
        services = new ServiceEntries(basics, top);
    }

    /** @throws HeaterMistakes with all that is wrong */
    static HomeSetup read(Path file) {
        try {
            return parse(
                    file.toString(),
                    Files.readString(file),
                    file.toAbsolutePath().getParent());
        } catch (NoSuchFileException e) {
            throw new HeaterMistakes(List.of(file + ": there is no such file; athanor heater discover writes one"), e);
        } catch (CharacterCodingException e) {
            throw new HeaterMistakes(List.of(file + ": not a text file"), e);
        } catch (IOException e) {
            throw new HeaterMistakes(List.of(file + ": cannot be read (" + e.getMessage() + ")"), e);
        }
    }

    /**
     * @param source what to call the text
     * @param folder that paths in the text begin at
     * @throws HeaterMistakes with all that is wrong
     */
    static HomeSetup parse(String source, String text, Path folder) {
        HeaterFile file;
        try {
            file = new HeaterFile(source, text, folder);
        } catch (YamlMistake e) {
            throw new HeaterMistakes(List.of(e.getMessage()), e);
        }
        var setup = file.setup();
        if (!file.mistakes.isEmpty())
            throw new HeaterMistakes(
                    file.mistakes.stream().map(Throwable::getMessage).toList(), file.mistakes.getFirst());
        return setup.orElseThrow();
    }

    private Optional<HomeSetup> setup() {
        var circuits = circuits();
        var sinks = sinkEntries.sinks(top);
        var broker = services.broker();
        var home =
                top.group("homeAssistant", "discovery", "discoveryPrefix", "homeId", "address", "token", "tokenFile");
        var rest = services.homeAssistantRest(home);
        var heaters = heaterEntries.heaters(top, sinks, circuitIds);
        for (var sink : sinks) sinkEntries.mustHold(sink, heaters);
        var outdoor = sensors.sensor(top, "outdoor", false);
        need(sinks, heaters, outdoor, broker, rest.isPresent() || ServiceEntries.saysRest(home));
        var mining = top.group("mining", "pool", "user", "bitcoinPrice", "poolFee");
        var name = top.text("name", "a short name").orElse("Home");
        var page = top.value("page", "HOST:PORT", text -> FileBasics.address(text, 8642))
                .orElseGet(() -> new InetSocketAddress(InetAddress.getLoopbackAddress(), 8642));
        var state = top.value("state", "a folder", basics.folder()::resolve).orElseGet(HeaterFile::usualState);
        var tariff = services.tariff();
        var place = services.place();
        var homeAssistant = services.homeAssistant(home, broker);
        var manager = services.manager();
        var scenario = services.scenario(mining);
        var watching = services.pool(mining);
        if (!mistakes.isEmpty()) return Optional.empty();
        return Optional.of(new HomeSetup(
                name,
                basics.zone(),
                state,
                page,
                tariff.orElseThrow(),
                place,
                circuits,
                sinks,
                heaters,
                outdoor,
                broker,
                homeAssistant,
                rest,
                manager,
                scenario,
                watching,
                basics.files()));
    }

    /** As systemd says it, else as the XDG base directories do. */
    private static Path usualState() {
        var systemd = System.getenv("STATE_DIRECTORY");
        if (systemd != null && !systemd.isBlank()) return Path.of(systemd.split(":", 2)[0]);
        var xdg = System.getenv("XDG_STATE_HOME");
        var base = xdg != null && !xdg.isBlank()
                ? Path.of(xdg)
                : Path.of(System.getProperty("user.home"), ".local", "state");
        return base.resolve("athanor").resolve("heater");
    }

    private Map<String, Watts> circuits() {
        Map<String, Watts> circuits = new LinkedHashMap<>();
        for (var circuit : top.list("circuits", "id", "watts")) {
            var id = basics.id(circuit);
            var watts = FileBasics.number(circuit, "watts", 100, 100_000, "W");
            id.ifPresent(circuitIds::add);
            if (id.isPresent() && watts.isPresent()) circuits.put(id.get(), new Watts(watts.getAsDouble()));
        }
        return circuits;
    }

    /** What sensors and plugs are reached through must be there. */
    private void need(
            List<Sink> sinks,
            List<HeaterEntry> heaters,
            Optional<Sensor> outdoor,
            Optional<MqttConfig> broker,
            boolean rest) {
        var sensors = new ArrayList<Sensor>();
        for (var sink : sinks) {
            sensors.add(sink.sensor());
            switch (sink) {
                case Room room -> room.second().ifPresent(sensors::add);
                case Tank tank -> tank.second().ifPresent(sensors::add);
            }
        }
        outdoor.ifPresent(sensors::add);
        boolean mqtt = sensors.stream()
                        .anyMatch(s ->
                                s instanceof ZigbeeSensor || s instanceof TasmotaSensor || s instanceof NumberSensor)
                || heaters.stream()
                        .anyMatch(h -> h.plug()
                                .filter(p -> p instanceof ZigbeePlugEntry || p instanceof TasmotaTopicEntry)
                                .isPresent());
        if (mqtt && broker.isEmpty() && !top.has("mqtt"))
            top.complain(top.missing("mqtt", "for what is told by MQTT, the broker as {host: 192.168.1.2}"));
        boolean primary = sinks.stream()
                .anyMatch(sink -> sink instanceof Room room
                        && room.primary()
                                .filter(it -> it.thermostat() instanceof HomeSetup.ClimateEntity)
                                .isPresent());
        if ((primary || sensors.stream().anyMatch(s -> s instanceof EntitySensor)) && !rest)
            top.complain(
                    top.missing("homeAssistant", "for its entities, {address: 192.168.1.2, tokenFile: token.txt}"));
    }
}
