package org.athanor.devices.simulated;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.athanor.devices.Computation;
import org.athanor.devices.braiins.Credentials;
import org.athanor.devices.simulated.RestServer.Answer;
import org.athanor.devices.simulated.RestServer.Answer.Whole;
import org.athanor.devices.simulated.RestServer.Question;
import org.athanor.units.Celsius;

/**
 * A simulated Antminer S19j Pro with Braiins OS that speaks its REST API on a socket: a login with a token that runs out, a power
 * target within limits (beyond them the nearer limit is taken without a word), a tuner that takes minutes, a pause with the fans
 * running on.
 */
public final class SimulatedBraiins extends SimulatedMiner {
    static final Set<Fault> SHOWS = Faults.of(
            Fault.IGNORES_COMMANDS,
            Fault.LIES_ABOUT_WATTS,
            Fault.SILENT,
            Fault.GARBAGE,
            Fault.TRUNCATED,
            Fault.FORGETS_SESSION,
            Fault.FAN_FAILED);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String API = "/api/v1/";
    private static final Duration TOKEN_LIFE = Duration.ofHours(1);

    private final BraiinsPhysics physics;
    private final Credentials credentials;
    private final RestServer server;
    private int tokens;
    private Duration tokenLeft = Duration.ZERO;

    /**
     * @param listen port 0 takes a free one
     * @param computation what its chips compute while it hashes; remains its giver's to close
     */
    public SimulatedBraiins(Credentials credentials, InetSocketAddress listen, Computation computation) {
        this(new BraiinsPhysics(), credentials, listen, computation);
    }

    private SimulatedBraiins(
            BraiinsPhysics physics, Credentials credentials, InetSocketAddress listen, Computation computation) {
        super(physics, computation, SHOWS);
        this.physics = physics;
        this.credentials = credentials;
        this.server = new RestServer(listen, this::answer);
    }

    @Override
    public InetSocketAddress address() {
        return server.address();
    }

    @Override
    void physicalFaults() {
        physics.fanFailed = faults.contains(Fault.FAN_FAILED);
    }

    @Override
    public synchronized void advance(Duration step, Celsius ambient, boolean mains) {
        physics.advance(step, ambient.value(), mains);
        tokenLeft = mains ? tokenLeft.minus(step) : Duration.ZERO;
        compute();
    }

    // ---- the API

    private Answer answer(Question question) {
        synchronized (this) {
            if (!physics.answers()) return new Answer.Broken();
            if (faults.contains(Fault.SILENT)) return new Answer.Never();
            var whole = whole(question);
            compute();
            return faults.contains(Fault.TRUNCATED) ? new Answer.Half(whole) : whole;
        }
    }

    private Whole whole(Question question) {
        if (faults.contains(Fault.GARBAGE)) return new Whole(200, "<html>\u0001 nginx</html>");
        if (question.call().equals("POST " + API + "auth/login")) return logIn(question.body());
        boolean known = question.authorization().equals(Optional.of(token())) && tokenLeft.isPositive();
        if (faults.contains(Fault.FORGETS_SESSION)) {
            faults.remove(Fault.FORGETS_SESSION); // once
            known = false;
        }
        if (!known) return new Whole(401, "{\"message\":\"unauthorized\"}");
        tokenLeft = TOKEN_LIFE;
        boolean obeys = !faults.contains(Fault.IGNORES_COMMANDS);
        return switch (question.call().replace(API, "")) {
            case "GET miner/details" -> ok(details());
            case "GET miner/stats" -> ok(stats());
            case "GET cooling/state" -> ok(cooling());
            case "GET performance/tuner-state" -> ok(tuner());
            case "GET configuration/constraints" -> ok(constraints());
            case "PUT performance/power-target" -> target(question.body(), obeys);
            case "PUT actions/pause" -> ok(!obeys || physics.pause());
            case "PUT actions/resume" -> ok(!obeys || physics.resume());
            default -> new Whole(404, "{\"message\":\"not found\"}");
        };
    }

