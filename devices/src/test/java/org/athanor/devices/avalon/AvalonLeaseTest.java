package org.athanor.devices.avalon;

import static org.athanor.devices.testing.Failures.anyPort;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.athanor.devices.Heater.RunsOut;
import org.athanor.devices.simulated.Fault;
import org.athanor.devices.simulated.SimulatedAvalon;
import org.athanor.devices.testing.FakeComputation;
import org.athanor.units.Celsius;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The firmware's timer as a lease, against a device whose clock is years off. */
class AvalonLeaseTest {
    private static final Duration LEASE = Duration.ofSeconds(150);

    private SimulatedAvalon device;
    private AvalonHeater heater;

    private void start(AvalonModel model) {
        device = new SimulatedAvalon(
                model, anyPort(), new FakeComputation(), () -> Instant.parse("2019-01-15T00:00:00Z"));
        heater = new AvalonHeater("mini", model, device.address(), Duration.ofSeconds(2), Optional.of(LEASE));
        run(20);
    }

    private void run(int minutes) {
        for (int i = 0; i < minutes; i++) device.advance(Duration.ofMinutes(1), new Celsius(20), true);
    }

    /** A control cycle each minute that wants this level. */
    private void control(int level, int minutes) {
        for (int i = 0; i < minutes; i++) {
            run(1);
            if (!heater.read().level().equals(OptionalInt.of(level))) heater.setLevel(level);
        }
    }

    @AfterEach
    void stop() {
        if (heater != null) heater.close();
        if (device != null) device.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = AvalonModel.class,
            names = {"MINI_3", "Q"})
    void itIsTriedOutFirstThenPutOffAndStopsADeviceThatNobodyReads(AvalonModel model) {
        start(model);
        assertEquals(RunsOut.ON_TRIAL, heater.runsOut());
        heater.read(); // found heating: the timer starts
        assertEquals(RunsOut.ON_TRIAL, heater.runsOut());
        run(2);
        assertEquals(OptionalInt.of(2), heater.read().level(), "not before its time");
        assertEquals(RunsOut.ON_TRIAL, heater.runsOut());
        run(1);
        assertEquals(OptionalInt.of(0), heater.read().level());
        assertEquals(RunsOut.YES, heater.runsOut());

        heater.setLevel(2);
        control(2, 60);
        assertEquals(OptionalInt.of(2), heater.read().level(), "it is put off for as long as it is read");
        assertTrue(device.hashing());
        run(2);
        assertTrue(device.hashing());
        run(1); // nobody reads it any more
        assertEquals(OptionalInt.of(0), heater.read().level());
        assertEquals(RunsOut.YES, heater.runsOut());
    }

    @Test
    void aTimerThatDoesNotWorkIsFoundOut() {
        start(AvalonModel.MINI_3);
        device.inject(Fault.FORGETS_LEASE);
        control(2, 3);
        assertEquals(RunsOut.ON_TRIAL, heater.runsOut());
        control(2, 2);
        assertEquals(RunsOut.NO, heater.runsOut());
        heater.setLevel(0); // it still stops when it is told
        run(1);
        assertEquals(OptionalInt.of(0), heater.read().level());
    }

    @Test
    void aStopIsNotPutOff() {
        start(AvalonModel.MINI_3);
        heater.read();
        run(3);
        heater.read();
        assertEquals(RunsOut.YES, heater.runsOut());
        heater.setLevel(2);
        control(2, 10);
        heater.setLevel(0);
        assertEquals(OptionalInt.of(2), heater.read().level(), "it stops within seconds");
        device.advance(Duration.ofSeconds(10), new Celsius(20), true);
        assertEquals(OptionalInt.of(0), heater.read().level());
    }

    @Test
    void aStopInTheMiddleOfTheTrialProvesNothing() {
        start(AvalonModel.MINI_3);
        heater.read();
        heater.setLevel(0);
        run(1);
        heater.read();
        assertEquals(RunsOut.ON_TRIAL, heater.runsOut());
    }

    @Test
    void aRefusalToSetItIsAFault() {
        start(AvalonModel.MINI_3);
        device.inject(Fault.REFUSES_COMMANDS);
        assertTrue(heater.read().fault().orElseThrow().contains("softoff"));
        assertEquals(RunsOut.ON_TRIAL, heater.runsOut());
    }

    /** One that stops long before its date does not keep dates. */
    @Test
    void aStopBeforeItsDateIsNoProof() {
        var lease = new FirmwareLease(LEASE);
        long date = lease.seen(1000, false).orElseThrow();
        assertEquals(1150, date);
        lease.set(date);
        lease.seen(1010, true);
        assertEquals(RunsOut.NO, lease.runsOut());
    }

    @Test
    void modelsWithoutSuchATimerRefuseIt() {
        for (var model : new AvalonModel[] {AvalonModel.NANO_3, AvalonModel.NANO_3S, AvalonModel.A15})
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new AvalonHeater("mini", model, anyPort(), LEASE, Optional.of(LEASE)));
    }
}
