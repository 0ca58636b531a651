package org.athanor.cli.heater;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.athanor.cli.heater.HomeSetup.Computer;
import org.athanor.cli.heater.HomeSetup.Element;
import org.athanor.cli.heater.HomeSetup.Gpu;
import org.athanor.cli.heater.HomeSetup.HeaterEntry;
import org.athanor.cli.heater.HomeSetup.Network;
import org.athanor.cli.heater.HomeSetup.PlugEntry;
import org.athanor.cli.heater.HomeSetup.Room;
import org.athanor.cli.heater.HomeSetup.Sensor;
import org.athanor.cli.heater.HomeSetup.ShellyPlugEntry;
import org.athanor.cli.heater.HomeSetup.ShellySensor;
import org.athanor.cli.heater.HomeSetup.Tank;
import org.athanor.cli.heater.HomeSetup.TasmotaPlugEntry;
import org.athanor.cli.heater.HomeSetup.TasmotaTopicEntry;
import org.athanor.cli.heater.HomeSetup.ZigbeePlugEntry;
import org.athanor.cli.resources.OpenResources;
import org.athanor.cli.terminal.UserMistake;
import org.athanor.comfort.model.HotWaterTank;
import org.athanor.comfort.series.Weather;
import org.athanor.devices.Computation;
import org.athanor.devices.simulated.SimulatedDevice;
import org.athanor.devices.simulated.SimulatedElement;
import org.athanor.devices.simulated.SimulatedLoad;
import org.athanor.devices.simulated.SimulatedPlug;
import org.athanor.devices.simulated.SimulatedShellyPlug;
import org.athanor.devices.simulated.SimulatedShellyThermometer;
import org.athanor.devices.simulated.SimulatedTasmotaPlug;
import org.athanor.simulation.Home;
import org.athanor.simulation.HomeShape;
import org.athanor.simulation.HomeSpec;
import org.athanor.simulation.Outlet;
import org.athanor.simulation.ShippedData;
import org.athanor.simulation.TankWorld;
import org.athanor.simulation.VirtualClock;
import org.athanor.simulation.World;
import org.athanor.units.Celsius;

/**
 * The home of a heater file, simulated: every room with its walls in Chicago's January, every tank with a household that draws from it, every thermometer, plug and heater at the
 * address that the file gives it, which must be one of this computer's own. {@code athanor heater run} with the same file then
 * heats it.
 */
public final class SimulatedHome implements AutoCloseable {
    private static final Celsius INITIAL = new Celsius(17);
    private static final Celsius INITIAL_WATER = new Celsius(50);
    private static final int LAYERS = 10;
    private static final double BETWEEN_LAYERS = 3;
    /** Where the element's own cut-out opens. */
    private static final double ELEMENT_CELSIUS = 85;

    private static final double ELEMENT_JOULES_PER_KELVIN = 400;
    /** Share of its heat that a fan blows into the air, and the same of a panel. */
    private static final double BLOWN = 0.95;

    private static final double PANEL = 0.6;

    private final OpenResources sockets = new OpenResources("the simulated home");
    private final Map<String, World> worlds = new LinkedHashMap<>();
    private final Map<String, TankWorld> tanks = new LinkedHashMap<>();
    private final List<String> listening = new ArrayList<>();
    private final List<SimulatedLoad> loads = new ArrayList<>();
    private final Map<String, Appliance> appliances = new LinkedHashMap<>();
    private final Map<String, SimulatedShellyThermometer> thermometers = new LinkedHashMap<>();

    /** A heater with what feeds it, for those who break them. */
    record Appliance(String room, SimulatedLoad load, Optional<SimulatedPlug> plug) {}

    private SimulatedHome() {}

    /**
     * @param start midnight of the first day, local time of the weather
     * @param computation what every miner computes; stays its giver's
     * @throws HeaterMistakes as its reading does
     * @throws UserMistake for what cannot be simulated
     */
    public static SimulatedHome open(Path file, Instant start, long seed, Computation computation) {
        var home = new SimulatedHome();
        try {
            home.build(HeaterCheckCommand.read(file), ShippedData.chicago(), start, seed, computation);
            return home;
        } catch (RuntimeException | Error e) {
            home.close();
            throw e;
        }
    }

