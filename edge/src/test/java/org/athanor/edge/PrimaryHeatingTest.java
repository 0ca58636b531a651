package org.athanor.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.athanor.comfort.PrimarySource;
import org.athanor.devices.DeviceException;
import org.athanor.devices.homeassistant.HomeAssistantAccess;
import org.athanor.devices.homeassistant.HomeAssistantClimate;
import org.athanor.devices.simulated.Fault;
import org.athanor.devices.simulated.SimulatedHomeAssistant;
import org.athanor.edge.homeassistant.ClimateHeating;
import org.athanor.edge.journal.Event;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A boiler behind a thermostat of a simulated Home Assistant, spoken to over HTTP, beside a miner in a room of two nodes. */
@Execution(ExecutionMode.CONCURRENT)
class PrimaryHeatingTest {
    private static final String ENTITY = "climate.living";
    private static final double BOILER = 4000;
    private static final Celsius SETPOINT = LearnedHome.SETPOINT;

    @TempDir
    Path folder;

    private LearnedHome living;
    private SimulatedHomeAssistant home;

    @BeforeEach
    void open() {
        living = new LearnedHome(folder.resolve("edge"));
        home = new SimulatedHomeAssistant(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), "secret", false, living.clock);
        home.addClimate(ENTITY, () -> new Celsius(living.air), SETPOINT);
    }

    @AfterEach
    void close() {
        home.close();
        living.close();
    }

    private ClimateHeating boiler(boolean consent) {
        var climate = new HomeAssistantClimate(
                "boiler",
                HomeAssistantAccess.of(home.address(), "secret"),
                ENTITY,
                consent,
                Optional.empty(),
                Duration.ofSeconds(1),
                living.clock);
        var source = new PrimarySource(new PrimarySource.Boiler(0.9), new Watts(BOILER), consent);
        return new ClimateHeating(source, climate, Optional.empty(), new Celsius(17));
    }

    private Snapshot cycles(ControlLoop loop, int count) throws InterruptedException {
        Snapshot last = null;
        for (int i = 0; i < count; i++)
            last = living.minute(
                    loop::cycle, () -> living.air < home.setpoint(ENTITY).value() ? BOILER / 4 : 0); // it cycles
        return last;
    }

    private List<String> notes() {
        return living.journal.events(50).stream()
                .filter(event -> event.subject().equals("boiler") && event.kind() == Event.Kind.NOTE)
                .map(Event::text)
                .toList();
    }

    @Test
    void thePlanHoldsTheDearerBoilerBackAndTheStopLetsItGo() throws InterruptedException {
        living.learn();
        try (var boiler = boiler(true)) {
            var loop = living.loop(living.config(true).with(boiler));
            var snapshot = cycles(loop, 20);
            assertEquals(Optional.empty(), snapshot.planning().standIn());
            assertEquals(List.of(), snapshot.alarms());
            var shown = snapshot.primary().orElseThrow();
            assertEquals("boiler", shown.title());
            assertTrue(shown.heldBack() && shown.commanded() && shown.on(), shown.toString());
            assertEquals(Optional.of(Watts.ZERO), shown.watts());
            assertEquals(Optional.of(new Celsius(17)), shown.setpoint());
            assertEquals(
                    new Celsius(17), home.setpoint(ENTITY), "heat of the miner costs 0.10, that of the boiler 0.20");
            assertTrue(notes().getFirst().contains("the plan wants none of its heat"), notes().toString());

            living.price = 2; // now the boiler's is the cheaper one
            snapshot = cycles(loop, 60);
            assertEquals(SETPOINT, home.setpoint(ENTITY));
            assertFalse(snapshot.primary().orElseThrow().heldBack());
            assertEquals(0, living.miner.level);
            living.price = 0.25;
            cycles(loop, 60);
            assertEquals(new Celsius(17), home.setpoint(ENTITY));

            home.setMode(ENTITY, "off");
            snapshot = cycles(loop, 1);
            assertEquals(
                    Optional.of("the boiler is switched off at its thermostat"),
                    snapshot.planning().standIn());
            assertEquals(SETPOINT, home.setpoint(ENTITY), "ready for when it is on again");
            assertTrue(snapshot.planning().prices().isPresent(), "they are still shown");
            home.setMode(ENTITY, "heat");
            cycles(loop, 30);
            assertEquals(new Celsius(17), home.setpoint(ENTITY));

            var stopped = loop.stop();
            assertEquals(SETPOINT, home.setpoint(ENTITY));
            assertTrue(
                    stopped.contains(new ControlLoop.Stopped("boiler", true, "is back at " + SETPOINT)), "" + stopped);
        }
    }

    @Test
    void withoutAPlanTheBoilerKeepsTheRoomAndABoilerThatIsOnlyMeasuredIsToldNothing() throws InterruptedException {
        living.learn();
        try (var boiler = boiler(true)) {
            home.addClimate(
                    ENTITY, () -> new Celsius(living.air), new Celsius(17)); // as a program that was killed left it
            var snapshot = cycles(living.loop(living.config(false).with(boiler)), 3);
            assertTrue(
                    snapshot.planning().standIn().orElseThrow().contains("fuel"),
                    snapshot.planning().toString());
            assertEquals(SETPOINT, home.setpoint(ENTITY));
        }
        home.addClimate(ENTITY, () -> new Celsius(living.air), new Celsius(19));
        try (var boiler = boiler(false)) {
            var snapshot = cycles(living.loop(living.config(true).with(boiler)), 5);
            assertEquals(Optional.empty(), snapshot.planning().standIn());
            assertEquals(new Celsius(19), home.setpoint(ENTITY));
            home.inject(Fault.UNREACHABLE);
            snapshot = cycles(living.loop(living.config(true).with(boiler)), 1);
            assertEquals(
                    Optional.of("the heat of the boiler is not measured"),
                    snapshot.planning().standIn());
            assertFalse(snapshot.alarms().isEmpty());
            assertEquals(
                    Optional.of(new Snapshot.Primary("boiler", Optional.empty(), true, Optional.empty(), false, false)),
                    snapshot.primary());
        }
    }

    private int minute;

    private PrimaryStation station(ClimateHeating heating) {
        return new PrimaryStation(heating, Duration.ofSeconds(3), new Celsius(7));
    }

    private Optional<PrimaryHeating.State> read(PrimaryStation station) throws InterruptedException {
        return station.read().await().value();
    }

    private boolean command(PrimaryStation station, Optional<Watts> wanted, boolean cold) throws InterruptedException {
        var told = station.command(read(station), SETPOINT, wanted, cold, minute * 60_000_000_000L);
        if (told.isEmpty()) return true;
        return told.get().pending().await().failure().isEmpty();
    }

    private static final Optional<Watts> NONE = Optional.of(Watts.ZERO);

    @Test
    void itHeatsByWhatItsThermostatSays() throws InterruptedException {
        try (var heating = boiler(false)) {
            living.air = 19;
            assertEquals(new Watts(BOILER), read(station(heating)).orElseThrow().heat());
            living.air = 22;
            assertEquals(Watts.ZERO, read(station(heating)).orElseThrow().heat());
            living.air = 19;
            home.setMode(ENTITY, "off");
            assertEquals(Watts.ZERO, read(station(heating)).orElseThrow().heat());
            assertFalse(read(station(heating)).orElseThrow().on());
            assertThrows(IllegalStateException.class, () -> heating.aim(SETPOINT), "no consent");
        }
    }

    @Test
    void aRoomBelowItsBandGetsItsHeatAtOnceAndItRunsForAWhileThen() throws InterruptedException {
        try (var heating = boiler(true)) {
            var station = station(heating);
            minute = 100;
            assertTrue(command(station, NONE, false));
            assertEquals(new Celsius(17), home.setpoint(ENTITY));
            assertTrue(command(station, NONE, true));
            assertEquals(SETPOINT, home.setpoint(ENTITY));
            minute += 14;
            assertTrue(command(station, NONE, false));
            assertEquals(SETPOINT, home.setpoint(ENTITY), "a boiler is not switched every few minutes");
            minute += 2;
            assertTrue(command(station, NONE, false));
            assertEquals(new Celsius(17), home.setpoint(ENTITY));
            assertTrue(command(station, Optional.of(new Watts(900)), false));
            assertEquals(SETPOINT, home.setpoint(ENTITY));
            minute += 16;
            assertTrue(command(station, NONE, false));
            assertTrue(command(station, Optional.empty(), false));
            assertEquals(SETPOINT, home.setpoint(ENTITY), "no plan holds it back");
        }
    }

    @Test
    void whatDoesNotObeyIsToldAgainUntilItReadsSo() throws InterruptedException {
        try (var heating = boiler(true)) {
            var station = station(heating);
            home.inject(Fault.IGNORES_COMMANDS);
            assertFalse(command(station, NONE, false));
            assertFalse(command(station, NONE, false));
            home.clear();
            assertTrue(command(station, NONE, false));
            assertEquals(new Celsius(17), home.setpoint(ENTITY));
            home.inject(Fault.REFUSES_COMMANDS);
            var stopped = station.stopped(station.letGo().orElseThrow().await());
            assertFalse(stopped.off());
            assertTrue(stopped.how().contains("stays at"), stopped.how());
        }
    }

    @Test
    void consentIsOneForSourceAndThermostat() {
        try (var heating = boiler(true)) {
            var source = new PrimarySource(new PrimarySource.Radiators(), new Watts(1000), false);
            try (var climate = new HomeAssistantClimate(
                    "radiator",
                    HomeAssistantAccess.of(home.address(), "secret"),
                    ENTITY,
                    true,
                    Optional.empty(),
                    Duration.ofSeconds(1),
                    living.clock)) {
                assertThrows(
                        IllegalArgumentException.class,
                        () -> new ClimateHeating(source, climate, Optional.empty(), heating.setback()));
            }
            assertThrows(DeviceException.class, () -> {
                home.inject(Fault.LOST_SENSOR);
                heating.read();
            });
        }
    }
}
