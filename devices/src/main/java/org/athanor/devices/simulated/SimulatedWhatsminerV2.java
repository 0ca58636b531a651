package org.athanor.devices.simulated;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.athanor.devices.Computation;
import org.athanor.devices.simulated.CgminerServer.Answer;
import org.athanor.devices.whatsminer.WhatsminerToken;
import org.athanor.units.Celsius;

/**
 * A simulated Whatsminer M30S that speaks version 2 of its maker's API on a socket: a token that runs out, writing commands that are
 * signed and hidden, and a machine that takes half an hour to come to its power.
 */
public final class SimulatedWhatsminerV2 extends SimulatedMiner {
    static final Set<Fault> SHOWS = WhatsminerMachine.shows();

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TOKEN_LIFE = Duration.ofMinutes(30);
    private static final String SALT = "BQ5hoXV9";

    private final WhatsminerMachine machine;
    private final String password;
    private final Instant startOfClock;
    private final CgminerServer server;
    private Optional<WhatsminerToken> token = Optional.empty();
    private int tokens;
    private Duration tokenLeft = Duration.ZERO;
    private Duration elapsed = Duration.ZERO;

    /**
     * @param password of its user {@code admin}
     * @param listen port 0 takes a free one
     * @param computation what its chips compute while it hashes; remains its giver's to close
     */
    public SimulatedWhatsminerV2(
            String password, InetSocketAddress listen, Computation computation, InstantSource clock) {
        this(new Faults(SHOWS), password, listen, computation, clock);
    }

    private SimulatedWhatsminerV2(
            Faults faults, String password, InetSocketAddress listen, Computation computation, InstantSource clock) {
        this(new WhatsminerMachine(faults), faults, password, listen, computation, clock);
    }

    private SimulatedWhatsminerV2(
            WhatsminerMachine machine,
            Faults faults,
            String password,
            InetSocketAddress listen,
            Computation computation,
            InstantSource clock) {
        super(machine.physics, computation, faults);
        this.machine = machine;
        this.password = password;
        this.startOfClock = clock.instant();
        this.server = new CgminerServer(listen, this::answer);
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
        tokenLeft = mains ? tokenLeft.minus(step) : Duration.ZERO;
        compute();
    }

    // ---- the API

    private synchronized Answer answer(String text) {
        if (!machine.physics.answers()) return new Answer.Reset();
        var answer = CgminerWire.answer(
                faults,
                () -> Optional.of(reply(parsed(text)).toString()),
                () -> told(131, JSON.createObjectNode().put("api_ver", "2.0.5")).toString());
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
        if (request.has("enc")) return hidden(request.path("data").asText());
        var command = request.has("cmd")
                ? request.path("cmd").asText()
                : request.path("command").asText();
        return switch (command) {
            case "get_version" ->
                told(131, JSON.createObjectNode().put("api_ver", "2.0.5").put("fw_ver", "simulated"));
            case "get_token" -> newToken();
            case "status" -> told(131, status());
            case "get_error_code" -> told(131, errors());
            case "summary" -> table(11, "Summary", "SUMMARY", summary());
            case "pools" ->
                table(
                        7,
                        "1 Pool(s)",
                        "POOLS",
                        CgminerFormat.pool(pool(), computation.counters(), !faults.contains(Fault.POOLS_LOST)));
            default -> refused(14, "invalid cmd");
        };
    }

    private ObjectNode newToken() {
        tokens++;
        tokenLeft = TOKEN_LIFE;
        var time = String.format("%04d", clock() % 10_000);
        var newSalt = "new" + tokens;
        token = Optional.of(WhatsminerToken.of(
                faults.contains(Fault.WRONG_PASSWORD) ? password + "?" : password, SALT, time, newSalt));
        return told(
                134, JSON.createObjectNode().put("time", time).put("salt", SALT).put("newsalt", newSalt));
    }

