package org.athanor.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.athanor.devices.shelly.ShellyPlug;
import org.athanor.devices.shelly.ShellyThermometer;
import org.athanor.devices.simulated.SimulatedElement;
import org.athanor.devices.simulated.SimulatedLoad;
import org.athanor.devices.simulated.SimulatedShellyPlug;
import org.athanor.devices.simulated.SimulatedShellyThermometer;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;
import org.athanor.units.Watts;
import org.junit.jupiter.api.Test;

class WorldTest {
    /** Six in the evening of 6 January in Chicago. */
    private static final Instant START = Instant.parse("2025-01-07T00:00:00Z");

    private final VirtualClock clock = new VirtualClock(START);
    private final Home home = new Home(
            HomeSpec.wellInsulatedFlat(),
            Homes.random(1),
            World.sinceYearStart(START, Homes.CHICAGO),
            new Celsius(19),
            1);

    private World world(SimulatedLoad... loads) {
        var outlets = new ArrayList<Outlet>();
        for (var load : loads) outlets.add(new Outlet.Direct("load " + outlets.size(), load, 0.9));
        return new World(clock, home, outlets, time -> new Celsius(20));
    }

    @Test
    void whatComesFromTheMainsIsInTheRoomOrInTheDevices() {
        var small = new SimulatedElement(new Watts(700), 2000);
        var heavy = new SimulatedElement(new Watts(150), 8000);
        var world = world(small, heavy);
        for (int minute = 0; minute < 24 * 60; minute++) {
            world.advance(Duration.ofMinutes(1));
            assertTrue(world.balanceRelativeError() < 1e-9, world.balanceRelativeError() + " at minute " + minute);
        }
        assertEquals(START.plus(Duration.ofDays(1)), clock.instant());
        assertEquals(0.7 * 24, world.electricity().get("load 0").kilowattHours(), 1e-6);
        double held = small.stored().value() + heavy.stored().value();
        assertTrue(held > 0);
        assertEquals(0.85 * 24 * 3.6e6 - held, home.balance().heater().value(), 1);
    }

    @Test
    void aDeviceThatHidesEnergyShows() {
        var honest = new SimulatedElement(new Watts(700), 2000);
        var world = world(new Lying(honest));
        world.advance(Duration.ofHours(6));
        assertTrue(world.balanceRelativeError() > 1e-3, world.balanceRelativeError() + "");
    }

    private record Lying(SimulatedLoad load) implements SimulatedLoad {
        @Override
        public void advance(Duration step, Celsius ambient, boolean mains) {
            load.advance(step, ambient, mains);
        }

        @Override
        public Watts power() {
            return load.power();
        }

        @Override
        public Joules electricity() {
            return load.electricity().times(0.9);
        }

        @Override
        public Joules heat() {
            return load.heat();
        }

        @Override
        public Joules stored() {
            return load.stored();
        }
    }

    @Test
    void daysAreLocalAndEvenARunningOneCounts() {
        var world = world(new SimulatedElement(new Watts(3000), 2000));
        world.advance(Duration.ofHours(5));
        assertEquals(
                List.of(LocalDate.of(2025, 1, 6)),
                world.usefulHeat().days().stream().map(UsefulHeat.Day::date).toList());
        assertTrue(world.usefulHeat().useful().value() > 0);
        world.advance(Duration.ofHours(2));
        var days = world.usefulHeat().days();
        assertEquals(
                List.of(LocalDate.of(2025, 1, 6), LocalDate.of(2025, 1, 7)),
                days.stream().map(UsefulHeat.Day::date).toList());
        assertEquals(3000 * 3600, days.getLast().delivered().value(), 1e5);
        assertEquals(
                world.home().balance().heater().value(),
                world.usefulHeat().delivered().value(),
                1);
        assertTrue(world.usefulHeat().wasted().value() > 0);
    }

