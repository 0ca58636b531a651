package org.athanor.edge.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.athanor.devices.Computation;
import org.junit.jupiter.api.Test;

class TrainingWorkTest {
    private final AtomicInteger hashing = new AtomicInteger();
    private final Computation meanwhile = new Computation() {
        @Override
        public void setThreads(int threads) {
            hashing.set(threads);
        }

        @Override
        public Counters counters() {
            return Counters.NONE;
        }

        @Override
        public void close() {}
    };

    @Test
    void heatThatDoesNotTrainIsNotPaidAsTraining() throws Exception {
        var notes = new CopyOnWriteArrayList<String>();
        TrainingWork.Start nobody = meter -> {
            throw new IOException("no line");
        };
        try (var work = TrainingWork.start("pc", nobody, meanwhile, level -> 10, System::nanoTime, notes::add)) {
            work.setThreads(2);
            for (var waited = 0; hashing.get() != 2 || notes.isEmpty(); waited++) {
                assertTrue(waited < 200, "it does not hash meanwhile: " + notes);
                Thread.sleep(50);
            }
            Thread.sleep(300);
            assertEquals(0, work.standing().joules(), "10 W of hashing");
            assertEquals(List.of("training pc: no line"), notes);
        }
    }
}
