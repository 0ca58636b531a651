package org.athanor.devices.simulated;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.athanor.devices.Computation;
import org.athanor.devices.PoolSetting;
import org.athanor.devices.avalon.AvalonModel;
import org.athanor.devices.simulated.AvalonPhysics.State;
import org.athanor.devices.simulated.CgminerFormat.Reply;

/** What a simulated Avalon answers: telemetry in the words of the real firmware, and its settings with their traps. */
final class AvalonApi {
    private static final String CALIBRATING = "current mode %d is caling Don't permit switch mode";
    private static final int TOP_MODE = 2;
    /** A stop that is dated farther ahead is forgotten by the firmware that forgets. */
    private static final long FORGOTTEN_SECONDS = 20;

    private final AvalonModel model;
    private final AvalonWords words;
    private final AvalonPhysics physics;
    private final Computation computation;
    private final Supplier<PoolSetting> pool;

    AvalonApi(AvalonModel model, AvalonPhysics physics, Computation computation, Supplier<PoolSetting> pool) {
        this.model = model;
        this.words = AvalonWords.of(model);
        this.physics = physics;
        this.computation = computation;
        this.pool = pool;
    }

    Reply invalid(long clock) {
        return Reply.of('E', 14, clock, "Invalid command");
    }

    /** Empty when the device closes the connection without a reply. */
    Optional<Reply> reply(String command, String parameter, long clock, Faults faults) {
        return switch (command) {
            case "version" -> Optional.of(section('S', 22, clock, "CGMiner versions", "VERSION", version()));
            case "summary" -> Optional.of(section('S', 11, clock, "Summary", "SUMMARY", summary()));
            case "devs" -> Optional.of(section('S', 9, clock, "1 ASC(s)", "DEVS", device()));
            case "pools" -> Optional.of(section('S', 7, clock, "1 Pool(s)", "POOLS", pool()));
            case "estats", "stats" ->
                Optional.of(Reply.of('S', 70, clock, "CGMiner stats", "STATS", List.of(stats(faults), poolStats())));
            case "ascset" ->
                faults.contains(Fault.REFUSES_COMMANDS)
                        ? failed(clock, "access denied")
                        : ascset(
                                parameter,
                                clock,
                                faults.contains(Fault.IGNORES_COMMANDS),
                                faults.contains(Fault.FORGETS_LEASE));
            default -> Optional.of(invalid(clock));
        };
    }

    private static Reply section(
            char status, int code, long clock, String message, String name, Map<String, Object> object) {
        return Reply.of(status, code, clock, message, name, List.of(object));
    }

    private Map<String, Object> version() {
        return CgminerFormat.object(
                "CGMiner",
                "4.11.1",
                "API",
                "3.7",
                "PROD",
                model.title(),
                "MODEL",
                model.product(),
                "SWTYPE",
                "MM319",
                "LVERSION",
                "25021401_athanor",
                "DNA",
                "0201000000000000",
                "MAC",
                "020000000000",
                "SIMULATED",
                "athanor");
    }

    private Map<String, Object> summary() {
        var counters = computation.counters();
        return CgminerFormat.object(
                "Elapsed",
                physics.uptimeSeconds(),
                "MHS av",
                rounded(physics.meanHashrate() / 1e6),
                "MHS 5s",
                rounded(physics.hashrate() / 1e6),
                "Found Blocks",
                0,
                "Accepted",
                counters.accepted(),
                "Rejected",
                counters.rejected(),
                "Hardware Errors",
                0,
                "Simulated",
                "athanor");
    }

    private Map<String, Object> device() {
        return CgminerFormat.object(
                "ASC",
                0,
                "Name",
                "AVALON",
                "ID",
                0,
                "Enabled",
                "Y",
                "Status",
                "Alive",
                "Temperature",
                0.0, // as the real ones say, whatever their temperature
                "MHS av",
                rounded(physics.meanHashrate() / 1e6),
                "MHS 5s",
                rounded(physics.hashrate() / 1e6),
                "Accepted",
                computation.counters().accepted(),
                "Rejected",
                computation.counters().rejected());
    }

    private Map<String, Object> pool() {
        return CgminerFormat.pool(pool.get(), computation.counters(), !physics.poolsLost);
    }

    private Map<String, Object> stats(Faults faults) {
        double wall = faults.contains(Fault.LIES_ABOUT_WATTS) ? physics.watts() / 2 : physics.watts();
        return CgminerFormat.object(
                "STATS",
                0,
                "ID",
                "AVALON0",
                "Elapsed",
                physics.uptimeSeconds(),
                faults.contains(Fault.CHANGED_FIRMWARE) ? "MM ID0:Lite" : words.statsKey(),
                words.telemetry(physics, wall));
    }

    private static Map<String, Object> poolStats() {
        return CgminerFormat.object("STATS", 1, "ID", "POOL0", "Times Sent", 1, "Times Recv", 1);
    }

