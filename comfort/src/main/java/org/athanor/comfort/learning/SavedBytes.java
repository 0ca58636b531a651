package org.athanor.comfort.learning;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;

/** A state as bytes: four letters that say what it is, a version, the values, a checksum. */
final class SavedBytes {
    private static final int CHECKSUM = Integer.BYTES;

    private SavedBytes() {}

    static final class Writer {
        private ByteBuffer buffer = ByteBuffer.allocate(4096);

        Writer(String magic, int version) {
            room(magic.length() + 1);
            buffer.put(magic.getBytes(StandardCharsets.US_ASCII)).put((byte) version);
        }

        Writer put(double value) {
            room(Double.BYTES);
            buffer.putDouble(value);
            return this;
        }

        Writer put(long value) {
            room(Long.BYTES);
            buffer.putLong(value);
            return this;
        }

        Writer put(boolean value) {
            return put(value ? 1L : 0L);
        }

        Writer put(double[] values) {
            room(values.length * Double.BYTES);
            for (double value : values) buffer.putDouble(value);
            return this;
        }

        Writer put(String value) {
            var bytes = value.getBytes(StandardCharsets.UTF_8);
            put((long) bytes.length);
            room(bytes.length);
            buffer.put(bytes);
            return this;
        }

        byte[] finish() {
            var crc = new CRC32();
            crc.update(buffer.array(), 0, buffer.position());
            room(CHECKSUM);
            buffer.putInt((int) crc.getValue());
            return Arrays.copyOf(buffer.array(), buffer.position());
        }

        private void room(int bytes) {
            if (buffer.remaining() >= bytes) return;
            var larger = ByteBuffer.allocate(Math.max(2 * buffer.capacity(), buffer.position() + bytes));
            buffer = larger.put(buffer.flip());
        }
    }

    static final class Reader {
        private final String what;
        private final ByteBuffer buffer;

        /** @throws IllegalArgumentException for bytes of something else, of another version, or damaged */
        Reader(String what, String magic, int version, byte[] bytes) {
            this.what = what;
            int head = magic.length() + 1;
            if (bytes.length < head + CHECKSUM
                    || !magic.equals(new String(bytes, 0, magic.length(), StandardCharsets.ISO_8859_1)))
                throw new IllegalArgumentException(
                        bytes.length + " bytes are no " + what + " (begins with " + magic + ")");
            if (bytes[magic.length()] != version)
                throw new IllegalArgumentException(
                        what + " of version " + bytes[magic.length()] + " (accepted: " + version + ")");
            buffer = ByteBuffer.wrap(bytes, 0, bytes.length - CHECKSUM);
            var crc = new CRC32();
            crc.update(buffer.duplicate());
            if ((int) crc.getValue() != ByteBuffer.wrap(bytes).getInt(bytes.length - CHECKSUM))
                throw new IllegalArgumentException(what + ": damaged, its checksum differs");
            buffer.position(head);
        }

        double real() {
            need(Double.BYTES);
            return buffer.getDouble();
        }

        long whole() {
            need(Long.BYTES);
            return buffer.getLong();
        }

        int count(int most) {
            long value = whole();
            if (value < 0 || value > most)
                throw new IllegalArgumentException(what + ": a count of " + value + " (0 to " + most + ")");
            return (int) value;
        }

        boolean flag() {
            return count(1) == 1;
        }

        void fill(double[] values) {
            need(values.length * Double.BYTES);
            for (int i = 0; i < values.length; i++) values[i] = buffer.getDouble();
        }

        String text() {
            var bytes = new byte[count(buffer.remaining())];
            buffer.get(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        }

        void end() {
            if (buffer.hasRemaining())
                throw new IllegalArgumentException(what + ": " + buffer.remaining() + " bytes too many");
        }

        private void need(int bytes) {
            if (buffer.remaining() < bytes)
                throw new IllegalArgumentException(
                        what + ": ends " + (bytes - buffer.remaining()) + " bytes too early");
        }
    }
}
