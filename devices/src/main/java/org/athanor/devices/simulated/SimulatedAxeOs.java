package org.athanor.devices.simulated;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import org.athanor.devices.Computation;
import org.athanor.devices.axeos.AxeOsModel;
import org.athanor.devices.simulated.RestServer.Answer.Whole;
import org.athanor.devices.simulated.RestServer.Question;

/**
 * A simulated Bitaxe or relative that speaks AxeOS's HTTP API on a socket.
 *
 * <p>It has no power until {@link #advance} says so; then it boots for some seconds and hashes with what it kept: frequency,
 * voltage and pause outlive a cut. Its own protection stops it above 75 °C of the chips or 105 °C of the regulator, runs the fan
 * at full speed for at least 30 s and until 45 and 95 °C, then restarts 100 MHz and 100 mV lower, which is kept, with
 * {@code overheat_mode} set until it is told 0. Without its pools it stops and probes them.
 */
public final class SimulatedAxeOs extends SimulatedRestMiner {
    static final Set<Fault> SHOWS =
            showing(Fault.OLD_FIRMWARE, Fault.FOREIGN_CALLER, Fault.POOLS_LOST, Fault.REGULATOR_HOT);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String API = "/api/system";

    private final AxeOsPhysics physics;
    private final AxeOsModel model;

    /**
     * @param listen port 0 takes a free one
     * @param computation what its chips compute while it hashes; remains its giver's to close
     */
    public SimulatedAxeOs(AxeOsModel model, InetSocketAddress listen, Computation computation) {
        this(model, new AxeOsPhysics(model), listen, computation);
    }

    private SimulatedAxeOs(AxeOsModel model, AxeOsPhysics physics, InetSocketAddress listen, Computation computation) {
        this.model = model; // before the port is open
        this.physics = physics;
        super(physics, computation, SHOWS, listen);
    }

    @Override
    void physicalFaults() {
        physics.fanFailed = faults.contains(Fault.FAN_FAILED);
        physics.regulatorHot = faults.contains(Fault.REGULATOR_HOT);
        physics.poolsLost = faults.contains(Fault.POOLS_LOST);
    }

    @Override
    void run(Duration step, double ambientCelsius, boolean mains) {
        physics.advance(step, ambientCelsius, mains);
    }

    @Override
    void restart() {
        if (physics.powered()) physics.boot();
    }

    // ---- the API

    @Override
    boolean answers() {
        return physics.powered();
    }

    @Override
    String garbage() {
        return "<html>\u0001 AxeOS recovery</html>";
    }

    @Override
    String fieldOfChangedFirmware() {
        return "power";
    }

    @Override
    Whole otherReply(Question question) {
        return new Whole(200, question.call().endsWith("/asic") ? info() : asic());
    }

    @Override
    Whole reply(Question question) {
        if (faults.contains(Fault.FOREIGN_CALLER)) return new Whole(401, "Unauthorized");
        if (refuses() && !question.reads()) return new Whole(500, "Internal Server Error");
        return switch (question.call()) {
            case "GET " + API + "/info" -> new Whole(200, info());
            case "GET " + API + "/asic" -> new Whole(200, asic());
            case "PATCH " + API -> settings(question.body());
            case "POST " + API + "/restart" -> {
                if (obeys()) physics.boot();
                yield new Whole(200, "System will restart shortly.");
            }
            case "POST " + API + "/pause" -> pause(true);
            case "POST " + API + "/resume" -> pause(false);
            default -> new Whole(404, "Nothing matches the given URI");
        };
    }

    private Whole pause(boolean pause) {
        if (faults.contains(Fault.OLD_FIRMWARE)) return new Whole(404, "Nothing matches the given URI");
        if (obeys()) physics.pause(pause);
        return new Whole(200, "{\"message\":\"Mining " + (pause ? "paused" : "resumed") + "\"}");
    }

    private Whole settings(String body) {
        JsonNode wanted;
        try {
            wanted = JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return new Whole(400, "Invalid JSON");
        }
        if (!wanted.isObject()) return new Whole(400, "Invalid JSON");
        var now = physics.pair();
        int megahertz = wanted.path("frequency").asInt(now.megahertz());
        int millivolts = wanted.path("coreVoltage").asInt(now.millivolts());
        if (megahertz < 1 || millivolts < 1 || wanted.path("overheat_mode").asInt(0) != 0)
            return new Whole(400, "Wrong API input");
        if (obeys()) {
            physics.set(new AxeOsModel.Pair(megahertz, millivolts));
            if (wanted.has("overheat_mode")) physics.endProtection();
        }
        return new Whole(200, "");
    }

    private String info() {
        var info = JSON.createObjectNode();
        var pair = physics.pair();
        double watts = shownWatts(physics.watts());
        info.put("ASICModel", model.chip())
                .put("asicCount", model.chips())
                .put("autofanspeed", physics.autoFan() ? 1 : 0)
                .put("boardVersion", "602")
                .put("coreVoltage", pair.millivolts())
                .put("coreVoltageActual", physics.hashing() ? pair.millivolts() : 0)
                .put("current", watts / 5 * 1000)
                .put("expectedHashrate", model.hashrate(pair).value() / 1e9)
                .put("fanrpm", Math.round(physics.fanRpm()))
                .put("fanspeed", Math.round(100 * physics.fan()))
                .put("frequency", pair.megahertz())
                .put("hashRate", physics.hashrate() / 1e9)
                .put("hostname", "bitaxe")
                .put("macAddr", "AA:BB:CC:DD:EE:FF")
                .put("maxPower", model.maximumPower().value())
                .put("overheat_mode", physics.protecting() ? 1 : 0)
                .put("power", watts)
                .put("sharesAccepted", computation.counters().accepted())
                .put("sharesRejected", computation.counters().rejected())
                .put("temp", physics.hashing() ? physics.chipCelsius() : -1)
                .put("temptarget", 60)
                .put("uptimeSeconds", physics.uptimeSeconds())
                .put("version", faults.contains(Fault.OLD_FIRMWARE) ? "v2.12.0" : "v2.14.0")
                .put("voltage", 5100)
                .put("vrTemp", physics.regulatorCelsius());
        var stratum = URI.create(pool().url());
        info.put("isUsingFallbackStratum", 0)
                .put("stratumURL", stratum.getHost())
                .put("stratumPort", stratum.getPort())
                .put("stratumUser", pool().user());
        if (!faults.contains(Fault.OLD_FIRMWARE)) info.put("miningPaused", physics.paused());
        return info.toString();
    }

    private String asic() {
        var asic = JSON.createObjectNode();
        asic.put("ASICModel", model.chip()).put("deviceModel", model.title()).put("asicCount", model.chips());
        asic.put("defaultFrequency", model.usual().megahertz())
                .put("defaultVoltage", model.usual().millivolts());
        var frequencies = asic.putArray("frequencyOptions");
        var voltages = asic.putArray("voltageOptions");
        for (var pair : model.pairs()) {
            frequencies.add(pair.megahertz());
            voltages.add(pair.millivolts());
        }
        return asic.toString();
    }
}
