package org.athanor.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.athanor.comfort.ComfortConfig;
import org.athanor.comfort.PlanningConfig;
import org.athanor.devices.Thermometer;
import org.athanor.devices.cpu.CpuHeater;
import org.athanor.devices.shelly.ResistiveElement;
import org.athanor.devices.simulated.SimulatedCpu;
import org.athanor.devices.simulated.SimulatedElement;
import org.athanor.edge.ControlLoop;
import org.athanor.edge.Edge;
import org.athanor.edge.EdgeConfig;
import org.athanor.edge.HeaterPart;
import org.athanor.edge.Snapshot;
import org.athanor.edge.Tariff;
import org.athanor.edge.Tick;
import org.athanor.edge.journal.Earnings;
import org.athanor.edge.journal.Journal;
import org.athanor.edge.journal.Terms;
import org.athanor.edge.training.TrainingWork;
import org.athanor.edge.training.TrainingWorker;
import org.athanor.ledger.MiningScenario;
import org.athanor.simulation.Outlet;
import org.athanor.simulation.VirtualClock;
import org.athanor.simulation.World;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;
import org.athanor.units.Kelvins;
import org.athanor.units.PricePerKwh;
import org.athanor.units.Watts;

/**
 * One home of {@code demo --train}: simulated flat and weather, a real controller, and a heater whose level 1 is a real engine that
 * trains, on one thread that stands for a workstation.
 */
final class DemoTrainHome implements AutoCloseable {
    /** What the machine draws that the engine's thread stands for: a workstation. */
    static final Watts WATTS = new Watts(400);

    /** Who is too warm opens a window, before the band ends. */
    private static final Kelvins AIRED = new Kelvins(0.8);

    /** EUR, of training: less than electricity costs, so that only heat that is wanted is made with it, and before any other heat. */
    static final double PAYS_PER_KWH = 0.05;

    private static final Duration RESUMES = Duration.ofMinutes(2);
    private static final String HEATER = "trainer";
    private static final String BOOST = "boost";
    private static final Joules STORED_IN_BOOST = new Joules(60_000);
    private static final double BOOST_JOULES_PER_KELVIN = 400;
    private static final Duration COUNTDOWN = Duration.ofSeconds(150);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /**
     * Who lives where.
     *
     * @param name for people
     * @param data weather and prices
     * @param start in this home's own year
     */
    record Place(String name, DemoData data, Instant start) {}

    private final Place place;
    private final VirtualClock clock;
    private final World world;
    private final CpuHeater heater;
    private final TrainingWork work;
    private final DemoPlug plug;
    private final Journal journal;
    private final Edge edge;
    private final DemoTrainDays days;
    private double degreeMinutes;
    private long minutes;
    private boolean closed;
    private volatile Snapshot last;
    private volatile String worker = "";

    /**
     * @param start of its worker
     * @param notes takes sentences on trouble
     */
    DemoTrainHome(
            Place place,
            long seed,
            Celsius setpoint,
            Path folder,
            TrainingWork.Start start,
            Consumer<String> notes,
            Supplier<OptionalDouble> speed) {
        this.place = place;
        var offset = World.offset(place.data().weather().location());
        clock = new VirtualClock(place.start());
        work = TrainingWork.start(
                place.name(),
                start,
                new IdleChips(),
                level -> WATTS.value() * level,
                () -> Duration.between(place.start(), clock.instant()).toNanos(),
                notes);
        heater = CpuHeater.declared(HEATER, work, 1, WATTS);
        var part = new HeaterPart(
                "Training heater",
                HeaterPart.spec(HEATER, heater.capabilities(), false, 0).earningAfter(RESUMES),
                heater,
                Optional.empty(),
                Optional.empty(),
                false);
        var element = new SimulatedElement(DemoHome.BOOST, BOOST_JOULES_PER_KELVIN);
        plug = new DemoPlug("boost-plug", element, DemoHome.PLUG_RATING);
        var boost = HeaterPart.of(
                "Boost element",
                new ResistiveElement(BOOST, plug, DemoHome.BOOST, STORED_IN_BOOST, COUNTDOWN),
                Optional.of(plug),
                1,
                Optional.empty());
        var comfort = ComfortConfig.wellInsulatedFlat(offset, setpoint, List.of(part.spec(), boost.spec()));
        var scenario = MiningScenario.JULY_2025;
        var outlook =
                new DemoOutlook(place.data(), Map.of(HEATER, List.of(0.0, PAYS_PER_KWH * WATTS.value() / 1000)), seed);
        var past = DemoPast.live(
                place.data().weather(),
                place.start(),
                seed,
                new PlanningConfig(comfort, FlatEdge.PRIOR),
                outlook,
                Optional.of(setpoint.plus(AIRED)));
        var home = past.home();
        world = new World(
                clock,
                home,
                List.of(
                        new Outlet.Direct(HEATER, new SimulatedCpu(this::drawn), DemoHome.BLOWN),
                        plug.outlet(BOOST, DemoHome.PANEL)),
                _ -> setpoint);
        journal = Journal.open(folder.resolve("journal"));
        journal.learned(ControlLoop.LEARNED, place.start(), past.learned());
        var config = new EdgeConfig(
                List.of(part, boost),
                thermometer("room", home::sensor),
                Optional.of(thermometer("second", home::sensor)),
                Optional.of(thermometer("outdoor", () -> new Celsius(home.outdoorCelsius()))),
                comfort.schedule(),
                comfort.band(),
                comfort.mode(),
                comfort.limits(),
                FlatEdge.PRIOR,
                outlook,
                tariff(),
                scenario,
                () -> new Snapshot.World(
                        true, speed.get(), offset, List.of(place.data().note())),
                EdgeConfig.DEVICE_TIMEOUT,
                EdgeConfig.STOP_TIMEOUT);
        var earnings = new Earnings(
                journal,
                _ -> new Terms(Optional.empty(), Optional.of(scenario.rate())),
                InstantSource.system(),
                PATIENCE);
        edge = new Edge(
                new ControlLoop(config, journal, earnings),
                journal,
                () -> new Tick(
                        clock.instant(),
                        Duration.between(place.start(), clock.instant()).toNanos()));
        days = new DemoTrainDays(place.start());
    }

