package org.athanor.devices.simulated;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.athanor.devices.Computation;
import org.athanor.devices.simulated.RestServer.Answer.Whole;
import org.athanor.devices.simulated.RestServer.Question;

/**
 * A simulated Antminer S19j Pro with Vnish firmware that speaks its REST API on a socket: an unlock with a token that is lost at
 * a restart, presets of which some want the mining restarted and one wants a reboot, a throttle that acts at once (firmware 1.3.3
 * and later), pause and resume, and {@code start} after a {@code stop}.
 *
 * <p>Names of calls and fields are those of Vnish's API descriptions of 1.2.7 and 1.3.4. How long it takes, which presets want
 * what, and that a throttle scales the watts of the preset by its per cent are declared, not seen on a real one.
 */
public final class SimulatedVnish extends SimulatedRestMiner {
    static final Set<Fault> SHOWS =
            showing(Fault.WRONG_PASSWORD, Fault.FORGETS_SESSION, Fault.OLD_FIRMWARE, Fault.REFUSES_WHILE_TUNING);

    /** Of the firmware as it is delivered. */
    public static final String DEFAULT_PASSWORD = "admin";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String API = "/api/v1/";
    private static final int LEAST_PERCENT = 20;

    /** W, by which the presets are named; the last draws more than the standard voltage carries, and wants a reboot. */
    private static final List<Integer> PRESETS = List.of(1200, 1800, 2450, 3050, 3495);

    private static final int WANTS_REBOOT = 3495;

    private final TargetPhysics physics;
    private final String password;
    private int preset = 3050;
    private int percent = 100;
    private Optional<Integer> afterRestart = Optional.empty();
    private Optional<Integer> afterReboot = Optional.empty();
    private boolean stopped;
    private int tokens;
    private boolean tokenKnown;

    /**
     * @param listen port 0 takes a free one
     * @param computation what its chips compute while it hashes; remains its giver's to close
     */
    public SimulatedVnish(String password, InetSocketAddress listen, Computation computation) {
        this(new TargetPhysics(new TargetPhysics.Limits(200, 3600, 3050)), password, listen, computation);
    }

    private SimulatedVnish(TargetPhysics physics, String password, InetSocketAddress listen, Computation computation) {
        this.physics = physics; // before the port is open
        this.password = password;
        super(physics, computation, SHOWS, listen);
    }

    @Override
    void physicalFaults() {
        physics.fanFailed = faults.contains(Fault.FAN_FAILED);
    }

    @Override
    void run(Duration step, double ambientCelsius, boolean mains) {
        if (!mains) forgetSession();
        physics.advance(step, ambientCelsius, mains);
    }

    private void forgetSession() {
        tokenKnown = false;
        applied(afterReboot);
        applied(afterRestart);
        percent = 100; // a throttle is not kept
        aim();
    }

    @Override
    void restart() {
        forgetSession();
        physics.reboot();
    }

    private void applied(Optional<Integer> waiting) {
        if (waiting.isEmpty()) return;
        preset = waiting.get();
        if (waiting.equals(afterReboot)) afterReboot = Optional.empty();
        if (waiting.equals(afterRestart)) afterRestart = Optional.empty();
    }

    private void aim() {
        physics.target(preset * percent / 100);
    }

    @Override
    boolean answers() {
        return physics.answers();
    }

    @Override
    String garbage() {
        return "<html>\u0001 lighttpd</html>";
    }

    @Override
    String fieldOfChangedFirmware() {
        return "power_consumption";
    }

    @Override
    Whole otherReply(Question question) {
        return question.call().endsWith("info") ? ok(performance()) : ok(info());
    }

    @Override
    Whole reply(Question question) {
        var call = question.call().replace(API, "");
        if (question.reads()) return read(call);
        if (call.equals("POST unlock")) return unlock(question.body());
        if (faults.remove(Fault.FORGETS_SESSION)) tokenKnown = false;
        if (!tokenKnown || !question.authorization().equals(Optional.of("Bearer " + token())))
            return new Whole(401, "{\"err\":\"unauthorized\"}");
        if (refuses()) return error("busy");
        boolean tuning = physics.state() == TargetPhysics.State.PREHEATING || physics.tuning();
        if (faults.contains(Fault.REFUSES_WHILE_TUNING) && tuning) return error("auto-tuning is in progress");
        return switch (call) {
            case "POST mining/pause" -> pause(true, false);
            case "POST mining/stop" -> pause(true, true);
            case "POST mining/resume" -> stopped ? error("mining is stopped") : pause(false, false);
            case "POST mining/start" -> pause(false, false);
            case "POST mining/restart" -> restartMining();
            case "POST mining/throttle" -> throttle(question.body());
            case "POST settings" -> settings(question.body());
            case "POST system/reboot" -> {
                if (obeys()) restart();
                yield ok(JSON.createObjectNode().put("after", 3));
            }
            default -> notFound();
        };
    }

    private Whole read(String call) {
        return switch (call) {
            case "GET info" -> ok(info());
            case "GET summary" -> ok(summary());
            case "GET status" -> ok(status());
            case "GET perf-summary" -> ok(performance());
            default -> notFound();
        };
    }

    private static Whole ok(ObjectNode body) {
        return new Whole(200, body.toString());
    }

    private static Whole error(String why) {
        return new Whole(500, JSON.createObjectNode().put("err", why).toString());
    }

