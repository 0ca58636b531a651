package org.athanor.devices.simulated;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.athanor.devices.Computation;
import org.athanor.devices.Credentials;
import org.athanor.devices.simulated.CgminerFormat.Reply;
import org.athanor.devices.simulated.CgminerServer.Answer;
import org.athanor.devices.simulated.RestServer.Answer.Whole;
import org.athanor.devices.simulated.RestServer.Question;
import org.athanor.units.Celsius;

/**
 * A simulated Antminer S19 Pro with its maker's firmware: settings over HTTP with digest authentication, the cgminer API on a
 * second port. It has the modes normal, sleep and low power; every change of its settings restarts mining, the mode is taken only
 * under the name by which its page writes it, and settings without pools wipe these. While it sleeps its API is not there.
 */
public final class SimulatedAntminer extends SimulatedMiner {
    static final Set<Fault> SHOWS = CgminerWire.with(
            Fault.WRONG_PASSWORD,
            Fault.FORGETS_SESSION,
            Fault.IGNORES_COMMANDS,
            Fault.REFUSES_COMMANDS,
            Fault.CHANGED_FIRMWARE,
            Fault.RESTARTS,
            Fault.POOLS_LOST,
            Fault.FOREIGN_POOL,
            Fault.FAN_FAILED);

    public static final double NORMAL_WATTS = 3250;
    public static final double LOW_POWER_WATTS = 2400;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int NORMAL = 0;
    private static final int SLEEP = 1;
    private static final int LOW_POWER = 3;
    private static final double JOULES_PER_TERAHASH = 29.5;
    private static final double LOW_POWER_JOULES_PER_TERAHASH = 27;
    private static final double IDEAL_GIGAHASHES = 110_000;
    private static final int BOARDS = 3;
    private static final int FANS = 4;
    private static final RackPhysics.Constants CONSTANTS = new RackPhysics.Constants(
            new ChipsInCase.Constants(2500, 9000, 130, 5, 250), 60, 300, 30, 25, 70, 92, 6000);

    private final RackPhysics physics;
    private final DigestGuard guard;
    private final Instant startOfClock;
    private final RestServer web;
    private final CgminerServer api;
    private int mode = NORMAL;
    private boolean pools = true;
    private Duration elapsed = Duration.ZERO;

    /**
     * @param web where its settings are; port 0 takes a free one
     * @param api where its cgminer API is; port 0 takes a free one
     * @param computation what its chips compute while it hashes; remains its giver's to close
     */
    public SimulatedAntminer(
            Credentials credentials,
            InetSocketAddress web,
            InetSocketAddress api,
            Computation computation,
            InstantSource clock) {
        this(new RackPhysics(CONSTANTS, NORMAL_WATTS, JOULES_PER_TERAHASH), credentials, web, api, computation, clock);
    }

    private SimulatedAntminer(
            RackPhysics physics,
            Credentials credentials,
            InetSocketAddress web,
            InetSocketAddress api,
            Computation computation,
            InstantSource clock) {
        super(physics, computation, SHOWS);
        this.physics = physics;
        this.guard = new DigestGuard(credentials, "antMiner Configuration", "MD5");
        this.startOfClock = clock.instant();
        this.web = new RestServer(web, this::answer);
        this.api = new CgminerServer(api, this::answer);
    }

    /** Where its settings are. */
    @Override
    public InetSocketAddress address() {
        return web.address();
    }

    public InetSocketAddress apiAddress() {
        return api.address();
    }

    /** Whether its settings still hold its pools. */
    public synchronized boolean hasPools() {
        return pools;
    }

    @Override
    void physicalFaults() {
        physics.poolsLost = faults.contains(Fault.POOLS_LOST);
        physics.fanFailed = faults.contains(Fault.FAN_FAILED);
        physics.restarts = faults.contains(Fault.RESTARTS);
    }

    @Override
    public synchronized void advance(Duration step, Celsius ambient, boolean mains) {
        physics.advance(step, ambient.value(), mains);
        elapsed = elapsed.plus(step);
        compute();
    }

    // ---- its settings

    private synchronized RestServer.Answer answer(Question question) {
        if (!physics.answers() || faults.contains(Fault.UNREACHABLE)) return new RestServer.Answer.Broken();
        if (faults.contains(Fault.SILENT)) return new RestServer.Answer.Never();
        if (faults.contains(Fault.GARBAGE)) return new Whole(200, "<html>\u0001 lighttpd</html>");
        if (faults.remove(Fault.FORGETS_SESSION)) guard.renew(); // once
        if (faults.contains(Fault.WRONG_PASSWORD) || !guard.admits(question.call(), question.authorization()))
            return new RestServer.Answer.Challenge(guard.challenge());
        var call = faults.contains(Fault.WRONG_REPLY) ? "GET /cgi-bin/get_system_info.cgi" : question.call();
        var whole = switch (call) {
            case "GET /cgi-bin/get_system_info.cgi" -> new Whole(200, system().toString());
            case "GET /cgi-bin/get_miner_conf.cgi" -> new Whole(200, conf().toString());
            case "POST /cgi-bin/set_miner_conf.cgi" ->
                new Whole(200, set(question.body()).toString());
            default -> new Whole(404, "<html>404 Not Found</html>");
        };
        compute();
        if (faults.contains(Fault.LATE)) return new RestServer.Answer.Late(whole);
        return faults.contains(Fault.TRUNCATED) ? new RestServer.Answer.Half(whole) : whole;
    }

