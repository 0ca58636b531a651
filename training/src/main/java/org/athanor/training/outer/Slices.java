package org.athanor.training.outer;

import java.util.List;

/**
 * Parts of a flat vector that are exchanged together.
 *
 * @param ranges in order, not overlapping
 */
public record Slices(List<Range> ranges) {
    /** Values {@code from} to below {@code to}. */
    public record Range(int from, int to) {
        public Range {
            if (from < 0 || to < from) {
                throw new IllegalArgumentException(
                        "a range goes upwards from 0 or more, but not from " + from + " to " + to);
            }
        }

        int size() {
            return to - from;
        }
    }

    public Slices {
        ranges = List.copyOf(ranges);
        var end = 0;
        for (var range : ranges) {
            if (range.from() < end) {
                throw new IllegalArgumentException(
                        "ranges must follow each other, but " + range + " begins before " + end);
            }
            end = range.to();
        }
    }

    static Slices whole(int size) {
        return new Slices(List.of(new Range(0, size)));
    }

    /** Values in them. */
    public int size() {
        return ranges.stream().mapToInt(Range::size).sum();
    }

    /** These values of {@code vector}, one behind the other. */
    public float[] of(float[] vector) {
        var values = new float[size()];
        var filled = 0;
        for (var range : ranges) {
            System.arraycopy(vector, range.from(), values, filled, range.size());
            filled += range.size();
        }
        return values;
    }

    /** Puts {@code values} back into their places. */
    public void into(float[] vector, float[] values) {
        var taken = 0;
        for (var range : ranges) {
            System.arraycopy(values, taken, vector, range.from(), range.size());
            taken += range.size();
        }
    }
}
