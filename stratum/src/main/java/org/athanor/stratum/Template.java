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
 * @param outputs where subsidy and fees go; their sum is what the coinbase may pay out
 * @param fees the part of that sum which the transactions pay, satoshis
 * @param witnessCommitment script of the coinbase's last output; empty for a block without witness data
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
        List<Output> outputs,
        long fees,
        byte[] witnessCommitment,
        List<Transaction> transactions) {

    public Template {
        outputs = List.copyOf(outputs);
        transactions = List.copyOf(transactions);
    }

    public Target network() {
        return Target.ofBits(bits);
    }

    /** Subsidy and fees, in satoshis. */
    public long coinbaseValue() {
        return outputs.stream().mapToLong(Output::satoshis).sum();
    }

    /** @param script as it stands in a transaction, without its size */
    @SuppressWarnings("ArrayRecordComponent")
    public record Output(long satoshis, byte[] script) {}

    /**
     * @param bytes as they stand in a block
     * @param txid internal order
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Transaction(byte[] bytes, byte[] txid) {}
}
