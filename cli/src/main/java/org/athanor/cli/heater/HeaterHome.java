package org.athanor.cli.heater;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.athanor.cli.heater.HomeSetup.Computer;
import org.athanor.cli.heater.HomeSetup.DayNight;
import org.athanor.cli.heater.HomeSetup.Element;
import org.athanor.cli.heater.HomeSetup.Gpu;
import org.athanor.cli.heater.HomeSetup.HeaterEntry;
import org.athanor.cli.heater.HomeSetup.Market;
import org.athanor.cli.heater.HomeSetup.Network;
import org.athanor.cli.heater.HomeSetup.PrimaryEntry;
import org.athanor.cli.heater.HomeSetup.Room;
import org.athanor.cli.heater.HomeSetup.Sink;
import org.athanor.cli.heater.HomeSetup.Tank;
import org.athanor.cli.heater.HomeSetup.Training;
import org.athanor.cli.resources.OpenResources;
import org.athanor.cli.train.SandboxOption;
import org.athanor.comfort.HeaterSpec;
import org.athanor.comfort.Outlook;
import org.athanor.comfort.ThermostatMode;
import org.athanor.comfort.learning.Construction;
import org.athanor.comfort.learning.Insulation;
import org.athanor.comfort.learning.RoomPrior;
import org.athanor.comfort.series.Location;
import org.athanor.comfort.series.Plane;
import org.athanor.comfort.series.WindowSun;
import org.athanor.devices.Heater;
import org.athanor.devices.Plug;
import org.athanor.devices.Thermometer;
import org.athanor.devices.cpu.CpuHeater;
import org.athanor.devices.gpu.GpuHeater;
import org.athanor.devices.mqtt.MqttBroker;
import org.athanor.devices.shelly.ResistiveElement;
import org.athanor.edge.ControlLoop;
import org.athanor.edge.Edge;
import org.athanor.edge.EdgeConfig;
import org.athanor.edge.ExpectedPay;
import org.athanor.edge.Fuses;
import org.athanor.edge.HeaterPart;
import org.athanor.edge.House;
import org.athanor.edge.MiningFigures;
import org.athanor.edge.Snapshot;
import org.athanor.edge.Ticker;
import org.athanor.edge.forecast.ForecastConfig;
import org.athanor.edge.forecast.OutlookSource;
import org.athanor.edge.forecast.RemoteOutlook;
import org.athanor.edge.journal.Earnings;
import org.athanor.edge.journal.Journal;
import org.athanor.edge.journal.Pruning;
import org.athanor.edge.journal.Terms;
import org.athanor.edge.mining.MiningWorker;
import org.athanor.edge.s2.ResourceManager;
import org.athanor.edge.training.Meter;
import org.athanor.edge.training.TrainingWork;
import org.athanor.edge.training.TrainingWorker;
import org.athanor.edge.training.WorkerConfig;
import org.athanor.stratum.ShareSink;
import org.athanor.training.engine.EngineException;
import org.athanor.training.engine.EngineLibraries;
import org.athanor.training.engine.EngineLimits.Isolation;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;
import org.athanor.units.Kelvins;

/** A home as its file describes it, opened: drivers, journals, forecasts, and a house that runs them. */
final class HeaterHome implements AutoCloseable {
    private static final Duration TIMEOUT = EdgeConfig.DEVICE_TIMEOUT;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Joules STORED_IN_ELEMENT = new Joules(60_000);

    /** Loss of an ordinary room per square metre of floor, W/K: for a thermostat that knows nothing yet. */
    private static final double LOSS_PER_SQUARE_METRE = 1.2;

    private static final double PER_KELVIN = 0.6;
    private static final Kelvins TANK_SWING = new Kelvins(2);
    private static final EdgeConfig.SetpointRange TANK_SETPOINTS =
            new EdgeConfig.SetpointRange(new Celsius(30), new Celsius(60));
    private static final RoomPrior NO_ROOM = new RoomPrior(10, Construction.MEDIUM, Insulation.AVERAGE);
    /** Where no pool is: the chips heat without one. */
    private static final int DISCARD_PORT = 9;

    private static final Duration STOP = Duration.ofSeconds(20);

