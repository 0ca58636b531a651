package org.athanor.devices.braiins;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
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
import org.athanor.devices.http.JsonHttp;
import org.athanor.devices.http.JsonHttp.Request;
import org.athanor.units.Celsius;
import org.athanor.units.Hashrate;
import org.athanor.units.Joules;
import org.athanor.units.Watts;

/**
 * Driver of an Antminer or another miner with Braiins OS, over its REST API. Levels are power targets that its owner chose; they
 * must lie within the limits that the firmware states for the machine, since others are snapped to these without a word.
 *
 * <p>After a change the tuner works towards the target for some minutes, and hashes meanwhile. A pause by somebody else reads as
 * off, and so does a miner that was stopped; it is started when heat is wanted. The power is the firmware's approximation, not a meter's.
 *
 * <p>Source: the OpenAPI description of Braiins OS 26.04.
 */
public final class BraiinsHeater implements Heater, PoolReader {
    public static final int PORT = 80;

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);
    private static final String API = "/api/v1/";
    private static final Request LOGIN = Request.post(API + "auth/login");
    private static final Request DETAILS = Request.get(API + "miner/details");
    private static final Request STATS = Request.get(API + "miner/stats");
    private static final Request COOLING = Request.get(API + "cooling/state");
    private static final Request TUNER = Request.get(API + "performance/tuner-state");
    private static final Request CONSTRAINTS = Request.get(API + "configuration/constraints");
    private static final Request POWER_TARGET = Request.put(API + "performance/power-target");
    private static final Request POOLS = Request.get(API + "pools");
    private static final Request PAUSE = Request.put(API + "actions/pause");
    private static final Request RESUME = Request.put(API + "actions/resume");
    private static final Request START = Request.put(API + "actions/start");

    private static final double MOST_WATTS = 100_000;
    private static final double MOST_GIGAHASHES = 1e8;
    private static final double MOST_CELSIUS = 250;
    private static final double MOST_RPM = 100_000;

    /** Below this share of its target it is still on its way there. */
    private static final double ON_ITS_WAY = 0.5;

    /** {@code MinerStatus} of the API, with 0 for not known. */
    private enum Status {
        UNKNOWN,
        NOT_STARTED,
        NORMAL,
        PAUSED,
        SUSPENDED,
        RESTRICTED
    }

    private final String id;
    private final List<Integer> targets;
    private final Credentials credentials;
    private final Capabilities capabilities;
    private final JsonHttp http;
    private String token = "";
    private boolean checked;

    /**
     * @param model for people, such as Antminer S19j Pro
     * @param targets power targets of the levels that heat, W, ascending
     * @param maximumPower by its nameplate
     */
    public BraiinsHeater(
            String id,
            String model,
            List<Integer> targets,
            Watts maximumPower,
            Credentials credentials,
            InetSocketAddress address) {
        this(id, model, targets, maximumPower, credentials, address, DEFAULT_TIMEOUT);
    }

    /**
     * @param timeout of one request with its reply
     * @throws IllegalArgumentException for targets that do not ascend from above 0, or lie above the maximum
     */
    public BraiinsHeater(
            String id,
            String model,
            List<Integer> targets,
            Watts maximumPower,
            Credentials credentials,
            InetSocketAddress address,
            Duration timeout) {
        this.id = id;
        this.targets = List.copyOf(targets);
        this.credentials = credentials;
        this.capabilities = capabilities(model, targets, maximumPower);
        PowerLevel.requireUsable(capabilities.levels(), maximumPower);
        this.http = new JsonHttp(id, address, timeout);
    }

    private static Capabilities capabilities(String model, List<Integer> targets, Watts maximumPower) {
        var levels = new ArrayList<PowerLevel>();
        levels.add(new PowerLevel("off", Watts.ZERO));
        for (int watts : targets) levels.add(new PowerLevel(watts + " W", new Watts(watts)));
        return new Capabilities(
                model + " with Braiins OS",
                levels,
                maximumPower,
                Duration.ofMinutes(10),
                Duration.ofMinutes(5), // no vendor states minimum times: the community's practice
                Duration.ofMinutes(5),
                false,
                true,
                true,
                new Joules(maximumPower.value() * 250),
                Optional.of(new Celsius(100)), // Braiins' own limit, "dangerous", lies at or below it
                Optional.empty(),
                "approximated by the firmware (approximated_consumption), not metered");
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
    public synchronized HeaterState read() {
        var status = status();
        var stats = ask(STATS);
        var cooling = ask(COOLING);
        double watts = http.number(STATS, stats, "/power_stats/approximated_consumption/watt", 0, MOST_WATTS);
        var rpm = slowestFan(cooling);
        var target = status == Status.NORMAL ? target() : OptionalInt.empty();
        var fault = fault(status, rpm);
        return new HeaterState(
                level(status, target),
                phase(status, watts, target, rpm, fault.isPresent()),
                Optional.of(new Watts(watts)),
                PowerSource.REPORTED,
                hottest(cooling),
                Optional.empty(), // its inlet sensors sit on the boards, behind other warm parts
                rpm,
                Optional.of(new Hashrate(http.number(
                                STATS,
                                stats,
                                "/miner_stats/real_hashrate/last_5s/gigahash_per_second",
                                0,
                                MOST_GIGAHASHES)
                        * 1e9)),
                fault);
    }

    private Status status() {
        int number = (int) http.number(DETAILS, ask(DETAILS), "/status", 0, Integer.MAX_VALUE);
        return number < Status.values().length ? Status.values()[number] : Status.UNKNOWN;
    }

    /** W, if the tuner has a power target. */
    private OptionalInt target() {
        var watt = ask(TUNER).at("/mode_state/powertargetmodestate/current_target/watt");
        return watt.isInt() ? OptionalInt.of(watt.intValue()) : OptionalInt.empty();
    }

    private OptionalInt level(Status status, OptionalInt target) {
        if (isOff(status)) return OptionalInt.of(0);
        if (target.isEmpty()) return OptionalInt.empty();
        int index = targets.indexOf(target.getAsInt());
        return index < 0 ? OptionalInt.empty() : OptionalInt.of(index + 1);
    }

    /** While it boots it is not started either. */
    private static boolean isOff(Status status) {
        return status == Status.PAUSED || status == Status.NOT_STARTED;
    }

    private static Phase phase(Status status, double watts, OptionalInt target, OptionalInt rpm, boolean faulty) {
        if (faulty) return Phase.FAULT;
        return switch (status) {
            case PAUSED, NOT_STARTED -> rpm.orElse(0) > 0 ? Phase.STOPPING : Phase.OFF;
            case NORMAL -> watts < ON_ITS_WAY * target.orElse(0) ? Phase.STARTING : Phase.WORKING;
            case UNKNOWN -> Phase.STARTING;
            case SUSPENDED, RESTRICTED -> Phase.FAULT;
        };
    }

    private static Optional<String> fault(Status status, OptionalInt rpm) {
        return switch (status) {
            case SUSPENDED -> Optional.of("the firmware has suspended mining: see its own page for why");
            case RESTRICTED -> Optional.of("the firmware runs in its restricted mode: see its own page for why");
            case UNKNOWN -> Optional.of("the firmware reports a status that is not known here");
            case NORMAL -> rpm.equals(OptionalInt.of(0)) ? Optional.of("a fan stands still") : Optional.empty();
            case NOT_STARTED, PAUSED -> Optional.empty();
        };
    }

    private OptionalInt slowestFan(JsonNode cooling) {
        var slowest = OptionalInt.empty();
        var fans = cooling.path("fans");
        for (int i = 0; i < fans.size(); i++) {
            int rpm = (int) http.number(COOLING, cooling, "/fans/" + i + "/rpm", 0, MOST_RPM);
            if (slowest.isEmpty() || rpm < slowest.getAsInt()) slowest = OptionalInt.of(rpm);
        }
        return slowest;
    }

    private Optional<Celsius> hottest(JsonNode cooling) {
        var pointer = "/highest_temperature/temperature/degree_c";
        if (cooling.at(pointer).isMissingNode()) return Optional.empty(); // its boards are without power
        return Optional.of(new Celsius(http.number(COOLING, cooling, pointer, -60, MOST_CELSIUS)));
    }

    /** {@inheritDoc} The one that it uses now; otherwise the first that it may use. */
    @Override
    public synchronized Optional<PoolSetting> pool() {
        var groups = ask(POOLS);
        if (!groups.isArray())
            throw http.failure(Kind.GARBLED, POOLS, "no list of groups: " + JsonHttp.quote(groups.toString()), null);
        PoolSetting first = null;
        for (var group : groups)
            for (var pool : group.path("pools")) {
                if (!pool.path("enabled").asBoolean(true) || !pool.path("url").isTextual()) continue;
                var setting = new PoolSetting(
                        pool.path("url").textValue(), pool.path("user").asText(""));
                if (pool.path("active").asBoolean(false)) return Optional.of(setting);
                if (first == null) first = setting;
            }
        return Optional.ofNullable(first);
    }

    @Override
    public synchronized void setLevel(int level) {
        capabilities.level(level);
        check();
        var status = status();
        if (level == 0) {
            // one that is not started yet would heat once it is: it is paused too
            if (status != Status.PAUSED) ask(PAUSE);
            return;
        }
        int wanted = targets.get(level - 1);
        if (!target().equals(OptionalInt.of(wanted))) {
            var taken =
                    ask(POWER_TARGET.with(JsonNodeFactory.instance.objectNode().put("watt", wanted)));
            if (taken.path("watt").asInt(-1) != wanted)
                throw http.failure(
                        Kind.REFUSED,
                        POWER_TARGET,
                        "it took " + JsonHttp.quote(taken.toString()) + " instead of " + wanted + " W",
                        null);
        }
        // last, so that it starts at the target asked for rather than at its last one
        if (status == Status.NOT_STARTED) {
            ask(START);
            status = status(); // it may have been paused before it was stopped
        }
        if (status == Status.PAUSED) ask(RESUME);
    }

    /** Once: whether the firmware lets this machine have these targets. */
    private void check() {
        if (checked) return;
        var limits = ask(CONSTRAINTS);
        double least = http.number(CONSTRAINTS, limits, "/tuner_constraints/power_target/min/watt", 0, MOST_WATTS);
        double most = http.number(CONSTRAINTS, limits, "/tuner_constraints/power_target/max/watt", 0, MOST_WATTS);
        if (targets.getFirst() < least || targets.getLast() > most)
            throw http.failure(
                    Kind.REFUSED,
                    CONSTRAINTS,
                    "configured for " + targets.getFirst() + " to " + targets.getLast() + " W, but this machine takes "
                            + (int) least + " to " + (int) most + " W",
                    null);
        checked = true;
    }

    /** Logs in when it must: a token runs out when it was not used for long. */
    private JsonNode ask(Request request) {
        if (!token.isEmpty()) {
            var reply = http.jsonUnlessUnauthorized(request.authorized(token));
            if (reply.isPresent()) return reply.get();
        }
        logIn();
        return http.jsonUnlessUnauthorized(request.authorized(token))
                .orElseThrow(() -> http.failure(Kind.REFUSED, request, "it does not know its own new token", null));
    }

    /** @throws DeviceException of kind REFUSED for a wrong password */
    private void logIn() {
        var reply = http.jsonUnlessUnauthorized(LOGIN.with(JsonNodeFactory.instance
                        .objectNode()
                        .put("username", credentials.user())
                        .put("password", credentials.password())))
                .orElseThrow(() -> http.failure(
                        Kind.REFUSED,
                        LOGIN,
                        "user " + JsonHttp.quote(credentials.user()) + " or its password is wrong",
                        null));
        token = http.token(LOGIN, reply);
        checked = false; // its firmware may have been changed meanwhile
    }

    @Override
    public void close() {
        http.close();
    }
}
