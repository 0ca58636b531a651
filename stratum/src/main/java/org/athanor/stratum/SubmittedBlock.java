package org.athanor.stratum;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.athanor.hash.BlockHeader;
import org.athanor.hash.Sha256d;

/** A serialised block that holds only a coinbase, read for checking. */
final class SubmittedBlock {
    private static final int LARGEST = 1_000_000;
    private static final int LOCK_TIME_THRESHOLD = 500_000_000;

    private final BlockHeader header;
    private final byte[] script;
    private final List<Output> outputs = new ArrayList<>();
    private final List<byte[]> witness = new ArrayList<>();
    private final boolean nullOutpoint;
    private final int sequence;
    private final long lockTime;
    private final byte[] txid;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Output(long value, byte[] script) {}

    /** @throws BlockRefused if the bytes are not exactly one block with one transaction of one input */
    static SubmittedBlock parse(byte[] block) throws BlockRefused {
        if (block.length > LARGEST) throw new BlockRefused("bad-blk-length");
        try {
            return new SubmittedBlock(block);
        } catch (BufferUnderflowException e) {
            throw undecodable();
        }
    }

    private SubmittedBlock(byte[] all) throws BlockRefused {
        var in = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN);
        header = BlockHeader.parse(bytes(in, BlockHeader.SIZE));
        long transactions = size(in);
        if (transactions == 0) throw new BlockRefused("bad-cb-missing");
        if (transactions > 1) throw new BlockRefused("this chain takes no transactions but the coinbase");
        int start = in.position();
        in.getInt(); // any version
        boolean segwit = in.hasRemaining() && in.get(in.position()) == 0;
        if (segwit && in.getShort() != 0x0100) throw undecodable();
        int body = in.position();
        if (size(in) != 1) throw new BlockRefused("bad-cb-missing");
        var outpoint = bytes(in, 36);
        var none = new byte[36];
        Arrays.fill(none, 32, 36, (byte) 0xff);
        nullOutpoint = Arrays.equals(outpoint, none);
        script = string(in);
        sequence = in.getInt();
        for (long left = size(in); left > 0; left--) outputs.add(new Output(in.getLong(), string(in)));
        int bodyEnd = in.position();
        if (segwit) {
            for (long left = size(in); left > 0; left--) witness.add(string(in));
            if (witness.isEmpty()) throw new BlockRefused("Superfluous witness record");
        }
        lockTime = Integer.toUnsignedLong(in.getInt());
        if (in.hasRemaining()) throw undecodable();
        txid = Sha256d.hash(MiningJob.concat(
                Arrays.copyOfRange(all, start, start + 4),
                Arrays.copyOfRange(all, body, bodyEnd),
                Arrays.copyOfRange(all, all.length - 4, all.length)));
    }

    BlockHeader header() {
        return header;
    }

    /** Satoshis that the coinbase pays out. */
    long value() {
        return outputs.stream().mapToLong(Output::value).sum();
    }

    /** What can be checked without knowing the chain. */
    void checkItself() throws BlockRefused {
        if (!Arrays.equals(txid, header.merkleRoot())) throw new BlockRefused("bad-txnmrklroot");
        if (!nullOutpoint) throw new BlockRefused("bad-cb-missing");
        if (outputs.isEmpty()) throw new BlockRefused("bad-txns-vout-empty");
        long total = 0;
        for (var output : outputs) {
            if (output.value() < 0) throw new BlockRefused("bad-txns-vout-negative");
            if (output.value() > 21_000_000L * 100_000_000) throw new BlockRefused("bad-txns-vout-toolarge");
            total += output.value();
            if (total > 21_000_000L * 100_000_000) throw new BlockRefused("bad-txns-txouttotal-toolarge");
        }
        if (script.length < 2 || script.length > 100) throw new BlockRefused("bad-cb-length");
    }

    void checkInChain(int height, long medianTime) throws BlockRefused {
        if (lockTime >= (lockTime < LOCK_TIME_THRESHOLD ? height : medianTime) && lockTime != 0 && sequence != -1)
            throw new BlockRefused("bad-txns-nonfinal");
        var push = Coinbase.heightPush(height);
        if (script.length < push.length || !Arrays.equals(script, 0, push.length, push, 0, push.length))
            throw new BlockRefused("bad-cb-height");
        var commitments = outputs.stream()
                .map(Output::script)
                .filter(Coinbase::isCommitment)
                .toList();
        if (commitments.isEmpty()) {
            if (!witness.isEmpty()) throw new BlockRefused("unexpected-witness");
            return;
        }
        if (witness.size() != 1 || witness.getFirst().length != 32) throw new BlockRefused("bad-witness-nonce-size");
        var expected = Coinbase.commitment(new byte[32], witness.getFirst());
        if (!Arrays.equals(commitments.getLast(), 0, 38, expected, 0, 38)) // the last one counts (BIP 141)
        throw new BlockRefused("bad-witness-merkle-match");
    }

    private static byte[] string(ByteBuffer in) throws BlockRefused {
        long size = size(in);
        if (size > in.remaining()) throw undecodable();
        return bytes(in, (int) size);
    }

    private static byte[] bytes(ByteBuffer in, int size) {
        var bytes = new byte[size];
        in.get(bytes);
        return bytes;
    }

    /** Bitcoin's compact size, which must be as short as it can be. */
    private static long size(ByteBuffer in) throws BlockRefused {
        int first = Byte.toUnsignedInt(in.get());
        long size = switch (first) {
            case 0xfd -> Short.toUnsignedInt(in.getShort());
            case 0xfe -> Integer.toUnsignedLong(in.getInt());
            case 0xff -> in.getLong();
            default -> first;
        };
        long least = first == 0xfd ? 0xfd : first == 0xfe ? 0x10000 : first == 0xff ? 0x100000000L : 0;
        if (size < least) throw undecodable();
        return size;
    }

    private static BlockRefused undecodable() {
        return new BlockRefused("Block decode failed");
    }
}
