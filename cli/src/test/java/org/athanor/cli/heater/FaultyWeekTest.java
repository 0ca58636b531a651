package org.athanor.cli.heater;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.athanor.cli.heater.HomeSetup.Element;
import org.athanor.cli.heater.HomeSetup.HeaterEntry;
import org.athanor.cli.heater.HomeSetup.Network;
import org.athanor.cli.heater.SimulatedHome.Appliance;
import org.athanor.comfort.HeaterSpec;
import org.athanor.comfort.SafetyLimits;
import org.athanor.devices.Computation;
import org.athanor.devices.shelly.ResistiveElement;
import org.athanor.devices.simulated.Breakable;
import org.athanor.devices.simulated.Fault;
import org.athanor.devices.simulated.SimulatedHeater;
import org.athanor.edge.HeaterPart;
import org.athanor.edge.House;
import org.athanor.edge.Snapshot;
import org.athanor.edge.Tick;
import org.athanor.edge.Ticker;
import org.athanor.edge.journal.Event;
import org.athanor.edge.journal.Journal;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Six heaters of different kinds in three rooms, by a heater file, while devices, plugs and thermometers break at random, several
 * at once. Every minute is checked against the true home. By default some hours; {@code -Dathanor.faulty.minutes=10080} is the
 * whole week, {@code -Dathanor.faulty.seed=N} a certain one.
 */
class FaultyWeekTest {
    private static final Instant START = Instant.parse("2019-01-05T06:00:00Z"); // midnight in Chicago
    private static final int MINUTES = Integer.getInteger("athanor.faulty.minutes", 300);
    private static final long SEED = Long.getLong("athanor.faulty.seed", System.nanoTime() & 0xFFFF_FFFFL);
    private static final double FUSE_WATTS = 5000;
    private static final int MINUTES_PER_DAY = 1440;
    /** What a device draws while it rests, at the most: an Avalon miner draws 17 W, a Whatsminer 20 W. */
    private static final double RESTING_WATTS = 50;
    /** After a firmware that restarted by itself was mended, for as long starts may still be its doing. */
    private static final int AFTER_RESTARTS = 15;

    /**
     * Those cost wall time alone: what control sees of them is the same as of an unreachable one, and the drivers' own tests
     * have them.
     */
    private static final Set<Fault> SLOW = Set.of(Fault.SILENT, Fault.LATE, Fault.HOLDS_CONNECTION);

    @TempDir
    private Path folder;

    private static int port() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path file() throws IOException {
        var text = """
                zone: UTC
                state: state
                tariff: {kind: flat, price: 0.3}
                circuits: [{id: flat, watts: 5000}]
                rooms:
                  - {id: living, floorArea: 35, setpoint: 21, maximum: 25, thermometer: {kind: shelly, address: "127.0.0.1:PORT"}}
                  - {id: study, floorArea: 20, insulation: good, setpoint: 20, maximum: 23, thermometer: {kind: shelly, address: "127.0.0.1:PORT"}}
                  - {id: workshop, floorArea: 60, setpoint: 18, maximum: 24, thermometer: {kind: shelly, address: "127.0.0.1:PORT"}}
                heaters:
                  - id: mini
                    room: living
                    kind: mini3
                    address: "127.0.0.1:PORT"
                    circuit: flat
                    plug: {kind: shelly, address: "127.0.0.1:PORT", ratingWatts: 2500}
                    pool: {url: "stratum+tcp://pool.example.com:3333", user: athanor.simulated}
                  - id: panel
                    room: living
                    kind: element
                    watts: 1000
                    circuit: flat
                    plug: {kind: tasmota, address: "127.0.0.1:PORT", ratingWatts: 2500}
                  - id: nano
                    room: study
                    kind: nano3s
                    address: "127.0.0.1:PORT"
                    plug: {kind: tasmota, address: "127.0.0.1:PORT", ratingWatts: 2500}
                  - id: bitaxe
                    room: study
                    kind: axeos
                    address: "127.0.0.1:PORT"
                    plug: {kind: shelly, address: "127.0.0.1:PORT", ratingWatts: 2500}
                  - id: braiins
                    room: workshop
                    kind: braiins
                    levels: [1000, 1500, 2000]
                    maximumWatts: 3600
                    user: root
                    password: root
                    address: "127.0.0.1:PORT"
                    circuit: flat
                    plug: {kind: shelly, address: "127.0.0.1:PORT", ratingWatts: 4000}
                  - id: whatsminer
                    room: workshop
                    kind: whatsminer-v2
                    levels: [2000]
                    maximumWatts: 3500
                    password: athanor
                    address: "127.0.0.1:PORT"
                    circuit: flat
                    plug: {kind: tasmota, address: "127.0.0.1:PORT", ratingWatts: 4000}
                """;
        while (text.contains("PORT")) text = text.replaceFirst("PORT", Integer.toString(port()));
        var file = folder.resolve("heater.yaml");
        Files.writeString(file, text);
        return file;
    }

