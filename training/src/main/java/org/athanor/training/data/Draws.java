package org.athanor.training.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Random numbers that are the same on every machine and for ever: SplitMix64 (Steele, Lea and Flood, "Fast Splittable
 * Pseudorandom Number Generators", 2014), begun from the SHA-256 of what is drawn for. The JDK's generators may change.
 */
public final class Draws {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private long state;

    private Draws(long state) {
        this.state = state;
    }

    /** Begins at the hash of {@code words} and {@code numbers}. */
    public static Draws of(String words, long... numbers) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            var encoded = ByteBuffer.allocate(numbers.length * Long.BYTES);
            encoded.asLongBuffer().put(numbers);
            digest.update(encoded.array());
            digest.update(words.getBytes(StandardCharsets.UTF_8));
            return new Draws(ByteBuffer.wrap(digest.digest()).getLong());
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has SHA-256", missing);
        }
    }

    /** All 64 bits random. */
    public long next() {
        state += GOLDEN_GAMMA;
        var mixed = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }

    /** From 0 to below {@code bound}; uneven by less than one in 2^32. */
    public int below(int bound) {
        return (int) (((next() >>> 32) * bound) >>> 32);
    }
}