    private void build(HomeSetup setup, Weather weather, Instant start, long seed, Computation computation) {
        for (var sink : setup.rooms()) {
            var clock = new VirtualClock(start);
            switch (sink) {
                case Room room -> {
                    var home = new Home(
                            shape(room), weather, World.sinceYearStart(start, weather.location()), INITIAL, seed);
                    thermometers.put(room.id(), thermometer(room.name(), room.sensor(), home::sensor));
                    room.primary()
                            .ifPresent(other -> listening.add("not simulated: the "
                                    + other.source().title() + " of " + room.name() + ", which stays silent"));
                    room.second().ifPresent(sensor -> thermometer(room.name() + ", second", sensor, home::sensor));
                    var outlets = sources(setup, room.id(), computation, clock).stream()
                            .map(TankWorld.Source::outlet)
                            .toList();
                    worlds.put(
                            room.id(),
                            new World(
                                    clock,
                                    home,
                                    outlets,
                                    time -> room.schedule().setpoint(time)));
                }
                case Tank tank -> {
                    var size = tank.spec();
                    var world = new TankWorld(
                            clock,
                            new HotWaterTank(size.litres(), LAYERS, size.lossWattsPerKelvin(), BETWEEN_LAYERS, 0),
                            INITIAL_WATER,
                            size.surroundings(),
                            sources(setup, tank.id(), computation, clock),
                            tank.people(),
                            seed,
                            setup.zone());
                    thermometers.put(tank.id(), thermometer(tank.name(), tank.sensor(), world::lower));
                    tank.second().ifPresent(sensor -> thermometer(tank.name() + ", second", sensor, world::upper));
                    tanks.put(tank.id(), world);
                }
            }
        }
        if (setup.outdoor().isEmpty()) return;
        var first = worlds.values().stream()
                .findFirst()
                .orElseThrow(() -> new UserMistake("outdoor: without a room there is no weather to be simulated"));
        thermometer(
                "outdoors",
                setup.outdoor().get(),
                () -> new Celsius(first.home().outdoorCelsius()));
    }

    private List<TankWorld.Source> sources(HomeSetup setup, String sink, Computation computation, VirtualClock clock) {
        var sources = new ArrayList<TankWorld.Source>();
        for (var heater : setup.heaters())
            if (heater.sink().equals(sink))
                outlet(heater, computation, clock)
                        .map(outlet -> new TankWorld.Source(
                                outlet, new Celsius(heater.waterCelsius().orElse(ELEMENT_CELSIUS))))
                        .ifPresent(sources::add);
        return sources;
    }

    private static HomeSpec shape(Room room) {
        var prior = room.prior();
        var kind = prior.floorArea() < 90 ? HomeShape.Kind.FLAT : HomeShape.Kind.HOUSE;
        var mass = switch (prior.construction()) {
            case LIGHT -> HomeShape.Mass.LIGHT;
            case MEDIUM -> HomeShape.Mass.MEDIUM;
            case HEAVY -> HomeShape.Mass.HEAVY;
        };
        var insulation = switch (prior.insulation()) {
            case POOR -> HomeShape.Insulation.POOR;
            case AVERAGE -> HomeShape.Insulation.AVERAGE;
            case GOOD -> HomeShape.Insulation.GOOD;
        };
        return new HomeShape(
                        kind, Math.max(15, prior.floorArea()), mass, insulation, HomeShape.peopleFor(prior.floorArea()))
                .spec(room.name());
    }

