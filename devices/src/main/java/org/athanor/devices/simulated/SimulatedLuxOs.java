package org.athanor.devices.simulated;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.athanor.devices.Computation;
import org.athanor.devices.luxos.LuxOsProfile;
import org.athanor.devices.simulated.CgminerFormat.Reply;
import org.athanor.devices.simulated.CgminerServer.Answer;
import org.athanor.units.Celsius;
import org.athanor.units.Hashrate;
import org.athanor.units.Watts;

/**
 * A simulated Antminer S19k Pro with LuxOS that speaks its API on a socket: one session that runs out, profiles, its own control by
 * temperature (ATM), which is on at first and steps down when its boards are hot, a sleep that survives a loss of mains, watts that
 * are an estimate.
 */
public final class SimulatedLuxOs extends SimulatedMiner {
    static final Set<Fault> SHOWS = CgminerWire.with(
            Fault.SESSION_TAKEN,
            Fault.FORGETS_SESSION,
            Fault.IGNORES_COMMANDS,
            Fault.REFUSES_COMMANDS,
            Fault.CHANGED_FIRMWARE,
            Fault.RESTARTS,
            Fault.POOLS_LOST,
            Fault.FOREIGN_POOL,
            Fault.LIES_ABOUT_WATTS,
            Fault.FAN_FAILED);

    /** Those of an S19k Pro, every third of them. */
    public static final List<LuxOsProfile> PROFILES = List.of(
            profile("190MHz", 784, 39.2),
            profile("265MHz", 1080, 54.7),
            profile("340MHz", 1414, 70.2),
            profile("415MHz", 1785, 85.7),
            profile("490MHz", 2192, 101.1),
            profile("default", 2794, 121.8),
            profile("665MHz", 3288, 137.3));

    private static final LuxOsProfile FIRST = PROFILES.get(5);
    private static final RackPhysics.Constants CONSTANTS = new RackPhysics.Constants(
            new ChipsInCase.Constants(2500, 9000, 200, 6, 300), 60, 120, 60, 22, 55, 70, 6000);
    private static final Duration SESSION_LIFE = Duration.ofMinutes(1);
    private static final double HOT_CELSIUS = 65;
    private static final int BOARDS = 3;
    private static final int FANS = 4;

    private final RackPhysics physics;
    private final Instant startOfClock;
    private final CgminerServer server;
    private LuxOsProfile profile = FIRST;
    private boolean atm = true;
    private int sessions;
    private Duration sessionLeft = Duration.ZERO;
    private Duration elapsed = Duration.ZERO;

    /**
     * @param listen port 0 takes a free one
     * @param computation what its chips compute while it hashes; remains its giver's to close
     */
    public SimulatedLuxOs(InetSocketAddress listen, Computation computation, InstantSource clock) {
        this(new RackPhysics(CONSTANTS, FIRST.watts().value(), efficiency(FIRST)), listen, computation, clock);
    }

    private SimulatedLuxOs(
            RackPhysics physics, InetSocketAddress listen, Computation computation, InstantSource clock) {
        super(physics, computation, SHOWS);
        this.physics = physics;
        this.startOfClock = clock.instant();
        this.server = new CgminerServer(listen, this::answer);
    }

    private static LuxOsProfile profile(String name, double watts, double terahashes) {
        return new LuxOsProfile(name, new Watts(watts), Hashrate.ofTerahashes(terahashes));
    }

    private static double efficiency(LuxOsProfile profile) {
        return profile.watts().value() / profile.hashrate().terahashes();
    }

    @Override
    public InetSocketAddress address() {
        return server.address();
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
        sessionLeft = mains ? sessionLeft.minus(step) : Duration.ZERO;
        if (atm && physics.hashing() && physics.chipCelsius() > HOT_CELSIUS) stepDown();
        compute();
    }

    private void stepDown() {
        int at = PROFILES.indexOf(profile);
        if (at > 0) choose(PROFILES.get(at - 1));
    }

    private void choose(LuxOsProfile next) {
        profile = next;
        physics.target(next.watts().value(), efficiency(next));
    }

    // ---- the API

    private synchronized Answer answer(String request) {
        if (!physics.answers()) return new Answer.Reset();
        var answer = CgminerWire.answer(request, faults, new CgminerWire.Firmware() {
            @Override
            public Optional<Reply> reply(String command, String parameter) {
                return Optional.of(answered(command, parameter));
            }

            @Override
            public Reply invalid() {
                return error(14, "Invalid command");
            }
        });
        compute();
        return answer;
    }

    private Reply answered(String command, String parameter) {
        return switch (command) {
            case "version" -> said(22, "LUXminer versions", "VERSION", version());
            case "summary" -> said(11, "Summary", "SUMMARY", summary());
            case "config" -> said(33, "LUXminer config", "CONFIG", config());
            case "power" -> said(311, "Power usage", "POWER", consumption());
            case "pools" -> said(7, "1 Pool(s)", "POOLS", pools());
            case "temps" -> all(201, BOARDS + " Temp(s)", "TEMPS", BOARDS, this::board);
            case "fans" -> all(202, FANS + " Fan(s)", "FANS", FANS, this::fan);
            case "profiles" -> all(320, PROFILES.size() + " Profiles", "PROFILES", PROFILES.size(), this::offered);
            case "logon" -> logOn();
            case "logoff", "atmset", "profileset", "curtail" ->
                faults.contains(Fault.REFUSES_COMMANDS)
                        ? error(403, "Command not allowed by the miner's policy")
                        : write(command, parameter.split(",", -1));
            default -> error(14, "Invalid command");
        };
    }

