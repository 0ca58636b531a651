package org.athanor.stratum;

import org.athanor.hash.Target;

/** Work that a pool gave out, with all that is needed to build headers from it. */
public final class MiningJob {
    private MiningJob() {}

    public String id() {
        throw new UnsupportedOperationException("id");
    }

    /** Whether all jobs before it are worth nothing now. */
    public boolean clean() {
        throw new UnsupportedOperationException("clean");
    }

    /** Bytes that the miner counts up in the coinbase. */
    public int extranonce2Size() {
        throw new UnsupportedOperationException("extranonce2Size");
    }

    /** What a share must meet. */
    public Target target() {
        throw new UnsupportedOperationException("target");
    }

    /** What a block must meet; never easier than {@link #target()}. */
    public Target network() {
        throw new UnsupportedOperationException("network");
    }

    /** Earliest time to put in a header, seconds since 1970, unsigned. */
    public int ntime() {
        throw new UnsupportedOperationException("ntime");
    }

    /** Version bits that a miner may choose (BIP 310); 0 when none were agreed. */
    public int versionMask() {
        throw new UnsupportedOperationException("versionMask");
    }

    /**
     * @param extranonce2 of {@link #extranonce2Size()} bytes
     * @param versionBits chosen bits within {@link #versionMask()}
     * @return the 80 bytes to hash
     */
    public byte[] header(byte[] extranonce2, int ntime, int versionBits, int nonce) {
        throw new UnsupportedOperationException("header");
    }
}
