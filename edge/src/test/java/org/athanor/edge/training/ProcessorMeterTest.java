package org.athanor.edge.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ProcessorMeterTest {
    @Test
    void theEngineHasTheShareOfItsProcessorTime() {
        assertEquals(OptionalDouble.of(250), ProcessorMeter.share(1000, 5, 20));
        assertEquals(OptionalDouble.of(1000), ProcessorMeter.share(1000, 21, 20), "never more than all");
        assertEquals(OptionalDouble.empty(), ProcessorMeter.share(1000, 0, 20));
        assertEquals(OptionalDouble.empty(), ProcessorMeter.share(1000, 5, 0));
        assertEquals(OptionalDouble.empty(), ProcessorMeter.share(-1, 5, 20));
    }

    @Test
    void idlingAndWaitingAreNotBusy() {
        assertEquals(
                1.6 + 0.1 + 0.2 + 0.03 + 0.04 + 0.05,
                ProcessorMeter.busySeconds("cpu  160 10 20 9999 888 3 4 5 77 66\ncpu0 1 2 3 4 5 6 7 8 9 10\n"),
                1e-9);
        assertEquals(0, ProcessorMeter.busySeconds(""));
    }

    @Test
    void withoutAMeterNothingIsKnown() {
        assertEquals(OptionalDouble.empty(), Meter.NONE.begin().joules(5));
        assertEquals(OptionalDouble.empty(), Meter.NONE.watts());
    }
}
