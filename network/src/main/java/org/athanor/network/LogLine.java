package org.athanor.network;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Builds one line after the other in the same bytes: eight hex digits of the CRC-32C of the payload, a space, the
 * payload (fields parted by tabs, ASCII only), a line feed. Allocates nothing for a share once it is warm.
 */
final class LogLine {
    static final int CHECK = 9;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final CRC32C crc = new CRC32C();
    private byte[] bytes = new byte[1024];
    private int length;

    LogLine start(String type) {
        length = CHECK;
        for (var i = 0; i < type.length(); i++) bytes[length++] = (byte) type.charAt(i);
        return this;
    }

    /** Text of any kind; what is not printable ASCII, and the backslash, is escaped. */
    LogLine text(String value) {
        room(1 + 6 * value.length());
        bytes[length++] = '\t';
        for (var i = 0; i < value.length(); i++) {
            var c = value.charAt(i);
            if (c >= ' ' && c <= '~' && c != '\\') {
                bytes[length++] = (byte) c;
            } else {
                bytes[length++] = '\\';
                bytes[length++] = 'u';
                for (var shift = 12; shift >= 0; shift -= 4) bytes[length++] = HEX[(c >> shift) & 15];
            }
        }
        return this;
    }

    /** A value whose text is ASCII: numbers, hashes, fractions, times. */
    LogLine plain(Object value) {
        var text = value.toString();
        room(1 + text.length());
        bytes[length++] = '\t';
        for (var i = 0; i < text.length(); i++) bytes[length++] = (byte) text.charAt(i);
        return this;
    }

    /** Fields that were built before, with the tabs before each of them. */
    LogLine raw(byte[] fields) {
        room(fields.length);
        System.arraycopy(fields, 0, bytes, length, fields.length);
        length += fields.length;
        return this;
    }

    LogLine number(long value) {
        room(21);
        bytes[length++] = '\t';
        if (value < 0) throw new IllegalArgumentException("not a count: " + value);
        var digits = 1;
        for (var rest = value; rest >= 10; rest /= 10) digits++;
        var rest = value;
        for (var i = length + digits - 1; i >= length; i--, rest /= 10) bytes[i] = (byte) ('0' + rest % 10);
        length += digits;
        return this;
    }

    LogLine micros(Instant time) {
        return number(Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000), time.getNano() / 1_000));
    }

    /** Ends the line. */
    LogLine seal() {
        room(1);
        crc.reset();
        crc.update(bytes, CHECK, length - CHECK);
        var value = crc.getValue();
        for (var i = 0; i < CHECK - 1; i++) bytes[i] = HEX[(int) (value >> (28 - 4 * i)) & 15];
        bytes[CHECK - 1] = ' ';
        bytes[length++] = '\n';
        return this;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** The fields built since {@link #start}, for {@link #raw}. */
    byte[] fields(int typeLength) {
        return Arrays.copyOfRange(bytes, CHECK + typeLength, length);
    }

    private void room(int more) {
        if (bytes.length - length < more + 1)
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more + 1));
    }

    /** Whether a line (without its line feed) is what {@link #seal} made. */
    static boolean intact(byte[] line, int length) {
        if (length <= CHECK || line[CHECK - 1] != ' ') return false;
        long stated = 0;
        for (var i = 0; i < CHECK - 1; i++) {
            var digit = digit(line[i]);
            if (digit < 0) return false;
            stated = (stated << 4) | digit;
        }
        var crc = new CRC32C();
        crc.update(line, CHECK, length - CHECK);
        return crc.getValue() == stated;
    }

    /** -1 for what {@link #seal} never writes: there is one way to write a checksum. */
    private static int digit(byte c) {
        if (c >= '0' && c <= '9') return c - '0';
        return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    }

    /** @throws IllegalArgumentException if {@code field} is not what {@link #text} writes */
    static String unescape(String field) {
        if (field.indexOf('\\') < 0) return field;
        var text = new StringBuilder(field.length());
        for (var i = 0; i < field.length(); i++) {
            var c = field.charAt(i);
            if (c != '\\') {
                text.append(c);
                continue;
            }
            if (i + 5 >= field.length() || field.charAt(i + 1) != 'u')
                throw new IllegalArgumentException("broken escape in \"" + field + "\"");
            text.append((char) Integer.parseInt(field, i + 2, i + 6, 16));
            i += 5;
        }
        return text.toString();
    }
}
