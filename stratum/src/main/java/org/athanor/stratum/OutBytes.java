package org.athanor.stratum;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;

/** What waits to be written to one peer. Holds memory only while something waits. One thread. */
final class OutBytes {
    /** Holds a job of a full block. */
    private static final int SMALLEST = 2048;

    private byte[] bytes; // null while empty
    private int start;
    private int end;

    /** Memory that no connection needs now; one per event loop. */
    static final class Spare {
        /** As many as get new work at the same time: thousands of new buffers a block would keep the collector busy. */
        private static final int MOST_OF_SMALLEST = 16_384;

        private static final int MOST_OTHERS = 64;
        private static final int LARGEST = 16 * 1024;
        private final ArrayDeque<byte[]> free = new ArrayDeque<>();

        private byte[] take() {
            var bytes = free.poll();
            return bytes == null ? new byte[SMALLEST] : bytes;
        }

        private void give(byte[] bytes) {
            int most = bytes.length == SMALLEST ? MOST_OF_SMALLEST : MOST_OTHERS;
            if (bytes.length <= LARGEST && free.size() < most) free.push(bytes);
        }
    }

    private final Spare spare;

    OutBytes(Spare spare) {
        this.spare = spare;
    }

    int size() {
        return end - start;
    }

    void add(byte[] more) {
        add(more, 0, more.length);
    }

    void add(byte[] more, int from, int to) {
        int length = to - from;
        room(length);
        System.arraycopy(more, from, bytes, end, length);
        end += length;
    }

    private void room(int more) {
        if (bytes == null) bytes = spare.take();
        if (bytes.length - end >= more) return;
        if (start > 0) {
            System.arraycopy(bytes, start, bytes, 0, end - start);
            end -= start;
            start = 0;
        }
        if (bytes.length - end < more) bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, end + more));
    }

    /** @return whether all is written */
    boolean flush(Transport to) throws IOException {
        while (start < end) {
            int written = to.write(ByteBuffer.wrap(bytes, start, end - start));
            if (written == 0) return false;
            start += written;
        }
        clear();
        return true;
    }

    void clear() {
        if (bytes != null) spare.give(bytes);
        bytes = null;
        start = 0;
        end = 0;
    }
}
