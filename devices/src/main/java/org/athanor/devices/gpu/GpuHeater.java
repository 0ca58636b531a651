package org.athanor.devices.gpu;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.athanor.devices.Capabilities;
import org.athanor.devices.Computation;
import org.athanor.devices.DeviceException;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.Heater;
import org.athanor.devices.HeaterState;
import org.athanor.devices.HeaterState.Phase;
import org.athanor.devices.HeaterState.PowerSource;
import org.athanor.devices.PowerLevel;
import org.athanor.devices.lease.LeasedLevel;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;
import org.athanor.units.Watts;

/**
 * An NVIDIA GPU of this computer as a heater. Its levels are power limits; what it computes below them is given, and remains its
 * giver's to close. To set a limit takes root's rights: without them it is refused in words, and level 0 still works.
 *
 * <p>NVIDIA's library runs in a child process, since it is native code: when that dies, a call fails and the next starts another.
 * A level is lent as that of the processor is: when nobody reads or commands for as long as the lease, the computation stops.
 */
public final class GpuHeater implements Heater {
    /** Of NVIDIA's driver for Linux. */
    public static final String LIBRARY = "libnvidia-ml.so.1";

    private static final Duration DEFAULT_LEASE = Duration.ofSeconds(150);
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

    /** A kilogram or so of metal that a fan cools: some minutes' heat. */
    private static final double STORED_SECONDS = 200;

    static final double MOST_MILLIWATTS = 2e6;
    static final double MOST_CELSIUS = 150;

    private final String id;
    private final int index;
    private final Computation computation;
    private final GpuChild child;
    private final List<Integer> limits;
    private final Capabilities capabilities;
    private final LeasedLevel lent;

    private GpuHeater(
            String id,
            int index,
            Computation computation,
            GpuChild child,
            List<Integer> limits,
            Capabilities capabilities,
            Duration lease) {
        this.id = id;
        this.index = index;
        this.computation = computation;
        this.child = child;
        this.limits = limits;
        this.capabilities = capabilities;
        this.lent = new LeasedLevel(id, lease, System::nanoTime, level -> computation.setThreads(level == 0 ? 0 : 1));
    }

    /**
     * @param index of the GPU, from 0
     * @param powerLimits of the levels that heat, ascending; none takes the card's least, its most and the middle
     * @throws DeviceException if there is no driver or no such card, or it does not take these limits
     */
    public static GpuHeater open(String id, int index, List<Watts> powerLimits, Computation computation) {
        return open(id, LIBRARY, index, powerLimits, computation, DEFAULT_LEASE, DEFAULT_TIMEOUT);
    }

    /**
     * @param library in place of {@link #LIBRARY}
     * @param lease how long the computation goes on, by the wall clock, when nobody reads or commands
     * @param timeout of one call of the library
     */
    public static GpuHeater open(
            String id,
            String library,
            int index,
            List<Watts> powerLimits,
            Computation computation,
            Duration lease,
            Duration timeout) {
        var child = new GpuChild(id, library, timeout);
        try {
            var command = "describe " + index;
            var card = child.ask(command);
            int least = number(child, command, card, "least", MOST_MILLIWATTS);
            int most = number(child, command, card, "most", MOST_MILLIWATTS);
            var limits = limits(child, command, powerLimits, least, most);
            int slowdown = number(child, command, card, "slowdown", MOST_CELSIUS);
            var capabilities = capabilities(card.getOrDefault("name", "GPU"), limits, most, slowdown);
            return new GpuHeater(id, index, computation, child, limits, capabilities, lease);
        } catch (RuntimeException e) {
            child.close();
            throw e;
        }
    }

    /** mW, ascending. */
    static List<Integer> limits(GpuChild child, String command, List<Watts> wanted, int least, int most) {
        if (wanted.isEmpty())
            return List.of(least, (least + most) / 2, most).stream().distinct().toList();
        var limits = new ArrayList<Integer>();
        for (var watts : wanted) {
            int milliwatts = (int) Math.round(watts.value() * 1000);
            boolean ascends = limits.isEmpty() || milliwatts > limits.getLast();
            if (!ascends || milliwatts < least || milliwatts > most)
                throw child.failure(
                        Kind.REFUSED,
                        command,
                        "configured for power limits of " + wanted + ", but this card takes " + least / 1000 + " to "
                                + most / 1000 + " W, ascending",
                        null);
            limits.add(milliwatts);
        }
        return List.copyOf(limits);
    }

    static Capabilities capabilities(String name, List<Integer> limits, int most, int slowdown) {
        var levels = new ArrayList<PowerLevel>();
        levels.add(new PowerLevel("off", Watts.ZERO));
        for (int limit : limits) levels.add(new PowerLevel(limit / 1000 + " W", new Watts(limit / 1000.0)));
        return new Capabilities(
                name.replace('_', ' '),
                levels,
                new Watts(most / 1000.0),
                Duration.ofMinutes(1),
                Duration.ZERO,
                Duration.ZERO,
                false,
                false, // its computation ends with the program that controls it, and with its lease
                true,
                new Joules(most / 1000.0 * STORED_SECONDS),
                slowdown == 0 ? Optional.empty() : Optional.of(new Celsius(slowdown)),
                Optional.empty(),
                "reported by the card (power of its board, idling included); a level is a limit, which what it computes"
                        + " need not reach");
    }

    static int number(GpuChild child, String command, Map<String, String> values, String key, double most) {
        var text = values.getOrDefault(key, "");
        if (!text.matches("\\d{1,9}") || Integer.parseInt(text) > most)
            throw child.failure(
                    Kind.GARBLED, command, key + " is \"" + text + "\" (believed from 0 to " + most + ")", null);
        return Integer.parseInt(text);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public synchronized HeaterState read() {
        int computing = lent.renewed();
        var command = "read " + index;
        var values = child.ask(command);
        double watts = number(child, command, values, "power", MOST_MILLIWATTS) / 1000.0;
        int limit = number(child, command, values, "limit", MOST_MILLIWATTS);
        return new HeaterState(
                computing == 0 ? OptionalInt.of(0) : level(limit),
                computing == 0 ? Phase.OFF : Phase.WORKING,
                Optional.of(new Watts(watts)),
                PowerSource.REPORTED,
                Optional.of(new Celsius(number(child, command, values, "celsius", MOST_CELSIUS))),
                Optional.empty(),
                OptionalInt.empty(), // the library tells per cents of a fan's speed, not its speed
                Optional.of(computation.counters().rate()),
                Optional.empty());
    }

    /** By the limit that the card has, whoever set it. */
    private OptionalInt level(int limit) {
        int found = limits.indexOf(limit);
        return found < 0 ? OptionalInt.empty() : OptionalInt.of(found + 1);
    }

    /** Level 0 needs no library: what computes is stopped. */
    @Override
    public void setLevel(int level) {
        capabilities.level(level);
        if (level == 0) {
            lent.set(0);
            return;
        }
        synchronized (this) {
            child.ask("limit " + index + " " + limits.get(level - 1));
            lent.set(level);
        }
    }

    long childPid() {
        return child.pid();
    }

    @Override
    public void close() {
        lent.close();
        child.close();
    }
}
