package org.athanor.stratum;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads a line of {@code mining.submit} as nearly every miner writes it, without a JSON parser. It knows only what cannot
 * be misread: one flat object with the members id, method and params, each once; text without escapes, blanks or anything
 * but printable ASCII. Of every other line it says that it does not know, and the parser looks at it. One thread.
 */
final class SubmitLine {
    private static final byte[] METHOD = "mining.submit".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST_TEXT = 128; // as Json.clean leaves it whole
    private static final int LONGEST_NUMBER = 15;
    private static final int FEWEST = 5;
    private static final int MOST = 6;

    private byte[] line;
    private int at;
    private int to;
    private final String[] texts = new String[MOST];
    private byte[] lastUser = {};
    private String lastUserText = "";
    private byte[] id;

    /** Of the last line that was known, as it stood there. */
    byte[] id() {
        return id;
    }

    /** @return null if the line is none of those that are known here */
    Submission parse(byte[] bytes, int from, int end) {
        line = bytes;
        at = from;
        to = end;
        id = null;
        boolean method = false;
        int params = 0;
        if (!take('{')) return null;
        do {
            skipBlanks();
            int key = keyEnd();
            if (key < 0) return null;
            int start = at;
            at = key + 1;
            if (!take(':')) return null;
            skipBlanks();
            if (is(start, key, "id")) {
                if (id != null || !takeId()) return null;
            } else if (is(start, key, "method")) {
                if (method || !takeMethod()) return null;
                method = true;
            } else if (is(start, key, "params")) {
                if (params > 0) return null;
                params = takeParams();
                if (params == 0) return null;
            } else return null;
        } while (take(','));
        if (!take('}')) return null;
        skipBlanks();
        if (at != to || id == null || !method || params == 0) return null;
        return new Submission(texts[0], texts[1], texts[2], texts[3], texts[4], params == MOST ? texts[5] : "");
    }

    private void skipBlanks() {
        while (at < to && (line[at] == ' ' || line[at] == '\t' || line[at] == '\r')) at++;
    }

    private boolean take(char wanted) {
        skipBlanks();
        if (at >= to || line[at] != wanted) return false;
        at++;
        return true;
    }

    /** With {@link #at} after the opening quote; -1 if there is no text as it is known here. */
    private int keyEnd() {
        if (at >= to || line[at] != '"') return -1;
        at++;
        return textEnd();
    }

    private int textEnd() {
        int limit = Math.min(to, at + LONGEST_TEXT + 1);
        for (int i = at; i < limit; i++) {
            byte c = line[i];
            if (c == '"') return i;
            if (c <= ' ' || c == '\\' || c == 127) return -1; // negative: not ASCII
        }
        return -1;
    }

    private boolean is(int start, int end, String text) {
        if (end - start != text.length()) return false;
        for (int i = start; i < end; i++) if (line[i] != text.charAt(i - start)) return false;
        return true;
    }

    /** A whole number, text or null. */
    private boolean takeId() {
        int start = at;
        if (at >= to) return false;
        if (line[at] == '"') {
            at++;
            int end = textEnd();
            if (end < 0) return false;
            at = end + 1;
        } else if (to - at >= 4 && is(at, at + 4, "null")) at += 4;
        else {
            while (at < to && line[at] >= '0' && line[at] <= '9') at++;
            int digits = at - start;
            if (digits == 0 || digits > LONGEST_NUMBER || (digits > 1 && line[start] == '0')) return false;
        }
        id = Arrays.copyOfRange(line, start, at);
        return true;
    }

    private boolean takeMethod() {
        if (at >= to || line[at] != '"') return false;
        at++;
        int end = textEnd();
        if (end < 0 || !Arrays.equals(line, at, end, METHOD, 0, METHOD.length)) return false;
        at = end + 1;
        return true;
    }

    /** @return how many texts, 0 if they are not as known here */
    private int takeParams() {
        if (!take('[')) return 0;
        int count = 0;
        do {
            skipBlanks();
            if (count == MOST || at >= to || line[at] != '"') return 0;
            at++;
            int end = textEnd();
            if (end < 0) return 0;
            texts[count] = count == 0 ? user(end) : text(at, end);
            count++;
            at = end + 1;
        } while (take(','));
        return take(']') && count >= FEWEST ? count : 0;
    }

    /** Mostly the same as in the line before. */
    private String user(int end) {
        if (!Arrays.equals(line, at, end, lastUser, 0, lastUser.length)) {
            lastUser = Arrays.copyOfRange(line, at, end);
            lastUserText = text(at, end);
        }
        return lastUserText;
    }

    private String text(int start, int end) {
        return new String(line, start, end - start, StandardCharsets.ISO_8859_1);
    }
}
