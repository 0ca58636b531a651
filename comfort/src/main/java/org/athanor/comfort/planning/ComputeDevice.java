package org.athanor.comfort.planning;

import java.time.Duration;
import java.util.List;

/**
 * What the planner must know of the machine that heats by computing.
 *
 * @param levelWatts electrical power of each level, ascending; the first is off and must be 0 W
 * @param heatShare share of the drawn energy that reaches the room, 0 to 1
 * @param wearPerKwh currency per kWh drawn
 * @param startCost currency per start
 * @param startSettle time after a start in which it draws its level's power but earns only {@code settlingEarns}
 * @param changeSettle the same after a change between two levels that both run
 * @param settlingEarns share of the level's revenue that it earns while settling, 0 to 1
 * @param minimumOn taken for at least the settle time of a start, so that what a start costs is known when it is made
 * @param minimumDwell shortest time between two changes of level while it stays on; taken for at least the settle times
 */
public record ComputeDevice(
        List<Double> levelWatts,
        double heatShare,
        double wearPerKwh,
        double startCost,
        Duration startSettle,
        Duration changeSettle,
        double settlingEarns,
        Duration minimumOn,
        Duration minimumOff,
        Duration minimumDwell) {
    private static final int MOST_LEVELS = 32;

    /** For a home without one. */
    public static final ComputeDevice NONE = plain(List.of(0.0));

    /** @throws IllegalArgumentException naming the field, its value and what is accepted */
    public ComputeDevice {
        levelWatts = List.copyOf(levelWatts);
        if (levelWatts.isEmpty() || levelWatts.getFirst() != 0)
            throw new IllegalArgumentException("compute device: levels " + levelWatts + " W (off as 0 W first)");
        if (levelWatts.size() > MOST_LEVELS)
            throw new IllegalArgumentException(
                    "compute device: " + levelWatts.size() + " levels (at most " + MOST_LEVELS + ")");
        for (int i = 1; i < levelWatts.size(); i++)
            if (!(levelWatts.get(i) > levelWatts.get(i - 1)) || Double.isInfinite(levelWatts.get(i)))
                throw new IllegalArgumentException("compute device: levels " + levelWatts + " W do not ascend");
        share("heat share", heatShare);
        share("share earned while settling", settlingEarns);
        Require.notNegative("compute device: wear", wearPerKwh, "per kWh");
        Require.notNegative("compute device: cost of a start", startCost, "");
        notNegative("settle time after a start", startSettle);
        notNegative("settle time after a change", changeSettle);
        notNegative("minimum time on", minimumOn);
        notNegative("minimum time off", minimumOff);
        notNegative("minimum dwell", minimumDwell);
        if (minimumDwell.compareTo(changeSettle) < 0) minimumDwell = changeSettle;
        if (minimumDwell.compareTo(startSettle) < 0) minimumDwell = startSettle;
        if (minimumOn.compareTo(startSettle) < 0) minimumOn = startSettle;
    }

    /** All its power heats the room; no wear, no settling, no minimum times. */
    public static ComputeDevice plain(List<Double> levelWatts) {
        return new ComputeDevice(
                levelWatts, 1, 0, 0, Duration.ZERO, Duration.ZERO, 0, Duration.ZERO, Duration.ZERO, Duration.ZERO);
    }

    public ComputeDevice withMinimumTimes(Duration on, Duration off, Duration dwell) {
        return new ComputeDevice(
                levelWatts, heatShare, wearPerKwh, startCost, startSettle, changeSettle, settlingEarns, on, off, dwell);
    }

    /** The same with a time after a start in which it earns only {@code settlingEarns}. */
    public ComputeDevice withStartSettle(Duration settle) {
        return new ComputeDevice(
                levelWatts,
                heatShare,
                wearPerKwh,
                startCost,
                settle,
                changeSettle,
                settlingEarns,
                minimumOn,
                minimumOff,
                minimumDwell);
    }

    public int levels() {
        return levelWatts.size();
    }

    public double watts(int level) {
        return levelWatts.get(level);
    }

    /** The highest level that draws no more than this. */
    int levelWithin(double capWatts) {
        int level = levels() - 1;
        while (level > 0 && watts(level) > capWatts) level--;
        return level;
    }

    private static void share(String name, double value) {
        if (!(value >= 0) || value > 1)
            throw new IllegalArgumentException("compute device: " + name + " " + value + " (0 to 1)");
    }

    private static void notNegative(String name, Duration value) {
        if (value.isNegative())
            throw new IllegalArgumentException("compute device: " + name + " " + value + " (not negative)");
    }
}