    private static Whole notFound() {
        return new Whole(404, "{\"err\":\"not found\"}");
    }

    private String token() {
        return "jwt-" + tokens;
    }

    private Whole unlock(String body) {
        boolean right = !faults.contains(Fault.WRONG_PASSWORD)
                && parsed(body).path("pw").asText().equals(password);
        if (!right) return new Whole(403, "{\"unlock_timeout\":null}");
        tokens++;
        tokenKnown = true;
        return ok(JSON.createObjectNode().put("token", token()));
    }

    private static JsonNode parsed(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return JSON.createObjectNode(); // as if it held nothing that is looked for
        }
    }

    private Whole pause(boolean pause, boolean stop) {
        if (obeys()) {
            stopped = stop;
            if (pause) physics.pause();
            else physics.resume();
        }
        return new Whole(200, "");
    }

    private Whole restartMining() {
        if (obeys()) {
            applied(afterRestart);
            aim();
            physics.restart();
        }
        return new Whole(200, "");
    }

    private Whole throttle(String body) {
        if (faults.contains(Fault.OLD_FIRMWARE)) return notFound();
        var wanted = parsed(body).path("percent");
        if (!wanted.isInt() || wanted.intValue() < LEAST_PERCENT || wanted.intValue() > 100) return error("percent");
        if (obeys()) {
            percent = wanted.intValue();
            aim();
        }
        return ok(applying(false, false));
    }

    private Whole settings(String body) {
        var name = parsed(body).at("/miner/overclock/preset").asText("");
        int wanted = name.matches("\\d{1,5}") ? Integer.parseInt(name) : 0;
        if (!PRESETS.contains(wanted)) return error("unknown preset");
        boolean reboot = wanted == WANTS_REBOOT && preset != WANTS_REBOOT;
        boolean restart = !reboot && wanted != preset;
        if (obeys()) {
            afterReboot = reboot ? Optional.of(wanted) : Optional.empty();
            afterRestart = restart ? Optional.of(wanted) : Optional.empty();
        }
        return ok(applying(restart, reboot));
    }

    private static ObjectNode applying(boolean restart, boolean reboot) {
        return JSON.createObjectNode().put("restart_required", restart).put("reboot_required", reboot);
    }

    private ObjectNode info() {
        return JSON.createObjectNode()
                .put("fw_name", "Vnish")
                .put("fw_version", faults.contains(Fault.OLD_FIRMWARE) ? "1.2.7" : "1.3.4")
                .put("platform", "xil")
                .put("miner", "Antminer S19j Pro (simulated)")
                .put("model", "s19jpro")
                .put("hr_measure", "GH/s");
    }

    private ObjectNode performance() {
        var performance = JSON.createObjectNode();
        performance.putObject("preset_switcher").put("enabled", false);
        performance
                .putObject("current_preset")
                .put("name", Integer.toString(preset))
                .put("pretty", preset + " watt")
                .put("status", "tuned")
                .put("modded_psu_required", false);
        return performance;
    }

    private ObjectNode minerStatus() {
        var state = switch (physics.state()) {
            case UNPOWERED, BOOTING -> "initializing";
            case PREHEATING -> physics.paused() ? "stopped" : "starting";
            case RUNNING -> physics.paused() ? "stopped" : "mining";
            case SUSPENDED -> physics.paused() ? "stopped" : "failure";
        };
        var status = JSON.createObjectNode().put("miner_state", state).put("miner_state_time", 0);
        if (!faults.contains(Fault.OLD_FIRMWARE)) status.put("throttled", percent);
        if (state.equals("failure")) status.put("description", "overheated").put("failure_code", 9);
        return status;
    }

    private ObjectNode status() {
        return minerStatus()
                .put("restart_required", afterRestart.isPresent())
                .put("reboot_required", afterReboot.isPresent())
                .put("find_miner", false)
                .put("unlocked", tokenKnown);
    }

    private ObjectNode summary() {
        var summary = JSON.createObjectNode();
        var miner = summary.putObject("miner");
        miner.set("miner_status", minerStatus());
        long chip = Math.round(physics.chipCelsius());
        miner.put("miner_type", "Antminer S19j Pro (Vnish)")
                .put("hr_realtime", physics.hashesPerSecond() / 1e9)
                .put("hr_average", physics.hashesPerSecond() / 1e9)
                .put("hr_stock", 100_000)
                .put("power_consumption", Math.round(shownWatts(physics.watts())));
        miner.putObject("chip_temp").put("min", chip - 6).put("max", chip);
        miner.putArray("pools")
                .addObject()
                .put("id", 0)
                .put("url", pool().url())
                .put("user", pool().user())
                .put("pool_type", "UserPool")
                .put("status", physics.hashing() ? "active" : "working")
                .put("accepted", computation.counters().accepted())
                .put("rejected", computation.counters().rejected());
        var cooling = miner.putObject("cooling");
        cooling.put("fan_num", 4).put("fan_duty", Math.round(100 * physics.fan()));
        var fans = cooling.putArray("fans");
        for (int id = 0; id < 4; id++)
            fans.addObject()
                    .put("id", id)
                    .put("rpm", Math.round(physics.fanRpm()))
                    .put("status", faults.contains(Fault.FAN_FAILED) ? "lost" : "ok")
                    .put("max_rpm", 6000);
        return summary;
    }
}
