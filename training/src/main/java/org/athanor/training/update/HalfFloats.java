package org.athanor.training.update;

/** The upper 16 bits of a float (bfloat16): its whole range with three digits. */
final class HalfFloats {
    private HalfFloats() {}

    static short upper(float value) {
        return (short) (Float.floatToRawIntBits(value) >>> 16);
    }

    static float value(short upper) {
        return Float.intBitsToFloat(upper << 16);
    }

    /** The smallest such number that is not below {@code value}, which is not negative. */
    static float atLeast(float value) {
        var below = value(upper(value));
        return below >= value ? below : Float.intBitsToFloat((upper(value) + 1) << 16);
    }

    /** The nearest such number, ties away from 0. */
    static float nearest(float value) {
        return Float.intBitsToFloat((Float.floatToRawIntBits(value) + 0x8000) & 0xFFFF0000);
    }
}
