package org.athanor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.athanor.cli.terminal.Addresses;
import org.athanor.comfort.PlanningConfig;
import org.athanor.devices.cpu.CpuHeater;
import org.athanor.devices.simulated.Breakable;
import org.athanor.devices.simulated.Fault;
import org.athanor.devices.simulated.SimulatedAvalon;
import org.athanor.edge.ControlLoop;
import org.athanor.edge.EdgeConfig;
import org.athanor.edge.MiningFigures;
import org.athanor.edge.Snapshot;
import org.athanor.edge.Tariff;
import org.athanor.edge.Tick;
import org.athanor.edge.journal.Earnings;
import org.athanor.edge.journal.Journal;
import org.athanor.edge.journal.Terms;
import org.athanor.ledger.MiningScenario;
import org.athanor.simulation.World;
import org.athanor.units.Celsius;
import org.athanor.units.PricePerKwh;
import org.athanor.units.Watts;

/**
 * The whole heater's program against the simulated flat, over real sockets, while things break at random: the hard limits
 * of room and devices in the sense of DESIGN §6. comfort's own FaultsTest tries far more cases without sockets.
 */
class FaultyHomeTest {
    private static final Duration STEP = Duration.ofSeconds(60);
    private static final int STEPS = 240;
    private static final double HARD_LIMIT = 28;
    private static final Duration TIMEOUT = Duration.ofMillis(150);

    @Property(tries = 8, shrinking = ShrinkingMode.OFF)
    void theLimitsHoldWhateverBreaks(@ForAll Random random) throws Exception {
        var folder = Files.createTempDirectory("athanor-faults");
        var data = DemoData.load(null, null);
        // half of the time it has lived there, and plans: in a winter night, as in April the sun alone would overheat
        // it
        boolean plans = random.nextBoolean();
        // else a mild day in April: a room that is easily made too warm
        var start = Instant.parse(plans ? "2019-02-10T06:00:00Z" : "2019-04-20T06:00:00Z");
        var chips = new IdleChips();
        var past = plans ? Optional.of(past(data, start)) : Optional.<DemoPast>empty();
        try (var journal = Journal.open(folder.resolve("journal"));
                var computer = new CpuHeater(Demo.COMPUTER, chips, 1, new Watts(45));
                var home = new DemoHome(
                        past.map(DemoPast::home).orElse(DemoHome.flat(data.weather(), start, random.nextLong())),
                        start,
                        Duration.ZERO,
                        DemoHome.Addresses.onFreePorts(Addresses.LOOPBACK),
                        chips,
                        () -> computer.read().power().orElse(Watts.ZERO),
                        _ -> new Celsius(22))) {
            past.ifPresent(lived -> journal.learned(ControlLoop.LEARNED, start, lived.learned()));
            var loop = new ControlLoop(
                    config(home, computer, data),
                    journal,
                    new Earnings(journal, _ -> Terms.OF_THE_POOL, InstantSource.system(), Duration.ofSeconds(1)));
            loop.override(new Celsius(past.isPresent() ? 23 : 24)); // within whose band it is, or far above
            assertEquals(past.isPresent(), run(home, loop, start, random) > 0, "steps that were planned");
        } finally {
            deleteAll(folder);
        }
    }

    private static DemoPast past(DemoData data, Instant start) {
        var offset = World.offset(data.weather().location());
        try (var computer = new CpuHeater(Demo.COMPUTER, new IdleChips(), 1, new Watts(45))) {
            return DemoPast.live(
                    data.weather(),
                    start,
                    1,
                    new PlanningConfig(
                            FlatEdge.comfort(computer.capabilities(), offset, new Celsius(22)), FlatEdge.PRIOR),
                    new DemoOutlook(data, MiningScenario.JULY_2025, 1));
        }
    }

