package org.athanor.cli;

/** Strangers' words on our screens: miners choose their names, and pools their refusals. */
final class Printable {
    private Printable() {}

    /** Without anything that could move the cursor or turn the line around. */
    static String text(String strange) {
        return strange.codePoints()
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
