package org.athanor.edge.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
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

    @Test
    void aReplayIsOwedWhatTheRoundBeganAndEndedWithAndNothingElse() throws WorkerStopped {
        var before = "0a".repeat(32);
        var after = "0b".repeat(32);
        var committed = new Messages.Residual(before, after);
        assertEquals(Set.of(before, after), TrainingWorker.owed(wanting(before, after, before), committed));
        assertEquals(Set.of(after), TrainingWorker.owed(wanting(after), new Messages.Residual(null, after)));
        assertEquals(Set.of(), TrainingWorker.owed(wanting(), null));
        var other = "0c".repeat(32);
        for (var of : new Messages.Residual[] {committed, new Messages.Residual(null, null), null}) {
            var refused = assertThrows(WorkerStopped.class, () -> TrainingWorker.owed(wanting(other), of));
            assertEquals(
                    "the coordinator wants object " + other + ", which this round neither began nor ended with",
                    refused.getMessage());
        }
    }

    private static Messages.Verdict wanting(String... hashes) {
        return new Messages.Verdict(true, 3, null, List.of(hashes));
    }
}
