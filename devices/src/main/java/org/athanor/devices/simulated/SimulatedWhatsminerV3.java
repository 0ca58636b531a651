package org.athanor.devices.simulated;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.athanor.devices.Computation;
import org.athanor.devices.Credentials;
import org.athanor.devices.simulated.CgminerServer.Answer;
import org.athanor.devices.whatsminer.WhatsminerToken;
import org.athanor.units.Celsius;

/**
 * A simulated Whatsminer that speaks version 3 of its maker's API on a socket: framed JSON, and a token for each writing command, by
 * its own salt and clock.
 */
public final class SimulatedWhatsminerV3 extends SimulatedMiner {
    static final Set<Fault> SHOWS = Faults.of(
            Fault.UNREACHABLE,
            Fault.SILENT,
            Fault.LATE,
            Fault.GARBAGE,
            Fault.TRUNCATED,
            Fault.WRONG_REPLY,
            Fault.HOLDS_CONNECTION,
            Fault.WRONG_PASSWORD,
            Fault.IGNORES_COMMANDS,
            Fault.REFUSES_COMMANDS,
            Fault.CHANGED_FIRMWARE,
            Fault.RESTARTS,
            Fault.POOLS_LOST,
            Fault.FOREIGN_POOL,
            Fault.LIES_ABOUT_WATTS,
            Fault.FAN_FAILED);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SALT = "uhCiDyVj";
    private static final String INFO = "get.device.info";
    private static final long CLOCK_TOLERANCE_SECONDS = 60;

    private final WhatsminerMachine machine;
    private final Credentials credentials;
    private final Instant startOfClock;
    private final FramedServer server;
    private Duration elapsed = Duration.ZERO;

    /**
     * @param listen port 0 takes a free one
     * @param computation what its chips compute while it hashes; remains its giver's to close
     */
    public SimulatedWhatsminerV3(
            Credentials credentials, InetSocketAddress listen, Computation computation, InstantSource clock) {
        this(new Faults(SHOWS), credentials, listen, computation, clock);
    }

    private SimulatedWhatsminerV3(
            Faults faults,
            Credentials credentials,
            InetSocketAddress listen,
            Computation computation,
            InstantSource clock) {
        this(new WhatsminerMachine(faults), faults, credentials, listen, computation, clock);
    }

    private SimulatedWhatsminerV3(
            WhatsminerMachine machine,
            Faults faults,
            Credentials credentials,
            InetSocketAddress listen,
            Computation computation,
            InstantSource clock) {
        super(machine.physics, computation, faults);
        this.machine = machine;
        this.credentials = credentials;
        this.startOfClock = clock.instant();
        this.server = new FramedServer(listen, this::answer);
    }

    @Override
    public InetSocketAddress address() {
        return server.address();
    }

    @Override
    void physicalFaults() {
        machine.physicalFaults();
    }

    @Override
    public synchronized void advance(Duration step, Celsius ambient, boolean mains) {
        machine.advance(step, ambient.value(), mains);
        elapsed = elapsed.plus(step);
        compute();
    }

    // ---- the API

    private synchronized Answer answer(String text) {
        if (!machine.physics.answers()) return new Answer.Reset();
        var answer = CgminerWire.answer(
                faults,
                () -> Optional.of(reply(parsed(text)).toString()),
                () -> ok("get.fan.setting", JSON.createObjectNode()).toString());
        compute();
        return answer;
    }

    private static JsonNode parsed(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return JSON.createObjectNode(); // as if it asked for nothing
        }
    }

    private ObjectNode reply(JsonNode request) {
        var command = request.path("cmd").asText();
        return switch (command) {
            case INFO -> ok(command, info());
            case "get.miner.status" ->
                switch (request.path("param").asText()) {
                    case "summary" -> ok(command, summary());
                    case "pools" -> ok(command, pools());
                    default -> refused(command, -1, "invalid parameter");
                };
            case "set.miner.service", "set.miner.power_limit", "set.miner.power_percent" -> write(command, request);
            default -> refused(command, -1, "invalid command");
        };
    }

    private ObjectNode write(String command, JsonNode request) {
        long time = request.path("ts").asLong();
        var password = credentials.password() + (faults.contains(Fault.WRONG_PASSWORD) ? "?" : "");
        boolean known = request.path("account").asText().equals(credentials.user())
                && Math.abs(time - clock()) <= CLOCK_TOLERANCE_SECONDS
                && request.path("token").asText().equals(WhatsminerToken.v3(command, password, SALT, time));
        if (!known) return refused(command, -2, "invalid token");
        if (faults.contains(Fault.REFUSES_COMMANDS)) return refused(command, -4, "permission denied");
        var argument = request.path("param");
        boolean taken = switch (command) {
            case "set.miner.power_limit" -> argument.isInt() && machine.limit(argument.intValue());
            case "set.miner.power_percent" ->
                argument.path("percent").isTextual()
                        && machine.percent(argument.path("percent").asInt(-1));
            default -> service(argument.asText());
        };
        return taken ? ok(command, JSON.getNodeFactory().textNode("ok")) : refused(command, -1, "invalid parameter");
    }

    private boolean service(String action) {
        switch (action) {
            case "start" -> machine.start();
            case "stop" -> machine.stop();
            default -> {
                return false;
            }
        }
        return true;
    }

    // ---- what it says of itself

    private ObjectNode info() {
        var info = JSON.createObjectNode();
        if (!machine.error().isEmpty())
            info.putArray("error-code")
                    .addObject()
                    .put(machine.error(), "2026-01-15 10:30:00")
                    .put("reason", machine.error().equals("350") ? "Chip temperature too high" : "Fan speed error");
        var miner = info.putObject("miner").put("type", "M60S_VK40").put("simulated", "athanor");
        if (!faults.contains(Fault.CHANGED_FIRMWARE)) miner.put("working", Boolean.toString(!machine.off()));
        info.put("salt", SALT);
        info.putObject("system").put("api", "3.0.2").put("fwversion", "20251209.16.Rel2");
        return info;
    }

    private ObjectNode summary() {
        var physics = machine.physics;
        var status = JSON.createObjectNode();
        status.putObject("summary")
                .put("elapsed", physics.uptimeSeconds())
                .put("chip-temp-max", machine.off() ? 0.0 : physics.chipCelsius())
                .put("environment-temperature", physics.ambientCelsius())
                .put("fan-speed-in", physics.fanRpm())
                .put("fan-speed-out", physics.fanRpm())
                .put("hash-realtime", physics.hashesPerSecond() / 1e12)
                .put("power-realtime", machine.shownWatts())
                .put("power-limit", machine.limit())
                .put("up-freq-finish", machine.stable() ? 1 : 0);
        return status;
    }

    private ObjectNode pools() {
        var status = JSON.createObjectNode();
        status.putArray("pools")
                .addObject()
                .put("account", pool().user())
                .put("url", pool().url())
                .put("status", faults.contains(Fault.POOLS_LOST) ? "dead" : "alive")
                .put("stratum-active", !faults.contains(Fault.POOLS_LOST));
        return status;
    }

    private ObjectNode ok(String command, JsonNode message) {
        var reply = JSON.createObjectNode().put("code", 0).put("when", clock());
        reply.set("msg", message);
        return reply.put("desc", command);
    }

    private ObjectNode refused(String command, int code, String message) {
        return JSON.createObjectNode()
                .put("code", code)
                .put("when", clock())
                .put("msg", message)
                .put("desc", command);
    }

    private long clock() {
        return startOfClock.plus(elapsed).getEpochSecond();
    }

    @Override
    public void close() {
        server.close();
        super.close();
    }
}
