package org.athanor.network;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.athanor.ledger.PoolEvent;
import org.athanor.units.Millisatoshis;
import org.athanor.units.Work;

/**
 * What pay schemes need, from the records of a share log in their order. A block comes right after the share that found
 * it, whichever of the two was logged first, so that share counts.
 */
final class PoolEvents {
    private final List<PoolEvent> events = new ArrayList<>();
    /** One object a name: a log has millions of shares of few users. */
    private final Map<String, String> users = new HashMap<>();

    private final Map<String, Found> blocks = new LinkedHashMap<>();
    /** By hash: how many events there were once the share was among them. */
    private final Map<String, Integer> finders = new HashMap<>();

    private final TreeMap<Long, Work> networkWork = new TreeMap<>();
    private Work network = Work.ZERO;

    private static final class Found {
        LogRecord.Block block;
        final int position;
        final Work networkWork;
        boolean orphaned;

        Found(LogRecord.Block block, int position, Work networkWork) {
            this.block = block;
            this.position = position;
            this.networkWork = networkWork;
        }
    }

    void share(LogRecord.Share share) {
        events.add(new PoolEvent.Share(users.computeIfAbsent(share.user(), user -> user), share.work()));
        if (share.block()) finders.putIfAbsent(share.hash(), events.size());
    }

    void network(Work work) {
        network = work;
    }

    void template(LogRecord.Template template) {
        network = Work.ofTarget(template.target());
        networkWork.put(template.height(), network);
        events.add(new PoolEvent.Template(
                template.height(), network, millisatoshis(template.subsidySats()), millisatoshis(template.feeSats())));
    }

    /** The network's work is that of the block's own height: by now the next one may have been announced. */
    void block(LogRecord.Block block) {
        var found = blocks.computeIfAbsent(
                block.hash(), _ -> new Found(block, events.size(), networkWork.getOrDefault(block.height(), network)));
        if (found.block.coinbaseSats().isEmpty()) found.block = block; // told of again, perhaps with what it pays
        found.orphaned = false;
    }

    void orphan(LogRecord.Orphan orphan) {
        var found = blocks.get(orphan.hash());
        if (found != null) found.orphaned = true;
    }

    SchemeEvents result() {
        var at = new TreeMap<Integer, List<PoolEvent>>();
        long orphaned = 0;
        long unvalued = 0;
        long ofUpstreams = 0;
        for (var found : blocks.values()) {
            if (found.orphaned) orphaned++;
            else if (found.block.upstream().isPresent()) ofUpstreams++;
            else if (found.block.coinbaseSats().isEmpty()) unvalued++;
            else
                at.computeIfAbsent(finders.getOrDefault(found.block.hash(), found.position), _ -> new ArrayList<>())
                        .add(new PoolEvent.Block(
                                found.networkWork,
                                millisatoshis(found.block.coinbaseSats().getAsLong())));
        }
        List<PoolEvent> all = new ArrayList<>(events.size() + at.size());
        var next = 0;
        for (var place : at.entrySet()) {
            all.addAll(events.subList(next, place.getKey()));
            all.addAll(place.getValue());
            next = place.getKey();
        }
        all.addAll(events.subList(next, events.size()));
        return new SchemeEvents(all, orphaned, unvalued, ofUpstreams);
    }

    private static Millisatoshis millisatoshis(long sats) {
        return new Millisatoshis(Math.multiplyExact(sats, Millisatoshis.PER_SATOSHI));
    }
}
