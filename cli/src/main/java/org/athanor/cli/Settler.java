package org.athanor.cli;

import java.math.BigInteger;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.athanor.ledger.Weight;
import org.athanor.ledger.Weighting;

/**
 * What the hashes of the demo's heaters stand for in each settlement interval. A day passes in a minute and nobody can
 * simulate terahashes, so every interval has two quotients, which go into the share log beside the shares:
 *
 * <p>this computer: virtual time / wall time, since its watts count over virtual time; the simulated miner: hashes that
 * its levels nominally did in the virtual time / nonces that it really tried. Nothing else is scaled.
 */
final class Settler {
    private final LongSupplier virtualNanos;
    private final LongSupplier wallNanos;
    private final Supplier<BigInteger> nominalHashes;
    private final LongSupplier noncesTried;
    private Mark last;
    private Mark stoppedAt;

    private record Mark(long virtual, long wall, BigInteger nominal, long nonces) {}

    Settler(
            LongSupplier virtualNanos,
            LongSupplier wallNanos,
            Supplier<BigInteger> nominalHashes,
            LongSupplier noncesTried) {
        this.virtualNanos = virtualNanos;
        this.wallNanos = wallNanos;
        this.nominalHashes = nominalHashes;
        this.noncesTried = noncesTried;
        last = now();
    }

    /** Virtual and wall time stand still from here on; nonces are counted on. */
    void stopTime() {
        stoppedAt = now();
    }

    private Mark now() {
        boolean stopped = stoppedAt != null;
        return new Mark(
                stopped ? stoppedAt.virtual : virtualNanos.getAsLong(),
                stopped ? stoppedAt.wall : wallNanos.getAsLong(),
                nominalHashes.get(),
                noncesTried.getAsLong());
    }

    /** Virtual and wall time since the last interval. */
    long virtualSinceLast() {
        return virtualNanos.getAsLong() - last.virtual;
    }

    long wallSinceLast() {
        return wallNanos.getAsLong() - last.wall;
    }

    record Weightings(Weighting computer, Weighting miner) {}

    /** Weightings of the interval that ends now; the next one begins. */
    Weightings close() {
        var now = now();
        var before = last;
        last = now;
        return weightings(
                now.virtual - before.virtual,
                now.wall - before.wall,
                now.nominal.subtract(before.nominal),
                now.nonces - before.nonces);
    }

    static Weightings weightings(long virtualNanos, long wallNanos, BigInteger nominal, long nonces) {
        var times = String.format(Locale.ROOT, "virtual %.0f s / wall %.3f s", virtualNanos / 1e9, wallNanos / 1e9);
        var computer = wallNanos <= 0
                ? new Weighting(Weight.NONE, "no time, no credit")
                : new Weighting(Weight.of(virtualNanos, wallNanos), times);
        var miner = nonces <= 0
                ? new Weighting(Weight.NONE, "no nonces tried, no credit")
                : new Weighting(
                        new Weight(nominal, BigInteger.valueOf(nonces)),
                        String.format(
                                Locale.ROOT,
                                "nominal %.4g hashes / %d nonces tried; %s",
                                nominal.doubleValue(),
                                nonces,
                                times));
        return new Weightings(computer, miner);
    }
}
