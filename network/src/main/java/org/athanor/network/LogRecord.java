package org.athanor.network;

import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import org.athanor.ledger.CreditLine;
import org.athanor.ledger.Rate;
import org.athanor.stratum.ShareVerdict;
import org.athanor.units.Work;

/** One line of the share log. */
sealed interface LogRecord {
    int FORMAT = 1;

    /** The pool was started; the first line of every log, and one more for each later start. */
    record Header(Instant opened, BigInteger networkTarget, Rate rate, String scenario) implements LogRecord {}

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

    /** A block that the chain took. */
    record Block(long height, String hash) implements LogRecord {}

    /** A block that the chain did not take. */
    record Refused(String hash, String reason) implements LogRecord {}

    /** All credit of one interval; one line, so that a crash keeps all of it or nothing. */
    record Interval(long number, Instant start, Instant end, List<CreditLine> lines) implements LogRecord {}
}