    private Optional<Outlet> outlet(HeaterEntry heater, Computation computation, VirtualClock clock) {
        SimulatedLoad load;
        double convective = BLOWN;
        switch (heater.source()) {
            case Network network -> {
                var address = own(heater.id(), network.settings().address());
                var simulated =
                        open(SimulatedDevice.Kind.named(network.kind().title()).heater(address, computation, clock));
                listening.add(heater.name() + " on " + text(simulated.address()));
                load = simulated;
            }
            case Element element -> {
                load = new SimulatedElement(element.watts(), ELEMENT_JOULES_PER_KELVIN);
                convective = PANEL;
            }
            case Computer _, Gpu _ -> {
                listening.add("not simulated: " + heater.name() + ", whose heat is this computer's own");
                return Optional.empty();
            }
        }
        loads.add(load);
        if (heater.plug().isEmpty()) {
            appliances.put(heater.id(), new Appliance(heater.sink(), load, Optional.empty()));
            return Optional.of(new Outlet.Direct(heater.id(), load, convective));
        }
        var plug = open(plug(heater.id(), heater.plug().get(), load));
        listening.add(heater.name() + "'s plug on " + text(plug.address()));
        appliances.put(heater.id(), new Appliance(heater.sink(), load, Optional.of(plug)));
        return Optional.of(new Outlet.Plugged(heater.id(), plug, load, convective));
    }

    private static SimulatedPlug plug(String heater, PlugEntry entry, SimulatedLoad load) {
        return switch (entry) {
            case ShellyPlugEntry it -> new SimulatedShellyPlug(own(heater, it.address()), load, it.rating());
            case TasmotaPlugEntry it ->
                new SimulatedTasmotaPlug(own(heater, it.address()), it.login(), load, it.rating());
            case ZigbeePlugEntry _, TasmotaTopicEntry _ ->
                throw new UserMistake(
                        "plug of " + heater + ": shelly or tasmota at an address can be simulated, one by MQTT cannot");
        };
    }

    private SimulatedShellyThermometer thermometer(String name, Sensor sensor, Supplier<Celsius> truth) {
        if (!(sensor instanceof ShellySensor shelly))
            throw new UserMistake("thermometer of " + name + ": only kind shelly can be simulated");
        var simulated = open(new SimulatedShellyThermometer(own(name, shelly.address()), truth));
        listening.add("thermometer of " + name + " on " + text(simulated.address()));
        return simulated;
    }

    private static InetSocketAddress own(String who, InetSocketAddress address) {
        if (address.isUnresolved() || !address.getAddress().isLoopbackAddress())
            throw new UserMistake(who + ": address " + address.getHostString()
                    + " is not this computer's own; 127.0.0.1 to 127.255.255.254 are accepted for what is simulated");
        return address;
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    private <T extends AutoCloseable> T open(T socket) {
        return sockets.opened(socket);
    }

    /** What listens where, a line each. */
    public List<String> listening() {
        return List.copyOf(listening);
    }

    public void advance(Duration step) {
        for (var world : worlds.values()) world.advance(step);
        for (var tank : tanks.values()) tank.advance(step);
    }

    /** By the heater's id. */
    Map<String, Appliance> appliances() {
        return Collections.unmodifiableMap(appliances);
    }

    /** By the room's id; the first of each room. */
    Map<String, SimulatedShellyThermometer> thermometers() {
        return Collections.unmodifiableMap(thermometers);
    }

    /** W that all devices draw now. */
    double power() {
        return loads.stream().mapToDouble(load -> load.power().value()).sum();
    }

    /** Of each room by its id. */
    public Map<String, World> worlds() {
        return Collections.unmodifiableMap(worlds);
    }

    /** Of each tank by its id. */
    public Map<String, TankWorld> tanks() {
        return Collections.unmodifiableMap(tanks);
    }

    public String status() {
        var rooms = worlds.entrySet().stream()
                .map(world -> String.format(
                        Locale.ROOT,
                        "%s air %.2f °C (outdoors %.1f) %s",
                        world.getKey(),
                        world.getValue().home().airCelsius(),
                        world.getValue().home().outdoorCelsius(),
                        world.getValue().electricity()));
        var water = tanks.entrySet().stream()
                .map(tank -> String.format(
                        Locale.ROOT,
                        "%s water %.1f to %.1f °C, %.0f l drawn",
                        tank.getKey(),
                        tank.getValue().coldest().value(),
                        tank.getValue().upper().value(),
                        tank.getValue().service().litres()));
        return Stream.concat(rooms, water).collect(Collectors.joining("; "));
    }

    @Override
    public void close() {
        sockets.close();
    }
}