    private static ObjectNode system() {
        return JSON.createObjectNode()
                .put("minertype", "Antminer S19 Pro")
                .put("system_filesystem_version", "Tue Dec  6 16:12:30 CST 2022")
                .put("firmware_type", "Release")
                .put("simulated", "athanor");
    }

    private ObjectNode conf() {
        var conf = JSON.createObjectNode();
        var list = conf.putArray("pools");
        if (pools)
            list.addObject().put("url", pool().url()).put("user", pool().user()).put("pass", "x");
        conf.put("bitmain-fan-ctrl", false).put("bitmain-fan-pwm", "100").put("bitmain-freq-level", "100");
        return faults.contains(Fault.CHANGED_FIRMWARE) ? conf : conf.put("bitmain-work-mode", Integer.toString(mode));
    }

    private ObjectNode set(String body) {
        if (faults.contains(Fault.REFUSES_COMMANDS)) return said("error", "M001", "Permission denied!");
        JsonNode settings;
        try {
            settings = JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return said("error", "M001", "Invalid configuration!");
        }
        if (faults.contains(Fault.IGNORES_COMMANDS)) return said("success", "M000", "OK!");
        pools = settings.path("pools").size() > 0;
        if (settings.path("miner-mode").isInt())
            enter(settings.path("miner-mode").intValue());
        physics.restartMining();
        return said("success", "M000", "OK!");
    }

    private void enter(int wanted) {
        if (wanted != NORMAL && wanted != SLEEP && wanted != LOW_POWER)
            return; // taken without a word, as by the real one
        mode = wanted;
        if (mode == NORMAL) physics.target(NORMAL_WATTS, JOULES_PER_TERAHASH);
        if (mode == LOW_POWER) physics.target(LOW_POWER_WATTS, LOW_POWER_JOULES_PER_TERAHASH);
        if (mode == SLEEP) physics.sleep();
        else physics.wake();
    }

    private static ObjectNode said(String stats, String code, String message) {
        return JSON.createObjectNode().put("stats", stats).put("code", code).put("msg", message);
    }

    // ---- its cgminer API

    private synchronized Answer answer(String request) {
        if (!physics.answers() || mode == SLEEP) return new Answer.Reset();
        return CgminerWire.answer(request, faults, new CgminerWire.Firmware() {
            @Override
            public Optional<Reply> reply(String command, String parameter) {
                return Optional.of(answered(command));
            }

            @Override
            public Reply invalid() {
                return Reply.of('E', 14, clock(), "Invalid command");
            }
        });
    }

    private Reply answered(String command) {
        return switch (command) {
            case "version" -> said(22, "CGMiner versions", "VERSION", List.of(version()));
            case "summary" -> said(11, "Summary", "SUMMARY", List.of(summary()));
            case "stats" -> said(70, "CGMiner stats", "STATS", List.of(version(), stats()));
            case "pools" ->
                said(
                        7,
                        "1 Pool(s)",
                        "POOLS",
                        pools
                                ? List.of(CgminerFormat.pool(pool(), computation.counters(), !physics.poolsLost))
                                : List.of());
            default -> Reply.of('E', 14, clock(), "Invalid command");
        };
    }

    private Reply said(int code, String message, String name, List<Map<String, Object>> objects) {
        return Reply.of('S', code, clock(), message, name, objects);
    }

    private static Map<String, Object> version() {
        return CgminerFormat.object(
                "BMMiner",
                "1.0.0",
                "API",
                "3.1",
                "Miner",
                "49.0.1.3",
                "Type",
                "Antminer S19 Pro",
                "SIMULATED",
                "athanor");
    }

    private Map<String, Object> summary() {
        double gigahashes = physics.hashesPerSecond() / 1e9;
        return CgminerFormat.object("Elapsed", physics.uptimeSeconds(), "GHS 5s", gigahashes, "GHS av", gigahashes);
    }

    private Map<String, Object> stats() {
        var stats = CgminerFormat.object(
                "STATS",
                0,
                "ID",
                "BTM_SOC0",
                "Elapsed",
                physics.uptimeSeconds(),
                "GHS 5s",
                physics.hashesPerSecond() / 1e9,
                "miner_count",
                BOARDS,
                "fan_num",
                FANS,
                "total_rateideal",
                IDEAL_GIGAHASHES);
        for (int fan = 1; fan <= FANS; fan++) stats.put("fan" + fan, physics.fanRpm());
        long hot = Math.round(physics.chipCelsius());
        long cool = Math.round(physics.caseCelsius());
        for (int board = 1; board <= BOARDS; board++)
            stats.put("temp_chip" + board, hot + "-" + cool + "-" + (hot - 1) + "-" + cool);
        stats.put("temp_chip4", "0-0-0-0");
        return stats;
    }

    private long clock() {
        return startOfClock.plus(elapsed).getEpochSecond();
    }

    @Override
    public void close() {
        web.close();
        api.close();
        super.close();
    }
}
