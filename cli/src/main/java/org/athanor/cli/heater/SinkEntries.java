package org.athanor.cli.heater;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.athanor.cli.heater.HomeSetup.ClimateEntity;
import org.athanor.cli.heater.HomeSetup.Gateway;
import org.athanor.cli.heater.HomeSetup.HeaterEntry;
import org.athanor.cli.heater.HomeSetup.PrimaryEntry;
import org.athanor.cli.heater.HomeSetup.Room;
import org.athanor.cli.heater.HomeSetup.Sink;
import org.athanor.cli.heater.HomeSetup.Tank;
import org.athanor.cli.heater.HomeSetup.Thermostat;
import org.athanor.cli.yaml.Fields;
import org.athanor.comfort.ComfortBand;
import org.athanor.comfort.PrimarySource;
import org.athanor.comfort.Schedule;
import org.athanor.comfort.TankSpec;
import org.athanor.comfort.learning.Construction;
import org.athanor.comfort.learning.Insulation;
import org.athanor.comfort.learning.RoomPrior;
import org.athanor.comfort.model.HotWaterTank;
import org.athanor.comfort.money.HeatPump;
import org.athanor.devices.homeassistant.HomeAssistantClimate;
import org.athanor.devices.homeassistant.HomeAssistantPower;
import org.athanor.devices.opentherm.OpenThermGateway;
import org.athanor.units.Celsius;
import org.athanor.units.Kelvins;
import org.athanor.units.Watts;

/** Reads what takes heat: rooms and tanks. */
final class SinkEntries {
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
    private static final String GATEWAY = "otgw";
    private static final String[] PRIMARY = {
        "kind",
        "entity",
        "address",
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
        "id",
        "name",
        "litres",
        "people",
        "surroundings",
        "setpoint",
        "schedule",
        "band",
        "maximum",
        "circuitWatts",
        "thermometer",
        "secondThermometer",
        "disinfection"
    };

    /** Of a tank of 200 l that loses 1.5 kWh a day; others by their surface. */
    private static final double LOSS_OF_TWO_HUNDRED_LITRES =
            HotWaterTank.ofTwoHundredLitres().lossWattsPerKelvin();

    /** What a room's and a tank's maximum may be, °C. */
    static final double HIGHEST_ROOM = 35;

    static final double HIGHEST_TANK = 80;

    private static final double LITRES_PER_PERSON = 40;
    private static final double USUAL_TANK_MAXIMUM = 65;

    /** A tank that is disinfected must be allowed so much more: what the plan aims above it, and what the governor stops below. */
    private static final double ABOVE_DISINFECTION = 4;

    private static final double USUALLY_ABOVE_DISINFECTION = 10;

    private final FileBasics basics;
    private final SensorEntries sensors;
    private final Set<String> ids = new LinkedHashSet<>();
    private final Map<String, Fields> fields = new HashMap<>();

    SinkEntries(FileBasics basics, SensorEntries sensors) {
        this.basics = basics;
        this.sensors = sensors;
    }

    /** What of a sink can be said with its heaters alone. */
    void mustHold(Sink sink, List<HeaterEntry> heaters) {
        var where = fields.get(sink.id());
        SinkAdvice.noSetpoint(sink, heaters, entry -> Nameplate.of(entry.source()))
                .ifPresent(why -> where.complain(where.notTogether("maximum", why)));
    }

    /** Of rooms and tanks, those with mistakes too. */
    Set<String> ids() {
        return ids;
    }

    List<Sink> sinks(Fields top) {
        var sinks = new ArrayList<Sink>();
        for (var room : top.list("rooms", ROOM)) room(room).ifPresent(sinks::add);
        for (var tank : top.list("tanks", TANK)) tank(tank).ifPresent(sinks::add);
        if (top.lacks("rooms") && top.lacks("tanks"))
            top.complain(top.missing("rooms", "a list of rooms, each with id, floorArea and thermometer"));
        return sinks;
    }

