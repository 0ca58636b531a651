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
 * <p>Watts are what the card measures, at every level: while it has nothing to compute it idles, whatever its limit. Level 0 stops
 * what computes and sets the least limit. It reads off only while the card draws less than half of that: a card on which something else
 * computes is not off.
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
    /** Of the least limit: cards that idle draw a tenth to a third of it. */
    static final double IDLE_SHARE = 0.5;

    private static final int MOST_CARDS = 1000;

    private final String id;
    private final int index;
    private final String uuid;
    private final Computation computation;
    private final GpuChild child;
    private final List<Integer> limits;
    private final int least;
    private final Capabilities capabilities;
    private final LeasedLevel lent;

    private GpuHeater(
            String id,
            int index,
            String uuid,
            Computation computation,
            GpuChild child,
            List<Integer> limits,
            int least,
            Capabilities capabilities,
            Duration lease) {
        this.id = id;
        this.index = index;
        this.uuid = uuid;
        this.computation = computation;
        this.child = child;
        this.limits = limits;
        this.least = least;
        this.capabilities = capabilities;
        this.lent = new LeasedLevel(id, lease, System::nanoTime, level -> computation.setThreads(level == 0 ? 0 : 1));
    }

    /**
     * @param library NVIDIA's: {@link #LIBRARY}
     * @param card its index from 0, or its UUID such as GPU-8f6c…
     * @param powerLimits of the levels that heat, ascending; none takes the card's least, its most and the middle
     * @throws DeviceException if there is no driver or no such card, or it does not take these limits
     */
    public static GpuHeater open(
            String id, String library, String card, List<Watts> powerLimits, Computation computation) {
        return open(id, library, card, powerLimits, computation, DEFAULT_LEASE, DEFAULT_TIMEOUT);
    }

    /**
     * As {@link #open(String, String, String, List, Computation)}.
     *
     * @param lease how long the computation goes on, by the wall clock, when nobody reads or commands
     * @param timeout of one call of the library
     */
    public static GpuHeater open(
            String id,
            String library,
            String card,
            List<Watts> powerLimits,
            Computation computation,
            Duration lease,
            Duration timeout) {
        var child = new GpuChild(id, library, timeout);
        try {
            int index = index(child, card);
            var command = "describe " + index;
            var described = child.ask(command);
            int least = number(child, command, described, "least", MOST_MILLIWATTS);
            int most = number(child, command, described, "most", MOST_MILLIWATTS);
            var limits = limits(child, command, powerLimits, least, most);
            int slowdown = number(child, command, described, "slowdown", MOST_CELSIUS);
            var uuid = described.getOrDefault("uuid", "");
            if (!uuid.matches("GPU-[0-9a-fA-F-]{4,64}"))
                throw child.failure(Kind.GARBLED, command, "the card's UUID is \"" + uuid + "\"", null);
            var capabilities = capabilities(described.getOrDefault("name", "GPU"), limits, most, slowdown);
            return new GpuHeater(id, index, uuid, computation, child, limits, least, capabilities, lease);
        } catch (RuntimeException e) {
            child.close();
            throw e;
        }
    }

    /** @param card its index or UUID */
    static int index(GpuChild child, String card) {
        return card.matches("\\d{1,3}")
                ? Integer.parseInt(card)
                : number(child, "find " + card, child.ask("find " + card), "index", MOST_CARDS);
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
        var command = "read " + index;
        var values = child.ask(command);
        int computing = lent.renewed(); // a card that does not answer is lent no longer
        int power = number(child, command, values, "power", MOST_MILLIWATTS);
        int limit = number(child, command, values, "limit", MOST_MILLIWATTS);
        boolean off = computing == 0 && power < IDLE_SHARE * least;
        return new HeaterState(
                off ? OptionalInt.of(0) : level(limit),
                off ? Phase.OFF : computing == 0 ? Phase.STOPPING : Phase.WORKING,
                Optional.of(new Watts(power / 1000.0)),
                PowerSource.REPORTED,
                Optional.of(new Celsius(number(child, command, values, "celsius", MOST_CELSIUS))),
                Optional.empty(),
                OptionalInt.empty(), // the library tells per cents of a fan's speed, not its speed
                computation.hashrate(),
                computation.hindrance());
    }

    /**
     * Power of the card's board just now, idling included; does not put off the end of the lease.
     *
     * @throws DeviceException as {@link #read}
     */
    public Watts draws() {
        var command = "read " + index;
        return new Watts(number(child, command, child.ask(command), "power", MOST_MILLIWATTS) / 1000.0);
    }

    /** By which programs that compute on cards know this one, such as GPU-8f6c…: their order may be another. */
    public String uuid() {
        return uuid;
    }

    /** By the limit that the card has, whoever set it. */
    private OptionalInt level(int limit) {
        int found = limits.indexOf(limit);
        return found < 0 ? OptionalInt.empty() : OptionalInt.of(found + 1);
    }

    /** Level 0 needs no library: what computes is stopped first, and then the least limit is set if it can be. */
    @Override
    public void setLevel(int level) {
        capabilities.level(level);
        if (level == 0) {
            lent.set(0);
            leastLimit();
            return;
        }
        synchronized (this) {
            child.ask("limit " + index + " " + limits.get(level - 1));
            lent.set(level);
        }
    }

    private synchronized void leastLimit() {
        try {
            child.ask("limit " + index + " " + least);
        } catch (DeviceException e) {
            // what computed is stopped all the same, and a card that idles draws no more for its limit
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
