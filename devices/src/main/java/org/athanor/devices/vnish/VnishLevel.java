package org.athanor.devices.vnish;

import java.util.Optional;
import org.athanor.units.Watts;

/**
 * One level of a miner with Vnish: a preset, a throttle, or both.
 *
 * @param watts as declared by who configures it: the firmware tells watts only once it has reached them
 * @param preset name of the firmware's own preset; empty leaves the one that is chosen
 * @param percent of the preset's power, {@value #LEAST_PERCENT} to 100; firmware that cannot throttle takes 100 alone
 */
public record VnishLevel(Watts watts, Optional<String> preset, int percent) {
    static final int LEAST_PERCENT = 20;

    /** @throws IllegalArgumentException for power that is not above 0, or a throttle that the firmware does not take */
    public VnishLevel {
        if (watts.value() <= 0) throw new IllegalArgumentException("level of " + watts + " (must be above 0 W)");
        if (percent < LEAST_PERCENT || percent > 100)
            throw new IllegalArgumentException("level " + Math.round(watts.value()) + " W, which is a throttle of "
                    + percent + " % (" + LEAST_PERCENT + " to 100 % of the highest are accepted)");
    }

    /** A share of whatever preset its owner has chosen. */
    public static VnishLevel throttled(int percent, Watts watts) {
        return new VnishLevel(watts, Optional.empty(), percent);
    }

    /** A change to it may restart the mining. */
    public static VnishLevel preset(String name, Watts watts) {
        return new VnishLevel(watts, Optional.of(name), 100);
    }

    /** As a configuration writes it. */
    @Override
    public String toString() {
        return preset.map(name -> name + " ").orElse("") + Math.round(watts.value());
    }

    String title() {
        return preset.map(name -> percent == 100 ? "preset " + name : "preset " + name + ", " + percent + " %")
                .orElse(percent + " %");
    }
}
