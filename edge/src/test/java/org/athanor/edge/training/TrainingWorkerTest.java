package org.athanor.edge.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.OptionalDouble;
import org.athanor.training.mailbox.Messages;
import org.junit.jupiter.api.Test;

class TrainingWorkerTest {
    @Test
    void aBrokenMeterCostsNobodyHisWork() {
        assertEquals(350, TrainingWorker.known(OptionalDouble.of(350), Messages.MOST_WATTS));
        assertEquals(0, TrainingWorker.known(OptionalDouble.of(0), Messages.MOST_WATTS));
        assertNull(TrainingWorker.known(OptionalDouble.empty(), Messages.MOST_WATTS));
        for (var nonsense : new double[] {-0.5, 1e7, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertNull(TrainingWorker.known(OptionalDouble.of(nonsense), Messages.MOST_WATTS));
        }
    }
}
