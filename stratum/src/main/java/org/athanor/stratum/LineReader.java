package org.athanor.stratum;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Splits a stream into lines of bounded length, however its packets fall. One thread. */
final class LineReader {
    private final InputStream in;
    private final int limit;
    private byte[] buffer = new byte[1024];
    private int start;
    private int end;

    LineReader(InputStream in, int limit) {
        this.in = in;
        this.limit = limit;
    }

    /**
     * The next line that is not blank, without its end; null at the end of the stream. What stands there without a line
     * end was torn off and is no line.
     *
     * @throws IOException also when a line is longer than the limit
     */
    byte[] next() throws IOException {
        int searched = start;
        while (true) {
            for (; searched < end; searched++)
                if (buffer[searched] == '\n') {
                    checkLength(searched - start);
                    var line = Arrays.copyOfRange(buffer, start, searched);
                    start = ++searched;
                    if (!blank(line)) return line;
                }
            checkLength(end - start);
            searched -= start;
            makeRoom();
            searched += start;
            int count = in.read(buffer, end, buffer.length - end);
            if (count < 0) return null;
            end += count;
        }
    }

    private void checkLength(int length) throws IOException {
        if (length > limit) throw new IOException("line longer than " + limit + " bytes");
    }

    private void makeRoom() {
        if (end < buffer.length) return;
        var target = start == 0 ? new byte[Math.min(2 * buffer.length, limit + buffer.length)] : buffer;
        System.arraycopy(buffer, start, target, 0, end - start);
        end -= start;
        start = 0;
        buffer = target;
    }

    private static boolean blank(byte[] line) {
        for (byte b : line) if (b != ' ' && b != '\r' && b != '\t') return false;
        return true;
    }
}
