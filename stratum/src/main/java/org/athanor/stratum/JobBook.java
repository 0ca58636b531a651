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

    /** @param template what the job was made from, at the server; null elsewhere */
    record Entry(MiningJob job, Template template, ShareFilter shares) {}

    synchronized void add(MiningJob job, Template template) {
        entries.remove(job.id());
        entries.put(job.id(), new Entry(job, template, new ShareFilter()));
        if (entries.size() > KEPT) entries.pollFirstEntry();
    }

    synchronized Optional<Entry> find(String id) {
        return Optional.ofNullable(entries.get(id));
    }
}
