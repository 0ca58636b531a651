package org.athanor.devices.vnish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.athanor.devices.Capabilities;
import org.athanor.devices.DeclaredTop;
import org.athanor.devices.DeviceException;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.Heater;
import org.athanor.devices.HeaterState;
import org.athanor.devices.HeaterState.Phase;
import org.athanor.devices.HeaterState.PowerSource;
import org.athanor.devices.PoolReader;
import org.athanor.devices.PoolSetting;
import org.athanor.devices.PowerLevel;
import org.athanor.devices.http.JsonHttp;
import org.athanor.devices.http.JsonHttp.Request;
import org.athanor.units.Celsius;
import org.athanor.units.Hashrate;
import org.athanor.units.Joules;
import org.athanor.units.Watts;

/**
 * Driver of an Antminer with Vnish firmware, over its REST API. Levels are throttles, where the firmware has them (1.3.3 and
 * later), or presets, a change of which may want the mining restarted: that is done. Where it wants the whole machine rebooted,
 * that is said and left to its owner. Reading needs no password.
 *
 * <p>A stop is the firmware's pause. A pause and a stop by somebody else both read as off.
 *
 * <p>Source: the firmware's API descriptions of 1.2.7 and 1.3.4. Not tried on a real one: that a throttle is one of power, and
 * that a paused miner says {@code stopped}.
 */
