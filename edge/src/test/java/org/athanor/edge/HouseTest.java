package org.athanor.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.athanor.comfort.ComfortBand;
import org.athanor.comfort.HeaterSpec;
import org.athanor.comfort.SafetyLimits;
import org.athanor.comfort.Schedule;
import org.athanor.comfort.ThermostatMode;
import org.athanor.comfort.learning.Construction;
import org.athanor.comfort.learning.Insulation;
import org.athanor.comfort.learning.RoomPrior;
import org.athanor.devices.Capabilities;
import org.athanor.devices.DeviceException;
import org.athanor.devices.Heater;
import org.athanor.devices.HeaterState;
import org.athanor.edge.ControlLoop.Stopped;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HouseTest {
    private static final Instant NOW = Instant.parse("2026-01-15T06:00:00Z");

    @TempDir
    private Path folder;

    private final List<Journal> journals = new ArrayList<>();

    @AfterEach
    void close() {
        journals.forEach(Journal::close);
    }

    /** Stops only together with the others. */
    private static final class Companion implements Heater {
        private final Heater miner = new FakeDevices().new FakeMiner(false);
        private final CyclicBarrier together;

        Companion(CyclicBarrier together) {
            this.together = together;
        }

        @Override
        public String id() {
            return "miner";
        }

        @Override
        public Capabilities capabilities() {
            return miner.capabilities();
        }

        @Override
        public HeaterState read() {
            return miner.read();
        }

        @Override
        public void setLevel(int level) {
            try {
                together.await(10, TimeUnit.SECONDS);
            } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
                throw new DeviceException(DeviceException.Kind.UNREACHABLE, "miner: the others do not stop", e);
            }
            miner.setLevel(level);
        }

        @Override
        public void close() {
            miner.close();
        }
    }

    private House.Part room(String id, Heater heater) {
        var spec = new HeaterSpec(
                heater.id(),
                List.of(Watts.ZERO, new Watts(600), new Watts(800)),
                new Watts(850),
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                new Joules(60_000),
                Optional.empty(),
                Optional.empty(),
                false,
                0);
        var config = new EdgeConfig(
                List.of(new HeaterPart(id, spec, heater, Optional.empty(), Optional.empty(), true)),
                new FakeThermometer(20),
                Optional.empty(),
                Optional.empty(),
                Schedule.constant(ZoneOffset.UTC, new Celsius(21)),
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
                EdgeConfig.NO_OUTLOOK,
                Tariff.constant(new PricePerKwh(0.30, Currency.getInstance("EUR"))),
                MiningScenario.JULY_2025,
                () -> Snapshot.World.real(ZoneOffset.UTC),
                Fuses.NONE,
                EdgeConfig.SetpointRange.OF_ROOMS,
                Duration.ofSeconds(20),
                Duration.ofSeconds(1));
        var journal = Journal.open(folder.resolve(id));
        journals.add(journal);
        var earnings = new Earnings(journal, _ -> Terms.OF_THE_POOL, () -> NOW, Duration.ofSeconds(30));
        return new House.Part(
                id, id, new Edge(new ControlLoop(config, journal, earnings), journal, () -> new Tick(NOW, 0)));
    }

    @Test
    void itsRoomsAreStoppedSideBySide() {
        var together = new CyclicBarrier(3);
        var house = new House(
                List.of(
                        room("living", new Companion(together)),
                        room("study", new Companion(together)),
                        room("hall", new Companion(together))),
                () -> new Tick(NOW, 0));
        var stopped = house.stop();
        assertEquals(3, stopped.size());
        assertTrue(stopped.stream().allMatch(Stopped::off), stopped.toString());
        assertFalse(together.isBroken(), "all three were asked at once");
    }

    @Test
    void anInterruptedThreadStopsItsRoomsAllTheSame() {
        var house = new House(List.of(room("living", new Companion(new CyclicBarrier(1)))), () -> new Tick(NOW, 0));
        Thread.currentThread().interrupt();
        var stopped = house.stop();
        assertTrue(Thread.interrupted(), "it is told on");
        assertEquals(List.of(new Stopped("miner", true, "reads off")), stopped);
    }
}
