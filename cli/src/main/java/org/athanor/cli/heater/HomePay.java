package org.athanor.cli.heater;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.athanor.cli.heater.HomeSetup.Computer;
import org.athanor.cli.heater.HomeSetup.Element;
import org.athanor.cli.heater.HomeSetup.Gpu;
import org.athanor.cli.heater.HomeSetup.HeaterEntry;
import org.athanor.cli.heater.HomeSetup.Network;
import org.athanor.edge.ExpectedPay;
import org.athanor.edge.HeaterPart;
import org.athanor.edge.training.TrainingWork;

/** What the work of a home's heaters is expected to pay, by the scenario and what its owner says; in the home's currency. */
final class HomePay {
    private static final double HASHES_PER_TERAHASH_HOUR = Duration.ofHours(1).toSeconds() * 1e12;

    private final HomeSetup setup;
    private final Map<String, TrainingWork> trainings;

    /** @param trainings what computers and their GPUs train, by the heater's id; looked at when it is needed */
    HomePay(HomeSetup setup, Map<String, TrainingWork> trainings) {
        this.setup = setup;
        this.trainings = trainings;
    }

    double perHash() {
        return perTerahashHour(setup) / HASHES_PER_TERAHASH_HOUR;
    }

    private static double perTerahashHour(HomeSetup setup) {
        var scenario = setup.scenario();
        return scenario.hashprice() * (1 - scenario.poolFee().doubleValue()) / 24;
    }

    /** @param terahashesPerWatt 0 where that was not said */
    private static double minedPerKwh(double terahashesPerWatt, HomeSetup setup) {
        return terahashesPerWatt * 1000 * perTerahashHour(setup);
    }

    /** By the hashes that it reports, else by what its owner says that a watt yields. */
    ExpectedPay expected(Network network) {
        var perHash = perHash();
        var perKwh = minedPerKwh(network.terahashesPerWatt().orElse(0), setup);
        return (hashrate, drawn, since) -> hashrate.map(rate -> rate.value() * since.toNanos() / 1e9 * perHash)
                .orElseGet(() -> drawn.kilowattHours() * perKwh);
    }

    /**
     * What a computer does, and what that pays.
     *
     * @param perKwh of electricity, in the home's currency
     */
    record Work(boolean trains, double perKwh) {}

    /** The work that pays best per kWh of what the computer can do, or the one that its owner insists on. */
    static Work best(Computer computer, HomeSetup setup) {
        var mining = mining(computer, setup);
        return computer.training()
                .filter(training -> training.always() || training.paysPerKwh() >= mining.perKwh())
                .map(training -> new Work(true, training.paysPerKwh()))
                .orElse(mining);
    }

    /** Without a pool it hashes for nobody. */
    private static Work mining(Computer computer, HomeSetup setup) {
        double yield =
                setup.watching().isPresent() ? computer.terahashesPerWatt().orElse(0) : 0;
        return new Work(false, minedPerKwh(yield, setup));
    }

    /** As it is now: training pays only who takes part in a job. */
    private Work now(HeaterEntry entry, Computer computer) {
        var best = best(computer, setup);
        var training = best.trains() ? trainings.get(entry.id()) : null;
        if (training == null) return best;
        return training.standing().takesPart() ? best : mining(computer, setup);
    }

    /** Per hour at each level, by the scenario; of heaters whose yield was said. */
    Map<String, List<Double>> perHour(List<HeaterPart> parts) {
        var perKwh = new HashMap<String, Double>();
        for (var entry : setup.heaters())
            switch (entry.source()) {
                case Network network ->
                    network.terahashesPerWatt().ifPresent(yield -> perKwh.put(entry.id(), minedPerKwh(yield, setup)));
                case Computer computer ->
                    perKwh.put(entry.id(), now(entry, computer).perKwh());
                case Gpu gpu ->
                    gpu.training()
                            .filter(_ -> trainings.get(entry.id()).standing().takesPart())
                            .ifPresent(training -> perKwh.put(entry.id(), training.paysPerKwh()));
                case Element _ -> {} // earns nothing
            }
        var revenue = new HashMap<String, List<Double>>();
        for (var part : parts) {
            var paid = perKwh.getOrDefault(part.id(), 0.0);
            if (paid > 0)
                revenue.put(
                        part.id(),
                        part.spec().levels().stream()
                                .map(watts -> watts.value() / 1000 * paid)
                                .toList());
        }
        return revenue;
    }
}