public final class VnishHeater implements Heater, PoolReader, DeclaredTop {
    public static final int PORT = 80;

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);
    private static final String API = "/api/v1/";
    private static final Request UNLOCK = Request.post(API + "unlock");
    private static final Request INFO = Request.get(API + "info");
    private static final Request SUMMARY = Request.get(API + "summary");
    private static final Request PERFORMANCE = Request.get(API + "perf-summary");
    private static final Request SETTINGS = Request.post(API + "settings");
    private static final Request THROTTLE = Request.post(API + "mining/throttle");
    private static final Request PAUSE = Request.post(API + "mining/pause");
    private static final Request RESUME = Request.post(API + "mining/resume");
    private static final Request START = Request.post(API + "mining/start");
    private static final Request RESTART = Request.post(API + "mining/restart");

    private static final double MOST_WATTS = 100_000;
    private static final double MOST_HASHES = 1e17;
    private static final double MOST_CELSIUS = 250;
    private static final double MOST_RPM = 100_000;
    private static final Map<Integer, String> UNLOCK_REFUSALS = Map.of(
            403, "its password is wrong", 429, "a wrong password was given too often: wait, or see its own page");

    /** Below this share of its level's watts it is still on its way there. */
    private static final double ON_ITS_WAY = 0.5;

    private final String id;
    private final List<VnishLevel> levels;
    private final String password;
    private final Capabilities capabilities;
    private final JsonHttp http;
    private String token = "";
    private Optional<VnishFirmware> firmware = Optional.empty();
    private double hashesPerUnit;

    /**
     * @param model for people, such as Antminer S19j Pro
     * @param levels those that heat, ascending by power
     * @param maximumPower by its nameplate
     */
    public VnishHeater(
            String id,
            String model,
            List<VnishLevel> levels,
            Watts maximumPower,
            String password,
            InetSocketAddress address) {
        this(id, model, levels, maximumPower, password, address, DEFAULT_TIMEOUT);
    }

    /**
     * @param timeout of one request with its reply
     * @throws IllegalArgumentException for levels that do not ascend, or lie above the maximum
     */
    public VnishHeater(
            String id,
            String model,
            List<VnishLevel> levels,
            Watts maximumPower,
            String password,
            InetSocketAddress address,
            Duration timeout) {
        this.id = id;
        this.levels = List.copyOf(levels);
        this.password = password;
        this.capabilities = capabilities(model, levels, maximumPower);
        PowerLevel.requireUsable(capabilities.levels(), maximumPower);
        this.http = new JsonHttp(id, address, timeout);
    }

    private static Capabilities capabilities(String model, List<VnishLevel> levels, Watts maximumPower) {
        var named = new ArrayList<PowerLevel>();
        named.add(new PowerLevel("off", Watts.ZERO));
        for (var level : levels) named.add(new PowerLevel(level.title(), level.watts()));
        boolean presets = levels.stream().anyMatch(level -> level.preset().isPresent());
        return new Capabilities(
                model + " with Vnish",
                named,
                maximumPower,
                presets ? Duration.ofMinutes(10) : Duration.ofMinutes(5),
                Duration.ofMinutes(5), // its own check of the hash rate comes 5 min after a start
                Duration.ofMinutes(5),
                presets,
                true,
                true,
                new Joules(maximumPower.value() * 250),
                Optional.of(new Celsius(90)), // the firmware's own limit, unless its owner moved it
                Optional.empty(),
                "reported by the firmware (power_consumption), not metered");
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
    public String correction(Watts measured) {
        var top = levels.getLast();
        long right = Math.round(measured.value());
        var more = measured.compareTo(capabilities.maximumPower()) > 0 ? " and no less for its maximum" : "";
        return top.preset()
                .map(preset -> "write " + right + " for preset " + JsonHttp.quote(preset) + more)
                .orElseGet(() -> "write " + right + " for the highest of its levels (the others are shares of it)"
                        + more + ", or choose the preset of "
                        + Math.round(top.watts().value()) + " W on its own page");
    }

    @Override
    public synchronized HeaterState read() {
        identify();
        var miner = miner();
        double watts = http.number(SUMMARY, miner, "/power_consumption", 0, MOST_WATTS);
        var state = state(miner);
        var rpm = slowestFan(miner);
        var level = level(state, miner);
        var fault = fault(state, miner, rpm);
        return new HeaterState(
                level,
                fault.isPresent() ? Phase.FAULT : phase(state, watts, level, rpm),
                Optional.of(new Watts(watts)),
                PowerSource.REPORTED,
                chip(miner),
                Optional.empty(), // its inlet sensors sit on the boards, behind other warm parts
                rpm,
                Optional.of(new Hashrate(
                        http.number(SUMMARY, miner, "/hr_realtime", 0, MOST_HASHES / hashesPerUnit) * hashesPerUnit)),
                fault);
    }

    /** Which firmware, and the unit of its hash rates: once a connection. */
    private void identify() {
        if (firmware.isPresent()) return;
        var info = http.json(INFO);
        var version = info.path("fw_version");
        var measure = info.path("hr_measure").asText("GH/s");
        if (!version.isTextual())
            throw http.failure(Kind.GARBLED, INFO, "no \"fw_version\": " + JsonHttp.quote(info.toString()), null);
        hashesPerUnit = switch (measure) {
            case "GH/s" -> 1e9;
            case "MH/s" -> 1e6;
            default ->
                throw http.failure(
                        Kind.GARBLED, INFO, "hash rates in " + JsonHttp.quote(measure) + " (GH/s, MH/s)", null);
        };
        try {
            firmware = Optional.of(VnishFirmware.of(version.textValue()));
        } catch (IllegalArgumentException e) {
            throw http.failure(Kind.GARBLED, INFO, "fw_version: " + e.getMessage(), e);
        }
    }

    private JsonNode miner() {
        JsonNode summary;
        try {
            summary = http.json(SUMMARY);
        } catch (DeviceException e) {
            firmware = Optional.empty(); // another may answer next time
            throw e;
        }
        var miner = summary.path("miner");
        if (!miner.isObject())
            throw http.failure(Kind.GARBLED, SUMMARY, "no \"miner\": " + JsonHttp.quote(summary.toString()), null);
        return miner;
    }

    private String state(JsonNode miner) {
        var state = miner.at("/miner_status/miner_state");
        if (!state.isTextual())
            throw http.failure(Kind.GARBLED, SUMMARY, "no \"miner_state\": " + JsonHttp.quote(miner.toString()), null);
        return state.textValue();
    }

    private static boolean isOff(String state) {
        return state.equals("stopped") || state.equals("shutting-down");
    }

    private OptionalInt level(String state, JsonNode miner) {
        if (isOff(state)) return OptionalInt.of(0);
        int percent = percent(miner);
        var preset = levels.stream().anyMatch(level -> level.preset().isPresent()) ? preset() : "";
        for (int i = 0; i < levels.size(); i++) {
            var level = levels.get(i);
            if (level.percent() == percent && level.preset().orElse(preset).equals(preset))
                return OptionalInt.of(i + 1);
        }
        return OptionalInt.empty();
    }

    /** Firmware that cannot throttle says nothing of it. */
    private int percent(JsonNode miner) {
        if (miner.at("/miner_status/throttled").isMissingNode()) return 100;
        return (int) http.number(SUMMARY, miner, "/miner_status/throttled", 0, 100);
    }

    /** Name of the chosen preset; empty when none is. */
    private String preset() {
        return http.json(PERFORMANCE).at("/current_preset/name").asText("");
    }

    private Phase phase(String state, double watts, OptionalInt level, OptionalInt rpm) {
        return switch (state) {
            case "mining" ->
                level.isPresent()
                                && watts
                                        < ON_ITS_WAY
                                                * levels.get(level.getAsInt() - 1)
                                                        .watts()
                                                        .value()
                        ? Phase.STARTING
                        : Phase.WORKING;
            case "initializing", "starting", "auto-tuning", "restarting" -> Phase.STARTING;
            case "shutting-down" -> Phase.STOPPING;
            case "stopped" -> rpm.orElse(0) > 0 ? Phase.STOPPING : Phase.OFF;
            default -> Phase.FAULT;
        };
    }

    private static Optional<String> fault(String state, JsonNode miner, OptionalInt rpm) {
        if (state.equals("failure"))
            return Optional.of("the firmware reports a failure: "
                    + miner.at("/miner_status/description").asText("see its own page for why"));
        for (var fan : miner.at("/cooling/fans"))
            if (fan.path("status").asText("ok").equals("lost"))
                return Optional.of("fan " + fan.path("id").asText("") + " is lost");
        return switch (state) {
            case "mining" -> rpm.equals(OptionalInt.of(0)) ? Optional.of("a fan stands still") : Optional.empty();
            case "initializing", "starting", "auto-tuning", "restarting", "shutting-down", "stopped" ->
                Optional.empty();
            default -> Optional.of("the firmware reports a state that is not known here: " + JsonHttp.quote(state));
        };
    }

    private OptionalInt slowestFan(JsonNode miner) {
        var slowest = OptionalInt.empty();
        for (int i = 0; i < miner.at("/cooling/fans").size(); i++) {
            int rpm = (int) http.number(SUMMARY, miner, "/cooling/fans/" + i + "/rpm", 0, MOST_RPM);
            if (slowest.isEmpty() || rpm < slowest.getAsInt()) slowest = OptionalInt.of(rpm);
        }
        return slowest;
    }

    private Optional<Celsius> chip(JsonNode miner) {
        if (miner.at("/chip_temp/max").isMissingNode()) return Optional.empty();
        return Optional.of(new Celsius(http.number(SUMMARY, miner, "/chip_temp/max", -60, MOST_CELSIUS)));
    }

    /** {@inheritDoc} A pool of the firmware's own, to which it mines its fee for a while, is passed over. */
    @Override
    public synchronized Optional<PoolSetting> pool() {
        PoolSetting first = null;
        for (var pool : miner().path("pools")) {
            if (!pool.path("pool_type").asText("UserPool").equals("UserPool")) continue;
            if (!pool.path("url").isTextual() || pool.path("url").textValue().isBlank()) continue;
            var setting = new PoolSetting(
                    pool.path("url").textValue(), pool.path("user").asText(""));
            if (pool.path("status").asText("").equals("active")) return Optional.of(setting);
            if (first == null) first = setting;
        }
        return Optional.ofNullable(first);
    }

    @Override
    public synchronized void setLevel(int level) {
        capabilities.level(level);
        identify();
        boolean off = isOff(state(miner()));
        if (level == 0) {
            if (!off) ask(PAUSE);
            return;
        }
        var wanted = levels.get(level - 1);
        requireThrottle(wanted);
        if (wanted.preset().isPresent() && !preset().equals(wanted.preset().get()))
            choose(wanted.preset().get());
        if (firmware.orElseThrow().throttles() && percent(miner()) != wanted.percent())
            ask(THROTTLE.with(JsonNodeFactory.instance.objectNode().put("percent", wanted.percent())));
        // last, so that it starts in the level asked for rather than in its last one
        if (off) resume();
    }

    private void requireThrottle(VnishLevel wanted) {
        if (wanted.percent() != 100 && !firmware.orElseThrow().throttles())
            throw http.failure(
                    Kind.REFUSED,
                    THROTTLE,
                    "its firmware cannot throttle: give it presets for levels, or firmware 1.3.3 or later",
                    null);
    }

    private void choose(String preset) {
        var body = JsonNodeFactory.instance.objectNode();
        body.putObject("miner").putObject("overclock").put("preset", preset);
        var taken = ask(SETTINGS.with(body));
        if (taken.path("reboot_required").asBoolean(false))
            throw http.failure(
                    Kind.REFUSED,
                    SETTINGS,
                    "preset " + JsonHttp.quote(preset)
                            + " takes effect after a reboot only: reboot it on its own page, or choose another preset",
                    null);
        if (taken.path("restart_required").asBoolean(false)) ask(RESTART);
    }

    /** Who stopped it, and how, cannot be read: a miner that was stopped refuses to resume, and is started. */
    private void resume() {
        try {
            ask(RESUME);
        } catch (DeviceException e) {
            if (e.kind() != Kind.REFUSED) throw e;
            ask(START);
        }
    }

    /** Unlocks when it must: a token is lost when the firmware restarts. */
    private JsonNode ask(Request request) {
        if (!token.isEmpty()) {
            var reply = http.jsonUnlessUnauthorized(request.authorized("Bearer " + token));
            if (reply.isPresent()) return reply.get();
        }
        unlock();
        return http.jsonUnlessUnauthorized(request.authorized("Bearer " + token))
                .orElseThrow(() -> http.failure(Kind.REFUSED, request, "it does not know its own new token", null));
    }

    /** @throws DeviceException of kind REFUSED for a wrong password */
    private void unlock() {
        var request = UNLOCK.with(JsonNodeFactory.instance.objectNode().put("pw", password));
        token = http.token(UNLOCK, http.json(request, UNLOCK_REFUSALS));
    }

    @Override
    public void close() {
        http.close();
    }
}
