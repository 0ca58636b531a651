package org.athanor.devices.antminer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.athanor.devices.Capabilities;
import org.athanor.devices.Credentials;
import org.athanor.devices.DeviceException;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.Heater;
import org.athanor.devices.HeaterState;
import org.athanor.devices.HeaterState.Phase;
import org.athanor.devices.HeaterState.PowerSource;
import org.athanor.devices.PoolReader;
import org.athanor.devices.PoolSetting;
import org.athanor.devices.PowerLevel;
import org.athanor.devices.cgminer.CgminerClient;
import org.athanor.devices.cgminer.CgminerFields;
import org.athanor.devices.cgminer.CgminerPools;
import org.athanor.devices.cgminer.CgminerReply;
import org.athanor.devices.http.DigestHttp;
import org.athanor.devices.http.JsonHttp.Request;
import org.athanor.units.Celsius;
import org.athanor.units.Hashrate;
import org.athanor.units.Joules;
import org.athanor.units.Watts;

/**
 * Driver of an Antminer (S19, S21 and their like) with its maker's firmware. Levels are its work modes, of which it has few.
 *
 * <p>A mode is set with the whole settings, pools included, so they are read first and sent back as they were: settings without
 * pools are not sent, since that would wipe them. Every change restarts mining. The firmware reports no watts: those of the
 * mode are declared, and only a meter knows better.
 *
 * <p>Readings of the cgminer API and {@code get_system_info.cgi} were seen on an S19 Pro and an S21. <em>Unverified</em>, since
 * no reply of a device was at hand: the settings' own fields ({@code bitmain-work-mode} when read, {@code miner-mode} when written:
 * the field that is read is taken and ignored), the reply to writing them ({@code stats}, {@code code}, {@code msg}), the value of
 * low power, and whether the cgminer API answers during sleep; where it does not, sleep is believed without it.
 */
