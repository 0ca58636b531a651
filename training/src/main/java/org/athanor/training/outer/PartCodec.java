package org.athanor.training.outer;

import java.util.Arrays;
import org.athanor.training.update.Codec;
import org.athanor.training.update.UpdateException;

/**
 * A part of a model as bytes. Of what gradients change it is a difference, as the codec writes it. Running statistics go as they are,
 * in 32-bit floats, behind it: a mean of variances is a variance, whichever of them came late or not at all, and a difference from
 * weights that are gone, or one that a code has coarsened, could make one negative.
 *
 * @param codec   of what gradients change
 * @param trained values in front that gradients change
 * @param size    values in all
 */
public record PartCodec(Codec codec, int trained, int size) {
    private static final Codec STATISTICS = Codec.named("float32");

    /** @param values differences in front, statistics behind */
    public byte[] encode(float[] values) {
        if (trained == size) {
            return codec.encode(values);
        }
        var differences = codec.encode(Arrays.copyOf(values, trained));
        var statistics = STATISTICS.encode(Arrays.copyOfRange(values, trained, size));
        var bytes = Arrays.copyOf(differences, differences.length + statistics.length);
        System.arraycopy(statistics, 0, bytes, differences.length, statistics.length);
        return bytes;
    }

    /**
     * @return differences in front, statistics behind
     * @throws UpdateException when the bytes are no encoding of such a part
     */
    public float[] decode(byte[] bytes) throws UpdateException {
        if (trained == size) {
            return codec.decode(bytes, size);
        }
        var cut = bytes.length - (size - trained) * Float.BYTES;
        if (cut < 0) {
            throw new UpdateException((size - trained) + " running statistics take " + (bytes.length - cut)
                    + " bytes, but " + bytes.length + " came");
        }
        var values = Arrays.copyOf(codec.decode(Arrays.copyOf(bytes, cut), trained), size);
        var statistics = STATISTICS.decode(Arrays.copyOfRange(bytes, cut, bytes.length), size - trained);
        System.arraycopy(statistics, 0, values, trained, statistics.length);
        return values;
    }
}