    /** Asked of the level, not of the driver: a reading would renew the lease that the controller has to renew. */
    private Watts drawn() {
        return work.level() > 0 ? WATTS : Watts.ZERO;
    }

    private static Thermometer thermometer(String id, Supplier<Celsius> truth) {
        return new Thermometer() {
            @Override
            public String id() {
                return id;
            }

            @Override
            public Celsius read() {
                return truth.get();
            }

            @Override
            public void close() {} // holds nothing
        };
    }

    private Tariff tariff() {
        return new Tariff() {
            @Override
            public Currency currency() {
                return MiningScenario.JULY_2025.currency();
            }

            @Override
            public Optional<PricePerKwh> at(Instant time) {
                return Optional.of(place.data()
                        .electricity()
                        .at(World.sinceYearStart(time, place.data().weather().location())));
            }
        };
    }

    /** Time goes on, then the controller looks and decides. */
    void step(Duration step) throws InterruptedException {
        world.advance(step);
        last = edge.cycle();
        days.add(clock.instant(), trains());
        degreeMinutes += world.home().outdoorCelsius() * step.toMinutes();
        minutes += step.toMinutes();
        work.standing()
                .worker()
                .map(TrainingWorker.Status::worker)
                .filter(name -> name != null)
                .ifPresent(name -> worker = name);
    }

    /** °C, since the start; of the thread that makes the steps, or after the last. */
    double meanOutdoor() {
        return minutes == 0 ? world.home().outdoorCelsius() : degreeMinutes / minutes;
    }

    /** Its name in the job; empty before it has joined. */
    String worker() {
        return worker;
    }

    Instant start() {
        return place.start();
    }

    /** Whether its controller wants heat now, and takes it from the job. */
    boolean trains() {
        return work.level() > 0 && work.standing().takesPart();
    }

    /** Whether its plain element helps. */
    boolean boosted() {
        return plug.read().on();
    }

    String name() {
        return place.name();
    }

    ZoneOffset offset() {
        return World.offset(place.data().weather().location());
    }

    Instant now() {
        return clock.instant();
    }

    World world() {
        return world;
    }

    /** After the last step; null before the first. */
    Snapshot last() {
        return last;
    }

    DemoTrainDays days() {
        return days;
    }

    TrainingWork work() {
        return work;
    }

    /** What the heater that trains has drawn, all of which is heat in the room. */
    double kilowattHours() {
        return world.electricity().get(HEATER).kilowattHours();
    }

    /** The same of the plain element that helps it in great cold. */
    double boostKilowattHours() {
        return world.electricity().get(BOOST).kilowattHours();
    }

    /** The heater off, the engine ended, the worker gone; a second time is none. */
    @Override
    public void close() {
        if (closed) return;
        closed = true;
        try {
            edge.close();
        } finally {
            heater.close();
            work.close();
            journal.close();
        }
    }
}
