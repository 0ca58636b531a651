package org.athanor.devices;

import java.time.Duration;
import org.athanor.units.Watts;

/** A metering plug that switches itself off when nobody renews its countdown. */
public interface Plug extends AutoCloseable {
    String id();

    /** What it may carry for hours, which is less than what is printed on some of them. */
    Watts continuousRating();

    /** Whether its countdown runs in itself; one without protects nothing, and whatever hangs on it counts as unprotected. */
    default boolean countsDown() {
        return true;
    }

    /** @throws DeviceException if the plug does not answer plausibly */
    PlugState read();

    /**
     * Switches on, or stays on, and starts its own countdown anew: when that ends, the plug goes off by itself.
     *
     * @throws DeviceException if the plug does not answer, or refuses
     */
    void on(Duration countdown);

    /** @throws DeviceException if the plug does not answer, or refuses */
    void off();

    /** Whether what draws up to {@code maximum} may hang on a plug of this continuous rating. */
    static boolean carries(Watts rating, Watts maximum) {
        return maximum.compareTo(rating) <= 0;
    }

    /** @throws IllegalArgumentException if this plug may not carry {@code maximum} for hours */
    default void requireCarries(String load, Watts maximum) {
        if (!carries(continuousRating(), maximum))
            throw new IllegalArgumentException("plug " + id() + ": " + load + " draws up to " + maximum
                    + ", more than the plug's continuous rating of " + continuousRating());
    }

    @Override
    void close();
}
