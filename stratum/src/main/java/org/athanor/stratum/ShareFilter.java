package org.athanor.stratum;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The shares that one job has taken, at most {@link #LIMIT}, as 63 bits of each hash: two shares of a job fall together
 * by chance once in 2⁴⁰ full jobs. Open addressing in one array, 8 bytes a slot. One thread.
 */
final class ShareFilter {
    static final int LIMIT = 4096;

    private static final long[] NONE = {0}; // most jobs of most connections never see a share
    private static final int SMALLEST = 16;

    /** Slots, a power of two; grows to twice the limit. */
    private long[] slots = NONE;

    private final Spare spare;
    private int size;
    private boolean replaced;

    /**
     * Arrays that no job needs now, for the jobs to come; one per event loop. A miner whose difficulty is far too low fills
     * many jobs a second: without this the collector would copy each array on its way to become garbage.
     */
    static final class Spare {
        private static final int MOST_SLOTS = 1 << 21; // 16 MB
        /** By the logarithm of their length. */
        private final List<ArrayDeque<long[]>> kept =
                Stream.generate(ArrayDeque<long[]>::new).limit(Integer.SIZE).toList();

        private int slots;

        /** Zeros. */
        private long[] take(int length) {
            var array = kept.get(Integer.numberOfTrailingZeros(length)).poll();
            if (array == null) return new long[length];
            slots -= length;
            Arrays.fill(array, 0);
            return array;
        }

        private void give(long[] array) {
            if (array.length < SMALLEST || slots + array.length > MOST_SLOTS) return;
            slots += array.length;
            kept.get(Integer.numberOfTrailingZeros(array.length)).push(array);
        }
    }

    /** @param spare null for none */
    ShareFilter(Spare spare) {
        this.spare = spare;
    }

    int size() {
        return size;
    }

    /** Of its job nothing more is asked; it is empty from now on. */
    void release() {
        give(slots);
        slots = NONE;
        size = 0;
    }

    /** For another thread, so without spare arrays. */
    ShareFilter copy() {
        var copy = new ShareFilter(null);
        copy.slots = slots.clone();
        copy.size = size;
        copy.replaced = replaced;
        return copy;
    }

    /** @param hash internal order, whose first bytes are evenly spread whatever the target */
    boolean contains(byte[] hash) {
        return slots[slot(key(hash))] != 0;
    }

    void add(byte[] hash) {
        if (size == LIMIT) throw new IllegalStateException("full");
        if (slots.length < SMALLEST || 4 * size >= 3 * slots.length) grow();
        put(key(hash));
    }

    /** Once, when a quarter of the places is taken: the others are for what is on its way until the miner has its next job. */
    boolean fillsUp() {
        if (replaced || size < LIMIT / 4) return false;
        replaced = true;
        return true;
    }

    /** Slow. */
    void remove(byte[] hash) {
        long gone = key(hash);
        rebuild(slots.length, gone);
    }

    private void grow() {
        rebuild(Math.max(SMALLEST, 2 * slots.length), 0);
    }

    private void rebuild(int length, long without) {
        var old = slots;
        slots = spare == null ? new long[length] : spare.take(length);
        size = 0;
        for (long key : old) if (key != 0 && key != without) put(key);
        give(old);
    }

    private void give(long[] array) {
        if (spare != null) spare.give(array);
    }

    private void put(long key) {
        int slot = slot(key);
        if (slots[slot] == 0) size++;
        slots[slot] = key;
    }

    private int slot(long key) {
        int slot = (int) key & (slots.length - 1);
        while (slots[slot] != 0 && slots[slot] != key) slot = (slot + 1) & (slots.length - 1);
        return slot;
    }

    /** 0 marks a free slot, so it is no key. */
    private static long key(byte[] hash) {
        return Math.max(1, ByteBuffer.wrap(hash).getLong() & Long.MAX_VALUE);
    }
}