    @Test
    void whateverBreaksLimitsAreKeptNothingStormsAndEveryActionHasItsReason() throws Exception {
        System.out.println(MINUTES + " minutes of faults, seed " + SEED);
        var file = file();
        var setup = HeaterFile.read(file);
        try (var world = SimulatedHome.open(file, START, SEED, IDLE)) {
            var trial = new Trial(setup, world, new Random(SEED));
            try (var home = HeaterHome.open(setup, trial, trial, _ -> {})) {
                trial.home = home;
                try {
                    home.house().run(cycle -> trial.look(cycle.getKey(), cycle.getValue()));
                } catch (InterruptedException e) {
                    assertEquals(MINUTES, trial.minute, "it ran to its end");
                }
                trial.judge();
            }
            for (var each : world.worlds().values()) assertTrue(each.balanceRelativeError() < 1e-9);
        }
    }

    private static HeaterSpec spec(HeaterEntry entry) {
        var can = switch (entry.source()) {
            case Network network -> {
                try (var heater = network.kind().create(network.settings())) {
                    yield heater.capabilities();
                }
            }
            case Element element -> ResistiveElement.capabilities(element.watts(), Joules.ZERO);
            default -> throw new AssertionError(entry + " is none of this home");
        };
        return HeaterPart.spec(entry.id(), can, true, entry.preference());
    }

    /** Of a room, what its thermometer showed last when it could be trusted. */
    private static final class Blindness {
        Optional<Fault> fault = Optional.empty();
        int until;
        double celsius;
        double released;
    }

    /** Of a heater, what is broken of it and what it did. */
    private static final class Watched {
        final HeaterSpec spec;
        final Appliance appliance;
        final boolean onFuse;
        Optional<Breakable> broken = Optional.empty();
        Fault fault;
        int until;
        int restartedAt = -AFTER_RESTARTS;
        int starts;
        final List<Integer> startsByDay = new ArrayList<>();
        boolean plugWasOn;

        Watched(HeaterEntry entry, Appliance appliance) {
            this.spec = spec(entry);
            this.appliance = appliance;
            this.onFuse = entry.circuit().isPresent();
        }

        boolean plugBroken() {
            return broken.isPresent() && broken.equals(appliance.plug());
        }

        boolean has(Fault wanted) {
            return broken.isPresent() && fault == wanted;
        }

        boolean startsByItself(int minute) {
            return has(Fault.RESTARTS) || minute - restartedAt < AFTER_RESTARTS;
        }

        double watts() {
            return appliance.load().power().value();
        }

        /** What its minimum times allow in a day, changes of level that restart it included. */
        int mostStartsPerDay() {
            double cycle = spec.minimumOn().plus(spec.minimumOff()).toMinutes();
            double dwell = spec.minimumDwell().toMinutes();
            return 1 + (int) (MINUTES_PER_DAY / cycle + (dwell > 0 ? MINUTES_PER_DAY / dwell : 0));
        }
    }

    /** Moves the home on, breaks it, and looks whether the truth is as it must be. */
    private static final class Trial implements Ticker, InstantSource {
        private final SimulatedHome world;
        private final Random random;
        private final Map<String, Watched> heaters = new LinkedHashMap<>();
        private final Map<String, SafetyLimits> limits = new LinkedHashMap<>();
        private final Map<String, Blindness> sensors = new LinkedHashMap<>();
        private final Map<Fault, Integer> injected = new HashMap<>();
        private HeaterHome home;
        private int minute;
        private int actions;
        private double hottest = Double.NEGATIVE_INFINITY;
        private double mostOnFuse;

