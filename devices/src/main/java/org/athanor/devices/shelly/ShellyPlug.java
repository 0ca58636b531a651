package org.athanor.devices.shelly;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.athanor.devices.DeviceException;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.Plug;
import org.athanor.devices.PlugState;
import org.athanor.devices.http.JsonHttp;
import org.athanor.devices.http.JsonHttp.Request;
import org.athanor.units.Joules;
import org.athanor.units.Watts;

/**
 * A metering Shelly plug, generation 2 or later. Its {@code toggle_after} is the countdown, and runs in the plug.
 *
 * <p>The plug tells when its countdown began, by its own clock; what is left of it takes a second call, for that clock.
 */
public final class ShellyPlug implements Plug {
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(2);
    private static final String SWITCH = "id=0";
    private static final Request STATUS = ShellyRpc.call("Switch.GetStatus", SWITCH);
    private static final Request SYSTEM = ShellyRpc.call("Sys.GetStatus");

    /** Far beyond what a plug may carry, either way: power that is fed back counts negative. */
    private static final double MOST_WATTS = 100_000;

    private static final double MOST_WATT_HOURS = 1e12;
    private static final double MOST_SECONDS = 1e10;

    private final String id;
    private final Watts continuousRating;
    private final ShellyRpc http;

    public ShellyPlug(String id, InetSocketAddress address, Watts continuousRating) {
        this(id, address, continuousRating, DEFAULT_TIMEOUT);
    }

    /** @param timeout of one call with its answer */
    public ShellyPlug(String id, InetSocketAddress address, Watts continuousRating, Duration timeout) {
        this(id, address, Optional.empty(), continuousRating, timeout);
    }

    /**
     * @param password of its user admin; empty where it has none
     * @param timeout of one call with its answer
     */
    public ShellyPlug(
            String id, InetSocketAddress address, Optional<String> password, Watts continuousRating, Duration timeout) {
        if (continuousRating.value() <= 0)
            throw new IllegalArgumentException(
                    "plug " + id + ": continuous rating " + continuousRating + " (must be positive)");
        this.id = id;
        this.continuousRating = continuousRating;
        this.http = new ShellyRpc(id, address, password, timeout);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Watts continuousRating() {
        return continuousRating;
    }

    @Override
    public PlugState read() {
        var status = http.json(STATUS);
        var output = status.path("output");
        if (!output.isBoolean())
            throw http.failure(Kind.GARBLED, STATUS, "no \"output\": " + JsonHttp.quote(status.toString()), null);
        return new PlugState(
                output.booleanValue(),
                new Watts(http.number(STATUS, status, "/apower", -MOST_WATTS, MOST_WATTS)),
                new Joules(http.number(STATUS, status, "/aenergy/total", 0, MOST_WATT_HOURS) * 3600), // watt-hours
                status.has("timer_duration") ? Optional.of(countdownLeft(status)) : Optional.empty());
    }

    private Duration countdownLeft(JsonNode status) {
        double seconds = http.number(STATUS, status, "/timer_duration", 0, MOST_SECONDS);
        var system = http.json(SYSTEM);
        // null until the plug has found a time server: then only the whole duration is known as a bound
        if (system.path("unixtime").isNumber()) {
            double now = http.number(SYSTEM, system, "/unixtime", 0, MOST_SECONDS);
            double start = http.number(STATUS, status, "/timer_started_at", 0, MOST_SECONDS);
            seconds = Math.clamp(start + seconds - now, 0, seconds);
        }
        return Duration.ofMillis(Math.round(seconds * 1000));
    }

    @Override
    public void on(Duration countdown) {
        if (countdown.compareTo(Duration.ofSeconds(1)) < 0)
            throw new IllegalArgumentException("plug " + id + ": countdown " + countdown + " (at least a second)");
        set(SWITCH + "&on=true&toggle_after=" + countdown.toSeconds());
    }

    /** Also ends a countdown. */
    @Override
    public void off() {
        set(SWITCH + "&on=false");
    }

    /** @throws DeviceException if the answer is not that of Switch.Set */
    private void set(String query) {
        var request = ShellyRpc.call("Switch.Set", query);
        var reply = http.json(request);
        if (!reply.path("was_on").isBoolean())
            throw http.failure(Kind.GARBLED, request, "no \"was_on\": " + JsonHttp.quote(reply.toString()), null);
    }

    @Override
    public void close() {
        http.close();
    }
}
