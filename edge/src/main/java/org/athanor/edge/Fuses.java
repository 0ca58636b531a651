package org.athanor.edge;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.athanor.comfort.HeaterSpec;
import org.athanor.units.Watts;

/**
 * What the heaters of several rooms may draw on the fuses that they share, by their nameplates. A room of higher priority that finds no place is
 * given it by those below: they get less, stop a heater, and what that one held is free a cycle later. Safe for several
 * threads; rooms that ask and report one after the other never hold more than a fuse carries.
 */
public final class Fuses {
    /** A room's view of them. */
    public interface Share {
        /** By fuse, what the room's heaters may draw now, those that run included. */
        Map<String, Watts> available();

        /**
         * @param held nameplates of the heaters that draw or may draw
         * @param lacking nameplates of those that would heat if there were room
         */
        void report(Map<String, Watts> held, Map<String, Watts> lacking);
    }

    /** Of a room that shares no fuse. */
    public static final Share NONE = new Share() {
        @Override
        public Map<String, Watts> available() {
            return Map.of();
        }

        @Override
        public void report(Map<String, Watts> held, Map<String, Watts> lacking) {} // nobody else wants to know
    };

    private record Use(Map<String, Watts> held, Map<String, Watts> lacking) {}

    private final Map<String, Watts> limits;
    private final List<String> rooms;
    private final Map<String, Use> uses = new HashMap<>();

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
            uses.put(room, new Use(nameplates(heaters), Map.of()));
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
            public Map<String, Watts> available() {
                return Fuses.this.available(room);
            }

            @Override
            public void report(Map<String, Watts> held, Map<String, Watts> lacking) {
                synchronized (Fuses.this) {
                    uses.put(room, new Use(Map.copyOf(held), Map.copyOf(lacking)));
                }
            }
        };
    }

    private synchronized Map<String, Watts> available(String room) {
        var available = new HashMap<String, Watts>();
        int rank = rooms.indexOf(room);
        limits.forEach((fuse, limit) -> {
            double left = limit.value();
            for (int i = 0; i < rooms.size(); i++) {
                if (i == rank) continue;
                var use = uses.get(rooms.get(i));
                left -= use.held().getOrDefault(fuse, Watts.ZERO).value();
                if (i < rank)
                    left -= use.lacking().getOrDefault(fuse, Watts.ZERO).value();
            }
            available.put(fuse, new Watts(Math.max(0, left)));
        });
        return available;
    }
}
