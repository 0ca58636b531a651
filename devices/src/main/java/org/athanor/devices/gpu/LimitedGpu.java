package org.athanor.devices.gpu;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.athanor.devices.Capabilities;
import org.athanor.devices.DeviceException;
import org.athanor.devices.Heater;
import org.athanor.devices.HeaterState;
import org.athanor.devices.HeaterState.Phase;
import org.athanor.devices.HeaterState.PowerSource;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;

/**
 * An NVIDIA GPU of this computer on which something else computes. Its levels are power limits: a limit is what that work may
 * draw, not what it does. Nothing here starts or stops the work, so level 0 is the card's least limit, and it reads off only
 * while the card idles below that.
 *
 * <p>When this program ends, orderly or not, the card has the limit again that it was found with: it is not protected.
 */
public final class LimitedGpu implements Heater {
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

    private final String id;
    private final int index;
    private final GpuChild child;
    private final List<Integer> limits;
    private final int least;
    private final Capabilities capabilities;
    private volatile boolean off;

    private LimitedGpu(
            String id, int index, GpuChild child, List<Integer> limits, int least, Capabilities capabilities) {
        this.id = id;
        this.index = index;
        this.child = child;
        this.limits = limits;
        this.least = least;
        this.capabilities = capabilities;
    }

    /**
     * @param card its index from 0, or its UUID such as GPU-8f6c…
     * @param powerLimits of the levels that heat, ascending; none takes the card's least, its most and the middle
     * @throws DeviceException if there is no driver or no such card, or it does not take these limits
     */
    public static LimitedGpu open(String id, String card, List<Watts> powerLimits) {
        return open(id, GpuHeater.LIBRARY, card, powerLimits);
    }

    /** @param library in place of {@link GpuHeater#LIBRARY} */
    public static LimitedGpu open(String id, String library, String card, List<Watts> powerLimits) {
        return open(id, library, card, powerLimits, DEFAULT_TIMEOUT);
    }

    static LimitedGpu open(String id, String library, String card, List<Watts> powerLimits, Duration timeout) {
        var child = new GpuChild(id, library, timeout);
        try {
            int index = GpuHeater.index(child, card);
            var command = "describe " + index;
            var described = child.ask(command);
            int least = GpuHeater.number(child, command, described, "least", GpuHeater.MOST_MILLIWATTS);
            int most = GpuHeater.number(child, command, described, "most", GpuHeater.MOST_MILLIWATTS);
            var limits = GpuHeater.limits(child, command, powerLimits, least, most);
            int slowdown = GpuHeater.number(child, command, described, "slowdown", GpuHeater.MOST_CELSIUS);
            var computing = GpuHeater.capabilities(described.getOrDefault("name", "GPU"), limits, most, slowdown);
            return new LimitedGpu(id, index, child, limits, least, ofOthersWork(computing));
        } catch (RuntimeException e) {
            child.close();
            throw e;
        }
    }

    private static Capabilities ofOthersWork(Capabilities own) {
        return new Capabilities(
                own.model(),
                own.levels(),
                own.maximumPower(),
                own.settle(),
                own.minimumOn(),
                own.minimumOff(),
                own.changeRestartsHashing(),
                true,
                false,
                own.storedHeat(),
                own.chipMaximum(),
                own.inletMaximum(),
                "reported by the card (power of its board, idling included); a level is a limit of work that something else"
                        + " runs");
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
        int power = GpuHeater.number(child, command, values, "power", GpuHeater.MOST_MILLIWATTS);
        int limit = GpuHeater.number(child, command, values, "limit", GpuHeater.MOST_MILLIWATTS);
        boolean idle = off && limit == least && power < GpuHeater.IDLE_SHARE * least;
        int found = limits.indexOf(limit);
        return new HeaterState(
                idle ? OptionalInt.of(0) : found < 0 ? OptionalInt.empty() : OptionalInt.of(found + 1),
                idle ? Phase.OFF : Phase.WORKING,
                Optional.of(new Watts(power / 1000.0)),
                PowerSource.REPORTED,
                Optional.of(new Celsius(GpuHeater.number(child, command, values, "celsius", GpuHeater.MOST_CELSIUS))),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** Level 0 is the card's least limit. To set a limit takes root's rights. */
    @Override
    public synchronized void setLevel(int level) {
        capabilities.level(level);
        off = level == 0;
        child.ask("limit " + index + " " + (off ? least : limits.get(level - 1)));
    }

    /** The card gets back the limit that it was found with. */
    @Override
    public void close() {
        child.close();
    }
}
