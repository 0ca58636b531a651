package org.athanor.cli.terminal;

/** Strangers' words on our screens: miners choose their names, pools and coordinators their refusals, modules what they print. */
public final class Printable {
    private Printable() {}

    /** Without anything that could move the cursor or turn the line around. */
    public static String text(String strange) {
        return printable(strange, false);
    }

    /** The same of what may be more than a line. */
    static String lines(String strange) {
        return printable(strange, true);
    }

    private static String printable(String strange, boolean lines) {
        return strange.codePoints()
                .map(c -> (lines && c == '\n') || !moves(c) ? c : '?')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static boolean moves(int c) {
        return Character.isISOControl(c)
                || switch (Character.getType(c)) {
                    case Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
                    default -> false;
                };
    }
}
