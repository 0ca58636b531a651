package org.athanor.devices.simulated;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What is wrong with one simulated device, out of what can be. Safe for several threads. */
final class Faults {
    private final Set<Fault> possible;
    private final Set<Fault> present = EnumSet.noneOf(Fault.class);

    Faults(Set<Fault> possible) {
        this.possible = possible;
    }

    Set<Fault> possible() {
        return possible;
    }

    /** @throws IllegalArgumentException for one that is not possible */
    synchronized void add(Fault... injected) {
        for (var fault : injected)
            if (!possible.contains(fault))
                throw new IllegalArgumentException(
                        "it cannot show " + fault.title() + " (" + Fault.titles(possible) + " are possible)");
        present.addAll(List.of(injected));
    }

    synchronized boolean contains(Fault fault) {
        return present.contains(fault);
    }

    /** @return whether it was there */
    synchronized boolean remove(Fault fault) {
        return present.remove(fault);
    }

    synchronized void clear() {
        present.clear();
    }

    static Set<Fault> and(Set<Fault> some, Fault... others) {
        var all = EnumSet.copyOf(some);
        Collections.addAll(all, others);
        return Collections.unmodifiableSet(all);
    }

    static Set<Fault> of(Fault first, Fault... others) {
        return Collections.unmodifiableSet(EnumSet.of(first, others));
    }
}
