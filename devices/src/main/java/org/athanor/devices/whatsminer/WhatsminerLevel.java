package org.athanor.devices.whatsminer;

import java.util.List;
import java.util.stream.IntStream;
import org.athanor.units.Watts;

/**
 * A level that heats.
 *
 * @param limitWatts power limit that the firmware keeps; a change restarts mining and takes half an hour to settle
 * @param percent of that power, set for the time being: within a minute, without a restart, lost when mining restarts
 */
public record WhatsminerLevel(int limitWatts, int percent) {
    /** Below half of its power such a machine's clocks draw too much current, says its maker's guide on heating. */
    private static final int LEAST_PERCENT = 50;

    /** @throws IllegalArgumentException for a limit that is not positive, or a percentage outside of 50 to 100 */
    public WhatsminerLevel {
        if (limitWatts <= 0) throw new IllegalArgumentException("power limit " + limitWatts + " W (must be positive)");
        if (percent < LEAST_PERCENT || percent > 100)
            throw new IllegalArgumentException(
                    "level " + percent + " % of " + limitWatts + " W (" + LEAST_PERCENT + " to 100 % are accepted)");
    }

    String title() {
        return percent == 100 ? limitWatts + " W" : percent + " % of " + limitWatts + " W";
    }

    public Watts watts() {
        return new Watts(limitWatts * percent / 100.0);
    }

    /** As a configuration writes it. */
    @Override
    public String toString() {
        return percent == 100 ? Integer.toString(limitWatts) : percent + "% of " + limitWatts;
    }

    /** Levels that are power limits: exact when read back, but each change restarts mining. */
    public static List<WhatsminerLevel> limits(int... watts) {
        return IntStream.of(watts)
                .mapToObj(limit -> new WhatsminerLevel(limit, 100))
                .toList();
    }

    /** Levels that are shares of one power limit, as a dimmer: they restart nothing, and are read back by the watts alone. */
    public static List<WhatsminerLevel> percents(int limitWatts, int... percents) {
        return IntStream.of(percents)
                .mapToObj(percent -> new WhatsminerLevel(limitWatts, percent))
                .toList();
    }
}
