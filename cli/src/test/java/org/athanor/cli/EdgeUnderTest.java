package org.athanor.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.athanor.cli.terminal.Addresses;
import org.athanor.devices.cpu.CpuHeater;
import org.athanor.edge.ControlLoop;
import org.athanor.edge.Edge;
import org.athanor.edge.EdgeConfig;
import org.athanor.edge.MiningFigures;
import org.athanor.edge.Snapshot;
import org.athanor.edge.Tariff;
import org.athanor.edge.Tick;
import org.athanor.edge.Ticker;
import org.athanor.edge.journal.Earnings;
import org.athanor.edge.journal.Journal;
import org.athanor.edge.journal.Terms;
import org.athanor.ledger.MiningScenario;
import org.athanor.simulation.World;
import org.athanor.units.Celsius;
import org.athanor.units.PricePerKwh;
import org.athanor.units.Watts;

/** The heater's program as a process of its own, beside a simulated home that outlives it. */
final class EdgeUnderTest {
    private static final Duration STEP = Duration.ofSeconds(60);

    private EdgeUnderTest() {}

    /** Arguments: journal, speed, setpoint or "-" for the journalled one, the six addresses of the home, time at the start. */
    public static void main(String[] args) throws Exception {
        double speed = Double.parseDouble(args[1]);
        var address = new Addresses();
        var at = new DemoHome.Addresses(
                address.convert(args[3]),
                address.convert(args[4]),
                address.convert(args[5]),
                address.convert(args[6]),
                address.convert(args[7]),
                address.convert(args[8]));
        var scenario = MiningScenario.JULY_2025;
        var data = DemoData.load(null, null);
        var offset = World.offset(data.weather().location());
        try (var journal = Journal.open(Path.of(args[0]));
                var computer = new CpuHeater(Demo.COMPUTER, new IdleChips(), 1, new Watts(45))) {
            var config = FlatEdge.config(
                    at,
                    FlatEdge.computer(computer, () -> new MiningFigures(0, 0, Optional.empty(), Optional.empty())),
                    Optional.empty(),
                    EdgeConfig.DEVICE_TIMEOUT,
                    offset,
                    new Celsius(20.5),
                    new DemoOutlook(data, scenario, 1),
                    Tariff.constant(new PricePerKwh(0.25, scenario.currency())),
                    scenario,
                    () -> new Snapshot.World(true, OptionalDouble.of(speed), offset, List.of()));
            var earnings = new Earnings(journal, _ -> Terms.OF_THE_POOL, InstantSource.system(), Duration.ofSeconds(5));
            var edge = new Edge(
                    new ControlLoop(config, journal, earnings), journal, new Scaled(speed, Instant.parse(args[9])));
            if (!args[2].equals("-")) edge.setpoint(Celsius.parse(args[2] + " °C"));
            edge.run(now -> System.out.println("cycle " + now.cycle() + " setpoint "
                    + now.room().setpoint().value() + " watts " + now.power().value() + " known "
                    + now.planning().known() + " " + now.planning().standIn().orElse("by plan") + ": "
                    + now.explanation()
                    + " " + now.alarms()));
        }
    }

    /** Real time, sped up: one control step of virtual time takes step / speed of wall time. */
    private static final class Scaled implements Ticker {
        private final double speed;
        private final Instant begin;
        private final long start = System.nanoTime();

        Scaled(double speed, Instant begin) {
            this.speed = speed;
            this.begin = begin;
        }

        @Override
        public Tick next() throws InterruptedException {
            Thread.sleep(
                    Duration.ofNanos(Math.round(STEP.toNanos() / speed))); // the pace itself, not a synchronisation
            long virtual = Math.round((System.nanoTime() - start) * speed);
            return new Tick(begin.plusNanos(virtual), virtual);
        }
    }
}
