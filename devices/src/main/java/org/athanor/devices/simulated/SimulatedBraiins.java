package org.athanor.devices.simulated;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.athanor.devices.Computation;
import org.athanor.devices.Credentials;
import org.athanor.devices.simulated.RestServer.Answer.Whole;
import org.athanor.devices.simulated.RestServer.Question;

/**
 * A simulated Antminer S19j Pro with Braiins OS that speaks its REST API on a socket: a login with a token that runs out, a power
 * target within limits (beyond them the nearer limit is taken without a word), a tuner that takes minutes, a pause with the fans
 * running on, and a stop, after which it resumes only when it is started.
 */
public final class SimulatedBraiins extends SimulatedRestMiner {
    static final Set<Fault> SHOWS = showing(Fault.WRONG_PASSWORD, Fault.FORGETS_SESSION);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String API = "/api/v1/";
    private static final Duration TOKEN_LIFE = Duration.ofHours(1);

    private static final TargetPhysics.Limits LIMITS = new TargetPhysics.Limits(900, 3600, 3050);

    private final TargetPhysics physics;
    private final Credentials credentials;
    private int tokens;
    private Duration tokenLeft = Duration.ZERO;

    /**
     * @param listen port 0 takes a free one
     * @param computation what its chips compute while it hashes; remains its giver's to close
     */
    public SimulatedBraiins(Credentials credentials, InetSocketAddress listen, Computation computation) {
        this(new TargetPhysics(LIMITS), credentials, listen, computation);
    }

    private SimulatedBraiins(
            TargetPhysics physics, Credentials credentials, InetSocketAddress listen, Computation computation) {
        this.physics = physics; // before the port is open
        this.credentials = credentials;
        super(physics, computation, SHOWS, listen);
    }

    @Override
    void physicalFaults() {
        physics.fanFailed = faults.contains(Fault.FAN_FAILED);
    }

    @Override
    void run(Duration step, double ambientCelsius, boolean mains) {
        physics.advance(step, ambientCelsius, mains);
        tokenLeft = mains ? tokenLeft.minus(step) : Duration.ZERO;
    }

    @Override
    void restart() {
        physics.reboot();
        tokenLeft = Duration.ZERO;
    }

    // ---- the API

    @Override
    boolean answers() {
        return physics.answers();
    }

    @Override
    String garbage() {
        return "<html>\u0001 nginx</html>";
    }

    @Override
    String fieldOfChangedFirmware() {
        return "approximated_consumption";
    }

    @Override
    Whole otherReply(Question question) {
        return ok(question.call().endsWith("constraints") ? cooling() : constraints());
    }

    @Override
    Whole reply(Question question) {
        if (question.call().equals("POST " + API + "auth/login")) return logIn(question.body());
        // without a login, so that clients know whom they talk to
        if (question.call().equals("GET " + API + "version"))
            return ok(JSON.createObjectNode().put("major", 1).put("minor", 3).put("patch", 0));
        boolean known = question.authorization().equals(Optional.of(token())) && tokenLeft.isPositive();
        if (faults.remove(Fault.FORGETS_SESSION)) known = false;
        if (!known) return new Whole(401, "{\"message\":\"unauthorized\"}");
        tokenLeft = TOKEN_LIFE;
        if (refuses() && !question.reads()) return new Whole(503, "{\"message\":\"busy\"}");
        return switch (question.call().replace(API, "")) {
            case "GET miner/details" -> ok(details());
            case "GET miner/stats" -> ok(stats());
            case "GET cooling/state" -> ok(cooling());
            case "GET performance/tuner-state" -> ok(tuner());
            case "GET configuration/constraints" -> ok(constraints());
            case "GET pools" -> ok(pools());
            case "PUT performance/power-target" -> target(question.body());
            case "PUT actions/pause" -> ok(!obeys() || physics.pause());
            case "PUT actions/resume" -> ok(!obeys() || physics.resume());
            case "PUT actions/stop" -> ok(!obeys() || physics.stop());
            case "PUT actions/start" -> ok(!obeys() || physics.start());
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
        boolean right = !faults.contains(Fault.WRONG_PASSWORD)
                && given.path("username").asText().equals(credentials.user())
                && given.path("password").asText().equals(credentials.password());
        if (!right) return new Whole(401, "{\"message\":\"wrong credentials\"}");
        tokens++;
        tokenLeft = TOKEN_LIFE;
        return ok(JSON.createObjectNode().put("token", token()).put("timeout_s", TOKEN_LIFE.toSeconds()));
    }

    private Whole target(String body) {
        var watt = parsed(body).path("watt");
        if (!watt.isInt()) return new Whole(400, "{\"message\":\"watt\"}");
        int taken = obeys() ? physics.target(watt.intValue()) : watt.intValue();
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
            case PREHEATING, RUNNING -> physics.stopped() ? 1 : physics.paused() ? 3 : 2;
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
        int shown = (int) Math.round(shownWatts(physics.watts()));
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

    private ArrayNode pools() {
        var groups = JSON.createArrayNode();
        groups.addObject()
                .put("name", "Default")
                .putArray("pools")
                .addObject()
                .put("active", true)
                .put("alive", true)
                .put("enabled", true)
                .put("url", pool().url())
                .put("user", pool().user());
        return groups;
    }

    private ObjectNode tuner() {
        var tuner = JSON.createObjectNode();
        tuner.putObject("mode_state").putObject("powertargetmodestate").set("current_target", watts(physics.target()));
        int state = physics.state() == TargetPhysics.State.PREHEATING ? 6 : physics.tuning() ? 3 : 2;
        return tuner.put("overall_tuner_state", state);
    }

    private static ObjectNode constraints() {
        var constraints = JSON.createObjectNode();
        var power = constraints.putObject("tuner_constraints").putObject("power_target");
        power.set("default", watts(LIMITS.usual()));
        power.set("min", watts(LIMITS.least()));
        power.set("max", watts(LIMITS.most()));
        return constraints;
    }
}
