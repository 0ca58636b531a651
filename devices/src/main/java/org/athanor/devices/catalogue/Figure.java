package org.athanor.devices.catalogue;

/**
 * A number and where it is from.
 *
 * @param assumed whether it is a declared assumption of ours and nobody's statement
 */
public record Figure(double value, String source, boolean assumed) {
    public Figure {
        if (!Double.isFinite(value)) throw new IllegalArgumentException("not a figure: " + value);
        if (source.isBlank())
            throw new IllegalArgumentException("the figure " + value + " does not say where it is from");
    }

    static Figure stated(double value, String source) {
        return new Figure(value, source, false);
    }

    static Figure assumed(double value, String why) {
        return new Figure(value, why, true);
    }
}
