package org.athanor.edge;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.athanor.devices.Capabilities;
import org.athanor.devices.DeviceException;
import org.athanor.devices.Heater;
import org.athanor.devices.HeaterState;
import org.athanor.devices.HeaterState.Phase;
import org.athanor.devices.HeaterState.PowerSource;
import org.athanor.devices.Plug;
import org.athanor.devices.PlugState;
import org.athanor.devices.PowerLevel;
import org.athanor.devices.Thermometer;
import org.athanor.units.Celsius;
import org.athanor.units.Hashrate;
import org.athanor.units.Joules;
import org.athanor.units.Watts;

/** Devices without wires. What they are told goes into one list, in order. */
final class FakeDevices {
    final List<String> told = new CopyOnWriteArrayList<>();

    static final class FakeThermometer implements Thermometer {
        volatile Optional<Double> celsius;

        FakeThermometer(double celsius) {
            this.celsius = Optional.of(celsius);
        }

        @Override
        public String id() {
            return "thermometer";
        }

        @Override
        public Celsius read() {
            return new Celsius(celsius.orElseThrow(
                    () -> new DeviceException(DeviceException.Kind.UNREACHABLE, "thermometer: no answer")));
        }

        @Override
        public void close() {}
    }

    final class FakePlug implements Plug {
        private final String id;
        volatile boolean on;
        volatile boolean obeys = true;
        volatile boolean silent;
        volatile boolean countsDown = true;
        volatile double watts;
        volatile double joules;

        FakePlug(String id) {
            this.id = id;
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public Watts continuousRating() {
            return new Watts(2300);
        }

        @Override
        public boolean countsDown() {
            return countsDown;
        }

        @Override
        public PlugState read() {
            if (silent) throw new DeviceException(DeviceException.Kind.UNREACHABLE, id + ": no answer");
            return new PlugState(on, new Watts(on ? watts : 0), new Joules(joules), Optional.empty());
        }

        @Override
        public void on(Duration countdown) {
            told.add(id + " on " + countdown.toSeconds());
            on = true;
        }

        @Override
        public void off() {
            told.add(id + " off");
            if (obeys) on = false;
        }

        @Override
        public void close() {}
    }

    /** Off, 600 W and 800 W. */
    final class FakeMiner implements Heater {
        private final boolean survives;
        volatile int level;
        volatile boolean obeys = true;
        /** Starts, and refuses every level but off meanwhile. */
        volatile boolean starting;

        volatile boolean refuses;
        /** Works, and at none of its levels. */
        volatile boolean unknown;
        /** In place of what follows from its capabilities. */
        volatile Optional<RunsOut> runsOut = Optional.empty();

        volatile Optional<RuntimeException> trouble = Optional.empty();
        volatile Optional<CountDownLatch> hangsUntil = Optional.empty();
        /** To interrupts, as what waits for a driver is. */
        volatile boolean deaf;

        FakeMiner(boolean survives) {
            this.survives = survives;
        }

        @Override
        public String id() {
            return "miner";
        }

        @Override
        public RunsOut runsOut() {
            return runsOut.orElseGet(Heater.super::runsOut);
        }

        @Override
        public Capabilities capabilities() {
            return new Capabilities(
                    "fake miner",
                    List.of(
                            new PowerLevel("off", Watts.ZERO),
                            new PowerLevel("Night", new Watts(600)),
                            new PowerLevel("Super", new Watts(800))),
                    new Watts(850),
                    Duration.ofMinutes(2),
                    Duration.ZERO,
                    Duration.ZERO,
                    true,
                    survives,
                    true,
                    new Joules(60_000),
                    Optional.of(new Celsius(95)),
                    Optional.empty(),
                    "reported by the device");
        }

        @Override
        public HeaterState read() {
            if (trouble.isPresent()) throw trouble.get();
            if (hangsUntil.isPresent()) hang(hangsUntil.get());
            return new HeaterState(
                    unknown ? OptionalInt.empty() : OptionalInt.of(level),
                    starting ? Phase.STARTING : level == 0 ? Phase.OFF : Phase.WORKING,
                    Optional.of(capabilities().level(level).watts()),
                    PowerSource.REPORTED,
                    Optional.of(new Celsius(60)),
                    Optional.empty(),
                    OptionalInt.empty(),
                    Optional.of(Hashrate.ofTerahashes(level * 10)),
                    Optional.empty());
        }

        private void hang(CountDownLatch end) {
            while (end.getCount() > 0)
                try {
                    end.await();
                } catch (InterruptedException e) {
                    if (!deaf) throw new DeviceException(DeviceException.Kind.UNREACHABLE, "miner: interrupted", e);
                }
        }

        @Override
        public void setLevel(int wanted) {
            told.add("miner level " + wanted);
            if ((starting || refuses) && wanted > 0)
                throw new DeviceException(DeviceException.Kind.REFUSED, "miner: is in calibration");
            if (obeys) level = wanted;
        }

        @Override
        public void close() {}
    }
}
