package org.athanor.cli;

import java.math.BigInteger;
import java.time.Duration;
import org.athanor.comfort.money.HeatPrice;
import org.athanor.comfort.money.HeatPump;
import org.athanor.edge.mining.MiningWorker;
import org.athanor.ledger.MiningScenario;
import org.athanor.simulation.World;
import org.athanor.units.Joules;

/** Moves the demo's world on and enters each step into the books. */
final class DemoSteps {
    /** dB(A) at one metre: a quiet fridge; what is louder is noticed in a living room. */
    static final double QUIET_DECIBELS = 40;

    /** An air-source heat pump does not look at the soil. */
    private static final double SOIL_CELSIUS = 10;

    private final HeatPump heatPump = HeatPump.AIR_RADIATORS;
    private final DemoHeaters heaters;
    private final DemoData data;
    private final MiningScenario scenario;
    private final DemoBooks books;
    private final MiningWorker computer;
    private Meters before;

    private record Meters(double electricity, double compute, double delivered, double useful, BigInteger nominal) {}

    DemoSteps(DemoHeaters heaters, DemoData data, MiningScenario scenario, DemoBooks books, MiningWorker computer) {
        this.heaters = heaters;
        this.data = data;
        this.scenario = scenario;
        this.books = books;
        this.computer = computer;
        before = read();
    }

    private Meters read() {
        var world = heaters.world();
        var drawn = world.electricity();
        double compute = drawn.get(Demo.MINER).plus(drawn.get(Demo.COMPUTER)).kilowattHours();
        return new Meters(
                drawn.values().stream().mapToDouble(Joules::kilowattHours).sum(),
                compute,
                world.usefulHeat().delivered().kilowattHours(),
                world.usefulHeat().useful().kilowattHours(),
                heaters.avalon().nominalHashes());
    }

    void advance(Duration step) {
        var world = heaters.world();
        var time = World.sinceYearStart(world.clock().instant(), data.weather().location());
        var price = data.electricity().at(time);
        world.advance(step);
        var now = read();
        double hashes = now.nominal.subtract(before.nominal).doubleValue()
                + computer.counters().rate().value() * step.toNanos() / 1e9;
        var band = heaters.band();
        books.add(new DemoBooks.Step(
                step,
                world.home().airCelsius(),
                band.low().value(),
                band.high().value(),
                heaters.avalon().noiseDecibels() > QUIET_DECIBELS,
                price.value(),
                HeatPrice.boiler(data.gas().at(time), HeatPrice.BOILER_EFFICIENCY)
                        .value(),
                HeatPrice.heatPump(price, heatPump.cop(world.home().outdoorCelsius(), SOIL_CELSIUS))
                        .value(),
                now.electricity - before.electricity,
                now.compute - before.compute,
                now.delivered - before.delivered,
                now.useful - before.useful,
                scenario.bitcoinPrice().doubleValue() * hashes * scenario.payPerHash() / 1e11));
        before = now;
    }
}
