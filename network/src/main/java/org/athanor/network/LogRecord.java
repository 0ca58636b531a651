package org.athanor.network;

import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.athanor.ledger.CreditLine;
import org.athanor.ledger.PoolFee;
import org.athanor.ledger.Rate;
import org.athanor.stratum.ShareVerdict;
import org.athanor.units.Work;

/** One line of the share log. */
sealed interface LogRecord {
    /** 2 added the records for accounting, and optional fields at the end of header and block; 1 is still read. */
    int FORMAT = 2;

    long MOST_SATS = 21_000_000L * 100_000_000L;

    /**
     * The pool was started; the first line of every log, and one more for each later start.
     *
     * @param poolFee what the pool keeps; empty where the log does not say (format 1)
     */
    record Header(Instant opened, BigInteger networkTarget, Rate rate, String scenario, Optional<PoolFee> poolFee)
            implements LogRecord {
        Header(Instant opened, BigInteger networkTarget, Rate rate, String scenario) {
            this(opened, networkTarget, rate, scenario, Optional.empty());
        }
    }

    /** The network's target changed. */
    record Network(BigInteger target) implements LogRecord {}

    /**
     * @param sequence counts the user's accepted shares from 1, so that a lost or doubled line shows
     * @param hash 64 hex digits, display order
     * @param block whether the hash meets the network's target, whatever the chain says to the block
     * @param time by the pool's clock, whole microseconds
     */
    record Share(String user, long sequence, String hash, BigInteger target, Work work, boolean block, Instant time)
            implements LogRecord {}

    record Reject(String user, ShareVerdict.Reason reason) implements LogRecord {}

    /**
     * A block that the chain took. Once more after an {@link Orphan}, when it is in the best chain again; a record that only
     * repeats another changes nothing.
     *
     * @param coinbaseSats subsidy and fees that its own coinbase pays, in satoshis; empty in format 1 and wherever they
     *     are not known
     * @param upstream the pool that it belongs to when it was found for one, which then pays for the work
     */
    record Block(long height, String hash, OptionalLong coinbaseSats, Optional<String> upstream) implements LogRecord {
        public Block {
            if (coinbaseSats.isPresent()) amount("coinbase value", coinbaseSats.getAsLong());
        }

        Block(long height, String hash) {
            this(height, hash, OptionalLong.empty(), Optional.empty());
        }
    }

    /** A block that the chain did not take. */
    record Refused(String hash, String reason) implements LogRecord {}

    /** All credit of one interval; one line, so that a crash keeps all of it or nothing. */
    record Interval(long number, Instant start, Instant end, List<CreditLine> lines) implements LogRecord {}

    /**
     * What is being mined: after each header, and whenever one of these figures changes. It says all that
     * {@link Network} says; a pool that writes it needs no record of that kind.
     *
     * @param height of the block that is looked for
     * @param target the network's
     * @param coinbaseSats subsidy and fees of that block as far as its template knows, in satoshis
     * @param subsidySats the subsidy among them
     */
    record Template(long height, BigInteger target, long coinbaseSats, long subsidySats) implements LogRecord {
        public Template {
            amount("coinbase value", coinbaseSats);
            amount("subsidy", subsidySats);
            if (subsidySats > coinbaseSats)
                throw new IllegalArgumentException(
                        "subsidy " + subsidySats + " is more than the coinbase value " + coinbaseSats);
        }

        long feeSats() {
            return coinbaseSats - subsidySats;
        }
    }

    /** A block that was taken has left the best chain and pays nothing. */
    record Orphan(long height, String hash) implements LogRecord {}

    /**
     * A session with an upstream pool began: the shares from here on are work for it, until the next record of this kind
     * or the next start.
     *
     * @param name as the operator knows it, without password; empty when the pool works for nobody but itself again
     */
    record Upstream(String name, Instant start) implements LogRecord {}

    /**
     * A share that was handed on to an upstream, and what became of it: after the share's own record, and at most once a
     * share, for replay takes more shares handed on than accepted for a mistake in the books.
     *
     * @param user whose share it is: an upstream's reject is put down to the heater that caused it
     * @param hash of the share, 64 hex digits, display order
     * @param target that the upstream asked for
     * @param time of the outcome by the pool's clock, whole microseconds
     */
    record Forward(String user, String hash, String upstream, BigInteger target, Instant time, Outcome outcome)
            implements LogRecord {}

    /** What an upstream said to a share. */
    sealed interface Outcome {
        record Accepted() implements Outcome {}

        /** @param detail in the upstream's words, cut after {@link #MOST_DETAIL} characters */
        record Rejected(ShareVerdict.Reason reason, String detail) implements Outcome {
            static final int MOST_DETAIL = 200;

            public Rejected {
                if (detail.length() > MOST_DETAIL) detail = detail.substring(0, MOST_DETAIL);
            }
        }

        /** The session ended before an answer came. */
        record Lost() implements Outcome {}
    }

    private static void amount(String what, long sats) {
        if (sats < 0 || sats > MOST_SATS)
            throw new IllegalArgumentException(
                    what + " " + sats + " sat: 0 to " + MOST_SATS + " (all bitcoins) is accepted");
    }
}
