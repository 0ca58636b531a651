package org.athanor.hash;

import java.util.ArrayDeque;

/**
 * Tells from measurements whether HotSpot has compiled a scanner, and how fast it is then. Before that a vector kernel is
 * a hundred times slower, so a rate measured too early says the opposite of the truth.
 *
 * <p>Warm is a scanner once it has stopped to allocate for each hash and its last {@value #ROUNDS} rates are much the
 * same. Steadiness alone would be fooled: interpreted code, too, has a steady rate, but boxes every vector (some 3 kB a
 * hash while a single method of a kernel is left to compile).
 */
public final class WarmUp {
    /** The digest scanner's clone takes 193 bytes a hash for good; no compiled kernel takes any. */
    private static final double MOST_BYTES_PER_HASH = 256;

    private static final int ROUNDS = 4;

    /** Of the fastest of the last rounds. CPU time is steadier than that even on a busy machine. */
    private static final double SPREAD = 0.25;

    private final ArrayDeque<Round> last = new ArrayDeque<>();

    /**
     * One measurement, of a quarter of a second or so.
     *
     * @param cpuNanos of the threads that hashed
     * @param allocatedBytes by them
     */
    public record Round(long hashes, long cpuNanos, long allocatedBytes) {
        public Round {
            if (hashes < 1 || cpuNanos < 1 || allocatedBytes < 0)
                throw new IllegalArgumentException("a round of " + hashes + " hashes, " + cpuNanos + " ns and "
                        + allocatedBytes + " bytes: hashes and time must be positive");
        }

        public double hashesPerCpuSecond() {
            return hashes * 1e9 / cpuNanos;
        }

        public double bytesPerHash() {
            return (double) allocatedBytes / hashes;
        }
    }

    /** Nothing measured yet. */
    public WarmUp() {}

    public void add(Round round) {
        last.add(round);
        if (last.size() > ROUNDS) last.remove();
    }

    public boolean warm() {
        if (last.size() < ROUNDS) return false;
        var slowest = last.stream().mapToDouble(Round::hashesPerCpuSecond).min().orElseThrow();
        return slowest >= (1 - SPREAD) * fastest()
                && last.stream().allMatch(round -> round.bytesPerHash() <= MOST_BYTES_PER_HASH);
    }

    /** The fastest of the last rounds, hashes per CPU-second: whatever else runs on a machine only ever slows it. */
    public double fastest() {
        return last.stream().mapToDouble(Round::hashesPerCpuSecond).max().orElse(0);
    }
}
