package org.athanor.edge.journal;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.athanor.edge.journal.Journal.CreditRow;
import org.athanor.edge.journal.Journal.Position;
import org.athanor.edge.journal.Reconciliation.Disagreed;
import org.athanor.edge.journal.Reconciliation.Settled;
import org.athanor.edge.journal.Reconciliation.Waiting;
import org.athanor.ledger.CreditLine;
import org.athanor.units.Millisatoshis;

/**
 * What the edge has earned by its own sum: journals accepted shares, takes a pool's credit lines and settles each by
 * the edge's own figures. A line whose last share is not here yet waits, in the journal too, so a crash loses none.
 */
public final class Earnings {
    /** Lines that may wait at once; one more settles the oldest with what is here. */
    private static final int MOST_WAITING = 1_000;

    private final Journal journal;
    private final Function<String, Terms> terms;
    private final InstantSource wallClock;
    private final Duration patience;
    private final Map<String, ArrayDeque<Pending>> waiting = new LinkedHashMap<>();
    private final Map<String, Position> positions;
    private int waitingLines;
    private int disputedLines;

    /**
     * @param terms what the edge knows of its deal, by user
     * @param wallClock of the edge, for the time that lines wait
     * @param patience how long a line waits for its last share
     */
    public Earnings(Journal journal, Function<String, Terms> terms, InstantSource wallClock, Duration patience) {
        this.journal = journal;
        this.terms = terms;
        this.wallClock = wallClock;
        this.patience = patience;
        this.positions = new HashMap<>(journal.positions());
        this.disputedLines = journal.mismatches().size();
        for (var row : journal.waiting()) enqueue(row);
        settleWhatCan();
    }

    private record Pending(CreditRow row, Instant since) {}

    /** Journals an accepted share, and settles the line that waited for it. */
    public synchronized void accepted(String user, String hash, BigInteger target) {
        journal.share(user, wallClock.instant(), hash, target);
        var queue = waiting.get(user);
        if (queue != null && queue.getFirst().row().line().lastShare().equals(hash)) settleWhatCan();
    }

    /** Takes a credit line; one that was taken before is ignored. */
    public synchronized void credited(CreditLine line) {
        var row = journal.receive(line);
        if (row.isEmpty()) return;
        enqueue(row.get());
        settleWhatCan();
    }

    /** Settles what has waited for too long; called now and then, such as once a control step. */
    public synchronized void review() {
        if (waitingLines > 0) settleWhatCan();
    }

    /** The edge's own sum over all settled lines. */
    public synchronized Millisatoshis earned() {
        return positions.values().stream().map(Position::earned).reduce(Millisatoshis.ZERO, Millisatoshis::plus);
    }

    public synchronized Millisatoshis earned(String user) {
        return positions.getOrDefault(user, Position.START).earned();
    }

    /** What pools say they credited, over the same lines. */
    public synchronized Millisatoshis credited() {
        return positions.values().stream().map(Position::credited).reduce(Millisatoshis.ZERO, Millisatoshis::plus);
    }

    /** Lines that still wait for a share. */
    public synchronized int waitingLines() {
        return waitingLines;
    }

    /** Lines with which the edge did not agree. */
    public synchronized int disputedLines() {
        return disputedLines;
    }

    private void enqueue(CreditRow row) {
        waiting.computeIfAbsent(row.line().user(), user -> new ArrayDeque<>())
                .add(new Pending(row, wallClock.instant()));
        waitingLines++;
    }

    /** Lines of one user are settled in order, since each starts from the remainder of the one before. */
    private void settleWhatCan() {
        for (var queue : waiting.values()) {
            while (!queue.isEmpty() && settle(queue.getFirst())) {
                queue.removeFirst();
                waitingLines--;
            }
        }
        waiting.values().removeIf(ArrayDeque::isEmpty);
    }

    private boolean settle(Pending pending) {
        var line = pending.row().line();
        var position = positions.getOrDefault(line.user(), Position.START);
        var unsettled = journal.shares(line.user(), position.through());
        var deal = terms.apply(line.user());
        var found = Reconciler.reconcile(line, unsettled, position.through(), position.remainder(), deal);
        var outcome = switch (found) {
            case Settled settled -> settled;
            case Waiting _ -> {
                if (!isOverdue(pending)) yield null;
                yield Reconciler.giveUp(line, unsettled, position.through(), position.remainder(), deal);
            }
        };
        if (outcome == null) return false;
        var own = outcome.own();
        // a dispute is recorded once: were the next line not to start from the pool's remainder (less than 1 msat),
        // one lost share would be disputed for ever
        var remainder = outcome instanceof Disagreed
                ? line.credit().remainder()
                : own.credit().remainder();
        var next = new Position(
                own.through(),
                remainder,
                position.earned().plus(own.credit().msat()),
                position.credited().plus(line.msat()));
        // the last that may fail: a line that is counted must leave the queue
        journal.settle(pending.row().number(), outcome, dispute(outcome));
        positions.put(line.user(), next);
        if (outcome instanceof Disagreed) disputedLines++;
        return true;
    }

    private Optional<Event> dispute(Settled outcome) {
        if (!(outcome instanceof Disagreed disagreed)) return Optional.empty();
        var line = disagreed.line();
        return Optional.of(new Event(
                wallClock.instant(),
                Event.Kind.ALARM,
                line.user(),
                "credit of interval " + line.interval() + " disputed: " + disagreed.detail()));
    }

    private boolean isOverdue(Pending pending) {
        return waitingLines > MOST_WAITING
                || Duration.between(pending.since(), wallClock.instant()).compareTo(patience) >= 0;
    }
}
