package org.athanor.training.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LearningRateTest {
    @Test
    void warmsUpThenFallsAlongACosine() {
        var rate = new LearningRate(1e-3, 1e-4, 100, 2000);
        assertEquals(1e-3 / 101, rate.at(0), 1e-12);
        assertEquals(1e-3, rate.at(100), 1e-12);
        assertEquals(5.5e-4, rate.at(1050), 1e-12);
        assertEquals(1e-4, rate.at(2000), 1e-12);
        assertEquals(1e-4, rate.at(5000), 1e-12);
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new LearningRate(0, 0, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> new LearningRate(1, 2, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> new LearningRate(1, 0, 2, 1));
    }

    @Test
    void aGptHasAsManyParametersAsNanoGptSays() {
        // nanoGPT: 4 layers, width 128, context 64, 65 characters, no bias: "number of parameters: 0.80M"
        assertEquals(804_096, new GptShape(4, 4, 128, 64, 65, false, 0).parameters());
        assertThrows(IllegalArgumentException.class, () -> new GptShape(4, 3, 128, 64, 65, false, 0));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void parametersAreThoseOfItsTensors(boolean bias) {
        for (var shape : List.of(
                new GptShape(1, 1, 1, 1, 1, bias, 0),
                new GptShape(3, 2, 10, 7, 11, bias, 0),
                new GptShape(12, 12, 768, 1024, 50_304, bias, 0.1)))
            assertEquals(shape.tensors().stream().mapToLong(TensorSpec::size).sum(), shape.parameters());
    }

    /** As a stranger may say: to reckon with it takes no time and no memory. */
    @Test
    void aGptHasBounds() {
        var refused =
                assertThrows(IllegalArgumentException.class, () -> new GptShape(2_000_000_000, 1, 8, 4, 8, false, 0));
        assertEquals("layers must be from 1 to 1024, but is 2000000000", refused.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new GptShape(1, 1025, 1025 * 8, 4, 8, false, 0));
        assertThrows(IllegalArgumentException.class, () -> new GptShape(1, 1, 65_537, 4, 8, false, 0));
        assertThrows(IllegalArgumentException.class, () -> new GptShape(1, 1, 8, 65_537, 8, false, 0));
        assertThrows(IllegalArgumentException.class, () -> new GptShape(1, 1, 8, 4, 65_537, false, 0));
        var largest = new GptShape(1024, 1024, 65_536, 65_536, 65_536, true, 0);
        assertTrue(largest.parameters() > 1L << 45, "and none of them is lost");
    }
}
