package org.athanor.training.update;

import java.io.ByteArrayOutputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** Bytes by their frequency (RFC 1951, Huffman codes only): small numbers come oftener than large ones, so they get fewer bits. */
final class Huffman {
    private static final int BUFFER = 1 << 16;

    private Huffman() {}

    static byte[] pack(byte[] bytes) {
        try (var deflater = new Deflater(Deflater.BEST_COMPRESSION, true)) {
            deflater.setStrategy(Deflater.HUFFMAN_ONLY);
            deflater.setInput(bytes);
            deflater.finish();
            var packed = new ByteArrayOutputStream(bytes.length / 2);
            var buffer = new byte[BUFFER];
            while (!deflater.finished()) {
                packed.write(buffer, 0, deflater.deflate(buffer));
            }
            return packed.toByteArray();
        }
    }

    /** @throws UpdateException when they are not just {@code length} bytes, packed: nobody can make this fill the memory */
    static byte[] unpack(byte[] packed, int from, int length) throws UpdateException {
        try (var inflater = new Inflater(true)) {
            inflater.setInput(packed, from, packed.length - from);
            var bytes = new byte[length];
            var filled = 0;
            while (filled < length) {
                var more = inflater.inflate(bytes, filled, length - filled);
                if (more == 0 && (inflater.finished() || inflater.needsInput() || inflater.needsDictionary())) {
                    throw new UpdateException("an update ends early: " + filled + " of " + length + " bytes");
                }
                filled += more;
            }
            if (inflater.inflate(new byte[1]) != 0 || !inflater.finished() || inflater.getRemaining() != 0) {
                throw new UpdateException("an update goes on behind its end");
            }
            return bytes;
        } catch (DataFormatException garbled) {
            throw new UpdateException("an update is garbled: " + garbled.getMessage());
        }
    }
}
