package org.athanor.network;

/**
 * Blocks found against blocks that the work done should have found. With {@code expected} = raw work / work of the
 * network's target their number is Poisson distributed, so chance leaves the central 99.9 % interval in one run of a
 * thousand; shares that are hard already (a share target near the network's) make the true spread smaller, never larger.
 *
 * @param expected blocks
 * @param low least number of blocks in the interval: at most 0.05 % of all runs find fewer
 * @param high greatest number in the interval: at most 0.05 % of all runs find more
 */
public record BlockLuck(long found, double expected, long low, long high) {
    private static final double TAIL = 0.0005;
    private static final double MOST = 1e10;

    /** @throws IllegalArgumentException if {@code expected} is not between 0 and 10¹⁰ */
    public static BlockLuck of(long found, double expected) {
        if (!(expected >= 0 && expected <= MOST)) throw new IllegalArgumentException("expected blocks " + expected);
        // Terms relative to that of the mode: exp(-expected) itself underflows beyond 745. Twelve standard deviations
        // and sixty more leave out less than a double can tell, for small expectations too.
        var mode = (int) Math.min(expected, 12 * Math.sqrt(expected) + 60);
        var offset = (long) expected - mode; // number of blocks of terms[0]
        var terms = new double[mode + (int) (12 * Math.sqrt(expected)) + 61];
        terms[mode] = 1;
        for (var i = mode; i > 0; i--) terms[i - 1] = terms[i] * (offset + i) / expected;
        for (var i = mode + 1; i < terms.length; i++) terms[i] = terms[i - 1] * expected / (offset + i);
        var total = 0.0;
        for (var term : terms) total += term;

        var low = 0;
        for (var sum = terms[low]; sum <= TAIL * total; sum += terms[low]) low++;
        var high = terms.length - 1;
        for (var sum = terms[high]; sum <= TAIL * total; sum += terms[high]) high--;
        return new BlockLuck(found, expected, offset + low, offset + high);
    }

    public boolean agrees() {
        return low <= found && found <= high;
    }
}
