package org.athanor.training.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A run of tokens as it lies in a shard: two bytes each, little-endian, so a vocabulary has at most 65,536 tokens.
 *
 * @param bytes two for each token
 */
public record Tokens(ByteBuffer bytes) {
    public static final int LARGEST_VOCABULARY = 1 << 16;

    public Tokens {
        if (bytes.remaining() % Short.BYTES != 0) {
            throw new IllegalArgumentException(
                    "tokens have two bytes each, but " + bytes.remaining() + " bytes were given");
        }
        bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    public static Tokens of(int[] tokens) {
        var bytes = ByteBuffer.allocate(tokens.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (var token : tokens) {
            if (token < 0 || token >= LARGEST_VOCABULARY) {
                throw new IllegalArgumentException("a token must be from 0 to 65535, but one is " + token);
            }
            bytes.putShort((short) token);
        }
        return new Tokens(bytes.flip());
    }

    public int count() {
        return bytes.limit() / Short.BYTES;
    }

    public int at(int index) {
        return Short.toUnsignedInt(bytes.getShort(index * Short.BYTES));
    }
}
