package org.athanor.edge;

import java.time.Duration;
import java.time.Instant;
import java.util.Currency;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.athanor.units.Celsius;
import org.athanor.units.Kelvins;
import org.athanor.units.Watts;

/**
 * A room, or a tank, as an energy manager is told of it, and what it may wish of it. Safe for use by several threads.
 *
 * <p>A wish is a preference and no command: whoever fulfils it keeps to comfort band, minimum times and safety first.
 */
public interface FlexibleRoom {
    /** Of letters, digits, {@code -} and {@code _}. */
    String id();

    String name();

    /** What hardly changes; empty until the room is known well enough to be described. */
    Optional<Flexibility> flexibility();

    /** How it stands; empty before the first control cycle. */
    Optional<Moment> moment();

    /**
     * Prefers {@code level} for a heater until {@code until}, instead of what was preferred for it before.
     *
     * @throws IllegalArgumentException if there is no such heater or level
     */
    void prefer(String heater, int level, Instant until);

    /** Prefers nothing for a heater any more. */
    void release(String heater);

    /** What heat is kept in. */
    enum Store {
        ROOM("room", "air of the room"),
        TANK("tank", "hot water");

        private final String word;
        private final String content;

        Store(String word, String content) {
            this.word = word;
            this.content = content;
        }

        public String word() {
            return word;
        }

        public String content() {
            return content;
        }
    }

    /**
     * @param kelvinPerJoule by which the store gets warmer at once
     * @param timeConstant in which its distance to the temperature outside of it falls to a 1/e
     */
    record Flexibility(
            Store store,
            List<FlexibleHeater> heaters,
            double kelvinPerJoule,
            Duration timeConstant,
            Currency currency) {
        public Flexibility {
            heaters = List.copyOf(heaters);
            if (heaters.isEmpty()) throw new IllegalArgumentException("a flexible room has a heater at least");
            var ids = new HashSet<String>();
            for (var heater : heaters)
                if (!ids.add(heater.id())) throw new IllegalArgumentException("two heaters have the id " + heater.id());
            if (!(kelvinPerJoule > 0) || Double.isInfinite(kelvinPerJoule))
                throw new IllegalArgumentException("kelvin per joule " + kelvinPerJoule + " (above 0)");
            if (!timeConstant.isPositive())
                throw new IllegalArgumentException("time constant " + timeConstant + " (above 0)");
        }
    }

    /**
     * @param levels ascending by power; the first is off
     * @param minimumDwell shortest time between two changes of level while it stays on
     * @param settle time from a change of level until its power is steady
     */
    record FlexibleHeater(
            String id,
            String name,
            List<FlexibleLevel> levels,
            Duration minimumOn,
            Duration minimumOff,
            Duration minimumDwell,
            Duration settle) {
        public FlexibleHeater {
            levels = List.copyOf(levels);
            if (levels.size() < 2)
                throw new IllegalArgumentException(
                        "heater " + id + ": needs off and a level that heats, has " + levels);
        }
    }

    /** @param earnsPerHour of its work at this level, in the currency of the room's prices; wear taken off */
    record FlexibleLevel(String name, Watts watts, double earnsPerHour) {}

    /**
     * @param room empty without a trustworthy reading
     * @param outdoor where the heat is lost to: of a tank, the place that it stands in
     * @param heaters of those of {@link Flexibility}, in its order
     * @param targets comfort bands by time, the first in force now; none overlaps the next
     * @param forecast of what all heaters will draw
     * @param fall of the room, if its heaters stop now, until they can help again
     * @param rise of the room, if they give all they can now, until they may stop again
     */
    record Moment(
            Instant time,
            Optional<Celsius> room,
            Optional<Celsius> outdoor,
            List<HeaterNow> heaters,
            List<Target> targets,
            Optional<PowerCourse> forecast,
            Kelvins fall,
            Kelvins rise) {
        public Moment {
            heaters = List.copyOf(heaters);
            targets = List.copyOf(targets);
            if (targets.isEmpty()) throw new IllegalArgumentException("a room has a comfort band at any time");
        }
    }

    /** @param level as read back; empty while unknown */
    record HeaterNow(OptionalInt level, Optional<Watts> watts) {}

    /** A comfort band that holds until {@code until}. */
    record Target(Instant until, Celsius low, Celsius high) {
        public Target {
            if (low.compareTo(high) > 0)
                throw new IllegalArgumentException("comfort band from " + low + " to " + high + " (low to high)");
        }
    }

    record PowerCourse(Instant start, Duration step, List<Watts> watts) {
        public PowerCourse {
            watts = List.copyOf(watts);
            if (!step.isPositive()) throw new IllegalArgumentException("step " + step + " (above 0)");
        }
    }
}
