package org.athanor.stratum;

import com.fasterxml.jackson.databind.JsonNode;
import org.athanor.hash.Hex;
import org.athanor.hash.Target;
import org.athanor.units.Work;

/** Work that a pool gave out, with all that is needed to build headers from it. */
public final class MiningJob {
    private final JobBody body;
    private final boolean clean;
    private final Terms terms;
    private final Target target;
    private final long topOfTarget;
    // most jobs of most connections never see a share: made when first asked for
    private byte[] coinbaseHead; // up to and with extranonce1
    private Work work; // of a share

    /**
     * What a connection had agreed on when the job came: a new difficulty, extranonce or mask binds from the next job.
     *
     * @param difficulty the target of shares before the network's is looked at
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Terms(byte[] extranonce1, int extranonce2Size, int versionMask, Target difficulty) {}

    MiningJob(JobBody body, boolean clean, Terms terms) {
        this.body = body;
        this.clean = clean;
        this.terms = terms;
        this.target = terms.difficulty().easierOf(body.network()); // a block is always a share
        this.topOfTarget = target.top64();
    }

    /** @throws StratumException if these are no parameters of {@code mining.notify} */
    static MiningJob parse(JsonNode params, Terms terms) {
        return new MiningJob(JobBody.parse(params), params.path(8).asBoolean(false), terms);
    }

    JobBody body() {
        return body;
    }

    byte[] coinbaseHead() {
        if (coinbaseHead == null) coinbaseHead = concat(body.coinbase1(), terms.extranonce1());
        return coinbaseHead;
    }

    public String id() {
        return body.id();
    }

    /** Whether all jobs before it are worth nothing now. */
    public boolean clean() {
        return clean;
    }

    /** Bytes that the miner counts up in the coinbase. */
    public int extranonce2Size() {
        return terms.extranonce2Size();
    }

    /** What a share must meet. */
    public Target target() {
        return target;
    }

    /** What a block must meet; never easier than {@link #target()}. */
    public Target network() {
        return body.network();
    }

    /** {@code target().metBy(hash)}, which nearly always takes no more than a look at the hash's last eight bytes. */
    boolean isShare(byte[] hash) {
        return Target.metBy(hash, topOfTarget, target);
    }

    boolean isBlock(byte[] hash) {
        return Target.metBy(hash, body.topOfNetwork(), body.network());
    }

    /** That an accepted share of this job proves. */
    Work work() {
        if (work == null) work = Work.ofTarget(target.value());
        return work;
    }

    /** Earliest time to put in a header, seconds since 1970, unsigned. */
    public int ntime() {
        return body.ntime();
    }

    /** Version bits that a miner may choose (BIP 310); 0 when none were agreed. */
    public int versionMask() {
        return terms.versionMask();
    }

    /** The version with the miner's bits in it. */
    int version(int versionBits) {
        return (body.version() & ~versionMask()) | versionBits;
    }

    /**
     * @param extranonce2 of {@link #extranonce2Size()} bytes
     * @param versionBits chosen bits within {@link #versionMask()}
     * @return the 80 bytes to hash
     */
    public byte[] header(byte[] extranonce2, int ntime, int versionBits, int nonce) {
        if ((versionBits & ~versionMask()) != 0)
            throw new IllegalArgumentException(
                    "version bits " + Hex.encode(versionBits) + ": accepted are those in " + Hex.encode(versionMask()));
        checkSize(extranonce2);
        return new HeaderHasher()
                .header(this, extranonce2, ntime, versionBits, nonce)
                .clone();
    }

    /** The coinbase without witness, of which the transaction id is made. */
    byte[] coinbase(byte[] extranonce2) {
        checkSize(extranonce2);
        return concat(coinbaseHead(), extranonce2, body.coinbase2());
    }

    private void checkSize(byte[] extranonce2) {
        if (extranonce2.length != extranonce2Size())
            throw new IllegalArgumentException(
                    "extranonce2 has " + extranonce2Size() + " bytes, not " + extranonce2.length);
    }

    static byte[] concat(byte[]... parts) {
        int length = 0;
        for (var part : parts) length += part.length;
        var all = new byte[length];
        int at = 0;
        for (var part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }
}
