package org.athanor.simulation;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.athanor.units.Joules;

/**
 * How much of the heat delivered was wanted: of each local day at most what the reference run took on that day. The day that
 * is still running counts like any other. Safe to read from any thread.
 */
public final class UsefulHeat {
    /**
     * @param delivered net: a device that is colder than the room takes a little heat back
     * @param reference what holding the setpoint would have taken
     */
    public record Day(LocalDate date, Joules delivered, Joules reference) {
        public Joules useful() {
            return new Joules(Math.max(0, Math.min(delivered.value(), reference.value())));
        }

        public Joules wasted() {
            return delivered.minus(useful());
        }
    }

    private final SequencedMap<LocalDate, Day> days = new TreeMap<>();

    public UsefulHeat() {}

    /** @throws IllegalArgumentException if {@code reference} is negative: the reference run never cools */
    public synchronized void add(LocalDate date, Joules delivered, Joules reference) {
        if (reference.value() < 0) throw new IllegalArgumentException("a reference of " + reference);
        days.merge(
                date,
                new Day(date, delivered, reference),
                (a, b) -> new Day(date, a.delivered.plus(b.delivered), a.reference.plus(b.reference)));
    }

    /** Oldest first. */
    public synchronized List<Day> days() {
        return new ArrayList<>(days.values());
    }

    public Joules delivered() {
        return days().stream().map(Day::delivered).reduce(Joules.ZERO, Joules::plus);
    }

    public Joules useful() {
        return days().stream().map(Day::useful).reduce(Joules.ZERO, Joules::plus);
    }

    public Joules wasted() {
        return days().stream().map(Day::wasted).reduce(Joules.ZERO, Joules::plus);
    }
}
