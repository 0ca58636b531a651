package org.athanor.devices.simulated;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.athanor.devices.Credentials;
import org.athanor.devices.simulated.RestServer.Answer;
import org.athanor.devices.simulated.RestServer.Answer.Whole;
import org.athanor.devices.simulated.RestServer.Question;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;
import org.athanor.units.Watts;

/**
 * A simulated metering plug with Tasmota that meters its load and switches its mains. It starts switched off, without rules.
 *
 * <p>It knows the commands {@code Power}, {@code Status 8} and {@code 10}, {@code Rule1} and {@code RuleTimer1}; of rules the
 * triggers {@code Rules#Timer=1} and {@code Power1#Boot} with {@code Power1 OFF}. A restart forgets the timer, not the rule, and
 * not that it was on, as {@code PowerOnState 3} has it. A switching takes effect at once; timer and energy run only in
 * {@link #advance}.
 */
public final class SimulatedTasmotaPlug implements SimulatedPlug {
    static final Set<Fault> SHOWS = Faults.of(
            Fault.UNREACHABLE,
            Fault.SILENT,
            Fault.LATE,
            Fault.GARBAGE,
            Fault.TRUNCATED,
            Fault.WRONG_REPLY,
            Fault.WRONG_PASSWORD,
            Fault.IGNORES_COMMANDS,
            Fault.REFUSES_COMMANDS,
            Fault.OLD_FIRMWARE,
            Fault.RESTARTS,
            Fault.FORGETS_LEASE,
            Fault.LIES_ABOUT_WATTS);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration BETWEEN_RESTARTS = Duration.ofMinutes(10);
    private static final Pattern PAIR = Pattern.compile("on (\\S+) do power1 (off|0) endon", Pattern.CASE_INSENSITIVE);

    private final SimulatedLoad load;
    private final double ratingWatts;
    private final Optional<Credentials> login;
    private final Faults faults = new Faults(SHOWS);
    private final double electricityAtStart;
    private final RestServer server;

    private boolean on;
    private Celsius ambient = new Celsius(20);
    private Optional<Duration> timer = Optional.empty();
    private String rule = "";
    private boolean ruleOn;
    private boolean ruleOnce;
    private Duration untilRestart = BETWEEN_RESTARTS;

    /**
     * @param listen port 0 takes a free one
     * @param login empty for pages without a password
     * @param rating above which it switches off
     */
    public SimulatedTasmotaPlug(
            InetSocketAddress listen, Optional<Credentials> login, SimulatedLoad load, Watts rating) {
        this.load = load;
        this.ratingWatts = rating.value();
        this.login = login;
        this.electricityAtStart = load.electricity().value();
        load.advance(Duration.ZERO, ambient, false);
        this.server = new RestServer(listen, this::answer);
    }

    @Override
    public InetSocketAddress address() {
        return server.address();
    }

    @Override
    public Set<Fault> shows() {
        return SHOWS;
    }

    @Override
    public synchronized void inject(Fault... injected) {
        faults.add(injected);
        if (faults.contains(Fault.FORGETS_LEASE)) timer = Optional.empty();
    }

    @Override
    public synchronized void clear() {
        faults.clear();
    }

    @Override
    public synchronized boolean on() {
        return on;
    }

    /** Metered through it. */
    public synchronized Joules energy() {
        return new Joules(load.electricity().value() - electricityAtStart);
    }

    /** Runs timer and load; a timer that ends inside the step splits it there. */
    @Override
    public synchronized void advance(Duration step, Celsius roomAmbient) {
        ambient = roomAmbient;
        var left = step;
        if (timer.isPresent() && timer.get().compareTo(left) <= 0) {
            run(timer.get());
            left = left.minus(timer.get());
            timer = Optional.empty();
            fire("Rules#Timer=1");
        }
        run(left);
        if (faults.contains(Fault.RESTARTS)) {
            untilRestart = untilRestart.minus(step);
            if (!untilRestart.isPositive()) restart();
        }
    }

    private void restart() {
        untilRestart = BETWEEN_RESTARTS;
        timer = Optional.empty();
        fire("Power1#Boot");
    }

    private void run(Duration step) {
        load.advance(step, ambient, on);
        timer = timer.map(left -> left.minus(step));
        if (on && load.power().value() > ratingWatts) turn(false);
    }

    private void turn(boolean toOn) {
        on = toOn;
        load.advance(Duration.ZERO, ambient, on);
    }

    private void fire(String trigger) {
        if (!ruleOn) return;
        PAIR.matcher(rule)
                .results()
                .filter(pair -> pair.group(1).equalsIgnoreCase(trigger))
                .forEach(_ -> turn(false));
    }

    // ---- the commands

