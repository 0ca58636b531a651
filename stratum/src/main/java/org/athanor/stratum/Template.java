package org.athanor.stratum;

import java.util.List;
import org.athanor.hash.Target;

/**
 * All that a block needs but its coinbase's extranonces, version bits, time and nonce. Arrays are never written.
 *
 * @param previous hash of the block before, internal order
 * @param bits the network's target, compact
 * @param time suggested, seconds since 1970
 * @param minimumTime earliest time that the chain accepts
 * @param maximumTime latest time that it accepts as far as is known now
 * @param coinbaseValue subsidy and fees, in satoshis
 * @param payoutScript where they go
 * @param witnessCommitment script of the coinbase's second output; empty for a block without witness data
 * @param transactions the others, in order
 */
@SuppressWarnings("ArrayRecordComponent") // identity is what matters: a new template is a new object
public record Template(
        int height,
        int version,
        byte[] previous,
        int bits,
        long time,
        long minimumTime,
        long maximumTime,
        long coinbaseValue,
        byte[] payoutScript,
        byte[] witnessCommitment,
        List<Transaction> transactions) {

    public Template {
        transactions = List.copyOf(transactions);
    }

    public Target network() {
        return Target.ofBits(bits);
    }

    /**
     * @param bytes as they stand in a block
     * @param txid internal order
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Transaction(byte[] bytes, byte[] txid) {}
}
