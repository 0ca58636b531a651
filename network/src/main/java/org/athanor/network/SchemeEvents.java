package org.athanor.network;

import java.util.List;
import org.athanor.ledger.PoolEvent;

/**
 * All that a pay scheme needs of a share log.
 *
 * @param events oldest first; a block that left the best chain is not among them
 * @param orphaned blocks that left it
 * @param unvalued blocks whose record does not say what they pay (format 1): they pay nobody
 * @param ofUpstreams blocks that were found for an upstream and pay that
 */
public record SchemeEvents(List<PoolEvent> events, long orphaned, long unvalued, long ofUpstreams) {
    public SchemeEvents {
        events = List.copyOf(events);
    }
}
