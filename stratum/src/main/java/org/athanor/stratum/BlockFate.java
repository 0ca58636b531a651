package org.athanor.stratum;

import java.util.OptionalLong;

/**
 * What became of a found block after, or apart from, the share that found it.
 *
 * <p>Hashes are in display order. After a crash the same fate may be told twice.
 */
public sealed interface BlockFate {
    String hash();

    /**
     * What the node answered to it, told before the file that keeps the block says so: who logs this loses none.
     *
     * @param coinbaseSats what its coinbase pays, in satoshis; empty if its bytes are no block
     * @param again handed over again, such as after a restart: no server waits for the answer
     */
    record Delivered(String hash, BlockVerdict verdict, OptionalLong coinbaseSats, boolean again)
            implements BlockFate {}

    /** It is no longer in the best chain: another branch became longer. Its coinbase is worth nothing. */
    record Orphaned(String hash, int height) implements BlockFate {}

    /** It is in the best chain now, after it was not. */
    record Returned(String hash, int height) implements BlockFate {}

    /** 100 blocks deep: its coinbase may be spent, and nobody watches it any more. */
    record Matured(String hash, int height) implements BlockFate {}

    /** Told of each fate on a thread that may wait, one at a time; after an exception the same fate is told again later. */
    interface Listener {
        void heard(BlockFate fate);
    }
}
