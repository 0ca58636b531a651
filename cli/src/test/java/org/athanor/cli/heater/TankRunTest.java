package org.athanor.cli.heater;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.athanor.devices.Computation;
import org.athanor.devices.simulated.Fault;
import org.athanor.edge.Snapshot;
import org.athanor.edge.Tick;
import org.athanor.edge.Ticker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole program but its page with the example of a room and a tank under one fuse, in a home that is simulated by the same file. */
class TankRunTest {
    private static final Instant START = Instant.parse("2019-01-05T06:00:00Z"); // midnight in Chicago
    private static final double MAXIMUM = 72;
    private static final double FUSE = 5600;
    private static final int DAY = 1440;

    @TempDir
    private Path folder;

    private static int port() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Path example() {
        return Stream.of(Path.of("examples"), Path.of("..", "examples"))
                .map(each -> each.resolve("heater-tank.yaml"))
                .filter(Files::exists)
                .findFirst()
                .orElseThrow();
    }

    /** The example at free ports. */
    private Path file() throws IOException {
        var text = Files.readString(example()).replace("../target/trial-tank", "state") + "zone: UTC\n";
        for (var at : List.of(
                "127.0.0.2:8081",
                "127.0.0.2:8082",
                "127.0.0.5:8080",
                "127.0.0.5:8081",
                "127.0.0.5:8083",
                "127.0.0.5:8084",
                "127.0.0.5:8085")) text = text.replace(at, "127.0.0.1:" + port());
        var file = folder.resolve("heater.yaml");
        Files.writeString(file, text);
        return file;
    }

    /** One home, of which the program may be started again. */
    private final class Trial implements Ticker, InstantSource, AutoCloseable {
        final Path file = file();
        final SimulatedHome world = SimulatedHome.open(file, START, 1, IDLE);
        final AtomicLong seconds = new AtomicLong();
        final List<Snapshot> tank = new ArrayList<>();

        Trial() throws IOException {}

        @Override
        public Tick next() {
            world.advance(Duration.ofMinutes(1));
            seconds.addAndGet(60);
            return new Tick(instant(), seconds.get() * 1_000_000_000L);
        }

        @Override
        public Instant instant() {
            return START.plusSeconds(seconds.get());
        }

        /** @param each is told the minute, after the cycle of each sink */
        void run(int minutes, IntConsumer each) throws Exception {
            int last = tank.size() + minutes;
            var control = Thread.currentThread();
            try (var home = HeaterHome.open(HeaterFile.read(file), this, this, _ -> {})) {
                home.house().run(cycle -> {
                    if (world.power() > FUSE) throw new AssertionError(world.power() + " W on a fuse of " + FUSE);
                    if (!cycle.getKey().id().equals("tank")) return;
                    tank.add(cycle.getValue());
                    each.accept(tank.size());
                    if (tank.size() >= last) control.interrupt();
                });
            } catch (InterruptedException e) {
                assertEquals(last, tank.size());
            }
        }

        @Override
        public void close() {
            world.close();
        }
    }

    @Test
    void aDayOfHotWaterUnderAFuseThatItSharesWithARoom() throws Exception {
        try (var trial = new Trial()) {
            trial.run(DAY, _ -> {});
            var tank = trial.world.tanks().get("tank");
            var got = tank.service();
            assertTrue(got.litres() > 80, got.toString());
            assertEquals(0, got.cold(), "litres below what people want");
            assertTrue(got.coldest().value() >= 47 - 0.5, "coldest water that was drawn: " + got.coldest());
            assertTrue(tank.hottest().value() < MAXIMUM, "hottest water: " + tank.hottest());
            assertTrue(tank.hottest().value() >= 60, "disinfected at " + tank.hottest());
            assertTrue(
                    trial.tank.stream().anyMatch(seen -> seen.explanation().contains("against legionella")),
                    "it says why it heats");
            assertTrue(trial.tank.stream()
                    .allMatch(seen -> seen.planning().plan().isPresent()
                            || seen.planning().standIn().isPresent()));
            var last = trial.tank.getLast();
            assertEquals(List.of(), last.alarms());
            assertEquals(0, tank.balance().residual().value(), 1, "J that went astray");
            double room = trial.world.worlds().get("living").home().airCelsius();
            assertEquals(20, room, 1.5, "the room goes before the tank");

            // another start goes on with what was learned
            var known = last.planning().known();
            trial.run(2, _ -> {});
            assertEquals(hours(known), hours(trial.tank.getLast().planning().known()), 1, known);
        }
    }

    /** Of "draws watched for 23 h; …". */
    private static double hours(String known) {
        return Double.parseDouble(known.replaceAll("draws watched for (\\d+) h.*", "$1"));
    }

    @Test
    void aThermometerThatIsLostOrSticksNeverMakesTheTankTooHot() throws Exception {
        try (var trial = new Trial()) {
            trial.run(5 * 60, minute -> {
                var thermometer = trial.world.thermometers().get("tank");
                if (minute == 30) thermometer.inject(Fault.STUCK_SENSOR);
                if (minute == 150) thermometer.clear();
                if (minute == 180) thermometer.inject(Fault.LOST_SENSOR);
            });
            assertTrue(trial.world.tanks().get("tank").hottest().value() < MAXIMUM);
            var last = trial.tank.getLast();
            assertEquals("THERMOMETER_MISSING", last.safety().state(), last.explanation());
            assertTrue(last.explanation().contains("tank"), last.explanation());
        }
    }

    private static final Computation IDLE = new Computation() {
        @Override
        public void setThreads(int threads) {} // computes nothing

        @Override
        public Counters counters() {
            return Counters.NONE;
        }

        @Override
        public void close() {} // holds nothing
    };
}
