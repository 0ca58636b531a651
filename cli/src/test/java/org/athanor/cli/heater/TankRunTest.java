package org.athanor.cli.heater;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
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
import org.athanor.devices.simulated.Fault;
import org.athanor.edge.Edge;
import org.athanor.edge.FlexibleRoom;
import org.athanor.edge.Snapshot;
import org.athanor.edge.Tick;
import org.athanor.edge.Ticker;
import org.athanor.simulation.TankWorld;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The whole program but its page with the example of a room and a tank under one fuse, in a home that is simulated by the same file. */
@Execution(ExecutionMode.CONCURRENT)
class TankRunTest {
    private static final Instant START = Instant.parse("2019-01-05T06:00:00Z"); // midnight in Chicago
    private static final double MAXIMUM = 72;
    private static final double FUSE = 5600;
    /** From eight in the evening in the file's zone: a cheap night, and the showers of the morning. */
    private static final int MINUTES = 14 * 60;

    @TempDir
    private Path folder;

    private static Path example() {
        return Stream.of(Path.of("examples"), Path.of("..", "examples"))
                .map(each -> each.resolve("heater-tank.yaml"))
                .filter(Files::exists)
                .findFirst()
                .orElseThrow();
    }

    /** The example at free ports. */
    private static String text() throws IOException {
        var text = Files.readString(example()).replace("../target/trial-tank", "state") + "zone: Pacific/Honolulu\n";
        for (var at : List.of(
                "127.0.0.2:8081",
                "127.0.0.2:8082",
                "127.0.0.5:8080",
                "127.0.0.5:8081",
                "127.0.0.5:8083",
                "127.0.0.5:8084",
                "127.0.0.5:8085")) text = text.replace(at, "127.0.0.1:" + HomeOnPorts.PORT);
        return text;
    }

    /** One home, of which the program may be started again. */
    private final class Trial implements Ticker, InstantSource, AutoCloseable {
        final HomeOnPorts ground;
        final SimulatedHome world;
        final AtomicLong seconds = new AtomicLong();
        TankWorld.Service service;
        double room;
        final List<Snapshot> tank = new ArrayList<>();
        Edge edge;

        Trial(String name) throws IOException {
            ground = HomeOnPorts.open(folder.resolve(name + ".yaml"), text(), START, 1);
            world = ground.world();
        }

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
            var home = HeaterHome.open(ground.setup(), this, this, _ -> {});
            edge = home.house().parts().getLast().edge();
            try {
                home.house().run(cycle -> {
                    if (world.power() > FUSE) throw new AssertionError(world.power() + " W on a fuse of " + FUSE);
                    if (!cycle.getKey().id().equals("tank")) return;
                    tank.add(cycle.getValue());
                    each.accept(tank.size());
                    if (tank.size() >= last) control.interrupt();
                });
            } catch (InterruptedException e) {
                assertEquals(last, tank.size());
                service = world.tanks().get("tank").service();
                room = world.worlds().get("living").home().airCelsius();
            } finally {
                ground.stop(home);
            }
        }

        @Override
        public void close() {
            ground.close();
        }
    }

    @Test
    void hotWaterUnderAFuseThatItSharesWithARoom() throws Exception {
        try (var trial = new Trial("day")) {
            trial.run(MINUTES, _ -> {});
            var tank = trial.world.tanks().get("tank");
            var got = trial.service;
            assertTrue(got.litres() > 40, got.toString());
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
            assertEquals(20, trial.room, 1.5, "the room goes before the tank");

            // another start goes on with what was learned
            var known = last.planning().known();
            trial.run(2, _ -> {});
            assertEquals(hours(known), hours(trial.tank.getLast().planning().known()), 1, known);
        }
    }

    /** Showers from half past eight on make it cold. */
    @Test
    void anEnergyManagersWishHeatsTheTankAndNeverKeepsItCold() throws Exception {
        try (var trial = new Trial("wish")) {
            var targets = new ArrayList<FlexibleRoom.Target>();
            trial.run(140, minute -> {
                var offered = trial.edge.flexible("tank", "Hot water");
                var until = trial.instant().plus(Duration.ofMinutes(5));
                if (minute <= 25) offered.prefer("miner", 2, until);
                else if (minute <= 70) offered.release("miner");
                else offered.prefer("miner", 0, until);
                targets.addAll(offered.moment().orElseThrow().targets());
            });
            assertTrue(minersWatts(trial, 25) > 900, "nothing but the wish asked for heat");
            assertTrue(minersWatts(trial, 100) > 900, "a cold tank is heated, whatever is wished");
            for (var target : targets) assertTrue(target.high().value() <= MAXIMUM, target.toString());
            var known = trial.edge.flexible("tank", "Hot water").flexibility().orElseThrow();
            assertEquals(FlexibleRoom.Store.TANK, known.store());
            assertEquals(1 / (200 * 4150.0), known.kelvinPerJoule(), 1e-9);
            assertEquals(1, known.heaters().size(), "the element is left to the plan");
        }
    }

    private static double minersWatts(Trial trial, int minute) {
        return trial.tank
                .get(minute - 1)
                .heaters()
                .getFirst()
                .watts()
                .orElseThrow()
                .value();
    }

    /** Of "draws watched for 23 h; …". */
    private static double hours(String known) {
        return Double.parseDouble(known.replaceAll("draws watched for (\\d+) h.*", "$1"));
    }

    @Test
    void aThermometerThatIsLostOrSticksNeverMakesTheTankTooHot() throws Exception {
        try (var trial = new Trial("faults")) {
            trial.run(180, minute -> {
                var thermometer = trial.world.thermometers().get("tank");
                if (minute == 20) thermometer.inject(Fault.STUCK_SENSOR);
                if (minute == 110) thermometer.clear();
                if (minute == 120) thermometer.inject(Fault.LOST_SENSOR);
            });
            assertTrue(trial.world.tanks().get("tank").hottest().value() < MAXIMUM);
            var last = trial.tank.getLast();
            assertEquals("THERMOMETER_MISSING", last.safety().state(), last.explanation());
            assertTrue(last.explanation().contains("tank"), last.explanation());
        }
    }
}
