package org.athanor.devices;

import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import org.athanor.units.Watts;

/** One level of a heater and the electrical power that its maker declares for it. */
public record PowerLevel(String name, Watts watts) {
    /**
     * What an owner may choose for levels.
     *
     * @param levels the first is off
     * @throws IllegalArgumentException unless each draws more than the one before and has a name of its own, and none draws more
     *     than the maximum
     */
    public static void requireUsable(List<PowerLevel> levels, Watts maximumPower) {
        var names = new HashSet<String>();
        for (int i = 1; i < levels.size(); i++) {
            var watts = levels.get(i).watts();
            if (watts.compareTo(levels.get(i - 1).watts()) <= 0 || watts.compareTo(maximumPower) > 0)
                throw new IllegalArgumentException("levels " + shown(levels)
                        + " (ascending by power, at most its maximum of " + plain(maximumPower) + ", are accepted)");
            if (!names.add(levels.get(i).name()))
                throw new IllegalArgumentException(
                        "levels " + shown(levels) + " (to the device two of them are the same, "
                                + levels.get(i).name() + ": one of these is accepted)");
        }
    }

    private static String shown(List<PowerLevel> levels) {
        return levels.stream()
                .skip(1)
                .map(level -> level.name().equals(plain(level.watts()))
                        ? level.name()
                        : plain(level.watts()) + " (" + level.name() + ")")
                .collect(Collectors.joining(", "));
    }

    private static String plain(Watts watts) {
        return Math.round(watts.value()) + " W";
    }
}
