package org.athanor.stratum;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/**
 * The newest jobs of one connection. Stale ones are kept for a while as well: their shares earn nothing, but can still
 * be named by their hash. Server and relay keep the same number, so they know the same jobs.
 */
final class JobBook {
    static final int KEPT = 16;

    private final ShareFilter.Spare spare;
    private final LinkedHashMap<String, Entry> entries = new LinkedHashMap<>();

    /**
     * Forgotten jobs of the newest work of a pool upstream, which has so few numbers of its own that one comes again
     * after 256 jobs: then the shares taken for it are no new ones.
     */
    private final List<Entry> repeatable = new ArrayList<>();

    JobBook(ShareFilter.Spare spare) {
        this.spare = spare;
    }

    /** @param blueprint what the job was made from, at the server; null elsewhere */
    record Entry(MiningJob job, Blueprint blueprint, ShareFilter shares) {}

    synchronized void add(MiningJob job, Blueprint blueprint, ShareFilter shares) {
        entries.remove(job.id());
        entries.put(job.id(), new Entry(job, blueprint, shares));
        repeatable.removeIf(entry -> entry.blueprint() != blueprint || entry.shares() == shares);
        if (entries.size() <= KEPT) return;
        var oldest = entries.pollFirstEntry().getValue();
        if (known(oldest.shares())) return;
        if (blueprint instanceof UpstreamWork && oldest.blueprint() == blueprint) repeatable.add(oldest);
        else oldest.shares().release();
    }

    private boolean known(ShareFilter shares) {
        return shares.size() == 0 || entries.values().stream().anyMatch(entry -> entry.shares() == shares);
    }

    /**
     * What was taken for the newest work of a pool upstream, for who gets this connection's extranonce next: then the
     * same headers can be found once more.
     */
    synchronized List<Entry> taken(Blueprint newest) {
        if (!(newest instanceof UpstreamWork)) return List.of();
        var taken = new ArrayList<Entry>();
        for (var entry : entries.values())
            if (entry.blueprint() == newest
                    && entry.shares().size() > 0
                    && taken.stream()
                            .noneMatch(other ->
                                    other.job().body().sameWork(entry.job().body())))
                taken.add(new Entry(entry.job(), newest, entry.shares().copy()));
        for (var entry : repeatable)
            if (entry.blueprint() == newest)
                taken.add(new Entry(entry.job(), newest, entry.shares().copy()));
        return taken;
    }

    synchronized void inherit(List<Entry> taken) {
        repeatable.addAll(taken);
    }

    /** Of one piece of work all shares are looked for in one place, under however many ids it was given out. */
    synchronized ShareFilter sharesOf(JobBody body) {
        for (var entry : entries.values()) if (entry.job().body().sameWork(body)) return entry.shares();
        for (var entry : repeatable) if (entry.job().body().sameWork(body)) return entry.shares();
        return new ShareFilter(spare);
    }

    synchronized Optional<Entry> find(String id) {
        return Optional.ofNullable(entries.get(id));
    }
}
