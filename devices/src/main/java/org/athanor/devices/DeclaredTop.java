package org.athanor.devices;

import org.athanor.units.Watts;

/** A heater whose owner declared the watts of its highest level, of which others may be shares: where those are wrong, so are they. */
public interface DeclaredTop {
    /**
     * What its owner can do about it, as a request without a full stop.
     *
     * @param measured what it draws at its highest level
     */
    String correction(Watts measured);
}
