package org.athanor.devices.tasmota;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.athanor.devices.Credentials;
import org.athanor.devices.DeviceException;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.Plug;
import org.athanor.devices.PlugState;
import org.athanor.devices.http.JsonHttp;
import org.athanor.devices.http.JsonHttp.Request;
import org.athanor.units.Joules;
import org.athanor.units.Watts;

/**
 * A metering plug with Tasmota firmware. Its countdown is a rule of its own, {@value #RULE}, and rule timer 1, which is started
 * anew before every switching on; both run in the plug. The rule also switches it off when the plug itself restarts, since a
 * restart forgets the timer but not that the plug was on.
 *
 * <p>Rule set 1 must be free for this: rules of its owner in it are not overwritten, but reported. The rule is written only where
 * it is missing, for it is kept in flash. Tasmota switches off its rules when it restarts again and again; so the rule counts,
 * and a countdown with it, only when it is read to be on.
 *
 * <p>Source: the commands of Tasmota's documentation, and the replies of its sources ({@code xdrv_10_rules}, forms of version 8
 * and of version 9.1 and later).
 */
public final class TasmotaPlug implements Plug {
    static final String RULE = "ON Rules#Timer=1 DO Power1 OFF ENDON ON Power1#Boot DO Power1 OFF ENDON";

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(3);

    /** Far beyond what a plug may carry, either way: power that is fed back counts negative. */
    private static final double MOST_WATTS = 100_000;

    private static final double MOST_KILOWATT_HOURS = 1e9;
    private static final double MOST_SECONDS = 1e9;
    private static final double JOULES_PER_KILOWATT_HOUR = 3.6e6;
    private static final Map<Integer, String> REFUSALS = Map.of(401, "its user or password is wrong, or missing");

    private final String id;
    private final Watts continuousRating;
    private final Optional<Credentials> login;
    private final JsonHttp http;

    /** @param login empty when its web pages have no password */
    public TasmotaPlug(String id, InetSocketAddress address, Optional<Credentials> login, Watts continuousRating) {
        this(id, address, login, continuousRating, DEFAULT_TIMEOUT);
    }

