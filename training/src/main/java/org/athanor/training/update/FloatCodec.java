package org.athanor.training.update;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Four bytes a value, little-endian: nothing is lost. */
record FloatCodec() implements Codec {
    @Override
    public String name() {
        return "float32";
    }

    @Override
    public byte[] encode(float[] values) {
        Codec.requireFinite(values);
        var bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    @Override
    public float[] decode(byte[] bytes, int count) throws UpdateException {
        if (bytes.length != (long) count * Float.BYTES) {
            throw new UpdateException(
                    count + " values have " + (long) count * Float.BYTES + " bytes, but " + bytes.length + " came");
        }
        var values = new float[count];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        for (var value : values) {
            if (!Float.isFinite(value)) {
                throw new UpdateException("an update holds " + value);
            }
        }
        return values;
    }
}