    /** Of training after a pause: an engine starts, what was published meanwhile is fetched, and a round that was cut may count no more. */
    private static final Duration RESUMES = Duration.ofMinutes(2);

    private final HomeSetup setup;
    private final Cards cards;
    private final Consumer<String> notes;
    private final InstantSource clock;
    private final TrainingCards trainingCards;
    private final OpenResources open = new OpenResources("the home");
    private final Map<String, Journal> journals = new LinkedHashMap<>();
    private final HomePrices prices;
    private HomeLinks links;
    private OutlookSource outlook = EdgeConfig.NO_OUTLOOK;
    /** Read by meters of training while it grows. */
    private final List<House.Part> parts = new CopyOnWriteArrayList<>();

    private final Map<String, TrainingWork> trainings = new ConcurrentHashMap<>();
    private final HomePay pay;
    private House house;

    private HeaterHome(
            HomeSetup setup, Cards cards, TrainingCards training, InstantSource clock, Consumer<String> notes) {
        this.trainingCards = training;
        this.setup = setup;
        this.cards = opened(cards);
        this.clock = clock;
        this.notes = notes;
        this.prices = new HomePrices(setup);
        this.pay = new HomePay(setup, trainings);
    }

    /**
     * Opens everything; no device is asked yet but the GPUs of this computer.
     *
     * @param notes takes sentences on what the home will not do, and on trouble with brokers and forecasts, from any thread
     * @throws UserMistake for what its GPUs, once asked, cannot do: then nothing else was opened
     * @throws RuntimeException if a journal or a port cannot be had; then everything is closed again
     */
    static HeaterHome open(HomeSetup setup, Ticker ticker, InstantSource clock, Consumer<String> notes) {
        return open(setup, TrainingCards.ofThisComputer(), ticker, clock, notes);
    }

    /** @param gpus opens them */
    static HeaterHome open(
            HomeSetup setup, Cards.Driver gpus, Ticker ticker, InstantSource clock, Consumer<String> notes) {
        return open(setup, gpus, TrainingCards.ofThisComputer(), ticker, clock, notes);
    }

    /** @param cards in place of this computer's */
    static HeaterHome open(
            HomeSetup setup, TrainingCards cards, Ticker ticker, InstantSource clock, Consumer<String> notes) {
        return open(setup, cards.limited(), cards, ticker, clock, notes);
    }

    private static HeaterHome open(
            HomeSetup setup,
            Cards.Driver gpus,
            TrainingCards training,
            Ticker ticker,
            InstantSource clock,
            Consumer<String> notes) {
        var home = new HeaterHome(setup, Cards.open(setup, gpus), training, clock, notes);
        try {
            home.build(ticker);
            return home;
        } catch (RuntimeException | Error e) {
            home.open.close();
            throw e;
        }
    }

    House house() {
        return house;
    }

    /** What computers and their GPUs train, by the heater's id. */
    Map<String, TrainingWork> trainings() {
        return Map.copyOf(trainings);
    }

    /** That of the first room, which holds what belongs to the home. */
    Journal journal() {
        return journals.values().iterator().next();
    }

    /** @throws IllegalArgumentException if there is no such room */
    Journal journal(String room) {
        return Optional.ofNullable(journals.get(room))
                .orElseThrow(() -> new IllegalArgumentException("no room " + room));
    }

    private void build(Ticker ticker) {
        for (var sink : setup.rooms())
            SinkAdvice.of(setup, sink, cards::nameplate).forEach(notes);
        links = new HomeLinks(setup, setup.broker().map(config -> opened(MqttBroker.open(config, notes))), clock);
        var heatersOf = new LinkedHashMap<String, List<HeaterPart>>();
        var specs = new LinkedHashMap<String, List<HeaterSpec>>();
        for (var sink : setup.rooms()) {
            var heaters = setup.heaters().stream()
                    .filter(heater -> heater.sink().equals(sink.id()))
                    .map(this::part)
                    .toList();
            heatersOf.put(sink.id(), heaters);
            specs.put(sink.id(), heaters.stream().map(HeaterPart::spec).toList());
        }
        outlook = outlook(heatersOf.values().stream().flatMap(List::stream).toList());
        var fuses = new Fuses(setup.circuits(), specs);
        var outdoor = setup.outdoor().map(sensor -> opened(links.thermometer("outdoor", sensor)));
        for (var sink : setup.rooms()) {
            var journal = journal(sink);
            var earnings = new Earnings(
                    journal,
                    _ -> new Terms(
                            Optional.empty(), Optional.of(setup.scenario().rate())),
                    clock,
                    PATIENCE);
            var config = config(sink, heatersOf.get(sink.id()), outdoor, fuses.of(sink.id()));
            parts.add(new House.Part(
                    sink.id(), sink.name(), new Edge(new ControlLoop(config, journal, earnings), journal, ticker)));
        }
        house = opened(new House(parts, ticker));
    }