        Trial(HomeSetup setup, SimulatedHome world, Random random) {
            this.world = world;
            this.random = random;
            for (var entry : setup.heaters())
                heaters.put(entry.id(), new Watched(entry, world.appliances().get(entry.id())));
            for (var room : setup.rooms()) {
                limits.put(room.id(), HomeSetup.limits(room));
                sensors.put(room.id(), new Blindness());
            }
        }

        @Override
        public Instant instant() {
            return START.plusSeconds(60L * minute);
        }

        @Override
        public Tick next() throws InterruptedException {
            // a controller that stands still for a while: countdowns are all that is left. One that does not run at the
            // same time
            // would be two failures of the one protection
            boolean leases = heaters.values().stream().noneMatch(each -> each.has(Fault.FORGETS_LEASE));
            int minutes = leases && random.nextInt(400) == 0 ? random.nextInt(2, 20) : 1;
            for (int i = 0; i < minutes; i++) {
                if (minute >= MINUTES) throw new InterruptedException("the time is over");
                breakAndMend();
                world.advance(Duration.ofMinutes(1));
                minute++;
                checkRooms();
                checkFuse();
                countStarts();
            }
            if (minute > 60 && random.nextInt(200) == 0) wish();
            return new Tick(instant(), minute * 60_000_000_000L);
        }

        /** The rooms are wanted colder or warmer, so that heaters start and stop. */
        private void wish() {
            var rooms = home.house().rooms();
            var control = rooms.get(random.nextInt(rooms.size())).control();
            double highest =
                    control.snapshot().orElseThrow().room().highestSetpoint().value();
            control.setpoint(new Celsius(random.nextDouble(15, highest)));
        }

        private void breakAndMend() {
            for (var each : heaters.values()) {
                if (each.broken.isPresent() && minute >= each.until) {
                    if (each.has(Fault.RESTARTS)) each.restartedAt = minute;
                    each.broken.get().clear();
                    each.broken = Optional.empty();
                } else if (each.broken.isEmpty() && random.nextInt(240) == 0) {
                    var plug = each.appliance.plug().orElseThrow();
                    Breakable device = each.appliance.load() instanceof SimulatedHeater heater && random.nextBoolean()
                            ? heater
                            : plug;
                    each.fault = anyOf(device, Set.of());
                    device.inject(each.fault);
                    each.broken = Optional.of(device);
                    each.until = minute + random.nextInt(3, 120);
                }
            }
            sensors.forEach((room, sensor) -> {
                var thermometer = world.thermometers().get(room);
                if (sensor.fault.isPresent() && minute >= sensor.until) {
                    thermometer.clear();
                    sensor.fault = Optional.empty();
                } else if (sensor.fault.isEmpty() && random.nextInt(240) == 0) {
                    // one that reads plausibly too low is believed: docs/safety.md says so; and it has no sessions to
                    // forget
                    var fault = anyOf(thermometer, Set.of(Fault.LYING_SENSOR, Fault.FORGETS_SESSION));
                    thermometer.inject(fault);
                    sensor.fault = Optional.of(fault);
                    sensor.until = minute + random.nextInt(3, 240);
                }
            });
        }

        private Fault anyOf(Breakable device, Set<Fault> without) {
            var faults = device.shows().stream()
                    .filter(fault -> !SLOW.contains(fault) && !without.contains(fault))
                    .sorted()
                    .toList();
            var fault = faults.get(random.nextInt(faults.size()));
            injected.merge(fault, 1, Integer::sum);
            return fault;
        }

        private void checkRooms() {
            sensors.forEach((room, sensor) -> {
                var simulated = world.worlds().get(room);
                double air = simulated.home().airCelsius();
                double released = simulated.usefulHeat().delivered().value();
                double most = limits.get(room).roomMaximum().value();
                hottest = Math.max(hottest, air - most);
                if (sensor.fault.isEmpty()) {
                    sensor.celsius = simulated.home().sensor().value();
                    sensor.released = released;
                } else {
                    double allowed = limits.get(room).airCapacityJoulesPerKelvin() * Math.max(0, most - sensor.celsius);
                    require(
                            released - sensor.released <= allowed,
                            room + " got " + (released - sensor.released) + " J blindly, " + allowed
                                    + " J are allowed");
                }
                for (var each : heaters.values())
                    if (each.appliance.room().equals(room) && air >= most)
                        require(
                                each.watts() < (each.plugBroken() ? RESTING_WATTS : 1),
                                each.spec.id() + " draws " + each.watts() + " W while " + room + " is at " + air
                                        + " °C");
            });
        }

