package org.athanor.edge.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** Energy by a gauge, on a clock of its own. */
class GaugeMeterTest {
    private long nanos;
    private OptionalDouble gauge = OptionalDouble.of(200);
    private boolean trains = true;
    private final GaugeMeter meter = new GaugeMeter(() -> gauge, () -> trains, () -> nanos);

    /** As if its thread read the gauge every second. */
    private void pass(int seconds) {
        for (int second = 0; second < seconds; second++) {
            nanos += 1_000_000_000L;
            meter.read();
        }
    }

    @Test
    void aRoundTookWhatTheGaugeShowedWhileTheLevelHeated() {
        meter.level(1);
        meter.read();
        var round = meter.begin();
        pass(30);
        assertEquals(OptionalDouble.of(200), meter.watts());
        gauge = OptionalDouble.of(100);
        meter.read();
        pass(30);
        meter.level(0); // a pause in the middle of the round
        gauge = OptionalDouble.of(20);
        pass(3600);
        assertEquals(OptionalDouble.of(0), meter.watts());
        gauge = OptionalDouble.of(100);
        meter.level(1);
        pass(10);
        assertEquals(200 * 30 + 100 * 40, round.joules(1).orElseThrow(), 1e-6);
        assertEquals(200 * 30 + 100 * 40, meter.total(), 1e-6);
    }

    @Test
    void whatACardDrawsWhileItWaitsIsNotPaid() {
        meter.level(1);
        pass(10);
        trains = false;
        gauge = OptionalDouble.of(15);
        meter.read();
        pass(100);
        assertEquals(200 * 10, meter.total(), 1e-6);
    }

    @Test
    void whatTheGaugeDidNotShowIsUnknownAndNotGuessed() {
        meter.level(1);
        pass(10);
        var round = meter.begin();
        gauge = OptionalDouble.empty();
        pass(5);
        gauge = OptionalDouble.of(200);
        pass(5);
        assertEquals(200 * 10, round.joules(1).orElseThrow(), 1e-6, "a reading may fail");
        gauge = OptionalDouble.empty();
        for (int second = 0; second < 20; second++) {
            pass(1);
            meter.watts(); // whoever asks is no reading
        }
        assertEquals(OptionalDouble.empty(), meter.watts());
        gauge = OptionalDouble.of(200);
        pass(5);
        assertEquals(OptionalDouble.empty(), round.joules(1));
        var next = meter.begin();
        pass(5);
        assertEquals(200 * 5, next.joules(1).orElseThrow(), 1e-6);
    }

    @Test
    void aLevelThatWasNeverReadIsUnknown() {
        var round = meter.begin();
        meter.level(1);
        nanos += 500_000_000L;
        assertEquals(OptionalDouble.empty(), round.joules(1), "not read yet");
        meter.level(0);
        assertEquals(OptionalDouble.empty(), round.joules(1));
    }
}