    private <T extends AutoCloseable> T opened(T closeable) {
        return open.opened(closeable);
    }

    static Path journalFile(HomeSetup setup, Sink sink) {
        return setup.state().resolve(sink.id()).resolve("journal");
    }

    private Journal journal(Sink sink) {
        try {
            Files.createDirectories(setup.state().resolve(sink.id()));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "state " + setup.state() + ": the folder cannot be made or written (" + e.getMessage() + ")", e);
        }
        var journal = opened(Journal.open(journalFile(setup, sink)));
        opened(Pruning.start(journal, clock, notes));
        journals.put(sink.id(), journal);
        return journal;
    }

    // ---- sinks

    private EdgeConfig config(Sink sink, List<HeaterPart> heaters, Optional<Thermometer> outdoor, Fuses.Share fuses) {
        double capacity = heaters.stream()
                .mapToDouble(part -> part.spec().levels().getLast().value())
                .sum();
        var room = opened(links.thermometer(sink.id(), sink.sensor()));
        return switch (sink) {
            case Room it -> {
                var config = new EdgeConfig(
                        heaters,
                        room,
                        it.second().map(sensor -> opened(links.thermometer(it.id() + "-second", sensor))),
                        outdoor,
                        it.schedule(),
                        it.band(),
                        new ThermostatMode.Tpi(
                                PER_KELVIN, LOSS_PER_SQUARE_METRE * it.prior().floorArea() / Math.max(1, capacity)),
                        HomeSetup.limits(it),
                        it.prior(),
                        outlook(it),
                        prices.booked(outlook),
                        setup.scenario(),
                        () -> Snapshot.World.real(setup.zone()),
                        fuses,
                        EdgeConfig.SetpointRange.OF_ROOMS,
                        TIMEOUT,
                        STOP);
                yield it.primary()
                        .map(entry -> config.with(opened(links.primary(it, entry))))
                        .orElse(config);
            }
            case Tank it ->
                new EdgeConfig(
                                heaters,
                                room,
                                it.second().map(sensor -> opened(links.thermometer(it.id() + "-second", sensor))),
                                Optional.empty(),
                                it.schedule(),
                                it.band(),
                                new ThermostatMode.Hysteresis(TANK_SWING),
                                HomeSetup.limits(it),
                                NO_ROOM,
                                tankOutlook(heaters),
                                prices.booked(outlook),
                                setup.scenario(),
                                () -> Snapshot.World.real(setup.zone()),
                                fuses,
                                TANK_SETPOINTS,
                                TIMEOUT,
                                STOP)
                        .with(it.spec());
        };
    }

    /** A tank's plan needs no weather: where the contract says the prices, they are known without a place. */
    private OutlookSource tankOutlook(List<HeaterPart> heaters) {
        if (setup.tariff() instanceof Market) return outlook;
        return time -> new Outlook(Optional.empty(), prices.known(time), pay.perHour(heaters));
    }

    /** With the price of what the room's boiler burns. */
    private OutlookSource outlook(Room room) {
        var fuel = room.primary().map(PrimaryEntry::fuelPerKwh).orElse(OptionalDouble.empty());
        if (fuel.isEmpty()) return outlook;
        return time -> {
            var seen = outlook.at(time);
            return seen.with(seen.house().withFuel(fuel.getAsDouble()));
        };
    }

    /**
     * Offers each room to the energy manager, if there is one, and each tank that is heated with computation.
     *
     * @return to be closed before the house
     */
    List<ResourceManager> offerRooms() {
        if (setup.manager().isEmpty()) return List.of();
        var names = setup.rooms().stream()
                .filter(sink -> sink instanceof Room || computes(sink))
                .map(Sink::id)
                .toList();
        return parts.stream()
                .filter(part -> names.contains(part.id()))
                .map(part -> opened(ResourceManager.start(
                        setup.manager().get(), part.edge().flexible(part.id(), part.name()), clock, notes)))
                .toList();
    }

    private boolean computes(Sink sink) {
        return setup.heaters().stream()
                .anyMatch(heater -> heater.sink().equals(sink.id()) && !(heater.source() instanceof Element));
    }

    // ---- heaters

    private HeaterPart part(HeaterEntry entry) {
        var plug = entry.plug().map(each -> opened(links.plug(entry.id() + "-plug", each)));
        var figures = new HashMap<String, Supplier<MiningFigures>>();
        var pays = new HashMap<String, ExpectedPay>();
        var heater = opened(heater(entry, plug, figures, pays));
        var plain = HeaterPart.spec(entry.id(), heater.capabilities(), plug.isPresent(), entry.preference());
        var paid = trainings.containsKey(entry.id()) ? plain.earningAfter(RESUMES) : plain;
        var spec = entry.waterCelsius().isPresent()
                ? paid.heatingUpTo(new Celsius(entry.waterCelsius().getAsDouble()))
                : paid;
        return new HeaterPart(
                entry.name(),
                entry.circuit().map(spec::onCircuit).orElse(spec),
                heater,
                plug,
                Optional.ofNullable(figures.get(entry.id())),
                entry.unprotectedAccepted(),
                entry.ours(),
                Optional.ofNullable(pays.get(entry.id())));
    }

    private Heater heater(
            HeaterEntry entry,
            Optional<Plug> plug,
            Map<String, Supplier<MiningFigures>> figures,
            Map<String, ExpectedPay> pays) {
        return switch (entry.source()) {
            case Network network -> {
                pays.put(entry.id(), pay.expected(network));
                yield network.kind().create(network.settings());
            }
            case Element element ->
                new ResistiveElement(
                        entry.id(), plug.orElseThrow(), element.watts(), STORED_IN_ELEMENT, SinkLimits.COUNTDOWN);
            case Gpu gpu -> {
                var card = cards.take(entry);
                yield gpu.training().isPresent() ? training(entry, gpu, card, pays) : card;
            }
            case Computer computer -> computer(entry, computer, figures, pays);
        };
    }

    private Heater computer(
            HeaterEntry entry,
            Computer computer,
            Map<String, Supplier<MiningFigures>> figures,
            Map<String, ExpectedPay> pays) {
        var paid = new ComputerPay(
                pay.perHash(), computer.training().map(Training::paysPerKwh).orElse(0.0));
        pays.put(entry.id(), paid);
        var mining = opened(worker(entry.id(), paid));
        var trains = HomePay.best(computer, setup).trains();
        if (!trains || setup.watching().isPresent())
            figures.put(
                    entry.id(),
                    () -> new MiningFigures(
                            mining.counters().accepted(),
                            mining.counters().rejected(),
                            Optional.of(mining.counters().rate()),
                            Optional.empty()));
        if (!trains) return new CpuHeater(entry.id(), mining, computer.threads(), computer.wattsPerThread());
        var training = computer.training().orElseThrow();
        warnOfNoSandbox(entry, training);
        // a card's watts are none of this heater's levels: governor and fuse would not know of them
        var work = opened(TrainingWork.start(
                entry.name(),
                meter -> trainer(entry, training, EngineLibraries.Places.usual().onProcessor(), meter),
                mining,
                level -> watts(entry, computer, level),
                System::nanoTime,
                notes));
        trainings.put(entry.id(), work);
        paid.trainedBy(() -> work.standing().joules());
        return new CpuHeater(entry.id(), work, computer.threads(), computer.wattsPerThread());
    }

    /** Work and card know each other: the one heats, and the other measures what that takes. */
    private Heater training(HeaterEntry entry, Gpu gpu, Heater limited, Map<String, ExpectedPay> pays) {
        limited.close(); // it has told what the home had to know before anything else was opened
        var training = gpu.training().orElseThrow();
        warnOfNoSandbox(entry, training);
        var card = new CompletableFuture<GpuHeater>();
        var work = opened(TrainingWork.measured(
                entry.name(),
                meter -> trainer(
                        entry,
                        training,
                        trainingCards.engine().apply(TrainingCards.once(card).uuid()),
                        meter),
                () -> card.isDone() ? TrainingCards.draws(card.join()) : OptionalDouble.empty(),
                System::nanoTime,
                notes));
        card.complete(trainingCards.computing(entry, gpu, work));
        trainings.put(entry.id(), work);
        var paid = new ComputerPay(0, training.paysPerKwh());
        paid.trainedBy(() -> work.standing().joules());
        pays.put(entry.id(), paid);
        return card.join();
    }

    private void warnOfNoSandbox(HeaterEntry entry, Training training) {
        if (training.limits().sandbox() == Isolation.NONE)
            notes.accept(entry.name() + " trains without a sandbox. " + SandboxOption.WARNING);
    }

    private TrainingWorker trainer(HeaterEntry entry, Training training, EngineLibraries.Places places, Meter meter)
            throws EngineException, InterruptedException {
        var libraries = EngineLibraries.get(places, (file, bytes, ofAll) -> {
            if (bytes == ofAll) notes.accept(entry.name() + " has fetched " + file + " for its training");
        });
        return new TrainingWorker(
                new WorkerConfig(
                        training.coordinator(),
                        training.token(),
                        setup.state().resolve("training").resolve(entry.id()),
                        setup.name() + ", " + entry.name(),
                        training.limits(),
                        libraries,
                        training.upBytes(),
                        training.downBytes()),
                meter);
    }

    /** As it was last read at this level, by its plug where there is one; as declared until then. */
    private double watts(HeaterEntry entry, Computer computer, int level) {
        return parts.stream()
                .filter(part -> part.id().equals(entry.sink()))
                .flatMap(part -> part.edge().snapshot().stream())
                .flatMap(now -> now.heaters().stream())
                .filter(view ->
                        view.id().equals(entry.id()) && view.level().equals(Optional.of(CpuHeater.levelName(level))))
                .flatMap(view -> view.watts().stream())
                .findFirst()
                .orElse(computer.wattsPerThread().times(level))
                .value();
    }

    /** Without a pool the chips hash for nobody: they heat all the same. */
    private MiningWorker worker(String id, ShareSink verdicts) {
        var pool = setup.watching().map(each -> each.address().socket());
        var user = setup.watching().map(HomeSetup.Pool::user).orElse(id);
        var nowhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), DISCARD_PORT);
        return MiningWorker.start(
                MiningWorker.Config.of(pool.orElse(nowhere), user, "athanor/0.1")
                        .heatingWithoutPool(),
                verdicts);
    }

    // ---- what is to come

    private OutlookSource outlook(List<HeaterPart> heaters) {
        if (setup.place().isEmpty()) return EdgeConfig.NO_OUTLOOK;
        var place = setup.place().get();
        var windows = place.windows().isEmpty()
                ? WindowSun.SOUTH
                : new WindowSun(place.windows().stream()
                        .map(azimuth -> new WindowSun.Facing(new Plane(azimuth, 90), 1))
                        .toList());
        var folder = setup.state().resolve("forecast");
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("state " + folder + ": cannot be made (" + e.getMessage() + ")", e);
        }
        var config = new ForecastConfig(
                new Location(setup.name(), place.latitude(), place.longitude(), 0), windows, prices.terms(), folder);
        var remote = opened(RemoteOutlook.start(config, () -> pay.perHour(heaters), clock, notes));
        if (!(setup.tariff() instanceof DayNight)) return remote;
        return time -> {
            var seen = remote.at(time);
            return new Outlook(seen.forecast(), prices.known(time), seen.revenuePerHour()).with(seen.house());
        };
    }

    /** The graceful stop, then all that was opened is closed, in reverse order. */
    @Override
    public void close() {
        open.close();
    }
}