public final class AntminerHeater implements Heater, PoolReader {
    public static final int HTTP_PORT = 80;
    public static final int API_PORT = 4028;

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);
    private static final Request CONF = Request.get("/cgi-bin/get_miner_conf.cgi");
    private static final Request SET_CONF = Request.post("/cgi-bin/set_miner_conf.cgi");

    /**
     * How a generation of the firmware names the mode.
     *
     * @param numeric whether it is written as a number
     */
    private record Dialect(String read, String written, boolean numeric) {}

    private static final List<Dialect> DIALECTS = List.of(
            new Dialect("bitmain-work-mode", "miner-mode", true), new Dialect("miner-mode", "miner-mode", false));

    private static final int STATS = 70;
    private static final double MOST_GIGAHASHES = 1e8;
    private static final int MOST_CELSIUS = 250;
    private static final double MOST_RPM = 100_000;

    /** Below this share of its ideal rate it is still on its way there. */
    private static final double ON_ITS_WAY = 0.5;

    private final String id;
    private final List<AntminerMode> modes;
    private final Capabilities capabilities;
    private final DigestHttp http;
    private final CgminerClient api;

    /**
     * @param model for people, such as Antminer S19 Pro
     * @param modes that heat, ascending by power
     * @param maximumPower by its nameplate
     * @param web where its pages are, usually at port 80
     * @param api where its cgminer API is, usually at port 4028
     */
    public AntminerHeater(
            String id,
            String model,
            List<AntminerMode> modes,
            Watts maximumPower,
            Credentials credentials,
            InetSocketAddress web,
            InetSocketAddress api) {
        this(id, model, modes, maximumPower, credentials, web, api, DEFAULT_TIMEOUT);
    }

    /**
     * @param timeout of one request with its reply
     * @throws IllegalArgumentException for modes that do not ascend by power, or lie above the maximum
     */
    public AntminerHeater(
            String id,
            String model,
            List<AntminerMode> modes,
            Watts maximumPower,
            Credentials credentials,
            InetSocketAddress web,
            InetSocketAddress api,
            Duration timeout) {
        this.id = id;
        this.modes = List.copyOf(modes);
        this.capabilities = capabilities(model, modes, maximumPower);
        PowerLevel.requireUsable(capabilities.levels(), maximumPower);
        this.http = new DigestHttp(id, web, timeout, credentials);
        this.api = new CgminerClient(id, api, timeout);
    }

    private static Capabilities capabilities(String model, List<AntminerMode> modes, Watts maximumPower) {
        var levels = new ArrayList<PowerLevel>();
        levels.add(new PowerLevel("off", Watts.ZERO));
        for (var mode : modes) levels.add(new PowerLevel(mode.name(), mode.watts()));
        return new Capabilities(
                model + " with its maker's firmware",
                levels,
                maximumPower,
                Duration.ofMinutes(15),
                Duration.ofMinutes(5), // no vendor states minimum times: the community's practice
                Duration.ofMinutes(5),
                true,
                true,
                true,
                new Joules(maximumPower.value() * 250),
                Optional.of(new Celsius(95)),
                Optional.empty(),
                "declared for each mode by its owner: this firmware reports no watts");
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public Optional<PoolSetting> pool() {
        return CgminerPools.read(api);
    }

    @Override
    public synchronized HeaterState read() {
        int mode = mode(http.json(CONF));
        boolean asleep = mode == AntminerMode.SLEEP;
        var level = level(mode);
        var stats = stats(asleep);
        var rpm = stats.map(this::slowestFan).orElse(OptionalInt.empty());
        var gigahashes = stats.map(s -> s.number("GHS 5s", 0, MOST_GIGAHASHES));
        var fault = fault(asleep, rpm);
        return new HeaterState(
                level,
                phase(asleep, stats, rpm, fault.isPresent()),
                level.isPresent()
                        ? Optional.of(capabilities.level(level.getAsInt()).watts())
                        : Optional.empty(),
                PowerSource.DECLARED,
                stats.flatMap(this::hottestChip),
                Optional.empty(),
                rpm,
                gigahashes.map(ghs -> new Hashrate(ghs * 1e9)),
                fault);
    }

    /** During sleep its mining program, and with it this API, may not run. */
    private Optional<CgminerFields> stats(boolean asleep) {
        CgminerReply reply;
        try {
            reply = api.ask("stats", "", STATS);
        } catch (DeviceException e) {
            if (asleep && e.kind() == Kind.UNREACHABLE) return Optional.empty();
            throw e;
        }
        var readings = reply.all("STATS").stream()
                .filter(fields -> fields.containsKey("GHS 5s"))
                .findFirst()
                .map(fields -> new CgminerFields(api, "stats", fields));
        if (readings.isEmpty() && !asleep)
            throw api.failure(Kind.GARBLED, "stats", "", "no STATS with \"GHS 5s\" in its reply", null);
        return readings;
    }

    private int mode(JsonNode conf) {
        var value = conf.path(dialect(conf).read());
        var text = value.asText();
        if (!text.matches("\\d{1,3}"))
            throw http.failure(
                    Kind.GARBLED, CONF, dialect(conf).read() + " is " + value + ", not a mode's number", null);
        return Integer.parseInt(text);
    }

    private Dialect dialect(JsonNode conf) {
        return DIALECTS.stream()
                .filter(dialect -> conf.has(dialect.read()))
                .findFirst()
                .orElseThrow(() -> http.failure(
                        Kind.GARBLED,
                        CONF,
                        "neither bitmain-work-mode nor miner-mode in its settings: is this firmware its maker's, and"
                                + " does it have a sleep mode?",
                        null));
    }

    private OptionalInt level(int mode) {
        if (mode == AntminerMode.SLEEP) return OptionalInt.of(0);
        return IntStream.rangeClosed(1, modes.size())
                .filter(level -> modes.get(level - 1).value() == mode)
                .findFirst();
    }

    private static Phase phase(boolean asleep, Optional<CgminerFields> stats, OptionalInt rpm, boolean faulty) {
        if (faulty) return Phase.FAULT;
        if (asleep) return rpm.orElse(0) > 0 ? Phase.STOPPING : Phase.OFF;
        var readings = stats.orElseThrow(() -> new IllegalStateException("awake without readings"));
        double ideal =
                readings.optionalNumber("total_rateideal", 0, MOST_GIGAHASHES).orElse(0.0);
        double now = readings.number("GHS 5s", 0, MOST_GIGAHASHES);
        return now == 0 || now < ON_ITS_WAY * ideal ? Phase.STARTING : Phase.WORKING;
    }

    private static Optional<String> fault(boolean asleep, OptionalInt rpm) {
        return !asleep && rpm.equals(OptionalInt.of(0)) ? Optional.of("a fan stands still") : Optional.empty();
    }

    private OptionalInt slowestFan(CgminerFields stats) {
        int fans = stats.optionalNumber("fan_num", 0, 16).map(Double::intValue).orElse(0);
        return IntStream.rangeClosed(1, fans)
                .map(fan -> (int) stats.number("fan" + fan, 0, MOST_RPM))
                .min();
    }

    /** {@code temp_chip1} holds the four corners of the first board, such as 78-50-69-70; a board without power has zeros. */
    private Optional<Celsius> hottestChip(CgminerFields stats) {
        return IntStream.rangeClosed(1, 4)
                .mapToObj(board -> "temp_chip" + board)
                .filter(stats::has)
                .flatMap(key -> corners(key, stats.text(key)))
                .max(Integer::compare)
                .filter(celsius -> celsius > 0)
                .map(Celsius::new);
    }

    private Stream<Integer> corners(String key, String text) {
        if (!text.matches("(\\d{1,3}(-\\d{1,3}){0,7})?"))
            throw api.failure(
                    Kind.GARBLED, "stats", "", key + " is \"" + text + "\" (such as 78-50-69-70 is known)", null);
        return Arrays.stream(text.split("-"))
                .filter(corner -> !corner.isEmpty())
                .map(corner -> {
                    int celsius = Integer.parseInt(corner);
                    if (celsius > MOST_CELSIUS)
                        throw api.failure(
                                Kind.GARBLED, "stats", "", key + " is \"" + text + "\": no temperature here", null);
                    return celsius;
                });
    }

    @Override
    public synchronized void setLevel(int level) {
        capabilities.level(level);
        int wanted = level == 0 ? AntminerMode.SLEEP : modes.get(level - 1).value();
        var conf = http.json(CONF);
        if (mode(conf) == wanted) return;
        var request = SET_CONF.with(settings(conf, wanted));
        var reply = http.json(request);
        if (!reply.path("stats").asText().equals("success"))
            throw http.failure(
                    reply.has("stats") ? Kind.REFUSED : Kind.GARBLED,
                    request,
                    reply.has("stats")
                            ? reply.path("msg").asText() + " (code "
                                    + reply.path("code").asText() + ")"
                            : "no \"stats\" in its reply",
                    null);
    }

    /** As its own page sends them: what stands in the settings besides is left as it is by the firmware. */
    private ObjectNode settings(JsonNode conf, int mode) {
        var pools = conf.path("pools");
        boolean usable = pools.isArray() && !pools.isEmpty();
        for (var pool : pools) usable &= pool.has("url") && pool.has("user") && pool.has("pass");
        if (!usable)
            throw http.failure(
                    Kind.REFUSED,
                    CONF,
                    "its settings hold no pools with url, user and pass, and would be left without them: set its pools"
                            + " on its own page first",
                    null);
        var settings = JsonNodeFactory.instance.objectNode();
        settings.set("pools", pools);
        for (var kept : List.of("bitmain-fan-ctrl", "bitmain-fan-pwm"))
            if (conf.has(kept)) settings.set(kept, conf.path(kept));
        var level = conf.has("bitmain-freq-level") ? conf.path("bitmain-freq-level") : conf.path("freq-level");
        if (!level.isMissingNode()) settings.set("freq-level", level);
        var dialect = dialect(conf);
        if (dialect.numeric() || conf.path(dialect.read()).isNumber()) settings.put(dialect.written(), mode);
        else settings.put(dialect.written(), Integer.toString(mode));
        return settings;
    }

    @Override
    public void close() {
        http.close();
    }
}
