package org.athanor.training.update;

/** A way to write a vector of floats in bytes. What is read again is what everybody computes with: it is the same on every machine. */
public interface Codec {
    /** As it is called in a job file; {@link #named} reads it. */
    String name();

    /** @throws IllegalArgumentException when a value is not finite */
    byte[] encode(float[] values);

    /**
     * @param count values that were encoded
     * @throws UpdateException when the bytes are no encoding of so many finite values
     */
    float[] decode(byte[] bytes, int count) throws UpdateException;

    /**
     * The codec of a name: {@code float32}, {@code int8}, {@code int4}, or {@code sparse-K} for the K largest of 4096.
     *
     * @throws IllegalArgumentException when there is none of that name
     */
    static Codec named(String name) {
        return switch (name) {
            case "float32" -> new FloatCodec();
            case "int8" -> new BlockCodec(8, BlockCodec.BLOCK_OF_8_BITS);
            case "int4" -> new BlockCodec(4, BlockCodec.BLOCK_OF_4_BITS);
            default -> SparseCodec.named(name);
        };
    }

    /** @throws IllegalArgumentException naming the first value that is not finite */
    static void requireFinite(float[] values) {
        for (var index = 0; index < values.length; index++) {
            if (!Float.isFinite(values[index])) {
                throw new IllegalArgumentException("value " + index + " of an update is " + values[index]);
            }
        }
    }
}
