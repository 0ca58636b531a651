package org.athanor.network;

import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import org.athanor.units.Work;

/**
 * An upstream pool, as share log and credits alone give it.
 *
 * @param since start of the first session
 * @param sessions begun
 * @param work that users did for it
 * @param forwards what became of the shares handed on to it
 * @param forwardedPart work of all shares handed on / {@code work}: 1, but for chance, when nothing is kept back or lost;
 *     not a number without work
 * @param forwardedPartError one standard deviation of that
 * @param paid what it paid, by time
 * @param unpaid work per user that no credit is for yet
 */
public record ReplayedUpstream(
        String name,
        Instant since,
        long sessions,
        Work work,
        Forwards forwards,
        double forwardedPart,
        double forwardedPartError,
        List<PaidWindow> paid,
        SortedMap<String, Work> unpaid) {}
