package org.athanor.training.update;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CodecTest {
    private static float[] normal(int count, long seed) {
        var random = new Random(seed);
        var values = new float[count];
        for (var index = 0; index < count; index++) {
            values[index] = (float) (1e-3 * random.nextGaussian());
        }
        return values;
    }

    /** Length of the error against the length of the values. */
    private static double error(float[] values, float[] read) {
        double error = 0;
        double size = 0;
        for (var index = 0; index < values.length; index++) {
            error += Math.pow(values[index] - read[index], 2);
            size += Math.pow(values[index], 2);
        }
        return Math.sqrt(error / size);
    }

    @Test
    void costAndErrorOfNormalValuesAreAsExpected() throws UpdateException {
        var values = normal(200_000, 1);
        assertCost("float32", values, 4.0, 0);
        assertCost("int8", values, 0.92, 0.009);
        assertCost("int4", values, 0.48, 0.13);
        assertCost("sparse-64", values, 0.021, 0.95);
        assertCost("sparse-410", values, 0.11, 0.76);
    }

    private static void assertCost(String name, float[] values, double bytes, double error) throws UpdateException {
        var codec = Codec.named(name);
        var encoded = codec.encode(values);
        var cost = (double) encoded.length / values.length;
        assertTrue(cost <= bytes, name + " takes " + cost + " bytes a value");
        var found = error(values, codec.decode(encoded, values.length));
        assertTrue(found <= error, name + " has a relative error of " + found);
        assertEquals(name, codec.name());
    }

    @Property(tries = 200)
    void readingIsTheSameEverywhereAndNeverWorseThanNothing(
            @ForAll long seed, @ForAll @IntRange(max = 9000) int count, @ForAll @IntRange(min = 1, max = 4096) int kept)
            throws UpdateException {
        var values = normal(count, seed);
        for (var name : new String[] {"float32", "int8", "int4", "sparse-" + kept}) {
            var codec = Codec.named(name);
            var read = codec.decode(codec.encode(values), count);
            if (!name.equals("float32") && count > 0) {
                assertTrue(error(values, read) <= 1, name + " makes things worse");
            }
            assertArrayEquals(read, codec.decode(codec.encode(values.clone()), count), name);
        }
    }

    @Property(tries = 500)
    void garbageIsRefusedOrReadButNeverMore(
            @ForAll @Size(max = 200) byte[] garbage, @ForAll @IntRange(max = 300) int count) {
        for (var name : new String[] {"float32", "int8", "int4", "sparse-30"}) {
            try {
                var values = Codec.named(name).decode(garbage, count);
                assertEquals(count, values.length);
                Codec.requireFinite(values);
            } catch (UpdateException expected) {
                assertTrue(expected.getMessage().contains("update")
                        || expected.getMessage().contains("values"));
            }
        }
    }

    @Property(tries = 300)
    void changedBytesAreRefusedOrReadButNeverMore(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 5000) int count, @ForAll byte change) {
        for (var name : new String[] {"int8", "int4", "sparse-30"}) {
            var bytes = Codec.named(name).encode(normal(count, seed));
            bytes[(int) Math.floorMod(seed, (long) bytes.length)] ^= change;
            try {
                Codec.requireFinite(Codec.named(name).decode(bytes, count));
            } catch (UpdateException _) {
                // as it should be
            }
        }
    }

    @Test
    void sparseKeepsTheLargest() throws UpdateException {
        var values = new float[5000];
        values[3] = 5;
        values[4095] = -4;
        values[4096] = 1;
        values[4999] = -7;
        var read = Codec.named("sparse-2").decode(Codec.named("sparse-2").encode(values), 5000);
        assertEquals(5, read[3]);
        assertEquals(-4, read[4095]);
        assertEquals(-7, read[4999]);
        assertEquals(0, read[0]);
    }

    @Test
    void unknownNamesAndValuesAreRefused() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Codec.named("int7"))
                .getMessage()
                .contains("int7"));
        assertThrows(IllegalArgumentException.class, () -> Codec.named("sparse-5000"));
        assertThrows(IllegalArgumentException.class, () -> Codec.named("int8").encode(new float[] {1, Float.NaN}));
    }
}
