package org.athanor.devices.simulated;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import org.athanor.devices.Computation;
import org.athanor.devices.axeos.AxeOsModel;
import org.athanor.devices.simulated.RestServer.Answer;
import org.athanor.devices.simulated.RestServer.Answer.Whole;
import org.athanor.devices.simulated.RestServer.Question;
import org.athanor.units.Celsius;

/**
 * A simulated Bitaxe or relative that speaks AxeOS's HTTP API on a socket.
 *
 * <p>It has no power until {@link #advance} says so; then it boots for some seconds and hashes with what it kept: frequency,
 * voltage and pause outlive a cut. Its own protection stops it above 75 °C of the chips or 105 °C of the regulator, runs the fan
 * at full speed for at least 30 s and until 45 and 95 °C, then restarts 100 MHz and 100 mV lower, which is kept, with
 * {@code overheat_mode} set until it is told 0. Without its pools it stops and probes them.
 */
public final class SimulatedAxeOs extends SimulatedMiner {
    static final Set<Fault> SHOWS = Faults.of(
            Fault.IGNORES_COMMANDS,
            Fault.LIES_ABOUT_WATTS,
            Fault.SILENT,
            Fault.GARBAGE,
            Fault.TRUNCATED,
            Fault.OLD_FIRMWARE,
            Fault.FOREIGN_CALLER,
            Fault.POOLS_LOST,
            Fault.FAN_FAILED);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String API = "/api/system";

    private final AxeOsPhysics physics;
    private final AxeOsModel model;
    private final RestServer server;

    /**
     * @param listen port 0 takes a free one
     * @param computation what its chips compute while it hashes; remains its giver's to close
     */
    public SimulatedAxeOs(AxeOsModel model, InetSocketAddress listen, Computation computation) {
        this(model, new AxeOsPhysics(model), listen, computation);
    }

    private SimulatedAxeOs(AxeOsModel model, AxeOsPhysics physics, InetSocketAddress listen, Computation computation) {
        super(physics, computation, SHOWS);
        this.model = model;
        this.physics = physics;
        this.server = new RestServer(listen, this::answer);
    }

    @Override
    public InetSocketAddress address() {
        return server.address();
    }

    @Override
    void physicalFaults() {
        physics.fanFailed = faults.contains(Fault.FAN_FAILED);
        physics.poolsLost = faults.contains(Fault.POOLS_LOST);
    }

    @Override
    public synchronized void advance(Duration step, Celsius ambient, boolean mains) {
        physics.advance(step, ambient.value(), mains);
        compute();
    }

    // ---- the API

    private Answer answer(Question question) {
        synchronized (this) {
            if (!physics.powered()) return new Answer.Broken();
            if (faults.contains(Fault.SILENT)) return new Answer.Never();
            var whole = whole(question);
            compute();
            return faults.contains(Fault.TRUNCATED) ? new Answer.Half(whole) : whole;
        }
    }

    private Whole whole(Question question) {
        if (faults.contains(Fault.GARBAGE)) return new Whole(200, "<html>\u0001 AxeOS recovery</html>");
        if (faults.contains(Fault.FOREIGN_CALLER)) return new Whole(401, "Unauthorized");
        boolean obeys = !faults.contains(Fault.IGNORES_COMMANDS);
        return switch (question.call()) {
            case "GET " + API + "/info" -> new Whole(200, info());
            case "GET " + API + "/asic" -> new Whole(200, asic());
            case "PATCH " + API -> settings(question.body(), obeys);
            case "POST " + API + "/restart" -> {
                if (obeys) physics.boot();
                yield new Whole(200, "System will restart shortly.");
            }
            case "POST " + API + "/pause" -> pause(true, obeys);
            case "POST " + API + "/resume" -> pause(false, obeys);
            default -> new Whole(404, "Nothing matches the given URI");
        };
    }

    private Whole pause(boolean pause, boolean obeys) {
        if (faults.contains(Fault.OLD_FIRMWARE)) return new Whole(404, "Nothing matches the given URI");
        if (obeys) physics.pause(pause);
        return new Whole(200, "{\"message\":\"Mining " + (pause ? "paused" : "resumed") + "\"}");
    }

    private Whole settings(String body, boolean obeys) {
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
        if (obeys) {
            physics.set(new AxeOsModel.Pair(megahertz, millivolts));
            if (wanted.has("overheat_mode")) physics.endProtection();
        }
        return new Whole(200, "");
    }

    private String info() {
        var info = JSON.createObjectNode();
        var pair = physics.pair();
        double watts = physics.watts() * (faults.contains(Fault.LIES_ABOUT_WATTS) ? 0.5 : 1);
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
                .put("maxPower", 40)
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

    @Override
    public void close() {
        server.close();
        super.close();
    }
}
