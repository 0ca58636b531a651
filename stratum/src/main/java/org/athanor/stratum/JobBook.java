package org.athanor.stratum;

import java.util.LinkedHashMap;
import java.util.Optional;

/**
 * The newest jobs of one connection. Stale ones are kept for a while as well: their shares earn nothing, but can still
 * be named by their hash. Server and relay keep the same number, so they know the same jobs.
 */
final class JobBook {
    static final int KEPT = 16;

    private final LinkedHashMap<String, Entry> entries = new LinkedHashMap<>();

    /** @param blueprint what the job was made from, at the server; null elsewhere */
    record Entry(MiningJob job, Blueprint blueprint, ShareFilter shares) {}

    synchronized void add(MiningJob job, Blueprint blueprint, ShareFilter shares) {
        entries.remove(job.id());
        entries.put(job.id(), new Entry(job, blueprint, shares));
        if (entries.size() > KEPT) entries.pollFirstEntry();
    }

    /** Of one piece of work all shares are looked for in one place, under however many ids it was given out. */
    synchronized ShareFilter sharesOf(JobBody body) {
        for (var entry : entries.values()) if (entry.job().body().sameWork(body)) return entry.shares();
        return new ShareFilter();
    }

    synchronized Optional<Entry> find(String id) {
        return Optional.ofNullable(entries.get(id));
    }
}
