package org.athanor.units;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Text form shared by the quantities: a number, a space, an optional SI prefix and a unit. */
final class Quantity {
    private static final Pattern TEXT =
            Pattern.compile("\\s*([+-]?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][+-]?\\d+)?)\\s*(\\S+)\\s*");

    private Quantity() {}

    static double finite(String what, double value) {
        if (!Double.isFinite(value)) throw new IllegalArgumentException("not a " + what + ": " + value);
        return value;
    }

    /**
     * Reads {@code text} as a number with one of the {@code units}.
     *
     * @param units factor to the base unit, by symbol
     * @throws IllegalArgumentException naming the quantity, the text and the accepted symbols
     */
    static double parse(String what, String text, Map<String, Double> units) {
        var matcher = TEXT.matcher(text);
        if (matcher.matches()) {
            var factor = units.get(matcher.group(2));
            if (factor != null) return finite(what, Double.parseDouble(matcher.group(1)) * factor);
        }
        throw new IllegalArgumentException("not a " + what + ": \"" + text + "\" (a number and one of "
                + String.join(", ", units.keySet().stream().sorted().toList()) + ")");
    }

    /** {@code value} with the largest of the ascending {@code symbols}, each 1000 of the one before, that keeps it >= 1. */
    static String scaled(double value, String... symbols) {
        int i = 0;
        while (i + 1 < symbols.length && Math.abs(value) >= 999.95) {
            value /= 1000;
            i++;
        }
        return number(value) + " " + symbols[i];
    }

    /** Up to four significant digits, no trailing zeros, independent of the locale. */
    static String number(double value) {
        double magnitude = Math.abs(value);
        int decimals = magnitude >= 100 ? 1 : magnitude >= 10 ? 2 : magnitude >= 1 ? 3 : 4;
        var text = String.format(Locale.ROOT, "%." + decimals + "f", value);
        text = text.replaceAll("0+$", "").replaceAll("\\.$", "");
        return text.equals("-0") ? "0" : text;
    }
}
