package org.athanor.stratum;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalLong;
import org.athanor.hash.BlockHeader;

/** What a block pays to whoever found it. */
public final class BlockValue {
    private static final int OUTPOINT_BYTES = 36;

    private BlockValue() {}

    /**
     * Sum of the outputs of a serialised block's first transaction, in satoshis; empty if the bytes are no block, or the
     * sum is none that a coinbase could pay.
     */
    public static OptionalLong ofCoinbase(byte[] block) {
        try {
            var in = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
            skip(in, BlockHeader.SIZE);
            if (size(in) < 1) return OptionalLong.empty();
            skip(in, Integer.BYTES); // version
            if (in.hasRemaining() && in.get(in.position()) == 0) skip(in, 2); // marker and flag
            if (size(in) != 1) return OptionalLong.empty();
            skip(in, OUTPOINT_BYTES);
            skip(in, size(in));
            skip(in, Integer.BYTES); // sequence
            long sum = 0;
            for (long left = size(in); left > 0; left--) {
                long value = in.getLong();
                if (value < 0) return OptionalLong.empty();
                sum = Math.addExact(sum, value);
                skip(in, size(in));
            }
            return OptionalLong.of(sum);
        } catch (BufferUnderflowException | ArithmeticException e) {
            return OptionalLong.empty();
        }
    }

    private static void skip(ByteBuffer in, long count) {
        if (count < 0 || count > in.remaining()) throw new BufferUnderflowException();
        in.position(in.position() + (int) count);
    }

    /** Bitcoin's compact size. */
    private static long size(ByteBuffer in) {
        int first = Byte.toUnsignedInt(in.get());
        return switch (first) {
            case 0xfd -> Short.toUnsignedInt(in.getShort());
            case 0xfe -> Integer.toUnsignedLong(in.getInt());
            case 0xff -> in.getLong();
            default -> first;
        };
    }
}
