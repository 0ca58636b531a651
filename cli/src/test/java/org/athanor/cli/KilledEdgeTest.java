package org.athanor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.athanor.cli.terminal.Addresses;
import org.athanor.comfort.PlanningConfig;
import org.athanor.devices.Plug;
import org.athanor.devices.cpu.CpuHeater;
import org.athanor.devices.shelly.ShellyPlug;
import org.athanor.devices.shelly.ShellyThermometer;
import org.athanor.edge.ControlLoop;
import org.athanor.edge.journal.Journal;
import org.athanor.ledger.MiningScenario;
import org.athanor.simulation.World;
import org.athanor.units.Watts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * kill -9 of the heater's program in the middle of heating. Home, devices and plugs run in a process that survives it,
 * sixty times faster than real time.
 */
@Execution(ExecutionMode.CONCURRENT)
class KilledEdgeTest {
    private static final String SPEED = "60";
    private static final Duration START = Duration.ofSeconds(60);
    /** The countdown is 150 s of virtual time; the rest is for a busy machine. */
    private static final Duration COUNTDOWN_AND_SLACK = Duration.ofSeconds(15);

    @TempDir
    private Path folder;

    @Test
    void itsPlugsRunOutItsBooksSurviveAndItHeatsAgain() throws Exception {
        try (var home = Child.start(Main.class, "simulate-device", "home", "--speed", SPEED)) {
            var addresses = addresses(home);
            try (var minerPlug = new ShellyPlug("miner-plug", address(addresses.get(1)), new Watts(2500));
                    var boostPlug = new ShellyPlug("boost-plug", address(addresses.get(2)), new Watts(2500));
                    var room = new ShellyThermometer("room", address(addresses.get(3)))) {
                long stepsBefore;
                try (var edge = edge("24", addresses, DemoData.START)) {
                    edge.await(
                            "heating with everything",
                            START,
                            line -> watts(line) > 1500
                                    && minerPlug.read().on()
                                    && boostPlug.read().on());
                    edge.kill();
                }
                awaitOff(minerPlug);
                awaitOff(boostPlug);
                assertTrue(room.read().value() < 28);
                assertTrue(home.alive());

                try (var journal = Journal.open(folder.resolve("journal"))) {
                    stepsBefore = journal.history(Instant.EPOCH, 100_000).size();
                    assertTrue(stepsBefore > 0);
                }
                try (var edge = edge("-", addresses, DemoData.START)) {
                    var first = edge.awaitPrefix("cycle ", START);
                    assertTrue(first.contains("setpoint 24.0"), first);
                    edge.await("heating again", START, line -> watts(line) > 500);
                    edge.kill();
                }
                try (var journal = Journal.open(folder.resolve("journal"))) {
                    assertTrue(journal.history(Instant.EPOCH, 100_000).size() > stepsBefore);
                }
                awaitOff(minerPlug);
                assertFalse(boostPlug.read().on()
                        && boostPlug.read().countdownLeft().isEmpty());
                assertTrue(room.read().value() < 28);
            }
        }
    }

    /** It knows the room from ten days before, and is killed after it has written down what it learned since. */
    @Test
    void aKilledEdgeGoesOnWithWhatItHadLearned() throws Exception {
        var data = DemoData.load(null, null);
        var past = past(data);
        try (var journal = Journal.open(folder.resolve("journal"))) {
            journal.learned(ControlLoop.LEARNED, DemoData.START, past.learned());
        }
        try (var home = Child.start(Main.class, "simulate-device", "home", "--speed", SPEED)) {
            var addresses = addresses(home);
            String last;
            try (var edge = edge("-", addresses, DemoData.START)) {
                edge.await("a plan", START, line -> line.contains("by plan"));
                last = edge.awaitPrefix("cycle 19 ", START); // more than a quarter of an hour
                edge.kill();
            }
            Instant kept;
            try (var journal = Journal.open(folder.resolve("journal"))) {
                kept = journal.learnedAt(ControlLoop.LEARNED).orElseThrow();
                assertTrue(kept.compareTo(DemoData.START.plus(Duration.ofMinutes(14))) > 0, kept.toString());
                assertFalse(Arrays.equals(
                        past.learned(), journal.learned(ControlLoop.LEARNED).orElseThrow()));
            }
            try (var edge = edge("-", addresses, DemoData.START.plus(Duration.ofMinutes(25)))) {
                var first = edge.awaitPrefix("cycle ", START);
                assertTrue(first.contains("by plan"), first);
                assertEquals(known(last), known(first));
                assertTrue(first.endsWith("[]"), first);
                edge.kill();
            }
        }
    }

    private static DemoPast past(DemoData data) {
        var offset = World.offset(data.weather().location());
        try (var computer = new CpuHeater(Demo.COMPUTER, new IdleChips(), 1, DemoHeaters.WATTS_PER_THREAD)) {
            return DemoPast.live(
                    data.weather(),
                    DemoData.START,
                    1,
                    new PlanningConfig(
                            FlatEdge.comfort(computer.capabilities(), offset, DemoHome.INITIAL), FlatEdge.PRIOR),
                    new DemoOutlook(data, MiningScenario.JULY_2025, 1));
        }
    }

    private static String known(String line) {
        int at = line.indexOf(" known ");
        assertTrue(at >= 0, line);
        return line.substring(at, line.indexOf(':', at));
    }

    private static List<String> addresses(Child home) throws Exception {
        var addresses = new ArrayList<String>();
        for (var name : List.of(
                "avalon ",
                "avalon-plug ",
                "boost-plug ",
                "thermometer ",
                "second-thermometer ",
                "outdoor-thermometer ")) addresses.add(home.awaitPrefix(name, START));
        return addresses;
    }

    private Child edge(String setpoint, List<String> addresses, Instant start) throws Exception {
        var arguments = new ArrayList<>(List.of(folder.resolve("journal").toString(), SPEED, setpoint));
        arguments.addAll(addresses);
        arguments.add(start.toString());
        return Child.start(EdgeUnderTest.class, arguments.toArray(String[]::new));
    }

    private static double watts(String line) {
        int at = line.indexOf(" watts ");
        return at < 0 ? 0 : Double.parseDouble(line.substring(at + 7).split(" ", 2)[0]);
    }

    private static InetSocketAddress address(String text) {
        return new Addresses().convert(text);
    }

    private static void awaitOff(Plug plug) throws InterruptedException {
        long deadline = System.nanoTime() + COUNTDOWN_AND_SLACK.toNanos();
        while (plug.read().on() && System.nanoTime() < deadline) Thread.sleep(50);
        assertFalse(plug.read().on(), plug.id() + " is still on after its countdown");
        assertEquals(0, plug.read().power().value(), 1);
    }
}