    private Optional<Sink> room(Fields room) {
        var id = basics.id(room);
        id.ifPresent(ids::add);
        id.ifPresent(each -> fields.put(each, room));
        var area = FileBasics.number(room, "floorArea", 4, 2000, "m²");
        var construction = room.choice("construction", FileBasics.byName(Construction.values()))
                .orElse(Construction.MEDIUM);
        var insulation = room.choice("insulation", FileBasics.byName(Insulation.values()))
                .orElse(Insulation.AVERAGE);
        double maximum = room.number("maximum", 15, HIGHEST_ROOM, "°C").orElse(28);
        double frost = room.number("frost", 3, 12, "°C").orElse(7);
        var sensor = sensors.sensor(room, "thermometer", true);
        var second = sensors.second(room, sensor);
        var primary = primary(room, frost);
        var schedule = schedule(room, 5, 26, 21);
        var band = ComfortBand.of(room.number("band", 0.3, 5, "K").orElse(1));
        var own = new Watts(room.number("circuitWatts", 100, 30_000, "W").orElse(2300));
        var name = room.text("name", "a name");
        if (id.isEmpty() || area.isEmpty() || sensor.isEmpty()) return Optional.empty();
        return Optional.of(new Room(
                id.get(),
                name.orElse(id.get()),
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
            kinds.put("boiler", SinkEntries::boiler);
            kinds.put(GATEWAY, SinkEntries::boiler);
            kinds.put(
                    "heat-pump",
                    p -> Optional.of(new PrimarySource.Pump(
                            p.choice("pump", FileBasics.byName(HeatPump.values()))
                                    .orElse(HeatPump.AIR_RADIATORS),
                            p.number("soilCelsius", -5, 30, "°C").orElse(10))));
            kinds.put("radiators", _ -> Optional.of(new PrimarySource.Radiators()));
            var chosen = primary.choice("kind", kinds);
            if (!primary.has("kind"))
                primary.complain(primary.missing("kind", "one of " + String.join(", ", kinds.keySet())));
            var kind = chosen.flatMap(make -> make.apply(primary));
            var thermostat = thermostat(primary);
            var capacity = FileBasics.number(primary, "capacityWatts", 100, 100_000, "W of heat");
            boolean command = primary.choice("command", FileBasics.ordered("true", true, "false", false))
                    .orElse(false);
            if (command) thermostat.ifPresent(each -> claim(each, primary));
            var fuel = primary.number("fuelPrice", 0, 5, basics.currency() + "/kWh");
            if (command && kind.filter(k -> k instanceof PrimarySource.Boiler).isPresent() && !primary.has("fuelPrice"))
                primary.complain(primary.missing(
                        "fuelPrice", "to be commanded, the price of a kWh of fuel in " + basics.currency() + ","));
            var setback = primary.number("setback", Math.ceil(frost), 25, "°C (frost protection or more)")
                    .orElse(Math.max(frost, 17));
            if (kind.isEmpty() || thermostat.isEmpty() || capacity.isEmpty()) return Optional.empty();
            var source = new PrimarySource(kind.get(), new Watts(capacity.getAsDouble()), command);
            return Optional.of(new PrimaryEntry(source, thermostat.get(), fuel, new Celsius(setback)));
        });
    }

    /** Reading the same thermostat harms nobody. */
    private void claim(Thermostat thermostat, Fields primary) {
        var accepted = "with command: true a thermostat of one room alone";
        switch (thermostat) {
            case Gateway(var address) -> basics.claims().claim(Claims.at(address), primary, "address", accepted);
            case ClimateEntity climate ->
                basics.claims().claim(new Claims.Entity(climate.entity()), primary, "entity", accepted);
        }
    }

    private static Optional<Thermostat> thermostat(Fields primary) {
        if (primary.text("kind", GATEWAY).filter(GATEWAY::equalsIgnoreCase).isPresent()) {
            for (var key : new String[] {"entity", "heat"})
                if (primary.has(key))
                    primary.complain(primary.notTogether(key, "a gateway has an address, and measures by itself"));
            return FileBasics.needed(
                            primary,
                            "address",
                            FileBasics.DEVICE,
                            text -> FileBasics.device(text, OpenThermGateway.PORT))
                    .map(Gateway::new);
        }
        if (primary.has("address"))
            primary.complain(primary.notTogether("address", "only an OpenTherm gateway (kind: otgw) has one"));
        var entity = FileBasics.needed(
                primary, "entity", "a thermostat such as climate.living", HomeAssistantClimate::entity);
        var heat = primary.value(
                "heat", "a sensor, number or input_number of W or kW such as sensor.heat", HomeAssistantPower::entity);
        return entity.map(name -> new ClimateEntity(name, heat));
    }

