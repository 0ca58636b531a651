package org.athanor.cli.heater;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.athanor.cli.heater.HomeSetup.Element;
import org.athanor.cli.heater.HomeSetup.HeaterEntry;
import org.athanor.cli.heater.HomeSetup.Network;
import org.athanor.cli.heater.SimulatedHome.Appliance;
import org.athanor.comfort.HeaterSpec;
import org.athanor.comfort.SafetyLimits;
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

/**
 * Six heaters of different kinds in three rooms, by a heater file, while devices, plugs and thermometers break at random, several
 * at once. Every minute is checked against the true home.
 *
 * <p>A whole week by {@code bench/run FaultyWeek [mixed|racks] [cold|spring] [SEED] [MINUTES]}; some hours of it are among the tests.
 */
final class FaultyWeek {
    private static final double FUSE_WATTS = 5000;
    private static final int MINUTES_PER_DAY = 1440;
    private static final int WEEK = 7 * MINUTES_PER_DAY;
    /** What a device draws while it rests, at the most: an Avalon miner draws 17 W, a Whatsminer 20 W. */
    private static final double RESTING_WATTS = 50;
    /** After a firmware that restarted by itself was mended, for as long starts may still be its doing. */
    private static final int AFTER_RESTARTS = 15;

    /**
     * Those cost wall time alone: what control sees of them is the same as of an unreachable one, and the drivers' own tests
     * have them.
     */
    private static final Set<Fault> SLOW = Set.of(Fault.SILENT, Fault.LATE, Fault.HOLDS_CONNECTION);

    /** When it is lived in; local midnight in Chicago. */
    enum Season {
        /** Heaters run most of the time, and the fuse carries less than the rooms want. */
        COLD("2019-01-05T06:00:00Z", 15),
        /** Mild days with a high sun, and people who want it as warm as it may be: rooms come near their maxima. */
        SPRING("2019-05-04T06:00:00Z", 20);

        private final Instant start;
        private final double leastWish;

        Season(String start, double leastWish) {
            this.start = Instant.parse(start);
            this.leastWish = leastWish;
        }
    }

    /**
     * What was seen of a life without a breach.
     *
     * @param fuseWatts most nameplates that drew from the fuse at once
     * @param nearest K between the hottest true room and its maximum, least of all rooms; negative above it
     * @param mostStarts of hash boards in one day, by heater
     */
    record Figures(double fuseWatts, double nearest, Map<String, Integer> mostStarts) {}

    private FaultyWeek() {}

    public static void main(String[] arguments) throws Exception {
        var machines = arguments.length > 0 ? Machines.valueOf(arguments[0].toUpperCase(Locale.ROOT)) : Machines.MIXED;
        var season = arguments.length > 1 ? Season.valueOf(arguments[1].toUpperCase(Locale.ROOT)) : Season.COLD;
        long seed = arguments.length > 2 ? Long.parseLong(arguments[2]) : System.nanoTime() & 0xFFFF_FFFFL;
        int minutes = arguments.length > 3 ? Integer.parseInt(arguments[3]) : WEEK;
        var folder = Files.createTempDirectory("faulty-week");
        long began = System.nanoTime();
        var figures = live(machines, season, seed, minutes, folder);
        System.out.printf(Locale.ROOT, "%s%n%.1f ms a minute%n", figures, (System.nanoTime() - began) / 1e6 / minutes);
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }

    /** Six of them live together; together both homes have every driver of the network. */
    enum Machines {
        MIXED("floorArea: 35", "floorArea: 20, insulation: good, maximum: 23", "floorArea: 60", """
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
                """),
        /** More heat needs more room: what is still on its way must not lead beyond the maximum. */
        RACKS("floorArea: 150", "floorArea: 180, maximum: 24", "floorArea: 200", """
                  - id: nano
                    room: living
                    kind: nano3
                    address: "127.0.0.1:PORT"
                    plug: {kind: shelly, address: "127.0.0.1:PORT", ratingWatts: 2500}
                  - id: avalon
                    room: living
                    kind: avalon-a15
                    address: "127.0.0.1:PORT"
                    circuit: flat
                    plug: {kind: tasmota, address: "127.0.0.1:PORT", ratingWatts: 5000}
                  - id: luxos
                    room: study
                    kind: luxos
                    levels: ["190MHz 784", "340MHz 1414", "490MHz 2192"]
                    maximumWatts: 2400
                    address: "127.0.0.1:PORT"
                    circuit: flat
                    plug: {kind: tasmota, address: "127.0.0.1:PORT", ratingWatts: 4000}
                  - id: vnish
                    room: study
                    kind: vnish
                    levels: [1000, 2000, 3050]
                    maximumWatts: 3600
                    password: admin
                    address: "127.0.0.1:PORT"
                    circuit: flat
                    plug: {kind: shelly, address: "127.0.0.1:PORT", ratingWatts: 4000}
                  - id: whatsminer
                    room: workshop
                    kind: whatsminer-v3
                    levels: [2000]
                    maximumWatts: 3500
                    user: super
                    password: athanor
                    address: "127.0.0.1:PORT"
                    circuit: flat
                    plug: {kind: tasmota, address: "127.0.0.1:PORT", ratingWatts: 4000}
                  - id: antminer
                    room: workshop
                    kind: antminer
                    levels: [2400, 3250]
                    maximumWatts: 3600
                    user: root
                    password: root
                    address: "127.0.0.1:PORT"
                    circuit: flat
                    plug: {kind: shelly, address: "127.0.0.1:PORT", ratingWatts: 4000}
                """);

        private final String living;
        private final String study;
        private final String workshop;
        private final String heaters;

        Machines(String living, String study, String workshop, String heaters) {
            this.living = living;
            this.study = study;
            this.workshop = workshop;
            this.heaters = heaters;
        }

        String file() {
            return """
                    zone: UTC
                    state: state
                    tariff: {kind: flat, price: 0.3}
                    circuits: [{id: flat, watts: 5000}]
                    rooms:
                      - {id: living, %s, setpoint: 21, maximum: 25, thermometer: {kind: shelly, address: "127.0.0.1:PORT"}}
                      - {id: study, %s, setpoint: 20, thermometer: {kind: shelly, address: "127.0.0.1:PORT"}}
                      - {id: workshop, %s, setpoint: 18, maximum: 24, thermometer: {kind: shelly, address: "127.0.0.1:PORT"}}
                    heaters:
                    """.formatted(living, study, workshop) + heaters;
        }
    }