    @Test
    void devicesFeelTheRoom() {
        var element = new SimulatedElement(new Watts(60), 2000);
        var world = world(element);
        world.advance(Duration.ofHours(10));
        // a convector of 60 W is 60 K warmer than the room around it
        assertEquals(home.airCelsius() + 60, element.temperature().value(), 0.5);
    }

    @Test
    void aPlugHeatsTheRoomUntilItsCountdownEndsInTheMiddleOfAStep() {
        var free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        var element = new SimulatedElement(new Watts(700), 2000);
        try (var socket = new SimulatedShellyPlug(free, element, new Watts(2500));
                var plug = new ShellyPlug("boost", socket.address(), new Watts(2500));
                var sensor = new SimulatedShellyThermometer(free, home::sensor);
                var thermometer = new ShellyThermometer("room", sensor.address())) {
            var world = new World(
                    clock, home, List.of(new Outlet.Plugged("boost", socket, element, 0.7)), time -> new Celsius(20));
            world.advance(Duration.ofMinutes(10));
            assertEquals(Joules.ZERO, world.electricity().get("boost"));
            plug.on(Duration.ofSeconds(95));
            world.advance(Duration.ofMinutes(1));
            world.advance(Duration.ofMinutes(1));
            assertEquals(700 * 95, world.electricity().get("boost").value(), 1);
            assertFalse(plug.read().on());
            world.advance(Duration.ofMinutes(10));
            assertEquals(700 * 95, world.electricity().get("boost").value(), 1);
            assertTrue(world.balanceRelativeError() < 1e-9, world.balanceRelativeError() + "");
            assertEquals(home.sensor(), thermometer.read());
        }
    }

    /** The devices of a demonstration: an 800 W miner, a computer, and a boost element for the rest. */
    @Test
    void sixteenHundredWattsKeepTheFlatWarmOnTheColdestDayOfChicago() {
        var coldest = Instant.parse("2025-01-07T06:00:00Z");
        var flat = new Home(
                HomeSpec.wellInsulatedFlat(),
                ShippedData.chicago(),
                World.sinceYearStart(coldest, ShippedData.chicago().location()),
                new Celsius(20.5),
                1);
        for (int minute = 0; minute < 24 * 60; minute++) {
            flat.advance(Duration.ofMinutes(1), new Watts(flat.sensor().value() < 20.5 ? 1600 : 0));
            assertEquals(20.5, flat.airCelsius(), 0.6, "minute " + minute);
        }
    }

    @Test
    void theSameSeedIsTheSameWorld() {
        var first = world(new SimulatedElement(new Watts(700), 2000));
        var againClock = new VirtualClock(START);
        var again = new World(
                againClock,
                new Home(
                        HomeSpec.wellInsulatedFlat(),
                        Homes.random(1),
                        World.sinceYearStart(START, Homes.CHICAGO),
                        new Celsius(19),
                        1),
                List.of(new Outlet.Direct("load 0", new SimulatedElement(new Watts(700), 2000), 0.9)),
                time -> new Celsius(20));
        for (int minute = 0; minute < 600; minute++) {
            first.advance(Duration.ofMinutes(1));
            again.advance(Duration.ofMinutes(1));
            assertEquals(first.home().balance(), again.home().balance());
            assertEquals(first.home().sensor(), again.home().sensor());
        }
        assertEquals(first.usefulHeat().days(), again.usefulHeat().days());
    }

    @Test
    void aClockThatDisagreesWithTheHomeIsRefused() {
        clock.advance(Duration.ofHours(1));
        var refusal = assertThrows(IllegalArgumentException.class, this::world);
        assertEquals("clock shows 19:00 local time, the home 18:00", refusal.getMessage());
    }

    @Test
    void twoDevicesOfOneNameAreRefused() {
        var load = new SimulatedElement(new Watts(1), 1000);
        var outlet = new Outlet.Direct("heater", load, 1);
        assertThrows(
                IllegalArgumentException.class,
                () -> new World(clock, home, List.of(outlet, outlet), time -> new Celsius(20)));
    }
}
