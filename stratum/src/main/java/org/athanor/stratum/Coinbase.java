package org.athanor.stratum;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.athanor.hash.Sha256d;

/**
 * The first transaction of a block, cut where the extranonces belong.
 *
 * <p>Its input script: the height (BIP 34), then one push of job number, extranonce1 and extranonce2, then a tag. The
 * job number makes the coinbases of all jobs differ, so no header can be a share of two jobs.
 *
 * @param head up to extranonce1
 * @param tail after extranonce2
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Coinbase(byte[] head, byte[] tail) {
    static final int EXTRANONCE1_SIZE = 4;
    static final int EXTRANONCE2_SIZE = 8;

    private static final byte[] TAG = "/Athanor/".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NO_OUTPOINT = outpoint();

    /** The witness reserved value that BIP 141 asks for: 32 bytes of any content. */
    private static final byte[] RESERVED = new byte[32];

    private static final byte[] COMMITMENT_HEADER = {0x6a, 0x24, (byte) 0xaa, 0x21, (byte) 0xa9, (byte) 0xed};

    static Coinbase of(Template template, int jobNumber) {
        var height = heightPush(template.height());
        int pushed = Integer.BYTES + EXTRANONCE1_SIZE + EXTRANONCE2_SIZE;
        int scriptSize = height.length + 1 + pushed + 1 + TAG.length;
        var head = buffer(256)
                .putInt(1) // version
                .put((byte) 1) // inputs
                .put(NO_OUTPOINT)
                .put((byte) scriptSize)
                .put(height)
                .put((byte) pushed)
                .putInt(jobNumber);
        var witness = template.witnessCommitment();
        var outputs = template.outputs();
        int scripts = outputs.stream().mapToInt(o -> o.script().length + 13).sum(); // value and size of each
        var tail = buffer(256 + scripts + witness.length)
                .put((byte) TAG.length)
                .put(TAG)
                .putInt(-1); // sequence
        putSize(tail, outputs.size() + (witness.length == 0 ? 0 : 1));
        for (var output : outputs) putOutput(tail, output.satoshis(), output.script());
        if (witness.length > 0) putOutput(tail, 0, witness);
        tail.putInt(0); // lock time
        return new Coinbase(written(head), written(tail));
    }

    /** Script that the height must be pushed with: as Bitcoin Core's {@code CScript() << height}. */
    static byte[] heightPush(int height) {
        if (height == 0) return new byte[] {0};
        if (height <= 16) return new byte[] {(byte) (0x50 + height)};
        int size = height / 0x80 == 0 ? 1 : height / 0x8000 == 0 ? 2 : height / 0x800000 == 0 ? 3 : 4;
        var script = new byte[1 + size]; // little-endian, sign bit free
        buffer(5).put((byte) size).putInt(height).get(0, script);
        return script;
    }

    /**
     * Of a block that one of our coinbases begins, from its input script.
     *
     * @param block as {@link #block} made it
     */
    static int height(byte[] block) {
        var in = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN).position(80);
        int first = Byte.toUnsignedInt(in.get());
        in.position(in.position() + (first < 0xfd ? 0 : 1 << (first - 0xfc)) + 4); // count of transactions, version
        if (in.get(in.position()) == 0) in.position(in.position() + 2); // marker and flag
        in.position(in.position() + 1 + NO_OUTPOINT.length + 1);
        int size = in.get();
        if (size == 0 || size > 0x50) return size == 0 ? 0 : size - 0x50;
        int height = 0;
        for (int i = 0; i < size; i++) height |= Byte.toUnsignedInt(in.get()) << (8 * i);
        return height;
    }

    /** Output script that commits to the witnesses of a block which holds only its coinbase (BIP 141). */
    static byte[] loneCommitment() {
        return commitment(new byte[32], RESERVED); // the coinbase's own witness hash counts as zero
    }

    static byte[] commitment(byte[] witnessRoot, byte[] reserved) {
        return MiningJob.concat(COMMITMENT_HEADER, Sha256d.hash(MiningJob.concat(witnessRoot, reserved)));
    }

    static boolean isCommitment(byte[] script) {
        return script.length >= 38 && Arrays.equals(script, 0, 6, COMMITMENT_HEADER, 0, 6);
    }

    /**
     * The whole block.
     *
     * @param coinbase without witness
     */
    static byte[] block(byte[] header, byte[] coinbase, Template template) {
        int size =
                template.transactions().stream().mapToInt(t -> t.bytes().length).sum();
        var block = buffer(header.length + coinbase.length + size + 64).put(header);
        putSize(block, 1 + template.transactions().size());
        if (template.witnessCommitment().length == 0) block.put(coinbase);
        else
            block.put(coinbase, 0, 4)
                    .put(new byte[] {0, 1}) // marker and flag
                    .put(coinbase, 4, coinbase.length - 8)
                    .put((byte) 1) // one item on the input's stack
                    .put((byte) RESERVED.length)
                    .put(RESERVED)
                    .put(coinbase, coinbase.length - 4, 4); // lock time
        for (var transaction : template.transactions()) block.put(transaction.bytes());
        return written(block);
    }

    private static void putOutput(ByteBuffer out, long satoshis, byte[] script) {
        out.putLong(satoshis);
        putSize(out, script.length);
        out.put(script);
    }

    /** Bitcoin's compact size. */
    private static void putSize(ByteBuffer out, int size) {
        if (size < 0xfd) out.put((byte) size);
        else if (size <= 0xffff) out.put((byte) 0xfd).putShort((short) size);
        else out.put((byte) 0xfe).putInt(size);
    }

    private static byte[] outpoint() {
        var outpoint = new byte[36];
        Arrays.fill(outpoint, 32, 36, (byte) 0xff);
        return outpoint;
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] written(ByteBuffer buffer) {
        var bytes = new byte[buffer.position()];
        buffer.get(0, bytes);
        return bytes;
    }
}
