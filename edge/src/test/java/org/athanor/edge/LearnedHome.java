package org.athanor.edge;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Currency;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import org.athanor.comfort.ComfortBand;
import org.athanor.comfort.HeaterReading;
import org.athanor.comfort.HeaterSpec;
import org.athanor.comfort.HouseOutlook;
import org.athanor.comfort.Outlook;
import org.athanor.comfort.Readings;
import org.athanor.comfort.SafetyLimits;
import org.athanor.comfort.Schedule;
import org.athanor.comfort.ThermostatMode;
import org.athanor.comfort.learning.Construction;
import org.athanor.comfort.learning.Insulation;
import org.athanor.comfort.learning.RoomPrior;
import org.athanor.comfort.series.Forecast;
import org.athanor.comfort.series.PriceOutlook;
import org.athanor.edge.FakeDevices.FakeMiner;
import org.athanor.edge.FakeDevices.FakePlug;
import org.athanor.edge.FakeDevices.FakeThermometer;
import org.athanor.edge.journal.Earnings;
import org.athanor.edge.journal.Journal;
import org.athanor.edge.journal.Terms;
import org.athanor.ledger.MiningScenario;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;
import org.athanor.units.Kelvins;
import org.athanor.units.PricePerKwh;
import org.athanor.units.Watts;

/** A room of two nodes with a miner, which its control comes to know within three days, minute by minute and without wires. */
public final class LearnedHome implements AutoCloseable {
    static final double[] WATTS = {0, 600, 800};
    static final Celsius SETPOINT = new Celsius(21);
    private static final Instant START = Instant.parse("2026-01-05T00:00:00Z");
    private static final double OUTDOOR = 6;
    private static final Duration HOUR = Duration.ofHours(1);

    final FakeThermometer room = new FakeThermometer(20);
    final Journal journal;
    final InstantSource clock = this::now;
    private final FakeDevices devices = new FakeDevices();
    final FakeMiner miner = devices.new FakeMiner(true);
    private final FakePlug plug = devices.new FakePlug("miner's plug");
    private double walls = 19.5;
    private final AtomicInteger minute = new AtomicInteger();
    volatile double air = 20.8;
    volatile double price = 0.25;

    public LearnedHome(Path folder) {
        journal = Journal.open(folder);
    }

    @Override
    public void close() {
        journal.close();
    }

    public Instant now() {
        return START.plusSeconds(60L * minute.get());
    }

    public InstantSource clock() {
        return clock;
    }

    public int level() {
        return miner.level;
    }

    public double air() {
        return air;
    }

    /** Of the next minutes, per kWh. */
    public void price(double perKwh) {
        price = perKwh;
    }

    private static HeaterSpec spec() {
        return new HeaterSpec(
                "miner",
                List.of(Watts.ZERO, new Watts(600), new Watts(800)),
                new Watts(850),
                Duration.ofMinutes(5),
                Duration.ofMinutes(5),
                Duration.ofMinutes(5),
                new Joules(60_000),
                Optional.of(new Celsius(95)),
                Optional.empty(),
                true,
                0);
    }

    EdgeConfig config(boolean fuelKnown) {
        return new EdgeConfig(
                List.of(new HeaterPart("Miner", spec(), miner, Optional.of(plug), Optional.empty(), false)),
                room,
                Optional.empty(),
                Optional.empty(),
                Schedule.constant(ZoneOffset.UTC, SETPOINT),
                ComfortBand.of(1),
                new ThermostatMode.Tpi(0.3, 0.02),
                new SafetyLimits(
                        new Celsius(28),
                        new Celsius(7),
                        400_000,
                        new Watts(400),
                        new Watts(2300),
                        Duration.ofSeconds(60),
                        Duration.ofMinutes(2),
                        new Kelvins(0.2),
                        Duration.ofSeconds(150),
                        Duration.ofMinutes(3)),
                new RoomPrior(40, Construction.MEDIUM, Insulation.GOOD),
                time -> outlook(time, fuelKnown),
                Tariff.constant(new PricePerKwh(0.30, Currency.getInstance("EUR"))),
                MiningScenario.JULY_2025,
                () -> Snapshot.World.real(ZoneOffset.UTC),
                Duration.ofSeconds(3),
                Duration.ofSeconds(1));
    }

    private Outlook outlook(Instant time, boolean fuelKnown) {
        var start = time.truncatedTo(ChronoUnit.HOURS);
        var celsius = new double[30];
        var prices = new double[30];
        Arrays.fill(celsius, OUTDOOR);
        Arrays.fill(prices, price);
        var house = fuelKnown ? HouseOutlook.UNKNOWN.withFuel(0.18) : HouseOutlook.UNKNOWN; // 0.20 a kWh of heat
        return new Outlook(
                        Optional.of(new Forecast(start, start, HOUR, celsius, new double[30])),
                        Optional.of(new PriceOutlook(start, HOUR, prices)),
                        Map.of("miner", List.of(0.0, 0.09, 0.12))) // 0.15 a kWh
                .with(house);
    }

    private void live(double heat) {
        double exchange = 220 * (walls - air);
        double warmer = air + 60 * (heat + exchange - 14 * (air - OUTDOOR)) / 500_000;
        walls += 60 * (-exchange - 14 * (walls - OUTDOOR)) / 9_000_000;
        air = warmer;
        minute.incrementAndGet();
    }

    private Tick tick() {
        return new Tick(now(), minute.get() * 60_000_000_000L);
    }

    /** Some days on the thermostat, without wires; what was learned is left in the journal. */
    public void learn() {
        var control = new PlannedControl(config(true).planning(), config(true).outlook(), journal, Optional.empty());
        var settings = RoomSettings.of(config(true).schedule(), new Celsius(5), new Celsius(26));
        int level = 0;
        for (int i = 0; i < 3 * 1440; i++) {
            var power = new Watts(WATTS[level]);
            var readings = new Readings(
                    now(),
                    minute.get() * 60_000_000_000L,
                    Optional.of(rounded()),
                    Optional.empty(),
                    Optional.empty(),
                    Map.of(
                            "miner",
                            new HeaterReading(
                                    OptionalInt.of(level),
                                    Optional.of(power),
                                    Optional.of(power),
                                    Optional.of(true),
                                    Optional.of(new Celsius(60)),
                                    Optional.empty(),
                                    Optional.empty())));
            var step = control.step(readings, settings, new LinkedHashSet<>());
            level = step.control().commands().get("miner").level();
            live(WATTS[level]);
        }
        control.keep(tick());
    }

    private Celsius rounded() {
        return new Celsius(Math.rint(air * 10) / 10);
    }

    ControlLoop loop(EdgeConfig config) {
        return new ControlLoop(
                config, journal, new Earnings(journal, _ -> Terms.OF_THE_POOL, clock, Duration.ofSeconds(30)));
    }

    /** The program of this home, whose cycles {@link #minute(Edge)} runs. */
    public Edge edge() {
        return new Edge(loop(config(true)), journal, this::tick);
    }

    /** A minute with a cycle at its beginning. */
    public Snapshot minute(Edge edge) throws InterruptedException {
        return minute(edge::cycle, () -> 0);
    }

    interface Cycle {
        Snapshot run(Tick tick) throws InterruptedException;
    }

    /** @param otherHeat W of another heating, asked after the cycle */
    Snapshot minute(Cycle cycle, DoubleSupplier otherHeat) throws InterruptedException {
        room.celsius = Optional.of(rounded().value());
        var snapshot = cycle.run(tick());
        plug.watts = WATTS[miner.level];
        live(WATTS[miner.level] + otherHeat.getAsDouble());
        return snapshot;
    }
}