    /** @throws AssertionError for the first breach, with what repeats it */
    static Figures live(Machines machines, Season season, long seed, int minutes, Path folder)
            throws IOException, InterruptedException {
        System.out.println(minutes + " minutes of faults, " + machines + ", " + season + ", seed " + seed);
        try (var ground = HomeOnPorts.open(folder.resolve("heater.yaml"), machines.file(), season.start, seed)) {
            var trial = new Trial(ground.setup(), ground.world(), season, seed, minutes);
            var home = HeaterHome.open(ground.setup(), trial, trial, _ -> {});
            try {
                trial.home = home;
                home.house().run(cycle -> trial.look(cycle.getKey(), cycle.getValue()));
            } catch (InterruptedException e) {
                trial.mend();
            } finally {
                ground.stop(home);
            }
            var figures = trial.judge();
            for (var each : ground.world().worlds().values())
                if (!(each.balanceRelativeError() < 1e-9)) throw new AssertionError("energy is missing");
            return figures;
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

    /** Of a room, what it got since its thermometer could be trusted, and since it was below its maximum. */
    private static final class Blindness {
        Optional<Fault> fault = Optional.empty();
        int until;
        double celsius;
        double released;
        double held;
        double releasedBelow;
        double hottest = Double.NEGATIVE_INFINITY;
        int minutesAbove;
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
        int startedAt = -MINUTES_PER_DAY;
        int troubled = -MINUTES_PER_DAY;
        final List<Integer> startsByDay = new ArrayList<>();
        boolean plugWasOn;
        double wattsBefore;

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

        /** Less than its lowest level gives, and less than a minute ago. */
        boolean runsDown() {
            return watts() < spec.watts(1).value() / 4 && watts() < wattsBefore;
        }

        double watts() {
            return appliance.load().power().value();
        }

        /**
         * Its minimum times alone would allow twice as many, to a heater that is wanted at half its lowest level all day: no
         * room's demand stays there, as outdoors and sun move.
         */
        int mostStartsPerDay() {
            double cycle = spec.minimumOn().plus(spec.minimumOff()).toMinutes();
            return 1 + (int) (MINUTES_PER_DAY / (2 * cycle));
        }
    }

    /** Moves the home on, breaks it, and looks whether the truth is as it must be. */
    private static final class Trial implements Ticker, InstantSource {
        private final SimulatedHome world;
        private final Season season;
        private final long seed;
        private final int minutes;
        private final Random random;
        private final Map<String, Watched> heaters = new LinkedHashMap<>();
        private final Map<String, SafetyLimits> limits = new LinkedHashMap<>();
        private final Map<String, Blindness> sensors = new LinkedHashMap<>();
        private final Map<Fault, Integer> injected = new HashMap<>();
        private HeaterHome home;
        private int minute;
        private int actions;
        private double mostOnFuse;

        Trial(HomeSetup setup, SimulatedHome world, Season season, long seed, int minutes) {
            this.world = world;
            this.season = season;
            this.seed = seed;
            this.minutes = minutes;
            this.random = new Random(seed);
            for (var entry : setup.heaters())
                heaters.put(entry.id(), new Watched(entry, world.appliances().get(entry.id())));
            for (var room : setup.rooms()) {
                limits.put(room.id(), HomeSetup.limits(room));
                sensors.put(room.id(), new Blindness());
            }
        }

        @Override
        public Instant instant() {
            return season.start.plusSeconds(60L * minute);
        }

        @Override
        public Tick next() throws InterruptedException {
            // a controller that stands still for a while: countdowns are all that is left. One that does not run at the
            // same time
            // would be two failures of the one protection
            boolean leases = heaters.values().stream().noneMatch(each -> each.has(Fault.FORGETS_LEASE));
            int pause = leases && random.nextInt(400) == 0 ? random.nextInt(2, 20) : 1;
            for (int i = 0; i < pause; i++) {
                if (minute >= minutes) throw new InterruptedException("the time is over");
                breakAndMend();
                world.advance(Duration.ofMinutes(1));
                minute++;
                checkFuse();
                checkRooms();
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
            control.setpoint(new Celsius(random.nextDouble(Math.min(season.leastWish, highest - 1), highest)));
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
                sensor.hottest = Math.max(sensor.hottest, air);
                if (air < most) sensor.releasedBelow = released;
                else sensor.minutesAbove++;
                if (sensor.fault.isEmpty()) {
                    sensor.celsius = simulated.home().sensor().value();
                    sensor.released = released;
                    sensor.held = heaters.values().stream()
                            .filter(each -> each.appliance.room().equals(room))
                            .mapToDouble(each -> each.appliance.load().stored().value())
                            .sum();
                } else {
                    // a room at its maximum still takes what its devices held when it was seen last
                    double allowed = Math.max(
                            sensor.held,
                            limits.get(room).airCapacityJoulesPerKelvin() * Math.max(0, most - sensor.celsius));
                    require(
                            released - sensor.released <= allowed,
                            room + " got " + (released - sensor.released) + " J blindly, " + allowed
                                    + " J are allowed");
                }
                double stored = 0;
                for (var each : heaters.values()) {
                    if (!each.appliance.room().equals(room)) continue;
                    double resting = each.plugBroken() ? RESTING_WATTS : 1;
                    if (air >= most)
                        require(
                                each.watts() < resting && each.wattsBefore < RESTING_WATTS,
                                each.spec.id() + " draws " + each.watts() + " W, a minute ago " + each.wattsBefore
                                        + " W, while " + room + " is at " + air + " °C");
                    stored += each.spec.storedHeat().value();
                    each.wattsBefore = each.watts();
                }
                double late = released - sensor.releasedBelow;
                double resting = heaters.size() * RESTING_WATTS * 60 * sensor.minutesAbove;
                require(
                        late <= stored + resting,
                        room + " got " + late + " J above its maximum, where " + stored + " J are stored at most");
            });
        }

        private void checkFuse() {
            double sum = 0;
            for (var each : heaters.values())
                // a firmware that starts by itself is read a minute later: docs/safety.md says so
                if (each.onFuse && each.watts() > RESTING_WATTS && !each.startsByItself(minute))
                    // one that runs down after it was switched off has given its place free, and holds what it draws
                    sum += each.runsDown()
                            ? each.watts()
                            : each.spec.maximumPower().value();
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
                if (each.broken.isPresent()
                        || sensors.get(each.appliance.room()).fault.isPresent()) each.troubled = minute;
                if (more == 0) continue;
                // a change of level may start its boards anew, and it may stop right after that; then it must rest
                int gap = minute - each.startedAt;
                require(
                        gap + 1 >= each.spec.minimumOff().toMinutes()
                                || each.troubled >= each.startedAt - AFTER_RESTARTS,
                        each.spec.id() + " started again after " + gap + " min:" + lately(each));
                each.startedAt = minute;
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

        Figures judge() {
            require(minute == minutes, "it ended early");
            require(actions > 0, "nothing was told");
            var mostStarts = new LinkedHashMap<String, Integer>();
            for (var each : heaters.values()) {
                if (each.startsByDay.isEmpty()) continue;
                System.out.println(each.spec.id() + ": starts by day " + each.startsByDay + " of at most "
                        + each.mostStartsPerDay() + ", " + each.appliance.load().electricity());
                for (int starts : each.startsByDay)
                    require(
                            starts <= each.mostStartsPerDay(),
                            each.spec.id() + " started " + starts + " times in a day");
                mostStarts.put(each.spec.id(), each.startsByDay.stream().reduce(0, Math::max));
            }
            double nearest = Double.POSITIVE_INFINITY;
            for (var room : sensors.keySet()) {
                double most = limits.get(room).roomMaximum().value();
                var sensor = sensors.get(room);
                System.out.printf(
                        Locale.ROOT,
                        "%s: at most %.2f °C of %.1f °C, %d min above%n",
                        room,
                        sensor.hottest,
                        most,
                        sensor.minutesAbove);
                nearest = Math.min(nearest, most - sensor.hottest);
            }
            System.out.println("faults " + injected + "; " + actions + " actions");
            return new Figures(mostOnFuse, nearest, mostStarts);
        }

        /** What is broken when the time is over would only hold up the stop. */
        void mend() {
            for (var each : heaters.values()) each.broken.ifPresent(Breakable::clear);
            sensors.keySet().forEach(room -> world.thermometers().get(room).clear());
        }

        private String lately() {
            return heaters.values().stream()
                    .filter(each -> each.onFuse)
                    .map(this::lately)
                    .collect(Collectors.joining());
        }

        private String lately(Watched heater) {
            return home.journal(heater.appliance.room()).actions(500).stream()
                    .filter(event -> event.subject().equals(heater.spec.id()))
                    .limit(6)
                    .map(event -> "\n    minute "
                            + Duration.between(season.start, event.time()).toMinutes() + ": " + event.text())
                    .collect(Collectors.joining(
                            "", "\n  " + heater.spec.id() + " " + Math.round(heater.watts()) + " W", ""));
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
            throw new AssertionError(
                    what + " (" + season + ", seed " + seed + ", minute " + minute + ", broken:" + broken + ")");
        }
    }
}