    /**
     * @param timeout of one command with its answer
     * @throws IllegalArgumentException for a rating that is not positive
     */
    public TasmotaPlug(
            String id,
            InetSocketAddress address,
            Optional<Credentials> login,
            Watts continuousRating,
            Duration timeout) {
        if (continuousRating.value() <= 0)
            throw new IllegalArgumentException(
                    "plug " + id + ": continuous rating " + continuousRating + " (must be positive)");
        this.id = id;
        this.continuousRating = continuousRating;
        this.login = login;
        this.http = new JsonHttp(id, address, timeout);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Watts continuousRating() {
        return continuousRating;
    }

    /** A countdown is told only while the rule that acts on it is on. */
    @Override
    public synchronized PlugState read() {
        var sensors = request("Status 8");
        var answer = ask(sensors);
        var energy = "/StatusSNS/ENERGY";
        return new PlugState(
                power(request("Power1")),
                new Watts(http.number(sensors, answer, energy + "/Power", -MOST_WATTS, MOST_WATTS)),
                new Joules(http.number(sensors, answer, energy + "/Total", 0, MOST_KILOWATT_HOURS)
                        * JOULES_PER_KILOWATT_HOUR),
                countdownLeft());
    }

    private Optional<Duration> countdownLeft() {
        if (!rule().armed()) return Optional.empty();
        double seconds = timer(request("RuleTimer1"));
        // at 0 it may not have been started, or just have run out: no countdown either way
        return seconds > 0 ? Optional.of(Duration.ofMillis(Math.round(seconds * 1000))) : Optional.empty();
    }

    /** Seconds left of rule timer 1, rounded down by the plug. */
    private double timer(Request request) {
        return http.number(request, ask(request), "/T1", 0, MOST_SECONDS);
    }

    private boolean power(Request request) {
        var answer = ask(request);
        var state = answer.path("POWER1").asText(answer.path("POWER").asText(""));
        return switch (state) {
            case "ON" -> true;
            case "OFF" -> false;
            default ->
                throw http.failure(
                        Kind.GARBLED,
                        request,
                        "POWER is neither ON nor OFF: " + JsonHttp.quote(answer.toString()),
                        null);
        };
    }

    /** @param text empty when there is none */
    private record Rule(boolean on, boolean once, String text) {
        boolean isOurs() {
            return text.strip().toLowerCase(Locale.ROOT).equals(RULE.toLowerCase(Locale.ROOT));
        }

        boolean armed() {
            return on && !once && isOurs();
        }
    }

    private Rule rule() {
        var request = request("Rule1");
        return rule(request, ask(request));
    }

    /** Up to version 9.0 the state is the value of Rule1 and the rest stands beside it; later all stands in it. */
    private Rule rule(Request request, JsonNode answer) {
        var rule = answer.path("Rule1");
        var fields = rule.isObject() ? rule : answer;
        var state = rule.isObject() ? rule.path("State") : rule;
        if (!state.isTextual() || !fields.path("Rules").isTextual())
            throw http.failure(Kind.GARBLED, request, "no rule: " + JsonHttp.quote(answer.toString()), null);
        return new Rule(
                state.textValue().equals("ON"),
                fields.path("Once").asText("OFF").equals("ON"),
                fields.path("Rules").textValue());
    }

    /** The timer first, so that it is never on without one. */
    @Override
    public synchronized void on(Duration countdown) {
        if (countdown.compareTo(Duration.ofSeconds(1)) < 0)
            throw new IllegalArgumentException("plug " + id + ": countdown " + countdown + " (at least a second)");
        arm();
        var start = request("RuleTimer1 " + countdown.toSeconds());
        double left = timer(start);
        if (left > countdown.toSeconds() || left < countdown.toSeconds() - 2)
            throw http.failure(
                    Kind.REFUSED,
                    start,
                    "its timer stands at " + left + " s instead of " + countdown.toSeconds() + " s",
                    null);
        switchTo(true);
    }

    /** @throws DeviceException of kind REFUSED if the rule cannot be had: then it is not switched on */
    private void arm() {
        var found = rule();
        if (found.armed()) return;
        if (!found.isOurs()) {
            if (!found.text().isBlank())
                throw http.failure(
                        Kind.REFUSED,
                        request("Rule1"),
                        "its rule set 1 holds rules of its owner: move them to set 2 or 3, so that the countdown gets it",
                        null);
            ask(request("Rule1 " + RULE));
        }
        ask(request("Rule1 4")); // each time the timer ends, not once only
        ask(request("Rule1 1"));
        var set = rule();
        if (!set.armed())
            throw http.failure(
                    Kind.REFUSED,
                    request("Rule1"),
                    "the rule of its countdown is not on though it was set: " + JsonHttp.quote(set.text()),
                    null);
    }

    /** The timer is left to run out: it switches off what is off. */
    @Override
    public synchronized void off() {
        switchTo(false);
    }

    private void switchTo(boolean on) {
        var request = request("Power1 " + (on ? "ON" : "OFF"));
        if (power(request) != on)
            throw http.failure(Kind.REFUSED, request, "it says that it is " + (on ? "off" : "on") + " still", null);
    }

    private Request request(String command) {
        var parameters = new LinkedHashMap<String, String>();
        login.ifPresent(known -> {
            parameters.put("user", known.user());
            parameters.put("password", known.password());
        });
        parameters.put("cmnd", command);
        return Request.get("/cm", parameters, command);
    }

    /** @throws DeviceException of kind REFUSED for a wrong password, or a command that it does not know */
    private JsonNode ask(Request request) {
        var answer = http.json(request, REFUSALS);
        var warning = answer.path("WARNING").asText("");
        if (warning.contains("user="))
            throw http.failure(Kind.REFUSED, request, "its user or password is wrong, or missing", null);
        var command = answer.path("Command").asText("");
        if (!warning.isEmpty() || command.equals("Unknown") || command.equals("Error"))
            throw http.failure(Kind.REFUSED, request, JsonHttp.quote(answer.toString()), null);
        return answer;
    }

    @Override
    public void close() {
        http.close();
    }
}
