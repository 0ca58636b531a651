package org.athanor.network;

import org.athanor.units.Hashrate;
import org.athanor.units.Work;

/**
 * A hash rate as shares show it. Shares of work w arrive at random with the rate (hash rate / w), so the sum of their
 * work has the variance sum(w²): the relative standard error is sqrt(sum(w²)) / sum(w), which is 1 / sqrt(n) for n
 * equal shares.
 *
 * @param relativeError one standard deviation as a part of the rate; infinite without shares
 */
public record MeasuredHashrate(Hashrate rate, double relativeError) {
    /**
     * @param squares sum of the squares of the shares' work, in hashes²
     * @param seconds that the work took; where there are none the rate is unknown and given as zero
     */
    static MeasuredHashrate of(Work work, double squares, double seconds) {
        var hashes = work.toDouble();
        if (!(hashes > 0)) return new MeasuredHashrate(Hashrate.ZERO, Double.POSITIVE_INFINITY);
        var rate = seconds > 0 ? new Hashrate(hashes / seconds) : Hashrate.ZERO;
        return new MeasuredHashrate(rate, Math.sqrt(squares) / hashes);
    }
}
