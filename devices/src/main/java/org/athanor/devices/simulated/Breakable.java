package org.athanor.devices.simulated;

import java.util.Set;

/** A simulated device that can be broken on purpose. */
public interface Breakable {
    /** What can be wrong with it. */
    Set<Fault> shows();

    /**
     * Breaks it, beside what is broken already.
     *
     * @throws IllegalArgumentException for a fault that it cannot show, naming those it can; nothing is broken then
     */
    void inject(Fault... injected);

    /** Mends everything that was injected. */
    void clear();
}
