package org.athanor.devices.luxos;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.athanor.units.Hashrate;
import org.athanor.units.Watts;

/**
 * A pair of frequency and voltage that the firmware offers.
 *
 * @param name by which the firmware knows it, such as 290MHz
 * @param watts that it declares for it
 */
public record LuxOsProfile(String name, Watts watts, Hashrate hashrate) {
    /** @throws IllegalArgumentException for a name that a command could not carry */
    public LuxOsProfile {
        if (!name.matches("[\\w .:+-]{1,64}"))
            throw new IllegalArgumentException(
                    "profile \"" + name + "\" (1 to 64 letters, digits, blanks or any of _.:+- are accepted)");
    }

    /** As a configuration writes it. */
    @Override
    public String toString() {
        return name + " " + Math.round(watts.value());
    }

    /**
     * A handful of profiles over the range of those offered: the lowest, the highest up to {@code most}, and between them those
     * nearest to equal steps of power.
     *
     * @throws IllegalArgumentException if none is within {@code most}, or for a count below 1
     */
    public static List<LuxOsProfile> spread(List<LuxOsProfile> offered, Watts most, int count) {
        if (count < 1) throw new IllegalArgumentException("count " + count + " (at least 1 is accepted)");
        var allowed = offered.stream()
                .filter(profile -> profile.watts().compareTo(most) <= 0)
                .sorted(Comparator.comparing(LuxOsProfile::watts))
                .toList();
        if (allowed.isEmpty())
            throw new IllegalArgumentException("no profile within " + most + " among " + offered.size() + " profiles");
        double low = allowed.getFirst().watts().value();
        double high = allowed.getLast().watts().value();
        var chosen = new ArrayList<LuxOsProfile>();
        for (int i = 0; i < count; i++) {
            double wanted = count == 1 ? low : low + (high - low) * i / (count - 1);
            var nearest = allowed.stream()
                    .min(Comparator.comparingDouble(
                            profile -> Math.abs(profile.watts().value() - wanted)))
                    .orElseThrow();
            if (!chosen.contains(nearest)) chosen.add(nearest);
        }
        return List.copyOf(chosen);
    }
}
