package org.athanor.network;

import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.athanor.ledger.CreditLine;
import org.athanor.ledger.Rate;
import org.athanor.ledger.Weighting;
import org.athanor.stratum.ShareVerdict;
import org.athanor.units.Millisatoshis;
import org.athanor.units.Work;

/**
 * The state that follows from the records of a share log, whether they are just being written or read again. No
 * clock, no files; for one thread at a time.
 */
final class Accounts {
    /** Names cost memory and anybody may invent one. */
    static final int MAX_USERS = 100_000;

    /** Whom rejected shares are put down to once too many strangers have been seen; no user has this name. */
    static final String NOBODY = "";

    private static final int MAX_STRANGERS = 1_000;

    private final Map<String, Account> users = new LinkedHashMap<>();
    /** Of an append that is being prepared. */
    private final List<Account> pending = new ArrayList<>();

    /** Users who never had a share accepted. */
    private int strangers;

    private LogRecord.Header header;
    private Instant openSince = Instant.EPOCH;
    private long intervals;
    private long blocksFound;
    private long blocksRefused;
    /** By hash, for a block may be handed over and taken again after a restart. */
    private final Set<String> taken = new HashSet<>();

    /** Those of them that have left the best chain. */
    private final Set<String> orphans = new HashSet<>();

    private BigInteger networkTarget;
    private Work networkWork = Work.ZERO;
    private BigInteger unitsSinceNetworkChange = BigInteger.ZERO;
    private double expectedBefore;

    /** What one user has earned, in all and in the open interval. */
    static final class Account {
        final String user;
        final Map<ShareVerdict.Reason, Long> rejected = new EnumMap<>(ShareVerdict.Reason.class);
        long accepted;
        long pending; // accepted shares that are about to be appended
        BigInteger settledUnits = BigInteger.ZERO;
        Millisatoshis credited = Millisatoshis.ZERO;
        BigInteger carried = BigInteger.ZERO;
        Optional<Weighting> weighting = Optional.empty();
        Forwards forwards = Forwards.NONE;
        long openShares;
        String openFirst = "";
        String openLast = "";
        BigInteger openUnits = BigInteger.ZERO;

        Account(String user) {
            this.user = user;
        }

        CreditLine line(long number, Instant start, Instant end, Weighting weighting, Rate rate) {
            return CreditLine.settled(
                    user,
                    number,
                    start,
                    end,
                    openShares,
                    openFirst,
                    openLast,
                    new Work(openUnits),
                    weighting,
                    rate,
                    carried);
        }

        UserStatus status() {
            return new UserStatus(
                    user, accepted, rejected, new Work(settledUnits.add(openUnits)), credited, weighting, forwards);
        }
    }

    /** @throws IllegalStateException if there are too many users already */
    Account account(String user) {
        var account = users.get(user);
        if (account != null) return account;
        if (users.size() >= MAX_USERS)
            throw new IllegalStateException("the pool has its " + MAX_USERS + " users; \"" + user + "\" is one more");
        account = new Account(user);
        users.put(user, account);
        strangers++;
        return account;
    }

    /** Of the user's next accepted share, when those given out since {@link #appended} are appended before it. */
    long nextSequence(String user) {
        var account = account(user);
        if (account.pending == 0) pending.add(account);
        return account.accepted + ++account.pending;
    }

    /** What was to be appended is, or never will be. */
    void appended() {
        for (var account : pending) account.pending = 0;
        pending.clear();
    }

    /** A rejected share proves no work, so whoever sends one must not be able to fill the books with names. */
    String nameForReject(String user, ShareVerdict.Reason reason) {
        if (users.containsKey(user)) return user;
        return switch (reason) {
            case UNAUTHORIZED, NOT_SUBSCRIBED -> NOBODY;
            case OTHER, JOB_NOT_FOUND, DUPLICATE, LOW_DIFFICULTY -> strangers < MAX_STRANGERS ? user : NOBODY;
        };
    }