    private ObjectNode hidden(String data) {
        if (faults.remove(Fault.FORGETS_SESSION)) tokenLeft = Duration.ZERO; // once
        if (token.isEmpty() || !tokenLeft.isPositive()) return refused(135, "check token error");
        JsonNode command;
        try {
            command = JSON.readTree(token.get().decrypt(data));
        } catch (IllegalArgumentException | JsonProcessingException e) {
            return refused(23, "enc json load err"); // another key makes nonsense of it
        }
        if (!command.path("token").asText().equals(token.get().sign())) return refused(135, "check token error");
        if (faults.contains(Fault.REFUSES_COMMANDS)) return refused(45, "can't access write cmd");
        return JSON.createObjectNode()
                .put("enc", token.get().encrypt(write(command).toString()));
    }

    private ObjectNode write(JsonNode command) {
        boolean taken = switch (command.path("cmd").asText()) {
            case "power_off" -> {
                machine.stop();
                yield true;
            }
            case "power_on" -> {
                machine.start();
                yield true;
            }
            case "adjust_power_limit" ->
                machine.limit(number(command.path("power_limit").asText()));
            case "set_power_pct" ->
                machine.percent(number(command.path("percent").asText()));
            default -> false;
        };
        return taken
                ? JSON.createObjectNode()
                        .put("STATUS", "S")
                        .put("When", clock())
                        .put("Code", 131)
                        .put("Msg", "API command OK")
                        .put("Description", "")
                : refused(132, "API command ERROR");
    }

    private static int number(String text) {
        return text.matches("\\d{1,5}") ? Integer.parseInt(text) : -1;
    }

    // ---- what it says of itself

    private ObjectNode status() {
        var status = JSON.createObjectNode()
                .put("FirmwareVersion", "20230803.11.REL")
                .put("hash_percent", "0")
                .put("power_limit_set", Integer.toString(machine.limit()))
                .put("power_mode", "normal");
        return faults.contains(Fault.CHANGED_FIRMWARE)
                ? status
                : status.put("mineroff", Boolean.toString(machine.off()));
    }

    private ObjectNode errors() {
        var errors = JSON.createObjectNode();
        var list = errors.putArray("error_code");
        if (!machine.error().isEmpty()) list.addObject().put(machine.error(), "2026-01-15 10:30:00");
        return errors;
    }

    private Map<String, Object> summary() {
        var physics = machine.physics;
        return CgminerFormat.object(
                "Elapsed",
                physics.uptimeSeconds(),
                "HS RT",
                physics.hashesPerSecond() / 1e6,
                "MHS av",
                physics.hashesPerSecond() / 1e6,
                "Chip Temp Max",
                machine.off() ? 0.0 : physics.chipCelsius(),
                "Env Temp",
                physics.ambientCelsius(),
                "Fan Speed In",
                physics.fanRpm(),
                "Fan Speed Out",
                physics.fanRpm(),
                "Hash Stable",
                machine.stable(),
                "Power",
                Math.round(machine.shownWatts()),
                "Power Limit",
                machine.limit(),
                "Power Mode",
                "Normal");
    }

    private ObjectNode told(int code, ObjectNode message) {
        var told =
                JSON.createObjectNode().put("STATUS", "S").put("When", clock()).put("Code", code);
        told.set("Msg", message);
        return told.put("Description", "simulated by athanor");
    }

    private ObjectNode refused(int code, String message) {
        return JSON.createObjectNode()
                .put("STATUS", "E")
                .put("When", clock())
                .put("Code", code)
                .put("Msg", message)
                .put("Description", "");
    }

    private ObjectNode table(int code, String message, String name, Map<String, Object> object) {
        var table = JSON.createObjectNode();
        table.putArray("STATUS")
                .addObject()
                .put("STATUS", "S")
                .put("When", clock())
                .put("Code", code)
                .put("Msg", message);
        table.putArray(name).add(JSON.valueToTree(object));
        return table.put("id", 1);
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