    private static EdgeConfig config(DemoHome home, CpuHeater computer, DemoData data) {
        var scenario = MiningScenario.JULY_2025;
        var offset = World.offset(data.weather().location());
        return FlatEdge.config(
                home.addresses(),
                FlatEdge.computer(computer, () -> new MiningFigures(0, 0, Optional.empty(), Optional.empty())),
                Optional.empty(),
                TIMEOUT,
                offset,
                new Celsius(22),
                new DemoOutlook(data, scenario, 1),
                Tariff.constant(new PricePerKwh(0.25, scenario.currency())),
                scenario,
                () -> new Snapshot.World(true, OptionalDouble.empty(), offset, List.of()));
    }

    /** @return the steps in which a plan decided */
    private static int run(DemoHome home, ControlLoop loop, Instant start, RandomGenerator random) throws Exception {
        var world = home.world();
        var thermometer = Optional.<Fault>empty();
        double releasedBefore = 0;
        double lastGood = world.home().sensor().value();
        var wallJump = Duration.ZERO;
        int planned = 0;
        for (int step = 0; step < STEPS; step++) {
            if (random.nextInt(12) == 0) {
                thermometer = breakSomething(home, random);
                // one that sticks anew shows the truth of this moment first
                if (thermometer.equals(Optional.of(Fault.STUCK_SENSOR))) {
                    releasedBefore = world.usefulHeat().delivered().value();
                    lastGood = world.home().sensor().value();
                }
            }
            if (random.nextInt(40) == 0) wallJump = Duration.ofHours(random.nextInt(-5_000, 5_000));
            world.advance(STEP);
            var now = world.clock().instant();
            double released = world.usefulHeat().delivered().value();
            double room = world.home().airCelsius();
            boolean blind = thermometer.isPresent();
            if (!blind) {
                releasedBefore = released;
                lastGood = world.home().sensor().value();
            }
            var where = "step " + step + ", room " + room + ", " + home.status();
            if (room >= HARD_LIMIT)
                assertTrue(home.avalon().power().value() + home.boost().power().value() < 1, where);
            if (blind)
                assertTrue(
                        released - releasedBefore <= 400_000 * Math.max(0, HARD_LIMIT - lastGood),
                        () -> "released " + released + " J blindly; " + where);
            assertTrue(home.avalon().chip().value() < 130, where);
            // a dead controller for a while: the plugs' countdowns are all that is left
            if (random.nextInt(60) == 0) world.advance(Duration.ofMinutes(random.nextInt(1, 30)));
            else {
                var snapshot = loop.cycle(new Tick(
                        now.plus(wallJump), Duration.between(start, now).toNanos()));
                if (snapshot.planning().standIn().isEmpty()) planned++;
            }
        }
        return planned;
    }

    /** @return what is wrong with the room thermometer from now on */
    private static Optional<Fault> breakSomething(DemoHome home, RandomGenerator random) {
        home.avalon().clear();
        home.avalonPlug().clear();
        home.boostPlug().clear();
        home.thermometer().clear();
        switch (random.nextInt(6)) {
            case 0 -> breakAnyhow(home.avalon(), random);
            case 1 -> breakAnyhow(home.avalonPlug(), random);
            case 2 -> breakAnyhow(home.boostPlug(), random);
            case 3 -> {
                var gone = random.nextBoolean() ? Fault.LOST_SENSOR : Fault.UNREACHABLE;
                home.thermometer().inject(gone);
                return Optional.of(gone);
            }
            case 4 -> {
                home.thermometer().inject(Fault.STUCK_SENSOR);
                return Optional.of(Fault.STUCK_SENSOR);
            }
            default -> {} // everything works again
        }
        return Optional.empty();
    }

    private static void breakAnyhow(Breakable device, RandomGenerator random) {
        // the wall time of those two is spent already on a miner that is silent
        var faults = device.shows().stream()
                .filter(fault -> fault != Fault.LATE && (fault != Fault.SILENT || device instanceof SimulatedAvalon))
                .toList();
        device.inject(faults.get(random.nextInt(faults.size())));
    }

    private static void deleteAll(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }
}
