package org.athanor.edge.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.time.Duration;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLong;
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

    @Test
    void aRoundOfHoursIsCountedWhenItIsReadEveryFewMinutes() {
        var minutes = new AtomicLong();
        var total = new EnergyTotal(
                () -> 900, () -> Duration.ofMinutes(minutes.get()).toNanos());
        var began = total.mark();
        for (var reading = 0; reading < 9; reading++) {
            minutes.addAndGet(19);
            total.read();
        }
        assertEquals(OptionalDouble.of(9000), total.since(began));
        minutes.addAndGet(21);
        assertEquals(OptionalDouble.empty(), total.since(began), "it may have wrapped");
        var again = total.mark();
        assertEquals(OptionalDouble.of(900), total.since(again));
    }

    @Test
    void whatCouldNotBeReadIsNotKnown() {
        var readings = new AtomicLong();
        var total = new EnergyTotal(
                () -> {
                    if (readings.incrementAndGet() == 2) {
                        throw new IOException("unreadable");
                    }
                    return 1;
                },
                () -> 0);
        var began = total.mark();
        total.read();
        assertEquals(OptionalDouble.empty(), total.since(began));
    }
}