    private synchronized Answer answer(Question question) {
        if (faults.contains(Fault.UNREACHABLE)) return new Answer.Broken();
        if (faults.contains(Fault.SILENT)) return new Answer.Never();
        if (faults.contains(Fault.GARBAGE)) return new Whole(200, "<html>\u0001 Tasmota</html>");
        if (!question.call().equals("GET /cm")) return new Whole(404, "File Not Found");
        var body = isKnown(question)
                ? reply(question.query().getOrDefault("cmnd", "").strip())
                : warning("Need user=<username>&password=<password>");
        var whole = new Whole(200, body.toString());
        if (faults.contains(Fault.LATE)) return new Answer.Late(whole);
        return faults.contains(Fault.TRUNCATED) ? new Answer.Half(whole) : whole;
    }

    private boolean isKnown(Question question) {
        if (faults.contains(Fault.WRONG_PASSWORD)) return false;
        if (login.isEmpty()) return true;
        return login.get().user().equals(question.query().get("user"))
                && login.get().password().equals(question.query().get("password"));
    }

    private static ObjectNode warning(String text) {
        return JSON.createObjectNode().put("WARNING", text);
    }

    private ObjectNode reply(String command) {
        int space = command.indexOf(' ');
        var name = (space < 0 ? command : command.substring(0, space)).toLowerCase(Locale.ROOT);
        var argument = space < 0 ? "" : command.substring(space + 1).strip();
        boolean commands = !argument.isEmpty() && !name.equals("status");
        if (faults.contains(Fault.WRONG_REPLY)) return JSON.createObjectNode().put("FriendlyName1", "Tasmota");
        if (commands && faults.contains(Fault.REFUSES_COMMANDS))
            return JSON.createObjectNode().put("Command", "Error");
        return switch (name) {
            case "power", "power1" -> power(argument);
            case "rule1" -> rule(argument);
            case "ruletimer1" -> timer(argument);
            case "status" -> argument.equals("8") || argument.equals("10") ? sensors() : unknown();
            default -> unknown();
        };
    }

    private static ObjectNode unknown() {
        return JSON.createObjectNode().put("Command", "Unknown");
    }

    private boolean obeys() {
        return !faults.contains(Fault.IGNORES_COMMANDS);
    }

    private ObjectNode power(String argument) {
        var wanted = switch (argument.toUpperCase(Locale.ROOT)) {
            case "" -> Optional.<Boolean>empty();
            case "ON", "1" -> Optional.of(true);
            case "OFF", "0" -> Optional.of(false);
            default -> Optional.of(!on);
        };
        if (wanted.isPresent() && obeys()) turn(wanted.get());
        return JSON.createObjectNode().put("POWER", wanted.orElse(on) ? "ON" : "OFF");
    }

    private ObjectNode timer(String argument) {
        int seconds = argument.matches("\\d{1,9}") ? Integer.parseInt(argument) : 0;
        boolean sets = !argument.isEmpty();
        boolean runs = obeys() && !faults.contains(Fault.FORGETS_LEASE);
        if (sets && runs) timer = seconds > 0 ? Optional.of(Duration.ofSeconds(seconds)) : Optional.empty();
        // one that does not run tells as if it had begun
        long shown = sets && !runs ? seconds : timer.map(Duration::toSeconds).orElse(0L);
        var timers = JSON.createObjectNode().put("T1", shown);
        for (int other = 2; other <= 8; other++) timers.put("T" + other, 0);
        return timers;
    }

    private ObjectNode rule(String argument) {
        if (!argument.isEmpty() && obeys())
            switch (argument) {
                case "0" -> ruleOn = false;
                case "1" -> ruleOn = true;
                case "4" -> ruleOnce = false;
                case "5" -> ruleOnce = true;
                case "\"" -> rule = "";
                default -> rule = argument;
            }
        var reply = JSON.createObjectNode();
        if (faults.contains(Fault.OLD_FIRMWARE)) reply.put("Rule1", onOff(ruleOn));
        var fields = faults.contains(Fault.OLD_FIRMWARE)
                ? reply
                : reply.putObject("Rule1").put("State", onOff(ruleOn));
        fields.put("Once", onOff(ruleOnce))
                .put("StopOnError", "OFF")
                .put("Length", rule.length())
                .put("Free", 511 - rule.length())
                .put("Rules", rule);
        return reply;
    }

    private static String onOff(boolean on) {
        return on ? "ON" : "OFF";
    }

    private ObjectNode sensors() {
        double watts = on ? load.power().value() : 0;
        var status = JSON.createObjectNode();
        var sensors = status.putObject("StatusSNS");
        sensors.put("Time", "2025-01-01T00:00:00");
        sensors.putObject("ENERGY")
                .put("TotalStartTime", "2025-01-01T00:00:00")
                .put("Total", Math.round(energy().value() / 3600) / 1000.0)
                .put("Power", Math.round(faults.contains(Fault.LIES_ABOUT_WATTS) ? watts / 2 : watts))
                .put("Voltage", 230)
                .put("Current", Math.round(watts / 230 * 1000) / 1000.0);
        return status;
    }

    @Override
    public void close() {
        server.close();
    }
}
