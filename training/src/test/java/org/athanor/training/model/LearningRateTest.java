package org.athanor.training.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

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
}