    private static Optional<PrimarySource.Kind> boiler(Fields boiler) {
        var efficiency = FileBasics.number(boiler, "efficiency", 0.3, 1.2, "heat per energy of the fuel");
        return efficiency.isPresent()
                ? Optional.of(new PrimarySource.Boiler(efficiency.getAsDouble()))
                : Optional.empty();
    }

    private Optional<Sink> tank(Fields tank) {
        var id = basics.id(tank);
        id.ifPresent(ids::add);
        id.ifPresent(each -> fields.put(each, tank));
        var litres = FileBasics.number(tank, "litres", 20, 5000, "l");
        int people = tank.whole("people", 1, 20, 3);
        double surroundings = tank.number("surroundings", 0, 40, "°C").orElse(18);
        var disinfection = disinfection(tank);
        double maximum = maximum(tank, disinfection);
        var sensor = sensors.sensor(tank, "thermometer", true);
        var second = sensors.second(tank, sensor);
        var schedule = schedule(tank, 30, 60, 50);
        double below = tank.number("band", 1, 10, "K").orElse(3);
        var own = new Watts(tank.number("circuitWatts", 100, 30_000, "W").orElse(2300));
        var name = tank.text("name", "a name");
        if (id.isEmpty() || litres.isEmpty() || sensor.isEmpty()) return Optional.empty();
        double lossWattsPerKelvin = LOSS_OF_TWO_HUNDRED_LITRES * Math.pow(litres.getAsDouble() / 200, 2.0 / 3);
        return Optional.of(new Tank(
                id.get(),
                name.orElse(id.get()),
                new TankSpec(
                        litres.getAsDouble(),
                        lossWattsPerKelvin,
                        LITRES_PER_PERSON * people,
                        new Celsius(surroundings),
                        disinfection),
                people,
                schedule,
                new ComfortBand(new Kelvins(below), new Kelvins(maximum)), // what is stored above is as good
                maximum,
                own,
                sensor.get(),
                second));
    }

    private static Optional<TankSpec.Hygiene> disinfection(Fields tank) {
        return tank.group("disinfection", "celsius", "minutes", "everyDays")
                .map(group -> new TankSpec.Hygiene(
                        new Celsius(group.number("celsius", 55, 70, "°C").orElse(HotWaterTank.DISINFECTED_CELSIUS)),
                        Duration.ofMinutes(group.whole("minutes", 5, 300, 60)),
                        Duration.ofDays(group.whole("everyDays", 1, 31, 7))));
    }

    private static double maximum(Fields tank, Optional<TankSpec.Hygiene> disinfection) {
        var said = tank.number("maximum", 40, HIGHEST_TANK, "°C");
        if (disinfection.isEmpty()) return said.orElse(USUAL_TANK_MAXIMUM);
        double hot = disinfection.get().celsius().value();
        if (said.isPresent() && said.getAsDouble() < hot + ABOVE_DISINFECTION)
            tank.complain(tank.wrong(
                    "maximum", "with disinfection at " + hot + " °C, " + (hot + ABOVE_DISINFECTION) + " °C or more"));
        return said.orElse(Math.min(HIGHEST_TANK, hot + USUALLY_ABOVE_DISINFECTION));
    }

    private Schedule schedule(Fields sink, double lowest, double highest, double usual) {
        var settings = new ArrayList<Schedule.Setting>();
        for (var entry : sink.list("schedule", "from", "celsius", "days")) {
            var from = entry.time("from");
            if (from.isEmpty() && !entry.has("from"))
                entry.complain(entry.missing("from", "a time of day such as \"06:30\""));
            var celsius = FileBasics.number(entry, "celsius", lowest, highest, "°C");
            var days = entry.values("days", "a day such as monday", SinkEntries::day);
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
                    ? new Schedule(
                            basics.zone(),
                            Schedule.constant(basics.zone(), constant).settings(),
                            quiet(sink))
                    : new Schedule(basics.zone(), settings, quiet(sink));
        } catch (IllegalArgumentException e) {
            sink.complain(sink.notTogether("schedule", e.getMessage()));
            return Schedule.constant(basics.zone(), constant);
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
}
