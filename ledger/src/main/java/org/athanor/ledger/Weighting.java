package org.athanor.ledger;

/**
 * A weight and where it comes from, as it is written into the share log.
 *
 * @param basis human and machine readable quotients, such as {@code "virtual 3600 s / wall 2.5 s"}; one line
 */
public record Weighting(Weight weight, String basis) {
    /** Real time, real device. */
    public static final Weighting REAL = new Weighting(Weight.ONE, "real");

    public Weighting {
        if (basis.indexOf('\n') >= 0) throw new IllegalArgumentException("basis must be one line: " + basis);
    }
}
