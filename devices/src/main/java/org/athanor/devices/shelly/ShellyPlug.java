package org.athanor.devices.shelly;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.athanor.devices.DeviceException;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.Plug;
import org.athanor.devices.PlugState;
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

    private final String id;
    private final Watts continuousRating;
    private final ShellyRpc rpc;

    public ShellyPlug(String id, InetSocketAddress address, Watts continuousRating) {
        this(id, address, continuousRating, DEFAULT_TIMEOUT);
    }

    /** @param timeout of one call with its answer */
    public ShellyPlug(String id, InetSocketAddress address, Watts continuousRating, Duration timeout) {
        if (continuousRating.value() <= 0)
            throw new IllegalArgumentException(
                    "plug " + id + ": continuous rating " + continuousRating + " (must be positive)");
        this.id = id;
        this.continuousRating = continuousRating;
        this.rpc = new ShellyRpc(id, address, timeout);
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
        var method = "Switch.GetStatus";
        var status = rpc.call(method, SWITCH);
        var output = status.path("output");
        if (!output.isBoolean())
            throw rpc.failure(
                    Kind.GARBLED, method, SWITCH, "no \"output\": " + ShellyRpc.quote(status.toString()), null);
        return new PlugState(
                output.booleanValue(),
                new Watts(number(status, "/apower")),
                new Joules(number(status, "/aenergy/total") * 3600), // watt-hours
                status.has("timer_duration") ? Optional.of(countdownLeft(status)) : Optional.empty());
    }

    private Duration countdownLeft(JsonNode status) {
        double seconds = number(status, "/timer_duration");
        var now = rpc.call("Sys.GetStatus", "").path("unixtime");
        // null until the plug has found a time server: then only the whole duration is known as a bound
        if (now.isNumber())
            seconds = Math.clamp(number(status, "/timer_started_at") + seconds - now.doubleValue(), 0, seconds);
        return Duration.ofMillis(Math.round(seconds * 1000));
    }

    private double number(JsonNode status, String pointer) {
        var value = status.at(pointer);
        if (!value.isNumber())
            throw rpc.failure(
                    Kind.GARBLED,
                    "Switch.GetStatus",
                    SWITCH,
                    "no number at " + pointer + ": " + ShellyRpc.quote(status.toString()),
                    null);
        return value.doubleValue();
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
        var reply = rpc.call("Switch.Set", query);
        if (!reply.path("was_on").isBoolean())
            throw rpc.failure(
                    Kind.GARBLED, "Switch.Set", query, "no \"was_on\": " + ShellyRpc.quote(reply.toString()), null);
    }

    @Override
    public void close() {
        rpc.close();
    }
}