    private Reply logOn() {
        if (faults.contains(Fault.SESSION_TAKEN) || sessionLeft.isPositive())
            return error(402, "Another session is active");
        sessions++;
        sessionLeft = SESSION_LIFE;
        return said(316, "Session created", "SESSION", Map.of("SessionID", session()));
    }

    private String session() {
        return "session" + sessions;
    }

    private Reply write(String command, String[] arguments) {
        boolean forgets = faults.remove(Fault.FORGETS_SESSION); // once
        if (forgets) sessionLeft = Duration.ZERO;
        if (!sessionLeft.isPositive() || !arguments[0].equals(session())) return error(400, "Invalid session id");
        sessionLeft = SESSION_LIFE;
        boolean obeys = !faults.contains(Fault.IGNORES_COMMANDS);
        return switch (command) {
            case "logoff" -> {
                sessionLeft = Duration.ZERO;
                yield Reply.of('S', 318, clock(), "Session terminated");
            }
            case "atmset" -> atm(arguments, obeys);
            case "profileset" -> profile(arguments, obeys);
            default -> curtail(arguments, obeys);
        };
    }

    private Reply atm(String[] arguments, boolean obeys) {
        if (arguments.length != 2 || !arguments[1].matches("enabled=(true|false)"))
            return error(340, "atmset: unknown argument");
        if (obeys) atm = arguments[1].endsWith("true");
        return Reply.of('S', 340, clock(), "ATM configuration updated");
    }

    private Reply profile(String[] arguments, boolean obeys) {
        var wanted = PROFILES.stream()
                .filter(each -> arguments.length == 2 && each.name().equals(arguments[1]))
                .findFirst();
        if (wanted.isEmpty()) return error(326, "Invalid profile");
        if (atm) return error(327, "Profile cannot be set while ATM is enabled");
        if (obeys) choose(wanted.get());
        return Reply.of('S', 328, clock(), "Profile set");
    }

    private Reply curtail(String[] arguments, boolean obeys) {
        var action = arguments.length == 2 ? arguments[1] : "";
        switch (action) {
            case "sleep" -> {
                if (obeys) physics.sleep();
            }
            case "wakeup" -> {
                if (obeys) physics.wake();
            }
            default -> {
                return error(334, "Invalid curtailment mode");
            }
        }
        return said(
                335,
                "Curtailment command sent",
                "CURTAIL",
                Map.of("Action", action.equals("sleep") ? "sleep mode" : "wake up"));
    }

    // ---- what it says of itself

    private static Map<String, Object> version() {
        return CgminerFormat.object(
                "API",
                "3.7",
                "LUXminer",
                "2025.4.8.220305-simulated",
                "Type",
                "Antminer S19k Pro",
                "SIMULATED",
                "athanor");
    }

    private Map<String, Object> summary() {
        double gigahashes = physics.hashesPerSecond() / 1e9;
        return CgminerFormat.object(
                "Elapsed",
                physics.uptimeSeconds(),
                "GHS 5s",
                gigahashes,
                "GHS av",
                gigahashes,
                "Accepted",
                computation.counters().accepted(),
                "Rejected",
                computation.counters().rejected());
    }

    private Map<String, Object> config() {
        var config = CgminerFormat.object(
                "CurtailMode",
                physics.asleep() ? "Sleep" : "None",
                "IsAtmEnabled",
                atm,
                "IsPowerSupplyOn",
                true,
                "IsTuning",
                physics.tuning(),
                "Model",
                "Antminer S19k Pro",
                "OS",
                "LuxOS",
                "Profile",
                profile.name(),
                "SystemStatus",
                physics.state() == RackPhysics.State.FAULT ? "Overheated" : "Normal");
        if (faults.contains(Fault.CHANGED_FIRMWARE)) config.remove("CurtailMode");
        return config;
    }

    private Map<String, Object> consumption() {
        double shown = physics.watts() * (faults.contains(Fault.LIES_ABOUT_WATTS) ? 0.5 : 1);
        return CgminerFormat.object("PSU", false, "Watts", Math.round(shown));
    }

    private Map<String, Object> pools() {
        return CgminerFormat.pool(pool(), computation.counters(), !physics.poolsLost);
    }

    private Map<String, Object> board(int id) {
        boolean powered = !physics.asleep();
        double hot = powered ? physics.chipCelsius() : 0;
        double cool = powered ? physics.caseCelsius() : 0;
        return CgminerFormat.object(
                "TEMP", id, "ID", id, "TopLeft", hot, "BottomLeft", hot, "TopRight", cool, "BottomRight", cool);
    }

    private Map<String, Object> fan(int id) {
        return CgminerFormat.object(
                "FAN", "FAN" + (id + 1), "ID", id, "RPM", physics.fanRpm(), "Speed", Math.round(100 * physics.fan()));
    }

    private Map<String, Object> offered(int index) {
        var each = PROFILES.get(index);
        return CgminerFormat.object(
                "Profile Name",
                each.name(),
                "Watts",
                Math.round(each.watts().value()),
                "Hashrate",
                each.hashrate().terahashes(),
                "Step",
                Integer.toString(index - 5),
                "IsDynamic",
                true);
    }

    private Reply said(int code, String message, String name, Map<String, Object> object) {
        return Reply.of('S', code, clock(), message, name, List.of(new LinkedHashMap<>(object)));
    }

    private interface Numbered {
        Map<String, Object> object(int number);
    }

    private Reply all(int code, String message, String name, int count, Numbered numbered) {
        return Reply.of(
                'S',
                code,
                clock(),
                message,
                name,
                IntStream.range(0, count).mapToObj(numbered::object).toList());
    }

    private Reply error(int code, String message) {
        return Reply.of('E', code, clock(), message);
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
