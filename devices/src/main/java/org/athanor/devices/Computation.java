package org.athanor.devices;

import java.util.Optional;
import org.athanor.units.Hashrate;

/** What the chips of a heater compute. A driver knows watts and levels, never mining or training: the assembly gives this. */
public interface Computation extends AutoCloseable {
    /**
     * How many threads compute from now on; 0 stops. Returns without waiting for them.
     *
     * @throws IllegalArgumentException if negative
     */
    void setThreads(int threads);

    Counters counters();

    /** How fast it hashes; empty where what it computes is something else. */
    default Optional<Hashrate> hashrate() {
        return Optional.of(counters().rate());
    }

    /** Why it computes nothing and will not soon, in words; empty while it computes, or only waits. */
    default Optional<String> hindrance() {
        return Optional.empty();
    }

    @Override
    void close();

    /** Totals since the start, and the present rate. */
    record Counters(long noncesTried, long accepted, long rejected, Hashrate rate) {
        public static final Counters NONE = new Counters(0, 0, 0, Hashrate.ZERO);
    }
}
