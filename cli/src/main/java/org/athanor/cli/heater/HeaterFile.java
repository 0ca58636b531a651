package org.athanor.cli.heater;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Currency;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import org.athanor.cli.heater.HomeSetup.Access;
import org.athanor.cli.heater.HomeSetup.Computer;
import org.athanor.cli.heater.HomeSetup.DayNight;
import org.athanor.cli.heater.HomeSetup.Element;
import org.athanor.cli.heater.HomeSetup.EntitySensor;
import org.athanor.cli.heater.HomeSetup.Flat;
import org.athanor.cli.heater.HomeSetup.HeaterEntry;
import org.athanor.cli.heater.HomeSetup.HomeAssistantEntry;
import org.athanor.cli.heater.HomeSetup.HwmonSensor;
import org.athanor.cli.heater.HomeSetup.Market;
import org.athanor.cli.heater.HomeSetup.Network;
import org.athanor.cli.heater.HomeSetup.NumberSensor;
import org.athanor.cli.heater.HomeSetup.OneWireSensor;
import org.athanor.cli.heater.HomeSetup.Place;
import org.athanor.cli.heater.HomeSetup.PlugEntry;
import org.athanor.cli.heater.HomeSetup.PrimaryEntry;
import org.athanor.cli.heater.HomeSetup.Room;
import org.athanor.cli.heater.HomeSetup.Sensor;
import org.athanor.cli.heater.HomeSetup.ShellyPlugEntry;
import org.athanor.cli.heater.HomeSetup.ShellySensor;
import org.athanor.cli.heater.HomeSetup.Sink;
import org.athanor.cli.heater.HomeSetup.Source;
import org.athanor.cli.heater.HomeSetup.Tank;
import org.athanor.cli.heater.HomeSetup.TasmotaPlugEntry;
import org.athanor.cli.heater.HomeSetup.TasmotaSensor;
import org.athanor.cli.heater.HomeSetup.ZigbeePlugEntry;
import org.athanor.cli.heater.HomeSetup.ZigbeeSensor;
import org.athanor.cli.yaml.Fields;
import org.athanor.cli.yaml.YamlMistake;
import org.athanor.comfort.ComfortBand;
import org.athanor.comfort.PrimarySource;
import org.athanor.comfort.Schedule;
import org.athanor.comfort.learning.Construction;
import org.athanor.comfort.learning.Insulation;
import org.athanor.comfort.learning.RoomPrior;
import org.athanor.comfort.money.HeatPump;
import org.athanor.comfort.series.HouseholdAddition;
import org.athanor.devices.Credentials;
import org.athanor.devices.PoolSetting;
import org.athanor.devices.drivers.HeaterKind;
import org.athanor.devices.drivers.HeaterSettings;
import org.athanor.devices.drivers.HeaterSettings.Level;
import org.athanor.devices.mqtt.MqttConfig;
import org.athanor.edge.EdgeConfig;
import org.athanor.edge.forecast.PriceTerms;
import org.athanor.edge.s2.S2Config;
import org.athanor.ledger.MiningScenario;
import org.athanor.units.Celsius;
import org.athanor.units.PricePerKwh;
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

    private static final String[] SENSOR = {
        "kind", "address", "password", "passwordFile", "topic", "probe", "chip", "entity", "unit"
    };
    private static final String[] ROOM = {
        "id",
        "name",
        "floorArea",
        "construction",
        "insulation",
        "setpoint",
        "schedule",
        "band",
        "quietHours",
        "maximum",
        "frost",
        "circuitWatts",
        "thermometer",
        "secondThermometer",
        "primary"
    };
    private static final String[] PRIMARY = {
        "kind",
        "entity",
        "heat",
        "capacityWatts",
        "efficiency",
        "fuelPrice",
        "pump",
        "soilCelsius",
        "command",
        "setback"
    };
    private static final String[] TANK = {
        "id", "name", "litres", "setpoint", "schedule", "band", "maximum", "circuitWatts", "thermometer"
    };
    private static final String[] HEATER = {
        "id",
        "name",
        "room",
        "kind",
        "address",
        "user",
        "password",
        "passwordFile",
        "model",
        "levels",
        "maximumWatts",
        "pauses",
        "watts",
        "threads",
        "wattsPerThread",
        "terahashesPerWatt",
        "plug",
        "circuit",
        "preference",
        "acceptUnprotected",
        "pool",
        "waterCelsius"
    };

    private static final Duration TIMEOUT = EdgeConfig.DEVICE_TIMEOUT;
    private static final String ELEMENT = "element";
    private static final String COMPUTER = "computer";
    private static final String ID = "a short name of small letters, digits and -";

    private final Path folder;
    private final Fields top;
    private final List<YamlMistake> mistakes = new ArrayList<>();
    private final Set<String> ids = new HashSet<>();
    /** Of rooms and tanks, those with mistakes too. */
    private final Set<String> sinkIds = new LinkedHashSet<>();

    private final Currency currency;
    private final ZoneId zone;

    private HeaterFile(String source, String text, Path folder) {
        this.folder = folder;
        top = Fields.of(source, text, KEYS, mistakes::add);
        currency = top.value("currency", "an ISO 4217 code such as EUR", Currency::getInstance)
                .orElse(MiningScenario.JULY_2025.currency());
        zone = top.value("zone", "a time zone such as Europe/Brussels", ZoneId::of)
                .orElseGet(ZoneId::systemDefault);
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
        var sinks = sinks();
        var broker = broker();
        var home =
                top.group("homeAssistant", "discovery", "discoveryPrefix", "homeId", "address", "token", "tokenFile");
        var rest = homeAssistantRest(home);
        var heaters = heaters(sinks, circuits.keySet());
        var outdoor = sensor(top, "outdoor", false);
        need(sinks, heaters, outdoor, broker, rest);
        var mining = top.group("mining", "pool", "user", "bitcoinPrice", "poolFee");
        var name = top.text("name", "a short name").orElse("Home");
        var page = top.value("page", "HOST:PORT", text -> address(text, 8642))
                .orElseGet(() -> new InetSocketAddress(InetAddress.getLoopbackAddress(), 8642));
        var state = top.text("state", "a folder").map(folder::resolve).orElseGet(HeaterFile::usualState);
        var tariff = tariff();
        var place = place();
        var homeAssistant = homeAssistant(home, broker);
        var manager = manager();
        var scenario = scenario(mining);
        var watching = pool(mining);
        if (!mistakes.isEmpty()) return Optional.empty();
        return Optional.of(new HomeSetup(
                name,
                zone,
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
                watching));
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

    // ---- sinks

    private Map<String, Watts> circuits() {
        Map<String, Watts> circuits = new LinkedHashMap<>();
        for (var circuit : top.list("circuits", "id", "watts")) {
            var id = id(circuit);
            var watts = number(circuit, "watts", 100, 100_000, "W");
            if (id.isPresent() && watts.isPresent()) circuits.put(id.get(), new Watts(watts.getAsDouble()));
        }
        return circuits;
    }

    private List<Sink> sinks() {
        var sinks = new ArrayList<Sink>();
        var rooms = top.list("rooms", ROOM);
        for (var room : rooms) room(room).ifPresent(sinks::add);
        var tanks = top.list("tanks", TANK);
        for (var tank : tanks) tank(tank).ifPresent(sinks::add);
        if (rooms.isEmpty() && tanks.isEmpty())
            top.complain(top.missing("rooms", "a list of rooms, each with id, floorArea and thermometer"));
        return sinks;
    }

    private Optional<Sink> room(Fields room) {
        var id = id(room);
        id.ifPresent(sinkIds::add);
        var area = number(room, "floorArea", 4, 2000, "m²");
        var construction =
                room.choice("construction", byName(Construction.values())).orElse(Construction.MEDIUM);
        var insulation = room.choice("insulation", byName(Insulation.values())).orElse(Insulation.AVERAGE);
        double maximum = room.number("maximum", 15, 35, "°C").orElse(28);
        double frost = room.number("frost", 3, 12, "°C").orElse(7);
        var sensor = sensor(room, "thermometer", true);
        var second = sensor(room, "secondThermometer", false);
        var primary = primary(room, frost);
        var schedule = schedule(room, 5, 26, 21);
        var band = ComfortBand.of(room.number("band", 0.3, 5, "K").orElse(1));
        var own = new Watts(room.number("circuitWatts", 100, 30_000, "W").orElse(2300));
        if (id.isEmpty() || area.isEmpty() || sensor.isEmpty()) return Optional.empty();
        return Optional.of(new Room(
                id.get(),
                room.text("name", "a name").orElse(id.get()),
                new RoomPrior(area.getAsDouble(), construction, insulation),
                schedule,
                band,
                maximum,
                frost,
                own,
                sensor.get(),
                second,
                primary));
    }

    /** @param frost °C that the room is kept above */
    private Optional<PrimaryEntry> primary(Fields room, double frost) {
        return room.group("primary", PRIMARY).flatMap(primary -> {
            Map<String, Function<Fields, Optional<PrimarySource.Kind>>> kinds = new LinkedHashMap<>();
            kinds.put("boiler", HeaterFile::boiler);
            kinds.put(
                    "heat-pump",
                    p -> Optional.of(new PrimarySource.Pump(
                            p.choice("pump", byName(HeatPump.values())).orElse(HeatPump.AIR_RADIATORS),
                            p.number("soilCelsius", -5, 30, "°C").orElse(10))));
            kinds.put("radiators", _ -> Optional.of(new PrimarySource.Radiators()));
            var chosen = primary.choice("kind", kinds);
            if (!primary.has("kind"))
                primary.complain(primary.missing("kind", "one of " + String.join(", ", kinds.keySet())));
            var kind = chosen.flatMap(make -> make.apply(primary));
            var entity = needed(
                    primary, "entity", "a thermostat such as climate.living", text -> entity(text, "climate\\..+"));
            var heat = primary.value(
                    "heat",
                    "a sensor of W or kW such as sensor.heat",
                    text -> entity(text, "(sensor|input_number)\\..+"));
            var capacity = number(primary, "capacityWatts", 100, 100_000, "W of heat");
            boolean command = primary.choice("command", ordered("true", true, "false", false))
                    .orElse(false);
            var fuel = primary.number("fuelPrice", 0, 5, currency + "/kWh");
            if (command && kind.filter(k -> k instanceof PrimarySource.Boiler).isPresent() && !primary.has("fuelPrice"))
                primary.complain(primary.missing(
                        "fuelPrice", "to be commanded, the price of a kWh of fuel in " + currency + ","));
            var setback = primary.number("setback", Math.ceil(frost), 25, "°C (frost protection or more)")
                    .orElse(Math.max(frost, 17));
            if (kind.isEmpty() || entity.isEmpty() || capacity.isEmpty()) return Optional.empty();
            var source = new PrimarySource(kind.get(), new Watts(capacity.getAsDouble()), command);
            return Optional.of(new PrimaryEntry(source, entity.get(), heat, fuel, new Celsius(setback)));
        });
    }

    private static Optional<PrimarySource.Kind> boiler(Fields boiler) {
        var efficiency = number(boiler, "efficiency", 0.3, 1.2, "heat per energy of the fuel");
        return efficiency.isPresent()
                ? Optional.of(new PrimarySource.Boiler(efficiency.getAsDouble()))
                : Optional.empty();
    }

    private static String entity(String text, String accepted) {
        if (!text.matches(accepted)) throw new IllegalArgumentException(text);
        return text;
    }

    private Optional<Sink> tank(Fields tank) {
        var id = id(tank);
        id.ifPresent(sinkIds::add);
        var litres = number(tank, "litres", 20, 5000, "l");
        double maximum = tank.number("maximum", 40, 80, "°C").orElse(65);
        var sensor = sensor(tank, "thermometer", true);
        var schedule = schedule(tank, 30, 60, 50);
        var band = ComfortBand.of(tank.number("band", 1, 10, "K").orElse(3));
        var own = new Watts(tank.number("circuitWatts", 100, 30_000, "W").orElse(2300));
        if (id.isEmpty() || litres.isEmpty() || sensor.isEmpty()) return Optional.empty();
        return Optional.of(new Tank(
                id.get(),
                tank.text("name", "a name").orElse(id.get()),
                litres.getAsDouble(),
                schedule,
                band,
                maximum,
                own,
                sensor.get()));
    }

    private static <E extends Enum<E>> Map<String, E> byName(E[] values) {
        Map<String, E> names = new LinkedHashMap<>();
        for (var value : values) names.put(value.name().toLowerCase(Locale.ROOT).replace('_', '-'), value);
        return names;
    }

    private Schedule schedule(Fields sink, double lowest, double highest, double usual) {
        var settings = new ArrayList<Schedule.Setting>();
        for (var entry : sink.list("schedule", "from", "celsius", "days")) {
            var from = entry.time("from");
            if (from.isEmpty() && !entry.has("from"))
                entry.complain(entry.missing("from", "a time of day such as \"06:30\""));
            var celsius = number(entry, "celsius", lowest, highest, "°C");
            var days = entry.values("days", "a day such as monday", HeaterFile::day);
            if (from.isPresent() && celsius.isPresent())
                settings.add(new Schedule.Setting(
                        days.isEmpty() ? EnumSet.allOf(DayOfWeek.class) : EnumSet.copyOf(days),
                        from.get(),
                        new Celsius(celsius.getAsDouble())));
        }
        if (sink.has("schedule") && sink.has("setpoint"))
            sink.complain(sink.notTogether("setpoint", "either setpoint or schedule is accepted, not both"));
        var constant =
                new Celsius(sink.number("setpoint", lowest, highest, "°C").orElse(usual));
        try {
            return settings.isEmpty()
                    ? new Schedule(zone, Schedule.constant(zone, constant).settings(), quiet(sink))
                    : new Schedule(zone, settings, quiet(sink));
        } catch (IllegalArgumentException e) {
            sink.complain(sink.notTogether("schedule", e.getMessage()));
            return Schedule.constant(zone, constant);
        }
    }

    private static DayOfWeek day(String name) {
        return DayOfWeek.valueOf(name.toUpperCase(Locale.ROOT));
    }

    private static Optional<Schedule.QuietHours> quiet(Fields sink) {
        var group = sink.group("quietHours", "from", "until", "watts");
        if (group.isEmpty()) return Optional.empty();
        var hours = group.get();
        var from = hours.time("from").orElse(LocalTime.of(22, 0));
        var until = hours.time("until").orElse(LocalTime.of(7, 0));
        return Optional.of(new Schedule.QuietHours(
                from, until, new Watts(hours.number("watts", 0, 30_000, "W").orElse(0))));
    }

    // ---- thermometers and plugs

    private Optional<Sensor> sensor(Fields parent, String key, boolean required) {
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
                s -> needed(s, "address", "HOST[:PORT]", text -> address(text, 80))
                        .map(at -> new ShellySensor(at, password(s))));
        kinds.put(
                "zigbee2mqtt",
                s -> needed(s, "topic", "a topic such as zigbee2mqtt/living", text -> text)
                        .map(ZigbeeSensor::new));
        kinds.put("tasmota", s -> {
            var topic = needed(s, "topic", "the device's Topic", text -> text);
            return topic.map(name -> new TasmotaSensor(
                    name, s.text("probe", "a sensor such as DS18B20").orElse("DS18B20")));
        });
        kinds.put(
                "mqtt",
                s -> needed(s, "topic", "a topic that holds the number alone", text -> text)
                        .map(topic -> new NumberSensor(
                                topic,
                                s.choice("unit", ordered("c", false, "f", true)).orElse(false))));
        kinds.put(
                "one-wire",
                s -> needed(s, "probe", "a probe such as 28-0316a2", text -> text)
                        .map(OneWireSensor::new));
        kinds.put("hwmon", s -> {
            var chip = needed(s, "chip", "a chip such as jc42", text -> text);
            var probe = s.text("probe", "a sensor such as temp1").orElse("temp1");
            return chip.map(name -> new HwmonSensor(name, probe));
        });
        kinds.put(
                "home-assistant",
                s -> needed(s, "entity", "an entity such as sensor.living", text -> text)
                        .map(EntitySensor::new));
        return sensor.choice("kind", kinds)
                .or(() -> {
                    if (!sensor.has("kind"))
                        sensor.complain(sensor.missing("kind", "one of " + String.join(", ", kinds.keySet())));
                    return Optional.empty();
                })
                .flatMap(kind -> kind.apply(sensor));
    }

    private static <T> Map<String, T> ordered(String a, T first, String b, T second) {
        Map<String, T> choices = new LinkedHashMap<>();
        choices.put(a, first);
        choices.put(b, second);
        return choices;
    }

    private Optional<PlugEntry> plug(Fields heater) {
        var group = heater.group(
                "plug", "kind", "address", "topic", "countdown", "user", "password", "passwordFile", "ratingWatts");
        if (group.isEmpty()) return Optional.empty();
        var plug = group.get();
        var rating = number(plug, "ratingWatts", 100, 20_000, "W that it carries for hours");
        var kind = plug.choice("kind", Map.of("shelly", "shelly", "tasmota", "tasmota", "zigbee2mqtt", "zigbee2mqtt"));
        if (!plug.has("kind")) plug.complain(plug.missing("kind", "one of shelly, tasmota, zigbee2mqtt"));
        if (kind.isEmpty() || rating.isEmpty()) return Optional.empty();
        var watts = new Watts(rating.getAsDouble());
        if (kind.get().equals("zigbee2mqtt"))
            return needed(plug, "topic", "a topic such as zigbee2mqtt/plug", text -> text)
                    .map(topic -> new ZigbeePlugEntry(
                            topic,
                            plug.choice("countdown", byName(org.athanor.devices.mqtt.MqttPlug.ZigbeeCountdown.values()))
                                    .orElse(org.athanor.devices.mqtt.MqttPlug.ZigbeeCountdown.NONE)
                                    .name(),
                            watts));
        var address = needed(plug, "address", "HOST[:PORT]", text -> address(text, 80));
        return address.map(at -> kind.get().equals("shelly")
                ? new ShellyPlugEntry(at, password(plug), watts)
                : new TasmotaPlugEntry(at, login(plug), watts));
    }

    // ---- heaters

    private List<HeaterEntry> heaters(List<Sink> sinks, Set<String> circuits) {
        var heaters = new ArrayList<HeaterEntry>();
        var list = top.list("heaters", HEATER);
        for (var heater : list) heater(heater, sinks, circuits, heaters.size()).ifPresent(heaters::add);
        if (list.isEmpty()) top.complain(top.missing("heaters", "a list of heaters, each with id and kind"));
        return heaters;
    }

    private Optional<HeaterEntry> heater(Fields heater, List<Sink> sinks, Set<String> circuits, int position) {
        var id = id(heater);
        var source = source(heater, id.orElse("heater"));
        var plug = plug(heater);
        var sink = sink(heater, sinks);
        var circuit = heater.text("circuit", "the id of a circuit");
        if (circuit.isPresent() && !circuits.contains(circuit.get()))
            heater.complain(heater.wrong("circuit", "the id of one of circuits (" + String.join(", ", circuits) + ")"));
        var water = heater.number("waterCelsius", 25, 95, "°C");
        if (id.isEmpty() || source.isEmpty() || sink.isEmpty()) return Optional.empty();
        if (source.get() instanceof Element && plug.isEmpty() && !heater.has("plug"))
            heater.complain(heater.missing("plug", "the plug that switches the element"));
        if (sink.get() instanceof Tank tank && !canHeat(tank, source.get(), water))
            heater.complain(heater.notTogether(
                    "room",
                    tank.id()
                            + " is a tank: its heater must be an element, or say by waterCelsius how hot its water is (above "
                            + warmest(tank) + " °C); what blows air heats no water"));
        return Optional.of(new HeaterEntry(
                id.get(),
                heater.text("name", "a name").orElse(id.get()),
                sink.get().id(),
                source.get(),
                plug,
                circuit,
                heater.whole("preference", 0, 100, position),
                heater.choice("acceptUnprotected", ordered("true", true, "false", false))
                        .orElse(false),
                pool(heater.group("pool", "url", "user")),
                water));
    }

    private static boolean canHeat(Tank tank, Source source, OptionalDouble water) {
        return source instanceof Element || (water.isPresent() && water.getAsDouble() > warmest(tank));
    }

    private static double warmest(Tank tank) {
        return tank.schedule().settings().stream()
                .mapToDouble(setting -> setting.setpoint().value())
                .max()
                .orElseThrow();
    }

    private Optional<Sink> sink(Fields heater, List<Sink> sinks) {
        var named = heater.text("room", "the id of a room or tank");
        if (named.isEmpty()) {
            if (sinks.size() == 1) return Optional.of(sinks.getFirst());
            if (!heater.has("room") && sinkIds.size() != 1)
                heater.complain(heater.missing("room", "the id of a room or tank"));
            return Optional.empty();
        }
        var found = sinks.stream().filter(sink -> sink.id().equals(named.get())).findFirst();
        if (found.isEmpty() && !sinkIds.contains(named.get()))
            heater.complain(
                    heater.wrong("room", "the id of one of the rooms or tanks (" + String.join(", ", sinkIds) + ")"));
        return found;
    }

    private Optional<Source> source(Fields heater, String id) {
        Map<String, Optional<HeaterKind>> kinds = new LinkedHashMap<>();
        for (var kind : HeaterKind.values()) kinds.put(kind.title(), Optional.of(kind));
        kinds.put(ELEMENT, Optional.empty());
        kinds.put(COMPUTER, Optional.empty());
        var kind = heater.choice("kind", kinds);
        if (!heater.has("kind")) heater.complain(heater.missing("kind", "one of " + String.join(", ", kinds.keySet())));
        if (kind.isEmpty()) return Optional.empty();
        if (kind.get().isPresent()) return network(heater, id, kind.get().get());
        if (heater.text("kind", ELEMENT).orElse("").equalsIgnoreCase(ELEMENT))
            return number(heater, "watts", 10, 10_000, "W").stream()
                    .mapToObj(watts -> (Source) new Element(new Watts(watts)))
                    .findFirst();
        int cores = Runtime.getRuntime().availableProcessors();
        return Optional.of(new Computer(
                heater.whole("threads", 1, 1024, Math.max(1, cores - 1)),
                new Watts(heater.number("wattsPerThread", 0.5, 200, "W").orElse(10))));
    }

    private Optional<Source> network(Fields heater, String id, HeaterKind kind) {
        var address = needed(heater, "address", "HOST[:PORT]", text -> address(text, kind.port()));
        var levels = heater.values("levels", "watts, or a name and watts such as 290MHz 800", Level::parse);
        var most = heater.number("maximumWatts", 5, 20_000, "W");
        if (kind.levelsChosen()) {
            if (levels.isEmpty() && !heater.has("levels"))
                heater.complain(
                        heater.missing("levels", "a list of the watts of its levels, such as [800, 1200, 1600],"));
            if (most.isEmpty() && !heater.has("maximumWatts"))
                heater.complain(heater.missing("maximumWatts", "what it draws at most by its nameplate, in W,"));
        }
        if (address.isEmpty() || (kind.levelsChosen() && (levels.isEmpty() || most.isEmpty()))) return Optional.empty();
        var settings = new HeaterSettings(
                id,
                address.get(),
                login(heater),
                heater.text("model", "a model"),
                levels,
                most.isPresent() ? Optional.of(new Watts(most.getAsDouble())) : Optional.empty(),
                heater.choice("pauses", ordered("true", true, "false", false)).orElse(true),
                TIMEOUT);
        try {
            kind.create(settings).close(); // says what it cannot do
        } catch (IllegalArgumentException e) {
            heater.complain(heater.notTogether(kind.levelsChosen() ? "levels" : "kind", e.getMessage()));
            return Optional.empty();
        }
        return Optional.of(new Network(kind, settings, heater.number("terahashesPerWatt", 0.001, 1, "TH/s per W")));
    }

    private Optional<Credentials> login(Fields group) {
        var user = group.text("user", "a user").orElse("");
        var inFile = group.has("passwordFile")
                ? group.value("passwordFile", "a file that holds the password alone", this::secret)
                : Optional.<String>empty();
        return inFile.or(() -> group.text("password", "a password")).map(password -> new Credentials(user, password));
    }

    private Optional<String> password(Fields group) {
        return login(group).map(Credentials::password);
    }

    private String secret(String file) {
        try {
            return Files.readString(folder.resolve(file)).strip();
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static Optional<PoolSetting> pool(Optional<Fields> group) {
        if (group.isEmpty()) return Optional.empty();
        var pool = group.get();
        var key = pool.has("pool") ? "pool" : "url";
        var url = pool.text(key, "a pool such as stratum+tcp://pool.example.com:3333");
        if (url.isEmpty()) return Optional.empty();
        var user = pool.text("user", "a user name");
        if (user.isEmpty() && !pool.has("user")) pool.complain(pool.missing("user", "the user name at the pool"));
        return user.map(name -> new PoolSetting(url.get(), name));
    }

    // ---- the rest of the home

    private Optional<HomeSetup.Tariff> tariff() {
        var group =
                top.group("tariff", "kind", "price", "day", "night", "dayFrom", "dayUntil", "zone", "addition", "tax");
        if (group.isEmpty()) {
            if (!top.has("tariff")) top.complain(top.missing("tariff", "a group such as {kind: flat, price: 0.30}"));
            return Optional.empty();
        }
        var tariff = group.get();
        var kind = tariff.choice("kind", Map.of("flat", "flat", "day-night", "day-night", "market", "market"))
                .orElse(tariff.has("kind") ? "" : "flat");
        return switch (kind) {
            case "flat" -> {
                var price = number(tariff, "price", 0, 5, currency + "/kWh");
                yield price.isPresent() ? Optional.of(new Flat(price(price))) : Optional.empty();
            }
            case "day-night" -> dayNight(tariff);
            case "market" -> market(tariff);
            default -> Optional.empty(); // its mistake is told
        };
    }

    private Optional<HomeSetup.Tariff> dayNight(Fields tariff) {
        var day = number(tariff, "day", 0, 5, currency + "/kWh");
        var night = number(tariff, "night", 0, 5, currency + "/kWh");
        var from = tariff.time("dayFrom").orElse(LocalTime.of(7, 0));
        var until = tariff.time("dayUntil").orElse(LocalTime.of(22, 0));
        if (day.isEmpty() || night.isEmpty()) return Optional.empty();
        return Optional.of(new DayNight(price(day), price(night), from, until));
    }

    private Optional<HomeSetup.Tariff> market(Fields tariff) {
        double addition = tariff.number("addition", -10, 10, currency + "/kWh").orElse(0);
        double tax = tariff.number("tax", 0, 1, "(0.21 is 21 %)").orElse(0);
        if (!currency.getCurrencyCode().equals("EUR"))
            tariff.complain(tariff.wrong("kind", "with currency " + currency + " one of flat, day-night"));
        return needed(
                tariff,
                "zone",
                "a bidding zone such as BE or DE-LU",
                name -> new Market(new PriceTerms.DayAhead(name, new HouseholdAddition(addition, tax))));
    }

    private PricePerKwh price(OptionalDouble value) {
        return new PricePerKwh(value.getAsDouble(), currency);
    }

    private Optional<Place> place() {
        return top.group("location", "latitude", "longitude", "windows").flatMap(group -> {
            var latitude = number(group, "latitude", -90, 90, "degrees");
            var longitude = number(group, "longitude", -180, 180, "degrees");
            var windows =
                    group.values("windows", "a direction: north, east, south, west, or degrees", HeaterFile::azimuth);
            if (latitude.isEmpty() || longitude.isEmpty()) return Optional.empty();
            return Optional.of(new Place(latitude.getAsDouble(), longitude.getAsDouble(), windows));
        });
    }

    private static double azimuth(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "north" -> 0;
            case "east" -> 90;
            case "south" -> 180;
            case "west" -> 270;
            default -> {
                double degrees = Double.parseDouble(text);
                if (!(degrees >= 0 && degrees < 360)) throw new IllegalArgumentException(text);
                yield degrees;
            }
        };
    }

    private Optional<MqttConfig> broker() {
        return top.group("mqtt", "host", "port", "tls", "authority", "user", "password", "passwordFile")
                .flatMap(group -> {
                    var host = needed(group, "host", "the broker's name or address", text -> text);
                    boolean tls = group.choice("tls", ordered("true", true, "false", false))
                            .orElse(false);
                    int port = group.whole("port", 1, 65_535, tls ? 8883 : 1883);
                    var authority =
                            group.text("authority", "a file with a certificate").map(folder::resolve);
                    var login = login(group);
                    return host.map(name -> {
                        var plain = MqttConfig.plain(name, port, "athanor-heater");
                        var secured = tls ? plain.withTls(authority) : plain;
                        return login.map(user -> secured.withUser(user.user(), user.password()))
                                .orElse(secured);
                    });
                });
    }

    private Optional<S2Config> manager() {
        return top.group("s2", "url", "token", "tokenFile").flatMap(group -> {
            var url = needed(
                    group,
                    "url",
                    "an address such as ws://192.168.1.3:8080/s2",
                    text -> S2Config.of(URI.create(text)).manager());
            var token = group.has("tokenFile")
                    ? group.value("tokenFile", "a file that holds the token alone", this::secret)
                    : group.text("token", "a token");
            return url.map(address -> new S2Config(address, token, S2Config.VERSIONS));
        });
    }

    private Optional<HomeAssistantEntry> homeAssistant(Optional<Fields> home, Optional<MqttConfig> broker) {
        return home.filter(group -> group.choice("discovery", ordered("true", true, "false", false))
                        .orElse(true))
                .flatMap(group -> {
                    if (broker.isEmpty() && !top.has("mqtt")) {
                        top.complain(top.missing("mqtt", "with homeAssistant, the broker as {host: 192.168.1.2}"));
                        return Optional.empty();
                    }
                    return Optional.of(new HomeAssistantEntry(
                            group.text("discoveryPrefix", "a topic").orElse("homeassistant"),
                            group.text("homeId", "letters and digits").orElse("home")));
                });
    }

    private Optional<Access> homeAssistantRest(Optional<Fields> home) {
        return home.filter(group -> group.has("address")).flatMap(group -> {
            var address = group.value("address", "HOST[:PORT]", text -> address(text, 8123));
            var token = group.has("tokenFile")
                    ? group.value("tokenFile", "a file that holds the token alone", this::secret)
                    : needed(group, "token", "a long-lived access token", text -> text);
            if (address.isEmpty() || token.isEmpty()) return Optional.empty();
            return Optional.of(new Access(address.get(), token.get()));
        });
    }

    /** What sensors and plugs are reached through must be there. */
    private void need(
            List<Sink> sinks,
            List<HeaterEntry> heaters,
            Optional<Sensor> outdoor,
            Optional<MqttConfig> broker,
            Optional<Access> rest) {
        var sensors = new ArrayList<Sensor>();
        for (var sink : sinks) {
            sensors.add(sink.sensor());
            if (sink instanceof Room room) room.second().ifPresent(sensors::add);
        }
        outdoor.ifPresent(sensors::add);
        boolean mqtt = sensors.stream()
                        .anyMatch(s ->
                                s instanceof ZigbeeSensor || s instanceof TasmotaSensor || s instanceof NumberSensor)
                || heaters.stream()
                        .anyMatch(h -> h.plug()
                                .filter(p -> p instanceof ZigbeePlugEntry)
                                .isPresent());
        if (mqtt && broker.isEmpty() && !top.has("mqtt"))
            top.complain(top.missing("mqtt", "for what is told by MQTT, the broker as {host: 192.168.1.2}"));
        boolean primary = sinks.stream()
                .anyMatch(sink -> sink instanceof Room room && room.primary().isPresent());
        if ((primary || sensors.stream().anyMatch(s -> s instanceof EntitySensor)) && rest.isEmpty())
            top.complain(
                    top.missing("homeAssistant", "for its entities, {address: 192.168.1.2, tokenFile: token.txt}"));
    }

    private MiningScenario scenario(Optional<Fields> mining) {
        var usual = MiningScenario.JULY_2025;
        var price = mining.map(group -> group.number("bitcoinPrice", 0, 1e9, currency.toString()))
                .orElse(OptionalDouble.empty());
        if (!currency.equals(usual.currency()) && price.isEmpty())
            top.complain(top.missing(
                    "mining", "with currency " + currency + ", bitcoinPrice in it, as {bitcoinPrice: 100000},"));
        var fee = mining.map(group -> group.number("poolFee", 0, 0.5, "(0.02 is 2 %)"))
                .orElse(OptionalDouble.empty());
        return new MiningScenario(
                usual.name(),
                usual.date(),
                usual.difficulty(),
                usual.subsidy(),
                usual.fees(),
                price.isPresent() ? java.math.BigDecimal.valueOf(price.getAsDouble()) : usual.bitcoinPrice(),
                currency,
                fee.isPresent() ? java.math.BigDecimal.valueOf(fee.getAsDouble()) : usual.poolFee());
    }

    // ---- small things

    private Optional<String> id(Fields group) {
        var id = group.value("id", ID, text -> {
            if (!text.matches("[a-z0-9][a-z0-9-]{0,30}")) throw new IllegalArgumentException(text);
            return text;
        });
        if (id.isEmpty() && !group.has("id")) group.complain(group.missing("id", ID));
        if (id.isPresent() && !ids.add(id.get()))
            group.complain(group.notTogether("id", id.get() + " names something else already"));
        return id;
    }

    private static OptionalDouble number(Fields group, String key, double lowest, double highest, String unit) {
        if (!group.has(key))
            group.complain(group.missing(key, "a number from " + lowest + " to " + highest + " " + unit));
        return group.number(key, lowest, highest, unit);
    }

    private static <T> Optional<T> needed(Fields group, String key, String accepted, Function<String, T> parse) {
        if (!group.has(key)) group.complain(group.missing(key, accepted));
        return group.value(key, accepted, parse);
    }

    private static InetSocketAddress address(String text, int usualPort) {
        int colon = text.lastIndexOf(':');
        boolean bare = colon < 0 || text.endsWith("]");
        var host = bare ? text : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) host = host.substring(1, host.length() - 1);
        int port = bare ? usualPort : Integer.parseInt(text.substring(colon + 1));
        if (host.isEmpty()) throw new IllegalArgumentException("address " + text);
        var address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) throw new IllegalArgumentException("host " + host + " is not known");
        return address;
    }
}
