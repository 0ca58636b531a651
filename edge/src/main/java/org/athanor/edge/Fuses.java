package org.athanor.edge;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import org.athanor.comfort.HeaterSpec;
import org.athanor.units.Watts;

/**
 * What the heaters of several rooms may draw on the fuses that they share, by their nameplates. A room of higher priority that finds no place is
 * given it by those below: they get less, stop a heater, and what that one held is free a cycle later. But what has just started runs for its
 * minimum time on, or rooms that come and go would start it again and again. Safe for several threads; rooms that ask and report one after the other never hold more than a fuse carries.
 */
public final class Fuses {
    /** A room's view of them. */
    public interface Share {
        /**
         * By fuse, what the room's heaters may draw now, those that run included.
         *
         * @param nanos monotonic time
         */
        Map<String, Watts> available(long nanos);

        /**
         * @param held nameplates of the heaters that draw or may draw
         * @param lacking nameplates of those that would heat if there were room
         * @param nanos monotonic time
         */
        void report(Map<String, Watts> held, Map<String, Watts> lacking, long nanos);
    }

    /** Of a room that shares no fuse. */
    public static final Share NONE = new Share() {
        @Override
        public Map<String, Watts> available(long nanos) {
            return Map.of();
        }

        @Override
        public void report(
                Map<String, Watts> held, Map<String, Watts> lacking, long nanos) {} // nobody else wants to know
    };

    /** @param since when what is held on each fuse grew last: a heater started */
    private record Use(Map<String, Watts> held, Map<String, Watts> lacking, Map<String, Long> since) {
        double held(String fuse) {
            return held.getOrDefault(fuse, Watts.ZERO).value();
        }

        Use next(Map<String, Watts> heldNow, Map<String, Watts> lackingNow, long nanos) {
            var grown = new HashMap<>(since);
            heldNow.forEach((fuse, watts) -> {
                if (watts.value() > held(fuse)) grown.put(fuse, nanos);
            });
            return new Use(Map.copyOf(heldNow), Map.copyOf(lackingNow), Map.copyOf(grown));
        }
    }

    private final Map<String, Watts> limits;
    private final List<String> rooms;
    private final Map<String, Use> uses = new HashMap<>();
    /** By room and fuse, the longest minimum time on of its heaters there. */
    private final Map<String, Map<String, Duration>> minimumOn = new HashMap<>();

    /**
     * @param limits by fuse
     * @param rooms in order of priority, the first before all others, each with its heaters. Until a room has reported, all of them may be on
     * @throws IllegalArgumentException for a heater on a fuse without a limit
     */
    public Fuses(Map<String, Watts> limits, SequencedMap<String, List<HeaterSpec>> rooms) {
        this.limits = Map.copyOf(limits);
        this.rooms = List.copyOf(rooms.keySet());
        rooms.forEach((room, heaters) -> {
            for (var heater : heaters)
                if (!heater.circuit().equals(HeaterSpec.OWN_CIRCUIT) && !limits.containsKey(heater.circuit()))
                    throw new IllegalArgumentException("heater " + heater.id() + ": circuit " + heater.circuit()
                            + " has no limit (there are " + limits.keySet() + ")");
            uses.put(room, new Use(nameplates(heaters), Map.of(), Map.of()));
            minimumOn.put(
                    room,
                    heaters.stream()
                            .collect(Collectors.toMap(
                                    HeaterSpec::circuit, HeaterSpec::minimumOn, (a, b) -> a.compareTo(b) > 0 ? a : b)));
        });
    }

    /** Sums by fuse. */
    static Map<String, Watts> nameplates(List<HeaterSpec> heaters) {
        var sums = new HashMap<String, Watts>();
        for (var heater : heaters) sums.merge(heater.circuit(), heater.maximumPower(), Watts::plus);
        sums.remove(HeaterSpec.OWN_CIRCUIT);
        return sums;
    }

    /** @throws IllegalArgumentException for a room that was not named */
    public Share of(String room) {
        if (!rooms.contains(room)) throw new IllegalArgumentException("no room " + room + " (there are " + rooms + ")");
        return new Share() {
            @Override
            public Map<String, Watts> available(long nanos) {
                return Fuses.this.available(room, nanos);
            }

            @Override
            public void report(Map<String, Watts> held, Map<String, Watts> lacking, long nanos) {
                synchronized (Fuses.this) {
                    uses.put(room, uses.get(room).next(held, lacking, nanos));
                }
            }
        };
    }

    private synchronized Map<String, Watts> available(String room, long nanos) {
        var available = new HashMap<String, Watts>();
        int rank = rooms.indexOf(room);
        var own = uses.get(room);
        limits.forEach((fuse, limit) -> {
            double left = limit.value();
            double claimed = 0;
            for (int i = 0; i < rooms.size(); i++) {
                if (i == rank) continue;
                var use = uses.get(rooms.get(i));
                left -= use.held(fuse);
                if (i < rank)
                    claimed += use.lacking().getOrDefault(fuse, Watts.ZERO).value();
            }
            double kept = hasJustStarted(room, own, fuse, nanos) ? Math.min(left, own.held(fuse)) : 0;
            available.put(fuse, new Watts(Math.max(0, Math.max(left - claimed, kept))));
        });
        return available;
    }

    private boolean hasJustStarted(String room, Use own, String fuse, long nanos) {
        var since = own.since().get(fuse);
        var minimum = minimumOn.get(room).getOrDefault(fuse, Duration.ZERO);
        return since != null && nanos - since < minimum.toNanos();
    }
}
