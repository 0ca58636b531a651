package org.athanor.cli.heater;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.Currency;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.athanor.cli.heater.HomeSetup.ClimateEntity;
import org.athanor.cli.heater.HomeSetup.Computer;
import org.athanor.cli.heater.HomeSetup.DayNight;
import org.athanor.cli.heater.HomeSetup.Element;
import org.athanor.cli.heater.HomeSetup.EntitySensor;
import org.athanor.cli.heater.HomeSetup.Flat;
import org.athanor.cli.heater.HomeSetup.Gateway;
import org.athanor.cli.heater.HomeSetup.Gpu;
import org.athanor.cli.heater.HomeSetup.HeaterEntry;
import org.athanor.cli.heater.HomeSetup.HwmonSensor;
import org.athanor.cli.heater.HomeSetup.Market;
import org.athanor.cli.heater.HomeSetup.Network;
import org.athanor.cli.heater.HomeSetup.NumberSensor;
import org.athanor.cli.heater.HomeSetup.OneWireSensor;
import org.athanor.cli.heater.HomeSetup.PlugEntry;
import org.athanor.cli.heater.HomeSetup.PrimaryEntry;
import org.athanor.cli.heater.HomeSetup.Room;
import org.athanor.cli.heater.HomeSetup.Sensor;
import org.athanor.cli.heater.HomeSetup.ShellyPlugEntry;
import org.athanor.cli.heater.HomeSetup.ShellySensor;
import org.athanor.cli.heater.HomeSetup.Sink;
import org.athanor.cli.heater.HomeSetup.Tank;
import org.athanor.cli.heater.HomeSetup.TasmotaPlugEntry;
import org.athanor.cli.heater.HomeSetup.TasmotaSensor;
import org.athanor.cli.heater.HomeSetup.TasmotaTopicEntry;
import org.athanor.cli.heater.HomeSetup.Training;
import org.athanor.cli.heater.HomeSetup.ZigbeePlugEntry;
import org.athanor.cli.heater.HomeSetup.ZigbeeSensor;
import org.athanor.cli.resources.OpenResources;
import org.athanor.cli.terminal.UserMistake;
import org.athanor.cli.train.SandboxOption;
import org.athanor.comfort.HeaterSpec;
import org.athanor.comfort.Outlook;
import org.athanor.comfort.ThermostatMode;
import org.athanor.comfort.learning.Construction;
import org.athanor.comfort.learning.Insulation;
import org.athanor.comfort.learning.RoomPrior;
import org.athanor.comfort.series.Location;
import org.athanor.comfort.series.Plane;
import org.athanor.comfort.series.PriceOutlook;
import org.athanor.comfort.series.WindowSun;
import org.athanor.devices.Heater;
import org.athanor.devices.Plug;
import org.athanor.devices.Thermometer;
import org.athanor.devices.cpu.CpuHeater;
import org.athanor.devices.files.HwmonThermometer;
import org.athanor.devices.files.OneWireThermometer;
import org.athanor.devices.gpu.LimitedGpu;
import org.athanor.devices.homeassistant.HomeAssistantAccess;
import org.athanor.devices.homeassistant.HomeAssistantClimate;
import org.athanor.devices.homeassistant.HomeAssistantPower;
import org.athanor.devices.homeassistant.HomeAssistantThermometer;
import org.athanor.devices.mqtt.MqttBroker;
import org.athanor.devices.mqtt.MqttPlug;
import org.athanor.devices.mqtt.MqttThermometer;
import org.athanor.devices.mqtt.TemperatureShape;
import org.athanor.devices.opentherm.OpenThermGateway;
import org.athanor.devices.shelly.ResistiveElement;
import org.athanor.devices.shelly.ShellyPlug;
import org.athanor.devices.shelly.ShellyThermometer;
import org.athanor.devices.tasmota.TasmotaPlug;
import org.athanor.edge.ControlLoop;
import org.athanor.edge.Edge;
import org.athanor.edge.EdgeConfig;
import org.athanor.edge.ExpectedPay;
import org.athanor.edge.Fuses;
import org.athanor.edge.HeaterPart;
import org.athanor.edge.House;
import org.athanor.edge.MiningFigures;
import org.athanor.edge.PrimaryHeating;
import org.athanor.edge.Snapshot;
import org.athanor.edge.Tariff;
import org.athanor.edge.Ticker;
import org.athanor.edge.forecast.ForecastConfig;
import org.athanor.edge.forecast.OutlookSource;
import org.athanor.edge.forecast.PriceTerms;
import org.athanor.edge.forecast.RemoteOutlook;
import org.athanor.edge.homeassistant.ClimateHeating;
import org.athanor.edge.journal.Earnings;
import org.athanor.edge.journal.Journal;
import org.athanor.edge.journal.Pruning;
import org.athanor.edge.journal.Terms;
import org.athanor.edge.mining.MiningWorker;
import org.athanor.edge.opentherm.GatewayHeating;
import org.athanor.edge.s2.ResourceManager;
import org.athanor.edge.training.Meter;
import org.athanor.edge.training.TrainingWork;
import org.athanor.edge.training.TrainingWorker;
import org.athanor.edge.training.WorkerConfig;
import org.athanor.ledger.MiningScenario;
import org.athanor.stratum.ShareSink;
import org.athanor.training.engine.EngineException;
import org.athanor.training.engine.EngineLibraries;
import org.athanor.training.engine.EngineLimits.Isolation;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;
import org.athanor.units.Kelvins;
import org.athanor.units.PricePerKwh;

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

    /** A thermostat reads back what it was told; one that sleeps longer is told again in the next cycle. */
    private static final Duration OBEYS = Duration.ofSeconds(2);

    private static final Duration STOP = Duration.ofSeconds(20);

    /** Of training after a pause: an engine starts, what was published meanwhile is fetched, and a round that was cut may count no more. */
    private static final Duration RESUMES = Duration.ofMinutes(2);

    private final HomeSetup setup;
    private final Cards cards;
    private final Consumer<String> notes;
    private final InstantSource clock;
    private final OpenResources open = new OpenResources("the home");
    private final Map<String, Journal> journals = new LinkedHashMap<>();
    private Optional<MqttBroker> broker = Optional.empty();
    private OutlookSource outlook = EdgeConfig.NO_OUTLOOK;
    /** Read by meters of training while it grows. */
    private final List<House.Part> parts = new CopyOnWriteArrayList<>();

    private final Map<String, TrainingWork> trainings = new ConcurrentHashMap<>();
    private House house;

    private HeaterHome(HomeSetup setup, Cards cards, InstantSource clock, Consumer<String> notes) {
        this.setup = setup;
        this.cards = opened(cards);
        this.clock = clock;
        this.notes = notes;
    }

    /**
     * Opens everything; no device is asked yet but the GPUs of this computer.
     *
     * @param notes takes sentences on what the home will not do, and on trouble with brokers and forecasts, from any thread
     * @throws UserMistake for what its GPUs, once asked, cannot do: then nothing else was opened
     * @throws RuntimeException if a journal or a port cannot be had; then everything is closed again
     */
    static HeaterHome open(HomeSetup setup, Ticker ticker, InstantSource clock, Consumer<String> notes) {
        return open(setup, LimitedGpu::open, ticker, clock, notes);
    }

    /** @param gpus opens them */
    static HeaterHome open(
            HomeSetup setup, Cards.Driver gpus, Ticker ticker, InstantSource clock, Consumer<String> notes) {
        var home = new HeaterHome(setup, Cards.open(setup, gpus), clock, notes);
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

    /** What computers train, by the heater's id. */
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
        broker = setup.broker().map(config -> opened(MqttBroker.open(config, notes)));
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
        var outdoor = setup.outdoor().map(sensor -> thermometer("outdoor", sensor));
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
        var room = thermometer(sink.id(), sink.sensor());
        return switch (sink) {
            case Room it -> {
                var config = new EdgeConfig(
                        heaters,
                        room,
                        it.second().map(sensor -> thermometer(it.id() + "-second", sensor)),
                        outdoor,
                        it.schedule(),
                        it.band(),
                        new ThermostatMode.Tpi(
                                PER_KELVIN, LOSS_PER_SQUARE_METRE * it.prior().floorArea() / Math.max(1, capacity)),
                        HomeSetup.limits(it),
                        it.prior(),
                        outlook(it),
                        tariff(),
                        setup.scenario(),
                        () -> Snapshot.World.real(setup.zone()),
                        fuses,
                        EdgeConfig.SetpointRange.OF_ROOMS,
                        TIMEOUT,
                        STOP);
                yield it.primary().map(entry -> config.with(primary(it, entry))).orElse(config);
            }
            case Tank it ->
                new EdgeConfig(
                                heaters,
                                room,
                                it.second().map(sensor -> thermometer(it.id() + "-second", sensor)),
                                Optional.empty(),
                                it.schedule(),
                                it.band(),
                                new ThermostatMode.Hysteresis(TANK_SWING),
                                HomeSetup.limits(it),
                                NO_ROOM,
                                tankOutlook(heaters),
                                tariff(),
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
        return switch (setup.tariff()) {
            case Flat(var price) ->
                time -> new Outlook(
                        Optional.empty(),
                        Optional.of(new PriceOutlook(
                                time.truncatedTo(ChronoUnit.HOURS), Duration.ofDays(2), price.value())),
                        revenue(heaters));
            case DayNight dayNight ->
                time -> new Outlook(Optional.empty(), Optional.of(prices(dayNight, time)), revenue(heaters));
            case Market _ -> outlook;
        };
    }

    private PrimaryHeating primary(Room room, PrimaryEntry entry) {
        var id = room.id() + "-" + entry.source().title().replace(' ', '-');
        return opened(
                switch (entry.thermostat()) {
                    case ClimateEntity(var entity, var heat) -> climate(id, entry, entity, heat);
                    case Gateway(var address) ->
                        new GatewayHeating(
                                entry.source(),
                                new OpenThermGateway(id, address, entry.source().commanded(), TIMEOUT),
                                entry.setback());
                });
    }

    private PrimaryHeating climate(String id, PrimaryEntry entry, String entity, Optional<String> heat) {
        var access = homeAssistant();
        return new ClimateHeating(
                entry.source(),
                new HomeAssistantClimate(
                        id, access, entity, entry.source().commanded(), Optional.empty(), OBEYS, clock),
                heat.map(sensor -> new HomeAssistantPower(id + "-heat", access, sensor, clock)),
                entry.setback());
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

    private HomeAssistantAccess homeAssistant() {
        return setup.homeAssistantRest()
                .map(access -> HomeAssistantAccess.of(access.address(), access.token()))
                .orElseThrow();
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

    private Thermometer thermometer(String id, Sensor sensor) {
        return opened(
                switch (sensor) {
                    case ShellySensor(var address, var password) ->
                        new ShellyThermometer(id, address, password, TIMEOUT);
                    case ZigbeeSensor(var topic) -> mqtt(id, MqttThermometer.Config.zigbee2Mqtt(topic));
                    case TasmotaSensor(var topic, var probe) -> mqtt(id, MqttThermometer.Config.tasmota(topic, probe));
                    case NumberSensor(var topic, var fahrenheit) ->
                        mqtt(
                                id,
                                MqttThermometer.Config.bare(
                                        topic,
                                        fahrenheit ? TemperatureShape.Unit.FAHRENHEIT : TemperatureShape.Unit.CELSIUS));
                    case OneWireSensor(var probe) -> new OneWireThermometer(id, probe);
                    case HwmonSensor(var chip, var probe) -> new HwmonThermometer(id, chip, probe);
                    case EntitySensor(var entity) -> new HomeAssistantThermometer(id, homeAssistant(), entity, clock);
                });
    }

    private Thermometer mqtt(String id, MqttThermometer.Config config) {
        return new MqttThermometer(id, broker.orElseThrow(), config, clock);
    }

    // ---- heaters

    private HeaterPart part(HeaterEntry entry) {
        var plug = entry.plug().map(each -> opened(plug(entry.id() + "-plug", each)));
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
                pays.put(entry.id(), expected(network));
                yield network.kind().create(network.settings());
            }
            case Element element ->
                new ResistiveElement(
                        entry.id(), plug.orElseThrow(), element.watts(), STORED_IN_ELEMENT, SinkLimits.COUNTDOWN);
            case Gpu _ -> cards.take(entry);
            case Computer computer -> computer(entry, computer, figures, pays);
        };
    }

    /** By the hashes that it reports, else by what its owner says that a watt yields. */
    private ExpectedPay expected(Network network) {
        var perHash = perHash();
        var perKwh = network.terahashesPerWatt().orElse(0) * 1000 * perTerahashHour(setup.scenario());
        return (hashrate, drawn, since) -> hashrate.map(rate -> rate.value() * since.toNanos() / 1e9 * perHash)
                .orElseGet(() -> drawn.kilowattHours() * perKwh);
    }

    /** In the home's currency. */
    private double perHash() {
        return perTerahashHour(setup.scenario()) / (Duration.ofHours(1).toSeconds() * 1e12);
    }

    private Heater computer(
            HeaterEntry entry,
            Computer computer,
            Map<String, Supplier<MiningFigures>> figures,
            Map<String, ExpectedPay> pays) {
        var paid = new ComputerPay(
                perHash(), computer.training().map(Training::paysPerKwh).orElse(0.0));
        pays.put(entry.id(), paid);
        var mining = opened(worker(entry.id(), paid));
        var trains = pay(computer).trains();
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
        if (training.limits().sandbox() == Isolation.NONE)
            notes.accept(entry.name() + " trains without a sandbox. " + SandboxOption.WARNING);
        var work = opened(TrainingWork.start(
                entry.name(),
                meter -> trainer(entry, training, meter),
                mining,
                level -> watts(entry, computer, level),
                System::nanoTime,
                notes));
        trainings.put(entry.id(), work);
        paid.trainedBy(() -> work.standing().joules());
        return new CpuHeater(entry.id(), work, computer.threads(), computer.wattsPerThread());
    }

    private TrainingWorker trainer(HeaterEntry entry, Training training, Meter meter)
            throws EngineException, InterruptedException {
        // a card's watts are none of this heater's levels: governor and fuse would not know of them
        var places = EngineLibraries.Places.usual().onProcessor();
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

    /**
     * What a computer does, and what that pays.
     *
     * @param perKwh of electricity, in the home's currency
     */
    record Pay(boolean trains, double perKwh) {}

    private Pay pay(Computer computer) {
        return pay(computer, setup);
    }

    /** As it is now: training pays only who takes part in a job. */
    private Pay pay(HeaterEntry entry, Computer computer) {
        var best = pay(computer);
        var training = best.trains() ? trainings.get(entry.id()) : null;
        if (training == null) return best;
        var standing = training.standing();
        return standing.over() || standing.worker().isEmpty() ? minings(computer, setup) : best;
    }

    /** Without a pool it hashes for nobody. */
    private static Pay minings(Computer computer, HomeSetup setup) {
        double yield =
                setup.watching().isPresent() ? computer.terahashesPerWatt().orElse(0) : 0;
        return new Pay(false, yield * 1000 * perTerahashHour(setup.scenario()));
    }

    /** The work that pays best per kWh of what the computer can do, or the one that its owner insists on. */
    static Pay pay(Computer computer, HomeSetup setup) {
        var mining = minings(computer, setup);
        return computer.training()
                .filter(training -> training.always() || training.paysPerKwh() >= mining.perKwh())
                .map(training -> new Pay(true, training.paysPerKwh()))
                .orElse(mining);
    }

    private static double perTerahashHour(MiningScenario scenario) {
        return scenario.hashprice() * (1 - scenario.poolFee().doubleValue()) / 24;
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

    private Plug plug(String id, PlugEntry entry) {
        return switch (entry) {
            case ShellyPlugEntry it -> new ShellyPlug(id, it.address(), it.password(), it.rating(), TIMEOUT);
            case TasmotaPlugEntry it -> new TasmotaPlug(id, it.address(), it.login(), it.rating(), TIMEOUT);
            case TasmotaTopicEntry it -> MqttPlug.tasmota(id, broker.orElseThrow(), it.device(), it.rating());
            case ZigbeePlugEntry it -> {
                var plug = zigbee(id, broker.orElseThrow(), it);
                yield new TriedPlugs(setup.state()).seen(it) ? plug : plug.untried();
            }
        };
    }

    static MqttPlug zigbee(String id, MqttBroker broker, ZigbeePlugEntry entry) {
        return MqttPlug.zigbee2Mqtt(
                id, broker, entry.topic(), entry.rating(), MqttPlug.ZigbeeCountdown.valueOf(entry.countdown()));
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
        PriceTerms terms = switch (setup.tariff()) {
            case Flat(var price) -> new PriceTerms.Fixed(price);
            case DayNight dayNight -> new PriceTerms.Fixed(dayNight.day());
            case Market(var market) -> market;
        };
        var folder = setup.state().resolve("forecast");
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("state " + folder + ": cannot be made (" + e.getMessage() + ")", e);
        }
        var config = new ForecastConfig(
                new Location(setup.name(), place.latitude(), place.longitude(), 0), windows, terms, folder);
        var remote = opened(RemoteOutlook.start(config, () -> revenue(heaters), clock, notes));
        if (!(setup.tariff() instanceof DayNight tariff)) return remote;
        return time -> {
            var seen = remote.at(time);
            return new Outlook(seen.forecast(), Optional.of(prices(tariff, time)), seen.revenuePerHour())
                    .with(seen.house());
        };
    }

    private PriceOutlook prices(DayNight tariff, Instant time) {
        var start = time.truncatedTo(ChronoUnit.HOURS);
        var perKwh = new double[48 * 4];
        for (int i = 0; i < perKwh.length; i++)
            perKwh[i] = price(tariff, start.plus(Duration.ofMinutes(15L * i))).value();
        return new PriceOutlook(start, Duration.ofMinutes(15), perKwh);
    }

    private PricePerKwh price(DayNight tariff, Instant time) {
        var local = LocalTime.ofInstant(time, setup.zone());
        boolean over = tariff.dayFrom().isAfter(tariff.dayUntil());
        boolean after = !local.isBefore(tariff.dayFrom());
        boolean before = local.isBefore(tariff.dayUntil());
        return (over ? after || before : after && before) ? tariff.day() : tariff.night();
    }

    /** Per hour at each level, by the scenario; of heaters whose yield was said. */
    private Map<String, List<Double>> revenue(List<HeaterPart> parts) {
        var perKwh = new HashMap<String, Double>();
        for (var entry : setup.heaters())
            switch (entry.source()) {
                case Network network ->
                    network.terahashesPerWatt()
                            .ifPresent(
                                    yield -> perKwh.put(entry.id(), yield * 1000 * perTerahashHour(setup.scenario())));
                case Computer computer ->
                    perKwh.put(entry.id(), pay(entry, computer).perKwh());
                case Element _, Gpu _ -> {} // earns nothing that is known here
            }
        var revenue = new HashMap<String, List<Double>>();
        for (var part : parts) {
            var paid = perKwh.getOrDefault(part.id(), 0.0);
            if (paid > 0)
                revenue.put(
                        part.id(),
                        part.spec().levels().stream()
                                .map(watts -> watts.value() / 1000 * paid)
                                .toList());
        }
        return revenue;
    }

    private Tariff tariff() {
        return switch (setup.tariff()) {
            case Flat(var price) -> Tariff.constant(price);
            case DayNight dayNight -> tariff(dayNight.day().currency(), time -> Optional.of(price(dayNight, time)));
            case Market market ->
                tariff(
                        market.terms().currency(),
                        time -> outlook.at(time)
                                .prices()
                                .filter(prices -> prices.covers(time))
                                .map(prices -> new PricePerKwh(
                                        prices.perKwh(time), market.terms().currency())));
        };
    }

    private static Tariff tariff(Currency currency, java.util.function.Function<Instant, Optional<PricePerKwh>> at) {
        return new Tariff() {
            @Override
            public Currency currency() {
                return currency;
            }

            @Override
            public Optional<PricePerKwh> at(Instant time) {
                return at.apply(time);
            }
        };
    }

    /** The graceful stop, then all that was opened is closed, in reverse order. */
    @Override
    public void close() {
        open.close();
    }
}
