package org.athanor.hash.vector;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;
import jdk.incubator.vector.IntVector;
import org.athanor.hash.NonceScanner;
import org.athanor.hash.NonceScanners;
import org.athanor.hash.Sha256d;
import org.athanor.hash.Target;

/**
 * What the generated kernels share. A kernel only rejects: it looks at the last word of many hashes at once, and a batch
 * in which one might meet the target is hashed again by {@link NonceScanners#digest()}, which also takes what is left
 * over after the last whole batch. So what is found is found by the very code that the kernels are checked against.
 */
abstract class VectorScanner implements NonceScanner {
    /** Loads and stores that cross no cache line. */
    private static final int ALIGNMENT = 64;

    private final int lanes;
    private final long scratchBytes;

    /** Scratch that no scan uses: as many as have ever run at once. */
    private final ConcurrentLinkedQueue<MemorySegment> idle = new ConcurrentLinkedQueue<>();

    VectorScanner(int bits, int slots) {
        int most = IntVector.SPECIES_PREFERRED.vectorBitSize();
        if (most < bits)
            throw new UnsupportedOperationException(
                    "vector" + bits + ": this processor and Java machine have " + most + " bits at most");
        lanes = bits / Integer.SIZE;
        scratchBytes = (long) slots * bits / Byte.SIZE;
    }

    @Override
    public final String name() {
        return "vector" + lanes * Integer.SIZE;
    }

    @Override
    public final long scan(byte[] header, Target target, int first, int count, NonceSink found) {
        long tries = Integer.toUnsignedLong(count);
        long batches = tries / lanes;
        if (batches > 0) {
            var scratch = idle.poll();
            if (scratch == null) scratch = Arena.global().allocate(scratchBytes, ALIGNMENT);
            try {
                batches(scratch, header, target, first, batches, found);
            } finally {
                idle.add(scratch);
            }
        }
        int left = (int) (tries % lanes);
        if (left > 0) NonceScanners.digest().scan(header, target, first + count - left, left, found);
        return tries;
    }

    private void batches(
            MemorySegment scratch, byte[] header, Target target, int first, long batches, NonceSink found) {
        var words = ByteBuffer.wrap(header);
        int topOfTarget = target.value().shiftRight(224).intValue();
        // a hash at or below the target has at least its leading zeros
        int zeros = Integer.numberOfLeadingZeros(topOfTarget);
        int mask = zeros == 0 ? 0 : Integer.reverseBytes(-1 << (Integer.SIZE - zeros));
        prepare(scratch, Sha256d.midstate(header), words.getInt(64), words.getInt(68), words.getInt(72), mask);
        for (long done = 0; done < batches; done++) {
            done += search(scratch, first + lanes * (int) done, batches - done);
            if (done < batches) NonceScanners.digest().scan(header, target, first + lanes * (int) done, lanes, found);
        }
    }

    /** Writes what all nonces of a header have in common; {@code mask} has the bits that must be zero in the last word. */
    abstract void prepare(MemorySegment scratch, int[] midstate, int merkleTail, int time, int bits, int mask);

    /** @return batches without a hash that might meet the target, before the first with one */
    abstract long search(MemorySegment scratch, int first, long batches);

    /** Stores {@code number} into each lane of a slot. */
    final void repeat(MemorySegment scratch, int slot, int number) {
        for (int i = 0; i < lanes; i++) scratch.setAtIndex(ValueLayout.JAVA_INT, (long) slot * lanes + i, number);
    }

    static MemorySegment repeated(int lanes, int[] numbers) {
        var all = Arena.global().allocate((long) numbers.length * lanes * Integer.BYTES, ALIGNMENT);
        for (int i = 0; i < numbers.length * lanes; i++) all.setAtIndex(ValueLayout.JAVA_INT, i, numbers[i / lanes]);
        return all;
    }
}
