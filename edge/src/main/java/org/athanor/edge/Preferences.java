package org.athanor.edge;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.athanor.comfort.HeaterSpec;
import org.athanor.units.Watts;

/**
 * What an energy manager prefers of the heaters that compute, each until a time of its own. A plan keeps to their sum: which
 * heater draws how much of it stays the dispatcher's. Safe for use by several threads.
 */
final class Preferences {
    private record Preference(int level, Instant until) {}

    private final List<HeaterSpec> heaters;
    private final Map<String, Preference> preferred = new HashMap<>();

    Preferences(List<HeaterSpec> all) {
        heaters = all.stream().filter(heater -> !heater.switchedByPlug()).toList();
    }

    /** Those of which something can be preferred: plain elements are left to the plan. */
    List<HeaterSpec> heaters() {
        return heaters;
    }

    /** @throws IllegalArgumentException if there is no such heater or level */
    synchronized void prefer(String id, int level, Instant until) {
        var heater = heater(id);
        if (level < 0 || level > heater.topLevel())
            throw new IllegalArgumentException(
                    "level " + level + " of heater " + id + " (0 to " + heater.topLevel() + " are accepted)");
        preferred.put(id, new Preference(level, until));
    }

    private HeaterSpec heater(String id) {
        return heaters.stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("heater " + id + " (one of "
                        + heaters.stream().map(HeaterSpec::id).toList() + " is accepted)"));
    }

    synchronized void release(String id) {
        preferred.remove(id);
    }

    /**
     * Of all those heaters together.
     *
     * @param until the first of the preferences ends
     */
    record Bounds(Watts least, Watts most, Instant until) {}

    /** Empty while nothing is preferred. */
    synchronized Optional<Bounds> bounds(Instant now) {
        preferred.values().removeIf(each -> !each.until().isAfter(now));
        if (preferred.isEmpty()) return Optional.empty();
        double least = 0;
        double most = 0;
        var until = Instant.MAX;
        for (var heater : heaters) {
            var wish = preferred.get(heater.id());
            if (wish == null) {
                most += heater.watts(heater.topLevel()).value();
                continue;
            }
            least += heater.watts(wish.level()).value();
            most += heater.watts(wish.level()).value();
            if (wish.until().isBefore(until)) until = wish.until();
        }
        return Optional.of(new Bounds(new Watts(least), new Watts(most), until));
    }
}