    private static Whole ok(Object body) {
        return new Whole(200, body.toString());
    }

    private String token() {
        return "token-" + tokens;
    }

    private Whole logIn(String body) {
        var given = parsed(body);
        boolean right = given.path("username").asText().equals(credentials.user())
                && given.path("password").asText().equals(credentials.password());
        if (!right) return new Whole(401, "{\"message\":\"wrong credentials\"}");
        tokens++;
        tokenLeft = TOKEN_LIFE;
        return ok(JSON.createObjectNode().put("token", token()).put("timeout_s", TOKEN_LIFE.toSeconds()));
    }

    private Whole target(String body, boolean obeys) {
        var watt = parsed(body).path("watt");
        if (!watt.isInt()) return new Whole(400, "{\"message\":\"watt\"}");
        int taken = obeys ? physics.target(watt.intValue()) : watt.intValue();
        return ok(watts(taken));
    }

    private static JsonNode parsed(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return JSON.createObjectNode(); // as if it held nothing that is looked for
        }
    }

    private static ObjectNode watts(int watts) {
        return JSON.createObjectNode().put("watt", watts);
    }

    private ObjectNode details() {
        int status = switch (physics.state()) {
            case UNPOWERED, BOOTING -> 1;
            case PREHEATING, RUNNING -> physics.paused() ? 3 : 2;
            case SUSPENDED -> 4;
        };
        var details = JSON.createObjectNode();
        details.putObject("miner_identity")
                .put("miner_model", "Antminer S19j Pro")
                .put("brand", 1);
        details.putObject("bos_version").put("current", "2026-04-14-0-simulated-26.04-plus");
        return details.put("hostname", "Antminer").put("status", status);
    }

    private ObjectNode stats() {
        var stats = JSON.createObjectNode();
        double gigahashes = physics.hashesPerSecond() / 1e9;
        stats.putObject("miner_stats")
                .putObject("real_hashrate")
                .putObject("last_5s")
                .put("gigahash_per_second", gigahashes);
        stats.putObject("pool_stats")
                .put("accepted_shares", computation.counters().accepted())
                .put("rejected_shares", computation.counters().rejected());
        int shown = (int) Math.round(physics.watts() * (faults.contains(Fault.LIES_ABOUT_WATTS) ? 0.5 : 1));
        stats.putObject("power_stats").set("approximated_consumption", watts(shown));
        return stats;
    }

    private ObjectNode cooling() {
        var cooling = JSON.createObjectNode();
        var fans = cooling.putArray("fans");
        for (int position = 0; position < 4; position++)
            fans.addObject()
                    .put("position", position)
                    .put("rpm", Math.round(physics.fanRpm()))
                    .put("target_speed_ratio", physics.fan());
        var highest = cooling.putObject("highest_temperature");
        highest.put("location", 1).putObject("temperature").put("degree_c", physics.chipCelsius());
        return cooling;
    }

    private ObjectNode tuner() {
        var tuner = JSON.createObjectNode();
        tuner.putObject("mode_state").putObject("powertargetmodestate").set("current_target", watts(physics.target()));
        int state = physics.state() == BraiinsPhysics.State.PREHEATING ? 6 : physics.tuning() ? 3 : 2;
        return tuner.put("overall_tuner_state", state);
    }

    private static ObjectNode constraints() {
        var constraints = JSON.createObjectNode();
        var power = constraints.putObject("tuner_constraints").putObject("power_target");
        power.set("default", watts(BraiinsPhysics.DEFAULT_WATTS));
        power.set("min", watts(BraiinsPhysics.LEAST_WATTS));
        power.set("max", watts(BraiinsPhysics.MOST_WATTS));
        return constraints;
    }

    @Override
    public void close() {
        server.close();
        super.close();
    }
}
