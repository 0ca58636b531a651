package org.athanor.hash;

import java.util.HexFormat;

/** Bytes as hexadecimal text, in the two orders that Bitcoin uses. */
public final class Hex {
    private static final HexFormat FORMAT = HexFormat.of();

    private Hex() {}

    public static String encode(byte[] bytes) {
        return FORMAT.formatHex(bytes);
    }

    /** @throws IllegalArgumentException if {@code text} is not an even number of hex digits, of either case */
    public static byte[] decode(String text) {
        return FORMAT.parseHex(text);
    }

    /** A hash as people read it: the internal bytes reversed. */
    public static String display(byte[] internal) {
        return encode(reverse(internal));
    }

    /** Internal bytes of a hash written as people read it. */
    public static byte[] ofDisplay(String display) {
        return reverse(decode(display));
    }

    /** Eight lower-case digits. */
    public static String encode(int word) {
        return FORMAT.toHexDigits(word);
    }

    private static byte[] reverse(byte[] bytes) {
        var reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) reversed[i] = bytes[bytes.length - 1 - i];
        return reversed;
    }
}
