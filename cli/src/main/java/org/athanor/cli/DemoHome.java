package org.athanor.cli;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;
import org.athanor.cli.resources.OpenResources;
import org.athanor.cli.terminal.Addresses;
import org.athanor.comfort.series.Weather;
import org.athanor.devices.Computation;
import org.athanor.devices.avalon.AvalonModel;
import org.athanor.devices.simulated.SimulatedAvalon;
import org.athanor.devices.simulated.SimulatedCpu;
import org.athanor.devices.simulated.SimulatedElement;
import org.athanor.devices.simulated.SimulatedShellyPlug;
import org.athanor.devices.simulated.SimulatedShellyThermometer;
import org.athanor.simulation.Home;
import org.athanor.simulation.HomeSpec;
import org.athanor.simulation.Outlet;
import org.athanor.simulation.VirtualClock;
import org.athanor.simulation.World;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;

/**
 * The world outside the heater's program: a flat in its weather with an Avalon Mini 3 and a boost element, each behind
 * a Shelly plug, this computer, and three Shelly thermometers. Everything is reached by its real protocol.
 */
final class DemoHome implements AutoCloseable {
    static final Watts BOOST = new Watts(1000);
    static final Watts PLUG_RATING = new Watts(2500);
    static final Celsius INITIAL = new Celsius(20.5);

    private static final Duration TURN = Duration.ofSeconds(10);
    private static final Duration COUNTDOWN = Duration.ofSeconds(150);
    private static final double BOOST_JOULES_PER_KELVIN = 400;
    /** Share of its heat that a fan blows into the air. */
    static final double BLOWN = 0.95;

    /** The same of a panel. */
    static final double PANEL = 0.6;

    /** Where the devices listen; port 0 takes a free one. */
    record Addresses(
            InetSocketAddress avalon,
            InetSocketAddress avalonPlug,
            InetSocketAddress boostPlug,
            InetSocketAddress thermometer,
            InetSocketAddress secondThermometer,
            InetSocketAddress outdoorThermometer) {
        static Addresses onFreePorts(String host) {
            var any = new InetSocketAddress(host, 0);
            return new Addresses(any, any, any, any, any, any);
        }
    }

    private final OpenResources sockets = new OpenResources("the simulated home");
    private final World world;
    private final SimulatedAvalon avalon;
    private final SimulatedElement boost;
    private final SimulatedShellyPlug avalonPlug;
    private final SimulatedShellyPlug boostPlug;
    private final SimulatedShellyThermometer thermometer;
    private final SimulatedShellyThermometer secondThermometer;
    private final Addresses addresses;

    /**
     * @param avalonWork what the simulated Avalon computes
     * @param computer what this computer draws for the heat's sake
     * @param setpoint that the reference run holds
     */
    DemoHome(
            Weather weather,
            Instant start,
            long seed,
            Addresses listen,
            Computation avalonWork,
            Supplier<Watts> computer,
            Function<Instant, Celsius> setpoint) {
        this(flat(weather, start, seed), start, Duration.ZERO, listen, avalonWork, computer, setpoint);
    }

    /** The flat as it stands when nobody has lived in it yet. */
    static Home flat(Weather weather, Instant start, long seed) {
        return new Home(
                HomeSpec.wellInsulatedFlat(), weather, World.sinceYearStart(start, weather.location()), INITIAL, seed);
    }

    /**
     * @param home as it stands at {@code start}
     * @param mining for how long the Avalon has been on its mains by then
     */
    DemoHome(
            Home home,
            Instant start,
            Duration mining,
            Addresses listen,
            Computation avalonWork,
            Supplier<Watts> computer,
            Function<Instant, Celsius> setpoint) {
        var clock = new VirtualClock(start);
        try {
            avalon = open(new SimulatedAvalon(AvalonModel.MINI_3, listen.avalon(), avalonWork, clock));
            avalonPlug = open(new SimulatedShellyPlug(listen.avalonPlug(), avalon, PLUG_RATING));
            if (mining.isPositive()) {
                avalonPlug.switchOn(mining.plus(COUNTDOWN));
                for (var left = mining; left.isPositive(); left = left.minus(TURN))
                    avalonPlug.advance(TURN, new Celsius(home.airCelsius()));
            }
            boost = new SimulatedElement(BOOST, BOOST_JOULES_PER_KELVIN);
            boostPlug = open(new SimulatedShellyPlug(listen.boostPlug(), boost, PLUG_RATING));
            thermometer = open(new SimulatedShellyThermometer(listen.thermometer(), home::sensor));
            secondThermometer = open(new SimulatedShellyThermometer(listen.secondThermometer(), home::sensor));
            var outdoor = open(new SimulatedShellyThermometer(
                    listen.outdoorThermometer(), () -> new Celsius(home.outdoorCelsius())));
            world = new World(
                    clock,
                    home,
                    List.of(
                            new Outlet.Plugged("miner", avalonPlug, avalon, BLOWN),
                            new Outlet.Plugged("boost", boostPlug, boost, PANEL),
                            new Outlet.Direct("computer", new SimulatedCpu(computer), BLOWN)),
                    setpoint);
            addresses = new Addresses(
                    avalon.address(),
                    avalonPlug.address(),
                    boostPlug.address(),
                    thermometer.address(),
                    secondThermometer.address(),
                    outdoor.address());
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private <T extends AutoCloseable> T open(T socket) {
        return sockets.opened(socket);
    }

    World world() {
        return world;
    }

    SimulatedAvalon avalon() {
        return avalon;
    }

    SimulatedElement boost() {
        return boost;
    }

    SimulatedShellyPlug avalonPlug() {
        return avalonPlug;
    }

    SimulatedShellyPlug boostPlug() {
        return boostPlug;
    }

    SimulatedShellyThermometer thermometer() {
        return thermometer;
    }

    SimulatedShellyThermometer secondThermometer() {
        return secondThermometer;
    }

    /** One line on how it is, the truth included that no thermometer shows. */
    String status() {
        return String.format(
                Locale.ROOT,
                "%s  air %.2f °C  outdoor %.1f °C  miner %s  electricity %s",
                world.clock().instant(),
                world.home().airCelsius(),
                world.home().outdoorCelsius(),
                avalon.power(),
                world.electricity());
    }

    Addresses addresses() {
        return addresses;
    }

    @Override
    public void close() {
        sockets.close();
    }
}
