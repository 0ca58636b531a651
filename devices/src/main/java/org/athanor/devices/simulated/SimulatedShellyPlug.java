package org.athanor.devices.simulated;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.athanor.devices.simulated.ShellyServer.RpcError;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;
import org.athanor.units.Watts;

/**
 * A simulated Shelly plug that meters its load and switches its mains. It starts switched off.
 *
 * <p>A switching takes effect at once; countdown and energy run only in {@link #advance}. Its own few watts are left out.
 */
public final class SimulatedShellyPlug implements SimulatedPlug {
    /** Its countdown, being in hardware, always works. */
    static final Set<Fault> SHOWS = Faults.and(ShellyServer.SHOWS, Fault.IGNORES_COMMANDS, Fault.LIES_ABOUT_WATTS);

    private static final String ID = "shellyplusplugs-020000000000";

    /** Of its own clock, which no one else's depends on. */
    private static final Instant START_OF_CLOCK = Instant.parse("2025-01-01T00:00:00Z");

    private static final double MAINS_VOLTS = 230;

    private final SimulatedLoad load;
    private final double ratingWatts;
    private final Faults faults = new Faults(SHOWS);
    private final ShellyServer server;

    private boolean on;
    private boolean tripped;
    private Celsius ambient = new Celsius(20);
    private Instant clock = START_OF_CLOCK;
    private Optional<Instant> countdownStart = Optional.empty();
    private Duration countdown = Duration.ZERO;
    private final double electricityAtStart;

    /**
     * @param listen port 0 takes a free one
     * @param rating above which it trips
     */
    public SimulatedShellyPlug(InetSocketAddress listen, SimulatedLoad load, Watts rating) {
        this(listen, Optional.empty(), load, rating);
    }

    /**
     * @param listen port 0 takes a free one
     * @param password of its user admin; empty for none
     * @param rating above which it trips
     */
    public SimulatedShellyPlug(InetSocketAddress listen, Optional<String> password, SimulatedLoad load, Watts rating) {
        this.load = load;
        this.ratingWatts = rating.value();
        this.electricityAtStart = load.electricity().value();
        load.advance(Duration.ZERO, ambient, false);
        this.server = new ShellyServer(listen, faults, ID, password, this::answer);
    }

    @Override
    public InetSocketAddress address() {
        return server.address();
    }

    /** Runs the countdown and the load; a countdown that ends inside the step splits it there. */
    @Override
    public synchronized void advance(Duration step, Celsius roomAmbient) {
        ambient = roomAmbient;
        var left = step;
        var toToggle = toToggle();
        if (toToggle.isPresent() && toToggle.get().compareTo(left) <= 0) {
            run(toToggle.get());
            left = left.minus(toToggle.get());
            if (countdownStart.isPresent()) turn(!on); // not if it tripped meanwhile
            countdownStart = Optional.empty();
        }
        run(left);
    }

    private Optional<Duration> toToggle() {
        return countdownStart.map(start -> Duration.between(clock, start.plus(countdown)));
    }

    private void run(Duration step) {
        load.advance(step, ambient, on);
        clock = clock.plus(step);
        if (on && load.power().value() > ratingWatts) {
            tripped = true;
            countdownStart = Optional.empty();
            turn(false);
        }
    }

    private void turn(boolean toOn) {
        on = toOn;
        load.advance(Duration.ZERO, ambient, on);
    }

    @Override
    public synchronized boolean on() {
        return on;
    }

    /** As somebody did before this world began: it goes off by itself after {@code runsOut}. */
    public synchronized void switchOn(Duration runsOut) {
        countdownStart = Optional.of(clock);
        countdown = runsOut;
        turn(true);
    }

    /** Metered through it. */
    public synchronized Joules energy() {
        return new Joules(load.electricity().value() - electricityAtStart);
    }

    @Override
    public Set<Fault> shows() {
        return SHOWS;
    }

    @Override
    public synchronized void inject(Fault... injected) {
        faults.add(injected);
    }

    @Override
    public synchronized void clear() {
        faults.clear();
    }

    private synchronized Map<String, Object> answer(String method, Map<String, String> parameters) throws RpcError {
        return switch (method) {
            case "Switch.Set" -> set(parameters);
            case "Switch.GetStatus" -> {
                component(parameters);
                yield status();
            }
            case "Sys.GetStatus" -> system();
            case "Shelly.GetStatus" -> Map.of("switch:0", status(), "sys", system());
            case "Shelly.GetDeviceInfo" -> info();
            default -> throw RpcError.noMethod(method);
        };
    }

    private static void component(Map<String, String> parameters) throws RpcError {
        var id = parameters.get("id");
        if (id == null) throw RpcError.badArgument("id");
        if (!id.equals("0")) throw RpcError.noComponent("switch:" + id);
    }

    private Map<String, Object> set(Map<String, String> parameters) throws RpcError {
        component(parameters);
        var wanted = parameters.getOrDefault("on", "");
        if (!wanted.equals("true") && !wanted.equals("false")) throw RpcError.badArgument("on");
        var toggleAfter = toggleAfter(parameters.get("toggle_after"));
        var reply = Map.<String, Object>of("was_on", on);
        if (faults.contains(Fault.IGNORES_COMMANDS)) return reply;
        tripped = false;
        countdownStart = toggleAfter.map(d -> clock);
        countdown = toggleAfter.orElse(Duration.ZERO);
        turn(wanted.equals("true"));
        return reply;
    }

    private static Optional<Duration> toggleAfter(String text) throws RpcError {
        if (text == null) return Optional.empty();
        if (!text.matches("\\d{1,9}(\\.\\d{1,6})?")) throw RpcError.badArgument("toggle_after");
        return Optional.of(Duration.ofMillis(Math.round(Double.parseDouble(text) * 1000)));
    }

    private Map<String, Object> status() {
        double watts = on ? load.power().value() : 0;
        var status = new LinkedHashMap<String, Object>();
        status.put("id", 0);
        status.put("source", "HTTP_in");
        status.put("output", on);
        countdownStart.ifPresent(start -> {
            status.put("timer_started_at", start.toEpochMilli() / 1000.0);
            status.put("timer_duration", countdown.toMillis() / 1000.0);
        });
        status.put("apower", Math.round((faults.contains(Fault.LIES_ABOUT_WATTS) ? watts / 2 : watts) * 10) / 10.0);
        status.put("voltage", MAINS_VOLTS);
        status.put("current", Math.round(watts / MAINS_VOLTS * 1000) / 1000.0);
        status.put("freq", 50.0);
        status.put("aenergy", Map.of("total", Math.round(energy().value() / 3.6) / 1000.0));
        if (tripped) status.put("errors", List.of("overpower"));
        return status;
    }

    private Map<String, Object> system() {
        return Map.of(
                "unixtime", clock.getEpochSecond(), "uptime", clock.getEpochSecond() - START_OF_CLOCK.getEpochSecond());
    }

    private static Map<String, Object> info() {
        return Map.of(
                "id", ID,
                "mac", "020000000000",
                "model", "SNPL-00112EU",
                "gen", 2,
                "ver", "1.4.4",
                "app", "PlusPlugS",
                "auth_en", false,
                "simulated", "athanor");
    }

    @Override
    public void close() {
        server.close();
    }
}
