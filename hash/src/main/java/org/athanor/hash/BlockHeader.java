package org.athanor.hash;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The 80 bytes that are hashed. Hashes are in internal order; the arrays are the caller's and never written.
 *
 * @param time seconds since 1970, unsigned
 */
@SuppressWarnings("ArrayRecordComponent") // equality is by content, below
public record BlockHeader(int version, byte[] previous, byte[] merkleRoot, int time, int bits, int nonce) {
    public static final int SIZE = 80;

    public BlockHeader {
        if (previous.length != 32 || merkleRoot.length != 32)
            throw new IllegalArgumentException(
                    "hashes have 32 bytes, not " + previous.length + " and " + merkleRoot.length);
    }

    /** @throws IllegalArgumentException unless there are 80 bytes */
    public static BlockHeader parse(byte[] header) {
        if (header.length != SIZE)
            throw new IllegalArgumentException("a block header has 80 bytes, not " + header.length);
        var in = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
        int version = in.getInt();
        var previous = new byte[32];
        var merkleRoot = new byte[32];
        in.get(previous).get(merkleRoot);
        return new BlockHeader(version, previous, merkleRoot, in.getInt(), in.getInt(), in.getInt());
    }

    public byte[] bytes() {
        return ByteBuffer.allocate(SIZE)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(version)
                .put(previous)
                .put(merkleRoot)
                .putInt(time)
                .putInt(bits)
                .putInt(nonce)
                .array();
    }

    public byte[] hash() {
        return Sha256d.hash(bytes());
    }

    public String hashDisplay() {
        return Hex.display(hash());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BlockHeader header && Arrays.equals(bytes(), header.bytes());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes());
    }

    @Override
    public String toString() {
        return Hex.encode(bytes());
    }
}
