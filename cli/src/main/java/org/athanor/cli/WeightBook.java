package org.athanor.cli;

import java.util.Map;
import java.util.TreeMap;
import org.athanor.ledger.CreditLine;
import org.athanor.ledger.Report;

/** What the hashes of each user stood for over all its credit lines. */
final class WeightBook {
    private final Map<String, Entry> entries = new TreeMap<>();

    private record Entry(double work, double weighted, CreditLine last) {}

    synchronized void add(CreditLine line) {
        if (line.shares() == 0) return;
        double work = line.work().toDouble();
        double weighted = work * line.weighting().weight().toDouble();
        entries.merge(
                line.user(),
                new Entry(work, weighted, line),
                (before, now) -> new Entry(before.work + now.work, before.weighted + now.weighted, now.last));
    }

    /** Null for a user without a share. */
    synchronized Report.HeaterWeight of(String user) {
        var entry = entries.get(user);
        if (entry == null) return null;
        var last = entry.last.weighting();
        return new Report.HeaterWeight(
                entry.weighted / entry.work, last.weight().toDouble(), last.basis());
    }
}
