package org.athanor.cli.heater;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.athanor.cli.heater.HomeSetup.Computer;
import org.athanor.cli.heater.HomeSetup.Element;
import org.athanor.cli.heater.HomeSetup.Gpu;
import org.athanor.cli.heater.HomeSetup.HeaterEntry;
import org.athanor.cli.heater.HomeSetup.Network;
import org.athanor.cli.heater.HomeSetup.Sink;
import org.athanor.cli.heater.HomeSetup.Source;
import org.athanor.cli.heater.HomeSetup.Tank;
import org.athanor.cli.yaml.Fields;
import org.athanor.cli.yaml.YamlMistake;
import org.athanor.devices.Capabilities;
import org.athanor.devices.Plug;
import org.athanor.devices.PoolSetting;
import org.athanor.devices.drivers.HeaterKind;
import org.athanor.devices.drivers.HeaterSettings;
import org.athanor.devices.drivers.HeaterSettings.Level;
import org.athanor.edge.EdgeConfig;
import org.athanor.training.engine.EngineLimits;
import org.athanor.training.engine.EngineLimits.Isolation;
import org.athanor.training.mailbox.CoordinatorClient;
import org.athanor.training.mailbox.JoinToken;
import org.athanor.units.Watts;

/** Reads what heats. */
final class HeaterEntries {
    private static final String[] HEATER = {
        "id",
        "name",
        "room",
        "kind",
        "address",
        "user",
        "password",
        "passwordFile",
        "model",
        "levels",
        "maximumWatts",
        "pauses",
        "watts",
        "threads",
        "card",
        "wattsPerThread",
        "terahashesPerWatt",
        "work",
        "training",
        "plug",
        "lease",
        "circuit",
        "preference",
        "acceptUnprotected",
        "pool",
        "waterCelsius"
    };

    private static final String[] TRAINING = {
        "url", "token", "tokenFile", "memoryMiB", "up", "down", "pays", "withoutSandbox"
    };
    private static final long MIB = 1L << 20;
    private static final double BYTES_PER_MEGABIT = 125_000;

