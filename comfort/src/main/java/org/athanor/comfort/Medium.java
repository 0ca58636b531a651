package org.athanor.comfort;

/**
 * What a sink's thermometer is in, and what it can have seen there. In air a reading that jumps is a fault. In a tank the cold water
 * that follows a shower passes its thermometer within a minute: a fall is believed, but until the reading has moved again only little
 * heat is released on it.
 */
public enum Medium {
    /** An opened window in frost cools a settled thermometer by about half a kelvin a minute. */
    AIR("room", -20, 50, 1.0 / 60, 1.0 / 60, 6.0 / 3600, 2),
    /** Elements of 3 kW warm 20 l that are mixed by 2 K a minute. Of the heat that a governor reckons with, half is for the lower half. */
    WATER("tank", 0, 95, 2.0 / 60, 1, 20.0 / 3600, 4);

    final String noun;
    final double lowest;
    final double highest;
    final double risePerSecond;
    final double fallPerSecond;
    /** By how much a reading may have risen for each second in which it was not there. */
    final double returnPerSecond;

    /** Of heat that may be released on a thermometer that has not been seen to move. */
    final double unprovenKelvins;

    Medium(
            String noun,
            double lowest,
            double highest,
            double risePerSecond,
            double fallPerSecond,
            double returnPerSecond,
            double unprovenKelvins) {
        this.noun = noun;
        this.lowest = lowest;
        this.highest = highest;
        this.risePerSecond = risePerSecond;
        this.fallPerSecond = fallPerSecond;
        this.returnPerSecond = returnPerSecond;
        this.unprovenKelvins = unprovenKelvins;
    }

    /** Whether a fall is more than a window would do, so that a thermometer that failed could show it as well. */
    boolean isSudden(double fall, double seconds, double error) {
        return this == WATER && fall > AIR.fallPerSecond * seconds + 2 * error;
    }
}