    /** {@code 0,option[,arguments]}: an error text, an information, or nothing for OK, as the driver's functions return. */
    private Optional<Reply> ascset(String parameter, long clock, boolean deaf, boolean forgets) {
        var parts = parameter.split(",", 3);
        if (parts.length < 2) return Optional.of(Reply.of('E', 15, clock, "Missing device parameters"));
        if (!parts[0].equals("0"))
            return Optional.of(Reply.of('E', 107, clock, "Invalid ASC id " + parts[0] + " - range is 0 - 0"));
        var arguments = parts.length > 2 ? parts[2] : "";
        return switch (parts[1]) {
            case "help" ->
                info(
                        clock,
                        "help|fan-spd|" + (model.hasModes() ? "workmode|" : "") + "worklevel|work_mode_lvl|reboot|"
                                + (model.softOff() ? "softon|softoff|" : ""));
            case "workmode" -> model.hasModes() ? workMode(arguments, clock, deaf) : unknown(parts[1], clock);
            case "worklevel" -> workLevel(arguments, clock, deaf);
            case "work_mode_lvl" -> workModeAndLevel(arguments, clock, deaf);
            case "softoff" -> model.softOff() ? softOff(arguments, clock, deaf, forgets) : unknown(parts[1], clock);
            case "softon" -> model.softOff() ? softOn(arguments, clock, deaf) : unknown(parts[1], clock);
            case "fan-spd" -> fan(arguments, clock, deaf);
            case "reboot" -> {
                if (!deaf) physics.boot();
                yield ok(clock);
            }
            default -> unknown(parts[1], clock);
        };
    }

    private Optional<Reply> workMode(String arguments, long clock, boolean deaf) {
        if (arguments.equals("get")) return info(clock, "workmode " + physics.workMode());
        var mode = setting(arguments);
        if (mode.isEmpty()) return failed(clock, "error:2 parameter error");
        if (mode.getAsInt() < 0 || mode.getAsInt() > TOP_MODE)
            return failed(clock, "error:1 not support set workmode max_mode[" + TOP_MODE + "]");
        if (calibrating()) return failed(clock, String.format(Locale.ROOT, CALIBRATING, physics.workMode()));
        if (!deaf) physics.setWork(mode.getAsInt(), physics.workLevel());
        return ok(clock);
    }

    private Optional<Reply> workLevel(String arguments, long clock, boolean deaf) {
        if (arguments.equals("get")) return info(clock, "worklevel " + physics.workLevel());
        var level = setting(arguments);
        if (level.isEmpty()) return failed(clock, "worklevel unknown argument");
        // where modes alone tell the levels apart, such as on the Nano 3S, it is taken and does nothing: the wrong knob
        if (!model.hasLevels()) return ok(clock);
        boolean known =
                model.heatingLevels().stream().anyMatch(l -> l.workLevel().equals(level));
        if (!known) return failed(clock, "worklevel unknown argument");
        if (calibrating()) return failed(clock, String.format(Locale.ROOT, CALIBRATING, physics.workMode()));
        if (!deaf) physics.setWork(physics.workMode(), level.getAsInt());
        return ok(clock);
    }

    /** The firmware's trap: it tests mode < top, so the top mode cannot be chosen, and says OK to everything. */
    private Optional<Reply> workModeAndLevel(String arguments, long clock, boolean deaf) {
        var parts = arguments.split(",", -1);
        var mode = parts.length >= 2 && parts[0].equals("set") ? integer(parts[1]) : OptionalInt.empty();
        if (mode.isPresent() && mode.getAsInt() >= 0 && mode.getAsInt() < TOP_MODE && !calibrating() && !deaf)
            physics.setWork(mode.getAsInt(), physics.workLevel());
        return ok(clock);
    }

    private Optional<Reply> softOff(String arguments, long clock, boolean deaf, boolean forgets) {
        var date = softDate(arguments);
        if (date.isEmpty()) return failed(clock, "softoff unknown argument");
        if (!deaf && !(forgets && date.get() > clock + FORGOTTEN_SECONDS)) physics.scheduleSoftOff(date.get());
        return info(clock, "success softoff:" + date.get());
    }

    /** Its quirk: the connection closes without a reply when the command was taken. */
    private Optional<Reply> softOn(String arguments, long clock, boolean deaf) {
        var date = softDate(arguments);
        if (date.isEmpty()) return failed(clock, "softon unknown argument");
        if (!deaf) physics.scheduleSoftOn(date.get());
        return Optional.empty();
    }

    private Optional<Reply> fan(String arguments, long clock, boolean deaf) {
        var percent = integer(arguments);
        if (percent.isEmpty() || (percent.getAsInt() != -1 && (percent.getAsInt() < 15 || percent.getAsInt() > 100)))
            return failed(clock, "invalid fan speed, -1 or 15 to 100");
        if (!deaf) physics.fixFan(percent.getAsInt() == -1 ? -1 : percent.getAsInt() / 100.0);
        return ok(clock);
    }

    private boolean calibrating() {
        return physics.state() == State.BOOTING || physics.state() == State.CALIBRATING;
    }

    private static OptionalInt setting(String arguments) {
        return arguments.startsWith("set,") ? integer(arguments.substring(4)) : OptionalInt.empty();
    }

    private static OptionalInt integer(String text) {
        return text.strip().matches("-?\\d{1,9}")
                ? OptionalInt.of(Integer.parseInt(text.strip()))
                : OptionalInt.empty();
    }

    /** {@code 1:epoch}. */
    private static Optional<Long> softDate(String arguments) {
        return arguments.matches("1:\\d{1,18}")
                ? Optional.of(Long.parseLong(arguments.substring(2)))
                : Optional.empty();
    }

    private static Optional<Reply> ok(long clock) {
        return Optional.of(Reply.of('S', 119, clock, "ASC 0 set OK"));
    }

    private static Optional<Reply> info(long clock, String text) {
        return Optional.of(Reply.of('I', 118, clock, "ASC 0 set info: " + text));
    }

    private static Optional<Reply> failed(long clock, String text) {
        return Optional.of(Reply.of('E', 120, clock, "ASC 0 set failed: " + text));
    }

    private static Optional<Reply> unknown(String option, long clock) {
        return failed(clock, "Unknown option: " + option);
    }

    private static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }
}
