package org.athanor.stratum;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The shares that one job has taken, at most {@link #LIMIT}, as 63 bits of each hash: two shares of a job fall together
 * by chance once in 2³⁸ full jobs. Open addressing in one array, 8 bytes a slot. One thread.
 */
final class ShareFilter {
    static final int LIMIT = 8192;

    private static final long[] NONE = {0}; // most jobs of most connections never see a share
    private static final int SMALLEST = 16;

    /** Slots, a power of two; grows to twice the limit. */
    private long[] slots = NONE;

    private int size;
    private boolean halfFull;

    int size() {
        return size;
    }

    ShareFilter copy() {
        var copy = new ShareFilter();
        copy.slots = slots.clone();
        copy.size = size;
        copy.halfFull = halfFull;
        return copy;
    }

    /** @param hash internal order, whose first bytes are evenly spread whatever the target */
    boolean contains(byte[] hash) {
        return slots[slot(key(hash))] != 0;
    }

    void add(byte[] hash) {
        if (size == LIMIT) throw new IllegalStateException("full");
        if (slots.length < SMALLEST || 2 * size >= slots.length) grow();
        put(key(hash));
    }

    /** Once, when half of the places are taken. */
    boolean fillsUp() {
        if (halfFull || size < LIMIT / 2) return false;
        halfFull = true;
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
        slots = new long[length];
        size = 0;
        Arrays.stream(old).filter(key -> key != 0 && key != without).forEach(this::put);
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