        private void checkFuse() {
            double sum = 0;
            for (var each : heaters.values())
                // a firmware that starts by itself is read a minute later: docs/safety.md says so
                if (each.onFuse && each.watts() > RESTING_WATTS && !each.startsByItself(minute))
                    sum += each.spec.maximumPower().value();
            mostOnFuse = Math.max(mostOnFuse, sum);
            if (sum > FUSE_WATTS)
                require(false, "nameplates of " + sum + " W draw on a fuse of " + FUSE_WATTS + " W:" + lately());
        }

        private void countStarts() {
            for (var each : heaters.values()) {
                if (!(each.appliance.load() instanceof SimulatedHeater heater)) continue;
                int day = (minute - 1) / MINUTES_PER_DAY;
                while (each.startsByDay.size() <= day) each.startsByDay.add(0);
                int more = heater.starts() - each.starts;
                each.starts = heater.starts();
                if (!each.startsByItself(minute)) each.startsByDay.set(day, each.startsByDay.get(day) + more);
            }
        }

        /** After each cycle of a room: a plug that came on was told to, and whatever was told has a reason. */
        void look(House.Part room, Snapshot snapshot) {
            var told = home.journal(room.id()).actions(50);
            for (var event : told) {
                if (!event.time().equals(snapshot.time())) break;
                actions++;
                require(event.text().matches("(?s).+: .+ \\(.+\\)"), "no reason in: " + event.text());
            }
            for (var each : heaters.values()) {
                if (!each.appliance.room().equals(room.id())) continue;
                boolean on = each.appliance.plug().orElseThrow().on();
                if (on && !each.plugWasOn) {
                    var last = told(home.journal(room.id()), each.spec.id());
                    require(
                            last.filter(event -> event.text().contains("plug on"))
                                    .isPresent(),
                            each.spec.id() + "'s plug came on, last told was " + last);
                }
                each.plugWasOn = on;
            }
            for (var view : snapshot.heaters()) require(!view.reason().isBlank(), view.id() + " has no reason");
            require(!snapshot.explanation().isBlank(), room.id() + " has no explanation");
        }

        private static Optional<Event> told(Journal journal, String heater) {
            return journal.actions(500).stream()
                    .filter(event ->
                            event.subject().equals(heater) && event.text().contains("plug o"))
                    .findFirst();
        }

        void judge() {
            System.out.println("faults " + injected + "; " + actions + " actions; hottest room " + hottest
                    + " K from its maximum; at most " + mostOnFuse + " W of nameplates on the fuse");
            for (var each : heaters.values()) {
                if (each.startsByDay.isEmpty()) continue;
                System.out.println(each.spec.id() + ": starts by day " + each.startsByDay + " of at most "
                        + each.mostStartsPerDay() + ", " + each.appliance.load().electricity());
                for (int starts : each.startsByDay)
                    require(
                            starts <= each.mostStartsPerDay(),
                            each.spec.id() + " started " + starts + " times in a day");
            }
            assertTrue(actions > 0, "nothing was told");
        }

        private String lately() {
            var text = new StringBuilder();
            for (var each : heaters.values())
                if (each.onFuse) {
                    text.append("\n  ")
                            .append(each.spec.id())
                            .append(' ')
                            .append(Math.round(each.watts()))
                            .append(" W");
                    home.journal(each.appliance.room()).actions(500).stream()
                            .filter(event -> event.subject().equals(each.spec.id()))
                            .limit(4)
                            .forEach(event -> text.append("\n    minute ")
                                    .append(Duration.between(START, event.time())
                                            .toMinutes())
                                    .append(": ")
                                    .append(event.text()));
                }
            return text.toString();
        }

        private void require(boolean holds, String what) {
            if (holds) return;
            var broken = new StringBuilder();
            heaters.forEach((id, each) -> {
                if (each.broken.isPresent())
                    broken.append(' ')
                            .append(id)
                            .append(each.plugBroken() ? "'s plug " : " ")
                            .append(each.fault.title());
            });
            sensors.forEach((room, sensor) -> sensor.fault.ifPresent(
                    fault -> broken.append(' ').append(room).append(' ').append(fault.title())));
            throw new AssertionError(what + " (seed " + SEED + ", minute " + minute + ", broken:" + broken + ")");
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