    void apply(LogRecord entry) {
        switch (entry) {
            case LogRecord.Header opened -> {
                if (header == null) openSince = opened.opened();
                header = opened;
                network(opened.networkTarget());
            }
            case LogRecord.Network network -> network(network.target());
            case LogRecord.Share share -> share(share);
            case LogRecord.Reject reject -> account(reject.user()).rejected.merge(reject.reason(), 1L, Long::sum);
            case LogRecord.Block block -> {
                taken.add(block.hash());
                orphans.remove(block.hash());
            }
            case LogRecord.Refused refused -> blocksRefused++;
            case LogRecord.Interval interval -> interval(interval);
            case LogRecord.Template template -> network(template.target());
            case LogRecord.Orphan orphan -> {
                if (taken.contains(orphan.hash())) orphans.add(orphan.hash());
            }
            case LogRecord.Upstream upstream -> {} // no user has done anything
            case LogRecord.Forward forward -> {
                var account = account(forward.user());
                account.forwards = account.forwards.plus(forward);
            }
        }
    }

    private void network(BigInteger target) {
        if (target.equals(networkTarget)) return;
        networkTarget = target;
        expectedBefore = expectedBlocks();
        unitsSinceNetworkChange = BigInteger.ZERO;
        networkWork = Work.ofTarget(target);
    }

    private void share(LogRecord.Share share) {
        var account = account(share.user());
        if (account.accepted++ == 0) strangers--;
        if (account.openShares++ == 0) account.openFirst = share.hash();
        account.openLast = share.hash();
        account.openUnits = account.openUnits.add(share.work().units());
        unitsSinceNetworkChange = unitsSinceNetworkChange.add(share.work().units());
        if (share.block()) blocksFound++;
    }

    private void interval(LogRecord.Interval interval) {
        for (var line : interval.lines()) {
            var account = account(line.user());
            account.credited = account.credited.plus(line.msat());
            account.carried = line.credit().remainder();
            account.weighting = Optional.of(line.weighting());
            account.settledUnits = account.settledUnits.add(line.work().units());
            account.openShares = 0;
            account.openFirst = "";
            account.openLast = "";
            account.openUnits = BigInteger.ZERO;
        }
        intervals = interval.number();
        openSince = interval.end();
    }

    /**
     * The record that would close the open interval; nothing changes until it is applied.
     *
     * @param weightings null for a user without shares: no line
     * @throws IllegalArgumentException if a user with shares has no weighting
     */
    LogRecord.Interval close(Instant now, Function<String, Weighting> weightings) {
        var end = now.isBefore(openSince)
                ? openSince
                : now; // a clock that was set back ends no interval before its start
        List<CreditLine> lines = new ArrayList<>();
        for (var account : users.values()) {
            if (account.accepted == 0) continue;
            var weighting = weightings.apply(account.user);
            if (weighting != null) {
                lines.add(account.line(intervals + 1, openSince, end, weighting, header.rate()));
            } else if (account.openShares > 0) {
                throw new IllegalArgumentException("user \"" + account.user + "\" has " + account.openShares
                        + " shares in interval " + (intervals + 1) + " and was given no weight");
            }
        }
        return new LogRecord.Interval(intervals + 1, openSince, end, List.copyOf(lines));
    }

    Iterable<Account> all() {
        return users.values();
    }

    LogRecord.Header header() {
        return header;
    }

    long intervals() {
        return intervals;
    }

    Instant openSince() {
        return openSince;
    }

    long blocksFound() {
        return blocksFound;
    }

    long blocksTaken() {
        return taken.size();
    }

    long blocksRefused() {
        return blocksRefused;
    }

    long blocksOrphaned() {
        return orphans.size();
    }

    double expectedBlocks() {
        return networkWork.equals(Work.ZERO)
                ? expectedBefore
                : expectedBefore + new Work(unitsSinceNetworkChange).toDouble() / networkWork.toDouble();
    }

    List<UserStatus> status() {
        return users.values().stream().map(Account::status).toList();
    }

    static UserStatus total(List<UserStatus> users) {
        long accepted = 0;
        Map<ShareVerdict.Reason, Long> rejected = new EnumMap<>(ShareVerdict.Reason.class);
        var work = Work.ZERO;
        var credited = Millisatoshis.ZERO;
        var forwards = Forwards.NONE;
        for (var user : users) {
            accepted += user.accepted();
            user.rejected().forEach((reason, count) -> rejected.merge(reason, count, Long::sum));
            work = work.plus(user.work());
            credited = credited.plus(user.credited());
            forwards = forwards.plus(user.forwards());
        }
        return new UserStatus("", accepted, rejected, work, credited, Optional.empty(), forwards);
    }
}
