package org.athanor.edge.journal;

import java.time.Instant;

/**
 * Something worth remembering.
 *
 * @param subject device, user or part that it is about
 */
public record Event(Instant time, Kind kind, String subject, String text) {
    public enum Kind {
        NOTE,
        ALARM,
        /** A heater or its plug was told something else than before. */
        ACTION
    }
}
