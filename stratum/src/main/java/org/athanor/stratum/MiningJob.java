package org.athanor.stratum;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.athanor.hash.BlockHeader;
import org.athanor.hash.Hex;
import org.athanor.hash.Merkle;
import org.athanor.hash.Sha256d;
import org.athanor.hash.Target;

/** Work that a pool gave out, with all that is needed to build headers from it. */
public final class MiningJob {
    private static final int MOST_BRANCHES = 32;

    private final String id;
    private final byte[] previous;
    private final byte[] coinbaseHead; // up to and with extranonce1
    private final byte[] coinbaseTail;
    private final List<byte[]> branches;
    private final int version;
    private final int bits;
    private final int ntime;
    private final boolean clean;
    private final Terms terms;
    private final Target target;
    private final Target network;

    /**
     * What a connection had agreed on when the job came: a new difficulty, extranonce or mask binds from the next job.
     *
     * @param difficulty the target of shares before the network's is looked at
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Terms(byte[] extranonce1, int extranonce2Size, int versionMask, Target difficulty) {}

    MiningJob(
            String id,
            byte[] previous,
            byte[] coinbase1,
            byte[] coinbase2,
            List<byte[]> branches,
            int version,
            int bits,
            int ntime,
            boolean clean,
            Terms terms) {
        this.id = id;
        this.previous = previous;
        this.coinbaseHead = concat(coinbase1, terms.extranonce1());
        this.coinbaseTail = coinbase2;
        this.branches = List.copyOf(branches);
        this.version = version;
        this.bits = bits;
        this.ntime = ntime;
        this.clean = clean;
        this.terms = terms;
        this.network = Target.ofBits(bits);
        this.target = terms.difficulty().easierOf(network); // a block is always a share
    }

    /** @throws StratumException if these are no parameters of {@code mining.notify} */
    static MiningJob parse(JsonNode params, Terms terms) {
        try {
            var branches = new ArrayList<byte[]>();
            for (var branch : params.required(4)) branches.add(hash(branch));
            if (!params.get(4).isArray() || branches.size() > MOST_BRANCHES)
                throw new IllegalArgumentException("merkle branches");
            return new MiningJob(
                    text(params, 0),
                    swapWords(hash(params.required(1))),
                    Hex.decode(text(params, 2)),
                    Hex.decode(text(params, 3)),
                    branches,
                    word(params, 5),
                    word(params, 6),
                    word(params, 7),
                    params.path(8).asBoolean(false),
                    terms);
        } catch (IllegalArgumentException e) {
            throw new StratumException("the pool sent a job that cannot be read: " + e.getMessage(), e);
        }
    }

    private static String text(JsonNode params, int index) {
        var node = params.required(index);
        if (!node.isTextual() && !node.isIntegralNumber())
            throw new IllegalArgumentException("mining.notify, parameter " + index);
        return node.asText();
    }

    private static int word(JsonNode params, int index) {
        return Integer.parseUnsignedInt(text(params, index), 16);
    }

    private static byte[] hash(JsonNode node) {
        var hash = Hex.decode(node.asText());
        if (hash.length != 32) throw new IllegalArgumentException("a hash of " + hash.length + " bytes");
        return hash;
    }

    /** Parameters of {@code mining.notify}, whose coinbase ends before the extranonces. */
    String notifyParams() {
        var first = new byte[coinbaseHead.length - terms.extranonce1().length];
        System.arraycopy(coinbaseHead, 0, first, 0, first.length);
        return "[" + Json.quote(id) + ",\"" + Hex.encode(swapWords(previous)) + "\",\"" + Hex.encode(first) + "\",\""
                + Hex.encode(coinbaseTail) + "\",["
                + branches.stream().map(b -> "\"" + Hex.encode(b) + "\"").collect(Collectors.joining(",")) + "],\""
                + Hex.encode(version) + "\",\"" + Hex.encode(bits) + "\",\"" + Hex.encode(ntime) + "\"," + clean + "]";
    }

    public String id() {
        return id;
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
        return network;
    }

    /** Earliest time to put in a header, seconds since 1970, unsigned. */
    public int ntime() {
        return ntime;
    }

    /** Version bits that a miner may choose (BIP 310); 0 when none were agreed. */
    public int versionMask() {
        return terms.versionMask();
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
        var root = Merkle.fold(Sha256d.hash(coinbase(extranonce2)), branches);
        int rolled = (version & ~versionMask()) | versionBits;
        return new BlockHeader(rolled, previous, root, ntime, bits, nonce).bytes();
    }

    /** The coinbase without witness, of which the transaction id is made. */
    byte[] coinbase(byte[] extranonce2) {
        if (extranonce2.length != extranonce2Size())
            throw new IllegalArgumentException(
                    "extranonce2 has " + extranonce2Size() + " bytes, not " + extranonce2.length);
        return concat(coinbaseHead, extranonce2, coinbaseTail);
    }

    static byte[] concat(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (var part : parts) all.writeBytes(part);
        return all.toByteArray();
    }

    /** Stratum writes the previous hash with the bytes of each four-byte word reversed. */
    private static byte[] swapWords(byte[] hash) {
        var swapped = new byte[32];
        for (int i = 0; i < 32; i++) swapped[i] = hash[i ^ 3];
        return swapped;
    }
}
