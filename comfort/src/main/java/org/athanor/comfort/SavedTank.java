package org.athanor.comfort;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32;
import org.athanor.comfort.learning.DrawLearner;

/**
 * What {@link TankController} saves: a mark, a version, the values, a checksum.
 *
 * @param begun when the tank was first seen
 * @param disinfected when it was hot for long enough, last
 */
record SavedTank(Optional<Instant> begun, Optional<Instant> disinfected, DrawLearner learner) {
    private static final int MARK = 0x41544854; // ATHT
    private static final byte VERSION = 1;

    byte[] write() {
        var draws = learner.toBytes();
        var buffer = ByteBuffer.allocate(64 + draws.length);
        buffer.putInt(MARK).put(VERSION);
        put(buffer, begun);
        put(buffer, disinfected);
        buffer.putInt(draws.length).put(draws);
        buffer.putInt(checksum(buffer.array(), buffer.position()));
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    private static void put(ByteBuffer buffer, Optional<Instant> time) {
        buffer.put((byte) (time.isPresent() ? 1 : 0));
        buffer.putLong(time.map(Instant::toEpochMilli).orElse(0L));
    }

    static SavedTank read(byte[] bytes) {
        var buffer = ByteBuffer.wrap(bytes);
        try {
            if (buffer.getInt() != MARK) throw new IllegalArgumentException("these bytes are no saved tank");
            byte version = buffer.get();
            if (version != VERSION)
                throw new IllegalArgumentException("saved tank of version " + version + " (" + VERSION + ")");
            var begun = time(buffer);
            var disinfected = time(buffer);
            int length = buffer.getInt();
            if (length < 0 || length > buffer.remaining())
                throw new IllegalArgumentException("saved tank: damaged, " + length + " bytes of draws");
            var draws = new byte[length];
            buffer.get(draws);
            if (buffer.getInt() != checksum(bytes, buffer.position() - Integer.BYTES))
                throw new IllegalArgumentException("saved tank: damaged, its checksum is wrong");
            return new SavedTank(begun, disinfected, DrawLearner.ofBytes(draws));
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("saved tank: it ends after " + bytes.length + " bytes", e);
        }
    }

    private static Optional<Instant> time(ByteBuffer buffer) {
        boolean present = buffer.get() != 0;
        long millis = buffer.getLong();
        return present ? Optional.of(Instant.ofEpochMilli(millis)) : Optional.empty();
    }

    private static int checksum(byte[] bytes, int length) {
        var crc = new CRC32();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
