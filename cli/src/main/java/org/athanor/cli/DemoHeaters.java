package org.athanor.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Currency;
import java.util.Optional;
import java.util.function.Supplier;
import org.athanor.cli.terminal.Addresses;
import org.athanor.comfort.ComfortConfig;
import org.athanor.devices.Computation;
import org.athanor.devices.cpu.CpuHeater;
import org.athanor.devices.simulated.SimulatedAvalon;
import org.athanor.edge.EdgeConfig;
import org.athanor.edge.MiningFigures;
import org.athanor.edge.Snapshot;
import org.athanor.edge.Tariff;
import org.athanor.ledger.MiningScenario;
import org.athanor.simulation.World;
import org.athanor.units.Celsius;
import org.athanor.units.PricePerKwh;
import org.athanor.units.Watts;

/** The demo's heaters: the simulated home on one side, the edge's drivers for it on the other. */
final class DemoHeaters implements AutoCloseable {
    /** Of one busy thread above idling, declared: a desktop core at full load. RAPL is used where there is one. */
    static final Watts WATTS_PER_THREAD = new Watts(45);

    /** A miner that has been there for days is not found switched off: by now it has started and calibrated. */
    private static final Duration SETTLED = Duration.ofMinutes(15);

    private final Demo.Options options;
    private final DemoData data;
    private final ZoneOffset offset;
    private final DemoHome home;
    private final CpuHeater computer;
    private final Computation computerWork;
    private final MiningTally computerTally;
    private final MiningTally minerTally;
    private volatile Supplier<Optional<Snapshot>> snapshot = Optional::empty;

    /** Temperatures that the comfort band lies between. */
    record Band(Celsius low, Celsius high) {}

    /** @param past that the home and its heater have had, if any */
    DemoHeaters(
            Demo.Options options,
            DemoData data,
            Optional<DemoPast> past,
            int threads,
            Computation computerWork,
            Computation minerWork,
            MiningTally computerTally,
            MiningTally minerTally) {
        this.options = options;
        this.data = data;
        this.computerWork = computerWork;
        this.computerTally = computerTally;
        this.minerTally = minerTally;
        offset = World.offset(data.weather().location());
        computer = new CpuHeater(Demo.COMPUTER, computerWork, threads, WATTS_PER_THREAD);
        var start = options.start().atStartOfDay().toInstant(offset);
        home = new DemoHome(
                past.map(DemoPast::home).orElseGet(() -> DemoHome.flat(data.weather(), start, options.seed())),
                start,
                past.map(_ -> SETTLED).orElse(Duration.ZERO),
                DemoHome.Addresses.onFreePorts(Addresses.LOOPBACK),
                minerWork,
                () -> computer.read().power().orElse(Watts.ZERO),
                _ -> setpoint());
    }

    World world() {
        return home.world();
    }

    SimulatedAvalon avalon() {
        return home.avalon();
    }

    /** From now on the setpoint of the reference run and the comfort band are those of the edge. */
    void follow(Supplier<Optional<Snapshot>> edge) {
        snapshot = edge;
    }

    private Celsius setpoint() {
        return snapshot.get().map(now -> now.room().setpoint()).orElse(options.setpoint());
    }

    Band band() {
        var setpoint = setpoint();
        var band = preset().band();
        return new Band(setpoint.minus(band.below()), setpoint.plus(band.above()));
    }

    void settled(Settler.Weightings weights) {
        computerTally.weighting(weights.computer());
        minerTally.weighting(weights.miner());
    }

    EdgeConfig edge(MiningScenario scenario, Supplier<Snapshot.World> world) {
        return FlatEdge.config(
                home.addresses(),
                FlatEdge.computer(computer, this::computerFigures),
                Optional.of(this::minerFigures),
                EdgeConfig.DEVICE_TIMEOUT,
                offset,
                options.setpoint(),
                new DemoOutlook(data, scenario, options.seed()),
                tariff(scenario.currency()),
                scenario,
                world);
    }

    /** Limits and comfort band do not depend on which heaters there are. */
    private ComfortConfig preset() {
        return ComfortConfig.wellInsulatedFlat(offset, options.setpoint());
    }

    private MiningFigures computerFigures() {
        return new MiningFigures(
                computerTally.accepted(),
                computerTally.rejected(),
                Optional.of(computerWork.counters().rate()),
                Optional.ofNullable(computerTally.weighting()));
    }

    private MiningFigures minerFigures() {
        return new MiningFigures(
                minerTally.accepted(),
                minerTally.rejected(),
                Optional.empty(),
                Optional.ofNullable(minerTally.weighting()));
    }

    private Tariff tariff(Currency currency) {
        return new Tariff() {
            @Override
            public Currency currency() {
                return currency;
            }

            @Override
            public Optional<PricePerKwh> at(Instant time) {
                return Optional.of(data.electricity()
                        .at(World.sinceYearStart(time, data.weather().location())));
            }
        };
    }

    @Override
    public void close() {
        home.close();
        computer.close();
    }
}
