package org.athanor.devices.cgminer;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Makes JSON of what miners send as JSON: the one place that knows their mistakes.
 *
 * <p>Seen in the wild (pyasic's list): commas before a closing brace or bracket or after an opening one, objects without a
 * comma between them, raw newlines in strings, {@code inf} and {@code nan}, replies cut off in the middle. What was cut is
 * closed, and said to be cut; a bare number at the cut becomes null, since 13 may have been 133. What follows the end of the first value is
 * dropped.
 */
final class JsonRepair {
    private static final Pattern NUMBER = Pattern.compile("-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][+-]?\\d+)?");
    private static final int LONGEST_NUMBER = 50;

    private enum Last {
        START,
        OPENER,
        COMMA,
        KEY,
        COLON,
        VALUE
    }

    private final String in;
    private final StringBuilder out;
    private final Deque<Character> open = new ArrayDeque<>();
    private Last last = Last.START;
    private int at;

    private JsonRepair(String broken) {
        in = broken;
        out = new StringBuilder(broken.length() + 16);
    }

    /** @param cut whether the end was missing */
    record Mended(String json, boolean cut) {}

    static Mended mend(String broken) {
        return new JsonRepair(broken).run();
    }

    private Mended run() {
        while (at < in.length()) {
            char c = in.charAt(at);
            switch (c) {
                case '{', '[' -> {
                    at++;
                    beforeValue();
                    out.append(c);
                    open.push(c);
                    last = Last.OPENER;
                }
                case '}', ']' -> {
                    at++;
                    closeUpTo(c == '}' ? '{' : '[');
                }
                case ',' -> {
                    at++;
                    comma();
                }
                case ':' -> {
                    at++;
                    if (last == Last.KEY) colon();
                }
                case '"' -> string();
                default -> {
                    if (c <= ' ') at++;
                    else bare();
                }
            }
            if (open.isEmpty() && last == Last.VALUE) return new Mended(out.toString(), false);
        }
        while (!open.isEmpty()) close();
        return new Mended(out.toString(), true);
    }

    private void beforeValue() {
        if (last == Last.VALUE) comma();
        if (last == Last.KEY) colon();
        else if (last != Last.COLON && inObject()) {
            out.append("\"\""); // a value without a name
            colon();
        }
    }

    private void comma() {
        completeMember();
        if (last != Last.VALUE) return;
        out.append(',');
        last = Last.COMMA;
    }

    private void colon() {
        out.append(':');
        last = Last.COLON;
    }

    private void completeMember() {
        if (last == Last.KEY) colon();
        if (last == Last.COLON) {
            out.append("null");
            last = Last.VALUE;
        }
    }

    private boolean inObject() {
        return !open.isEmpty() && open.peek() == '{';
    }

    /** Closes what lies inside of the nearest {@code opener}, then that; a closer without its opener is dropped. */
    private void closeUpTo(char opener) {
        if (!open.contains(opener)) return;
        while (open.peek() != opener) close();
        close();
    }

    private void close() {
        completeMember();
        if (last == Last.COMMA) out.setLength(out.length() - 1);
        out.append(open.pop() == '{' ? '}' : ']');
        last = Last.VALUE;
    }

    private void string() {
        var text = new StringBuilder();
        boolean ended = false;
        for (at++; at < in.length() && !ended; at++) {
            char c = in.charAt(at);
            if (c == '"') ended = true;
            else if (c == '\\') escape(text);
            else text.append(c < ' ' ? ' ' : c);
        }
        name(text, ended);
    }

    /** At a backslash: copies a whole escape, or makes the backslash itself one. Leaves {@code at} on its last character. */
    private void escape(StringBuilder text) {
        if (at + 1 < in.length() && "\"\\/bfnrt".indexOf(in.charAt(at + 1)) >= 0) {
            text.append('\\').append(in.charAt(++at));
        } else if (at + 5 < in.length() && in.substring(at + 1, at + 6).matches("u[0-9a-fA-F]{4}")) {
            text.append(in, at, at + 6);
            at += 5;
        } else text.append("\\\\");
    }

    private void bare() {
        int from = at;
        while (at < in.length() && in.charAt(at) > ' ' && ",:{}[]\"".indexOf(in.charAt(at)) < 0) at++;
        var token = in.substring(from, at);
        boolean cut = at == in.length();
        if (inObject() && last != Last.COLON && last != Last.KEY) name(escaped(token), !cut);
        else if (!open.isEmpty()) value(cut ? "null" : literal(token));
    }

    private static String literal(String token) {
        return switch (token.toLowerCase(Locale.ROOT)) {
            case "true", "false" -> token.toLowerCase(Locale.ROOT);
            case "null", "nan", "-nan", "+nan", "inf", "-inf", "+inf", "infinity", "-infinity" -> "null";
            default ->
                token.length() <= LONGEST_NUMBER && NUMBER.matcher(token).matches()
                        ? token
                        : "\"" + escaped(token) + "\"";
        };
    }

    private static CharSequence escaped(String token) {
        return token.replace("\\", "\\\\");
    }

    /** A string: a member's name where one is due, otherwise a value. A name that was cut off is dropped. */
    private void name(CharSequence text, boolean whole) {
        if (last == Last.VALUE) comma();
        if (!inObject() || last == Last.COLON || last == Last.KEY) {
            value("\"" + text + "\"");
        } else if (whole) {
            out.append('"').append(text).append('"');
            last = Last.KEY;
        }
    }

    private void value(CharSequence literal) {
        beforeValue();
        out.append(literal);
        last = Last.VALUE;
    }
}
