package org.athanor.comfort;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32;
import org.athanor.comfort.learning.HourOfWeek;
import org.athanor.comfort.learning.RoomLearner;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;

/** What {@link PlanningController} saves: a mark, a version, the values, a checksum. */
record SavedControl(HeatMemory heat, double learnedShare, RoomLearner learner, HourOfWeek habit) {
    private static final int MARK = 0x41544843; // ATHC
    private static final byte VERSION = 2;

    byte[] write() {
        var room = learner.toBytes();
        var week = habit.toBytes();
        var buffer = ByteBuffer.allocate(64 + 2 * (1 + 2 * Double.BYTES) + room.length + week.length);
        buffer.putInt(MARK).put(VERSION);
        put(buffer, heat.room());
        put(buffer, heat.second());
        buffer.putDouble(learnedShare);
        buffer.putInt(room.length).put(room).putInt(week.length).put(week);
        buffer.putInt(checksum(buffer.array(), buffer.position()));
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    private static void put(ByteBuffer buffer, Optional<HeatMemory.Shown> shown) {
        buffer.put((byte) (shown.isPresent() ? 1 : 0));
        buffer.putDouble(shown.map(s -> s.reading().value()).orElse(0.0));
        buffer.putDouble(shown.map(s -> s.released().value()).orElse(0.0));
    }

    static SavedControl read(byte[] bytes) {
        var buffer = ByteBuffer.wrap(bytes);
        try {
            if (buffer.getInt() != MARK) throw new IllegalArgumentException("these bytes are no saved controller");
            byte version = buffer.get();
            if (version != VERSION)
                throw new IllegalArgumentException("saved controller of version " + version + " (" + VERSION + ")");
            var heat = new HeatMemory(shown(buffer), shown(buffer));
            double learned = buffer.getDouble();
            var room = part(buffer, "learner");
            var week = part(buffer, "habits");
            if (buffer.getInt() != checksum(bytes, buffer.position() - Integer.BYTES))
                throw new IllegalArgumentException("saved controller: damaged, its checksum is wrong");
            return new SavedControl(heat, learned, RoomLearner.ofBytes(room), HourOfWeek.ofBytes(week));
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("saved controller: it ends after " + bytes.length + " bytes", e);
        }
    }

    private static byte[] part(ByteBuffer buffer, String name) {
        int length = buffer.getInt();
        if (length < 0 || length > buffer.remaining())
            throw new IllegalArgumentException("saved controller: damaged, " + length + " bytes of " + name);
        var bytes = new byte[length];
        buffer.get(bytes);
        return bytes;
    }

    private static Optional<HeatMemory.Shown> shown(ByteBuffer buffer) {
        boolean present = buffer.get() != 0;
        double reading = buffer.getDouble();
        double released = buffer.getDouble();
        return present
                ? Optional.of(new HeatMemory.Shown(new Celsius(reading), new Joules(released)))
                : Optional.empty();
    }

    private static int checksum(byte[] bytes, int length) {
        var crc = new CRC32();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