    /** In place of an address with a mistake, so that what else is wrong is told beside it. */
    private static final InetSocketAddress NOWHERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);

    private static final Duration TIMEOUT = EdgeConfig.DEVICE_TIMEOUT;
    /** What a plan aims above the temperature of disinfection, and what a source must be hotter than its water. */
    private static final double ABOVE_DISINFECTION = 2.5;

    private static final String ELEMENT = "element";
    private static final String COMPUTER = "computer";
    private static final String GPU = "gpu";
    private static final String FIRST_CARD = "0";

    private final FileBasics basics;
    private final SensorEntries sensors;
    /** Of rooms and tanks, those with mistakes too. */
    private final Set<String> sinkIds;

    HeaterEntries(FileBasics basics, SensorEntries sensors, Set<String> sinkIds) {
        this.basics = basics;
        this.sensors = sensors;
        this.sinkIds = sinkIds;
    }

    List<HeaterEntry> heaters(Fields top, List<Sink> sinks, Set<String> circuits) {
        var heaters = new ArrayList<HeaterEntry>();
        var list = top.list("heaters", HEATER);
        for (var heater : list) heater(heater, sinks, circuits, heaters.size()).ifPresent(heaters::add);
        if (top.lacks("heaters")) top.complain(top.missing("heaters", "a list of heaters, each with id and kind"));
        else if (!list.isEmpty() && heaters.size() == list.size())
            for (var sink : sinks) if (sink instanceof Tank tank) disinfects(top, tank, heaters);
        return heaters;
    }

    private Optional<HeaterEntry> heater(Fields heater, List<Sink> sinks, Set<String> circuits, int position) {
        var id = basics.id(heater);
        var source = source(heater, id.orElse("heater"));
        var plug = sensors.plug(heater);
        var sink = sink(heater, sinks);
        var circuit = heater.text("circuit", "the id of a circuit");
        if (circuit.isPresent() && !circuits.contains(circuit.get()))
            heater.complain(heater.wrong("circuit", "the id of one of circuits (" + String.join(", ", circuits) + ")"));
        var water = heater.number("waterCelsius", 25, 95, "°C");
        var name = heater.text("name", "a name");
        int preference = heater.whole("preference", 0, 100, position);
        boolean unprotectedAccepted = heater.choice(
                        "acceptUnprotected", FileBasics.ordered("true", true, "false", false))
                .orElse(false);
        var ours = pool(heater.group("pool", "url", "user"));
        if (source.filter(HeaterEntries::stopsByPlugAlone).isPresent() && !heater.has("plug"))
            heater.complain(heater.missing(
                    "plug", "the plug that it hangs on: by its own commands it heats at its lowest level at least"));
        if (source.filter(it -> it instanceof Element).isPresent() && !heater.has("plug"))
            heater.complain(heater.missing("plug", "the plug that switches the element"));
        plug.ifPresent(each -> source.ifPresent(it -> mustCarry(each, id.orElse("the heater"), it)));
        if (id.isEmpty() || source.isEmpty() || sink.isEmpty()) return Optional.empty();
        if (sink.get() instanceof Tank tank && !canHeat(tank, source.get(), water))
            heater.complain(heater.notTogether(
                    "room",
                    tank.id()
                            + " is a tank: its heater must be an element, or say by waterCelsius how hot its water is (above "
                            + warmest(tank) + " °C); what blows air heats no water"));
        return Optional.of(new HeaterEntry(
                id.get(),
                name.orElse(id.get()),
                sink.get().id(),
                source.get(),
                plug.flatMap(SensorEntries.ReadPlug::entry),
                circuit,
                preference,
                unprotectedAccepted,
                ours,
                water));
    }

    /** Whether no command reaches its level 0. */
    private static boolean stopsByPlugAlone(Source source) {
        return source instanceof Network
                && Nameplate.of(source).filter(can -> !can.softStop()).isPresent();
    }

    private static void mustCarry(SensorEntries.ReadPlug plug, String heater, Source source) {
        var most = Nameplate.of(source).map(Capabilities::maximumPower);
        if (most.isEmpty()
                || plug.rating().isEmpty()
                || Plug.carries(plug.rating().get(), most.get())) return;
        plug.fields()
                .complain(plug.fields()
                        .wrong(
                                "ratingWatts",
                                "for " + heater + ", which draws up to that, "
                                        + Math.round(Math.ceil(most.get().value())) + " W or more"));
    }

    private static void disinfects(Fields top, Tank tank, List<HeaterEntry> heaters) {
        if (tank.spec().disinfection().isEmpty()) return;
        double needed = tank.spec().disinfection().get().celsius().value() + ABOVE_DISINFECTION;
        boolean hotEnough = heaters.stream()
                .filter(heater -> heater.sink().equals(tank.id()))
                .anyMatch(heater -> heater.waterCelsius().isPresent()
                        ? heater.waterCelsius().getAsDouble() >= needed
                        : heater.source() instanceof Element);
        if (!hotEnough)
            top.complain(top.notTogether(
                    "tanks",
                    "disinfection of " + tank.id() + " takes an element, or a heater with waterCelsius of " + needed
                            + " or more"));
    }

    private static boolean canHeat(Tank tank, Source source, OptionalDouble water) {
        return source instanceof Element || (water.isPresent() && water.getAsDouble() > warmest(tank));
    }

    private static double warmest(Tank tank) {
        return tank.schedule().settings().stream()
                .mapToDouble(setting -> setting.setpoint().value())
                .max()
                .orElseThrow();
    }

    private Optional<Sink> sink(Fields heater, List<Sink> sinks) {
        var named = heater.text("room", "the id of a room or tank");
        if (named.isEmpty()) {
            if (sinks.size() == 1) return Optional.of(sinks.getFirst());
            if (!heater.has("room") && sinkIds.size() > 1)
                heater.complain(heater.missing("room", "the id of a room or tank"));
            return Optional.empty();
        }
        var found = sinks.stream().filter(sink -> sink.id().equals(named.get())).findFirst();
        if (found.isEmpty() && !sinkIds.isEmpty() && !sinkIds.contains(named.get()))
            heater.complain(
                    heater.wrong("room", "the id of one of the rooms or tanks (" + String.join(", ", sinkIds) + ")"));
        return found;
    }

    private Optional<Source> source(Fields heater, String id) {
        Map<String, Optional<HeaterKind>> kinds = new LinkedHashMap<>();
        for (var kind : HeaterKind.values()) kinds.put(kind.title(), Optional.of(kind));
        kinds.put(ELEMENT, Optional.empty());
        kinds.put(COMPUTER, Optional.empty());
        kinds.put(GPU, Optional.empty());
        var kind = heater.choice("kind", kinds);
        if (!heater.has("kind")) heater.complain(heater.missing("kind", "one of " + String.join(", ", kinds.keySet())));
        if (kind.isEmpty()) return Optional.empty();
        var said = heater.text("kind", COMPUTER).orElse("");
        boolean computes = said.equalsIgnoreCase(COMPUTER) || said.equalsIgnoreCase(GPU);
        for (var key : List.of("work", "training"))
            if (heater.has(key) && !computes)
                heater.complain(heater.notTogether(
                        key, "only the work of this computer and its GPUs can be chosen (kind: computer or gpu)"));
        if (kind.get().isPresent()) return network(heater, id, kind.get().get());
        if (heater.text("kind", ELEMENT).orElse("").equalsIgnoreCase(ELEMENT))
            return FileBasics.number(heater, "watts", 10, 10_000, "W").stream()
                    .mapToObj(watts -> (Source) new Element(new Watts(watts)))
                    .findFirst();
        if (heater.text("kind", GPU).orElse("").equalsIgnoreCase(GPU)) return gpu(heater);
        return computer(heater);
    }

    private void claim(Object machine, Fields heater, String key) {
        basics.claims().claim(machine, heater, key, "a machine as one heater alone");
    }

    private Optional<Source> computer(Fields heater) {
        claim(new Claims.ThisComputer(), heater, "kind");
        int cores = Runtime.getRuntime().availableProcessors();
        int threads = heater.whole("threads", 1, 1024, Math.max(1, cores - 1));
        var watts = new Watts(heater.number("wattsPerThread", 0.5, 200, "W").orElse(10));
        var yield = heater.number("terahashesPerWatt", 0.001, 1, "TH/s per W");
        var works = FileBasics.ordered("mining", Work.MINING, "training", Work.TRAINING);
        works.put("best", Work.BEST);
        var work = heater.choice("work", works);
        var group = heater.group("training", TRAINING);
        if (work.isPresent() && work.get() != Work.MINING && !heater.has("training")) heater.complain(noJob(heater));
        if (work.isPresent() && work.get() == Work.MINING && group.isPresent())
            heater.complain(heater.notTogether("work", "training is said of what only mines: training or best"));
        if (group.isEmpty())
            return heater.has("training")
                    ? Optional.empty()
                    : Optional.of(new Computer(threads, watts, yield, Optional.empty()));
        return training(group.get(), work.orElse(Work.TRAINING) == Work.TRAINING)
                .map(training -> new Computer(threads, watts, yield, Optional.of(training)));
    }

    private static YamlMistake noJob(Fields heater) {
        return heater.missing("training", "with work, the job as {url: https://HOST:8650, token: TOKEN}");
    }

    /** What a computer may be said to do. */
    private enum Work {
        MINING,
        TRAINING,
        BEST
    }

    private Optional<HomeSetup.Training> training(Fields group, boolean always) {
        var url = FileBasics.needed(group, "url", "an address such as https://192.0.2.10:8650", text -> {
            var address = CoordinatorClient.address(URI.create(text));
            if (address.getPort() < 0) throw new IllegalArgumentException(text);
            return address;
        });
        var token = group.has("tokenFile")
                ? basics.secret(group, "tokenFile", "a file that holds a join token alone", JoinToken::parse)
                : FileBasics.needed(group, "token", "a join token such as the coordinator prints", JoinToken::parse);
        int memory = group.whole("memoryMiB", 256, 1 << 20, 4096);
        double up = group.number("up", 0, 100_000, "Mbit/s").orElse(0);
        double down = group.number("down", 0, 100_000, "Mbit/s").orElse(0);
        double pays = group.number("pays", 0, 100, basics.currency() + "/kWh").orElse(0);
        var open = group.choice("withoutSandbox", FileBasics.ordered("true", true, "false", false))
                .orElse(false);
        if (url.isEmpty() || token.isEmpty()) return Optional.empty();
        return Optional.of(new HomeSetup.Training(
                url.get(),
                token.get(),
                new EngineLimits(memory * MIB, 1, open ? Isolation.NONE : Isolation.WHERE_POSSIBLE),
                up * BYTES_PER_MEGABIT,
                down * BYTES_PER_MEGABIT,
                pays,
                always));
    }

    private Optional<Source> gpu(Fields heater) {
        var card = heater.value("card", "its index from 0, or its UUID such as GPU-8f6c0f3e-...", text -> {
            if (!text.matches("\\d{1,2}|GPU-[0-9a-fA-F-]{8,64}")) throw new IllegalArgumentException(text);
            return text;
        });
        if (card.isPresent() || !heater.has("card"))
            claim(new Claims.Card(card.orElse(FIRST_CARD)), heater, card.isPresent() ? "card" : "kind");
        var limits = heater.values("levels", "watts of its power limits, ascending", text -> {
            var level = Level.parse(text);
            if (level.name().isPresent()) throw new IllegalArgumentException(text);
            return new Watts(level.watts());
        });
        for (int i = 1; i < limits.size(); i++)
            if (limits.get(i).compareTo(limits.get(i - 1)) <= 0) {
                heater.complain(heater.wrong("levels", "watts of its power limits, each more than the one before,"));
                return Optional.empty();
            }
        var work = heater.value("work", "training, which is all that is computed on a gpu,", text -> {
            if (!text.equalsIgnoreCase("training")) throw new IllegalArgumentException(text);
            return text;
        });
        if (work.isPresent() && !heater.has("training")) heater.complain(noJob(heater));
        var training = heater.group("training", TRAINING).flatMap(group -> training(group, true));
        if (heater.has("card") && card.isEmpty()) return Optional.empty();
        if (heater.has("training") && training.isEmpty()) return Optional.empty();
        return Optional.of(new Gpu(card.orElse(FIRST_CARD), limits, training));
    }

    private Optional<Source> network(Fields heater, String id, HeaterKind kind) {
        var address =
                FileBasics.needed(heater, "address", FileBasics.DEVICE, text -> FileBasics.device(text, kind.port()));
        address.ifPresent(at -> claim(Claims.at(at), heater, "address"));
        List<Level> levels = kind.levelsChosen() ? heater.values("levels", kind.levels(), kind::level) : List.of();
        var most = heater.number("maximumWatts", 5, 20_000, "W");
        var login = basics.login(heater);
        var model = heater.text("model", "a model");
        boolean pauses = heater.choice("pauses", FileBasics.ordered("true", true, "false", false))
                .orElse(true);
        var lease = lease(heater, kind);
        var yield = heater.number("terahashesPerWatt", 0.001, 1, "TH/s per W");
        if (kind.levelsChosen()) {
            if (levels.isEmpty() && !heater.has("levels"))
                heater.complain(heater.missing("levels", "a list of its levels, each " + kind.levels()));
            if (most.isEmpty() && !heater.has("maximumWatts"))
                heater.complain(heater.missing("maximumWatts", "what it draws at most by its nameplate, in W,"));
        } else {
            for (var key : List.of("levels", "maximumWatts"))
                if (heater.has(key))
                    heater.complain(heater.notTogether(
                            key, kind.title() + " has levels and a maximum of its own, so none is accepted"));
        }
        if (kind.levelsChosen() && (levels.isEmpty() || most.isEmpty())) return Optional.empty();
        var settings = new HeaterSettings(
                id,
                address.orElse(NOWHERE),
                login,
                model,
                levels,
                most.isPresent() ? Optional.of(new Watts(most.getAsDouble())) : Optional.empty(),
                pauses,
                TIMEOUT,
                lease);
        try {
            kind.create(settings).close(); // says what it cannot do
        } catch (IllegalArgumentException e) {
            heater.complain(heater.notTogether(kind.levelsChosen() ? "levels" : "kind", e.getMessage()));
            return Optional.empty();
        }
        if (address.isEmpty()) return Optional.empty();
        return Optional.of(new Network(kind, settings, yield));
    }

    private static Optional<Duration> lease(Fields heater, HeaterKind kind) {
        var lease = heater.choice("lease", Map.of("firmware", SinkLimits.COUNTDOWN));
        if (lease.isPresent() && !kind.leases())
            heater.complain(heater.notTogether(
                    "lease",
                    "a " + kind.title()
                            + " has no timer of its own that could be set ahead (mini3 and avalon-q have)"));
        return kind.leases() ? lease : Optional.empty();
    }

    /** That a device of its own mines for, as the device writes it. */
    private static Optional<PoolSetting> pool(Optional<Fields> group) {
        if (group.isEmpty()) return Optional.empty();
        var pool = group.get();
        var url = pool.text("url", "a pool such as stratum+tcp://pool.example.com:3333");
        var user = poolUser(pool, "url");
        return url.flatMap(where -> user.map(name -> new PoolSetting(where, name)));
    }

    /** @param pool key of the pool that the user is one of */
    static Optional<String> poolUser(Fields group, String pool) {
        var user = group.text("user", "a user name");
        if (group.has(pool) && !group.has("user")) group.complain(group.missing("user", "the user name at the pool"));
        if (group.has("user") && !group.has(pool))
            group.complain(group.missing(pool, "beside a user, the pool that knows it, stratum+tcp://HOST:PORT,"));
        return user;
    }
}
