package org.athanor.edge.forecast;

import java.time.Instant;
import org.athanor.comfort.Outlook;

/** Where control gets its outlook from. It answers at once with what is known: nobody waits for the network. */
public interface OutlookSource {
    /** @param time of the wall clock, for which it is asked */
    Outlook at(Instant time);
}
