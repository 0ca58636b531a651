package org.athanor.training.update;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Of each chunk of 4096 values only the {@code kept} largest, each as one of four numbers of its chunk (two sizes, two signs):
 * the compression of SparseLoCo (Sarfi et al. 2025, arXiv 2508.15706). Distances between kept values are coded by their
 * frequency.
 *
 * @param kept values of a chunk that are sent
 */
record SparseCodec(int kept) implements Codec {
    static final int CHUNK = 4096;
    private static final String PREFIX = "sparse-";
    private static final int ESCAPE = 255;

    SparseCodec {
        if (kept < 1 || kept > CHUNK) {
            throw new IllegalArgumentException(
                    "a sparse update keeps 1 to 4096 values of 4096, but should keep " + kept);
        }
    }

    static SparseCodec named(String name) {
        try {
            if (name.startsWith(PREFIX)) {
                return new SparseCodec(Integer.parseInt(name.substring(PREFIX.length())));
            }
        } catch (NumberFormatException _) {
            // falls through to the message that says what there is
        }
        throw new IllegalArgumentException(
                "an update is coded as float32, int8, int4 or sparse-K with K from 1 to 4096, but not as " + name);
    }

    @Override
    public String name() {
        return PREFIX + kept;
    }

    private static int chunks(int count) {
        return Math.ceilDiv(count, CHUNK);
    }

    private int keptOf(int chunkSize) {
        return Math.min(chunkSize, Math.max(1, (int) ((long) kept * chunkSize / CHUNK)));
    }

    /** How many distances, and bytes of them packed; two sizes a chunk (bfloat16 each); the packed distances; the numbers, four to a byte. */
    @Override
    public byte[] encode(float[] values) {
        Codec.requireFinite(values);
        var sizes = ByteBuffer.allocate(chunks(values.length) * 2 * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        var distances = new ByteArrayOutputStream();
        var numbers = new TwoBits();
        for (var from = 0; from < values.length; from += CHUNK) {
            var to = Math.min(from + CHUNK, values.length);
            var places = largest(values, from, to, keptOf(to - from));
            var boundary = mean(values, places, 0, Float.POSITIVE_INFINITY);
            var small = HalfFloats.nearest(mean(values, places, 0, boundary));
            var large = HalfFloats.nearest(mean(values, places, boundary, Float.POSITIVE_INFINITY));
            sizes.putShort(HalfFloats.upper(small)).putShort(HalfFloats.upper(large));
            var last = from - 1;
            for (var place : places) {
                distance(distances, place - last - 1);
                last = place;
                var value = values[place];
                numbers.add((value < 0 ? 2 : 0) + (Math.abs(value) >= boundary ? 1 : 0));
            }
        }
        var packed = Huffman.pack(distances.toByteArray());
        var rest = numbers.bytes();
        return ByteBuffer.allocate(2 * Integer.BYTES + sizes.capacity() + packed.length + rest.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(distances.size())
                .putInt(packed.length)
                .put(sizes.array())
                .put(packed)
                .put(rest)
                .array();
    }

    @Override
    public float[] decode(byte[] bytes, int count) throws UpdateException {
        var head = 2 * Integer.BYTES + chunks(count) * 2 * Short.BYTES;
        if (bytes.length < head) {
            throw new UpdateException("a sparse update of " + count + " values has at least " + head + " bytes, but "
                    + bytes.length + " came");
        }
        var sizes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        var distanceBytes = sizes.getInt();
        var packedBytes = sizes.getInt();
        var total = keptInAll(count);
        // a distance takes at most one byte for each 255 values that it passes, and one more
        if (distanceBytes < total || distanceBytes > total + (long) count / ESCAPE) {
            throw new UpdateException("a sparse update says that its distances take " + distanceBytes + " bytes");
        }
        if (packedBytes < 0 || bytes.length != (long) head + packedBytes + Math.ceilDiv(total, 4)) {
            throw new UpdateException("a sparse update has " + bytes.length + " bytes, which do not fit its head");
        }
        var numbers = head + packedBytes;
        var distances = Huffman.unpack(Arrays.copyOfRange(bytes, head, numbers), 0, distanceBytes);
        var values = new float[count];
        var cursor = 0;
        var number = 0;
        for (var from = 0; from < count; from += CHUNK) {
            var to = Math.min(from + CHUNK, count);
            var small = HalfFloats.value(sizes.getShort());
            var large = HalfFloats.value(sizes.getShort());
            if (!(small >= 0 && large >= 0 && Float.isFinite(small) && Float.isFinite(large))) {
                throw new UpdateException("a sparse update has sizes of " + small + " and " + large);
            }
            var place = from - 1;
            for (var sent = keptOf(to - from); sent > 0; sent--) {
                place++;
                int step;
                do {
                    if (cursor >= distanceBytes) {
                        throw new UpdateException("a sparse update has too few distances");
                    }
                    step = Byte.toUnsignedInt(distances[cursor++]);
                    place += step;
                    if (place >= to) {
                        throw new UpdateException("a sparse update points behind its chunk");
                    }
                } while (step == ESCAPE);
                var code = (bytes[numbers + number / 4] >> (2 * (number % 4))) & 3;
                number++;
                values[place] = ((code & 2) != 0 ? -1 : 1) * ((code & 1) != 0 ? large : small);
            }
        }
        if (cursor != distanceBytes) {
            throw new UpdateException("a sparse update has too many distances");
        }
        return values;
    }

    private int keptInAll(int count) {
        var rest = count % CHUNK;
        return count / CHUNK * kept + (rest == 0 ? 0 : keptOf(rest));
    }

    private static void distance(ByteArrayOutputStream distances, int passed) {
        var left = passed;
        for (; left >= ESCAPE; left -= ESCAPE) {
            distances.write(ESCAPE);
        }
        distances.write(left);
    }

    /** Places of the largest values, in order; of equal ones the first. */
    private static int[] largest(float[] values, int from, int to, int count) {
        var sizes = new float[to - from];
        for (var index = from; index < to; index++) {
            sizes[index - from] = Math.abs(values[index]);
        }
        Arrays.sort(sizes);
        var least = sizes[sizes.length - count];
        var atLeast = 0;
        for (var index = sizes.length - count; index < sizes.length && sizes[index] == least; index++) {
            atLeast++;
        }
        var places = new int[count];
        var found = 0;
        for (var index = from; index < to; index++) {
            var size = Math.abs(values[index]);
            if (size > least || (size == least && atLeast-- > 0)) {
                places[found++] = index;
            }
        }
        return places;
    }

    /** Mean size of the values at {@code places} whose size is from {@code least} to below {@code bound}; 0 if there are none. */
    private static float mean(float[] values, int[] places, float least, float bound) {
        double sum = 0;
        var counted = 0;
        for (var place : places) {
            var size = Math.abs(values[place]);
            if (size >= least && size < bound) {
                sum += size;
                counted++;
            }
        }
        return counted == 0 ? 0 : (float) (sum / counted);
    }

    /** Numbers from 0 to 3, four to a byte. */
    private static final class TwoBits {
        private final ByteArrayOutputStream full = new ByteArrayOutputStream();
        private int current;
        private int filled;

        void add(int number) {
            current |= number << (2 * filled);
            if (++filled == 4) {
                full.write(current);
                current = 0;
                filled = 0;
            }
        }

        byte[] bytes() {
            if (filled == 0) {
                return full.toByteArray();
            }
            var all = Arrays.copyOf(full.toByteArray(), full.size() + 1);
            all[full.size()] = (byte) current;
            return all;
        }
    }
}
