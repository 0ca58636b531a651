package org.athanor.devices.avalon;

import static org.athanor.devices.testing.Failures.anyPort;
import static org.athanor.devices.testing.Failures.assertFails;
import static org.athanor.devices.testing.Failures.assertFailsWithin;
import static org.athanor.devices.testing.Failures.assertMentions;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.HeaterState;
import org.athanor.devices.HeaterState.Phase;
import org.athanor.devices.HeaterState.PowerSource;
import org.athanor.devices.simulated.Fault;
import org.athanor.devices.simulated.SimulatedAvalon;
import org.athanor.devices.testing.FakeComputation;
import org.athanor.units.Celsius;
import org.athanor.units.Hashrate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The driver against the simulated device, over TCP. */
class AvalonHeaterTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final int NIGHT = 1;
    private static final int ECO = 2;
    private static final int SUPER = 3;

    private final FakeComputation computation = new FakeComputation();
    private SimulatedAvalon device;
    private AvalonHeater heater;

    private void start(AvalonModel model) {
        // years from now by the host's clock: soft switching must go by the device's
        device = new SimulatedAvalon(model, anyPort(), computation, () -> Instant.parse("2019-01-15T00:00:00Z"));
        heater = new AvalonHeater("mini", model, device.address(), TIMEOUT);
    }

    private void startWorking(AvalonModel model) {
        start(model);
        run(Duration.ofMinutes(20));
        assertEquals(Phase.WORKING, heater.read().phase());
    }

    private void run(Duration time) {
        for (var left = time; left.isPositive(); left = left.minusMinutes(1))
            device.advance(Duration.ofMinutes(1), new Celsius(20), true);
    }

    private void cutMains(Duration time) {
        device.advance(time, new Celsius(20), false);
    }

    @AfterEach
    void stop() {
        if (heater != null) heater.close();
        if (device != null) device.close();
    }

    @Test
    void aMini3LivesThroughBootCalibrationLevelsSoftStopAndPowerCut() {
        start(AvalonModel.MINI_3);
        assertFails(Kind.UNREACHABLE, heater::read); // no mains yet

        run(Duration.ofMinutes(1));
        assertEquals(Phase.STARTING, heater.read().phase());
        assertMentions(assertFails(Kind.REFUSED, () -> heater.setLevel(SUPER)), "is caling", "worklevel", "mini");
        assertEquals(0, computation.threads);

        run(Duration.ofMinutes(20));
        var working = heater.read();
        assertEquals(OptionalInt.of(ECO), working.level());
        assertEquals(Phase.WORKING, working.phase());
        assertEquals(PowerSource.REPORTED, working.source());
        assertNear(600, working);
        assertEquals(31, working.hashrate().orElseThrow().terahashes(), 0.5);
        assertEquals(85, working.chip().orElseThrow().value(), 3);
        assertEquals(Optional.of(new Celsius(21)), working.inlet());
        assertTrue(working.fanRpm().orElseThrow() > 400);
        assertEquals(1, computation.threads);

        heater.setLevel(SUPER);
        assertEquals(Phase.STARTING, heater.read().phase());
        assertEquals(0, computation.threads);
        run(Duration.ofMinutes(10));
        assertEquals(OptionalInt.of(SUPER), heater.read().level());
        assertNear(800, heater.read());

        heater.setLevel(NIGHT);
        run(Duration.ofMinutes(10));
        assertEquals(OptionalInt.of(NIGHT), heater.read().level());
        assertNear(400, heater.read());

        heater.setLevel(0);
        device.advance(Duration.ofSeconds(4), new Celsius(20), true);
        assertEquals(OptionalInt.of(NIGHT), heater.read().level()); // dated 5 s ahead
        device.advance(Duration.ofSeconds(3), new Celsius(20), true);
        var stopping = heater.read();
        assertEquals(OptionalInt.of(0), stopping.level());
        assertEquals(Phase.STOPPING, stopping.phase());
        assertTrue(stopping.power().orElseThrow().value() > 130, stopping::toString);
        assertEquals(0, computation.threads);
        run(Duration.ofMinutes(30));
        var off = heater.read();
        assertEquals(Phase.OFF, off.phase());
        assertNear(17, off);
        assertEquals(Optional.of(Hashrate.ZERO), off.hashrate());
        assertEquals(Optional.empty(), off.chip());

        heater.setLevel(SUPER); // from off: mode first, then softon, which answers nothing
        run(Duration.ofMinutes(1));
        assertEquals(Phase.STARTING, heater.read().phase());
        run(Duration.ofMinutes(10));
        assertEquals(OptionalInt.of(SUPER), heater.read().level());
        assertNear(800, heater.read());

        cutMains(Duration.ofMinutes(2));
        assertFails(Kind.UNREACHABLE, heater::read);
        assertEquals(0, computation.threads);
        run(Duration.ofMinutes(1));
        assertEquals(Phase.STARTING, heater.read().phase());
        run(Duration.ofMinutes(10));
        assertEquals(OptionalInt.of(SUPER), heater.read().level()); // its last mode
        assertEquals(1, computation.threads);
    }

    /** A control cycle every so many seconds that wants this level, until the device shows it. */
    private int secondsUntil(int level, int step) {
        for (int second = 0; second < 60; second++) {
            if (second % step == 0) {
                if (heater.read().level().equals(OptionalInt.of(level))) return second;
                heater.setLevel(level);
            }
            device.advance(Duration.ofSeconds(1), new Celsius(20), true);
        }
        throw new AssertionError("level " + level + " is not reached in cycles of " + step + " s");
    }

    /** Its commands are dated ahead: each new one would put off the last. */
    @ParameterizedTest
    @EnumSource(
            value = AvalonModel.class,
            names = {"MINI_3", "Q", "A15"})
    void itStopsAndStartsHoweverOftenItIsTold(AvalonModel model) {
        startWorking(model);
        for (int step = 1; step <= 6; step++) {
            assertTrue(secondsUntil(0, step) <= 12);
            run(Duration.ofMinutes(1));
            assertTrue(secondsUntil(1, step) <= 12);
            run(Duration.ofMinutes(10));
        }
    }

    @Test
    void aStopThatWasLostIsToldAgain() {
        startWorking(AvalonModel.MINI_3);
        device.inject(Fault.IGNORES_COMMANDS);
        heater.setLevel(0);
        device.clear();
        assertTrue(secondsUntil(0, 1) <= 20);

        run(Duration.ofMinutes(1));
        secondsUntil(ECO, 1);
        run(Duration.ofMinutes(10));
        heater.setLevel(0);
        heater.setLevel(ECO);
        heater.setLevel(0);
        assertTrue(secondsUntil(0, 1) <= 12, "a stop after another command is a new one");

        run(Duration.ofMinutes(1));
        secondsUntil(ECO, 1);
        run(Duration.ofMinutes(10));
        heater.setLevel(0);
        cutMains(Duration.ofSeconds(1)); // it forgets what was dated
        run(Duration.ofMinutes(20));
        assertTrue(secondsUntil(0, 1) <= 20);
    }

    @Test
    void fromNightToEcoTheLevelGoesFirstSoThatItNeverRunsAtSuper() {
        startWorking(AvalonModel.MINI_3);
        heater.setLevel(SUPER);
        run(Duration.ofMinutes(10));
        heater.setLevel(NIGHT);
        run(Duration.ofMinutes(10));
        heater.setLevel(ECO);
        assertEquals(OptionalInt.of(ECO), heater.read().level());
    }

    @Test
    void aNano3sHasNoSoftStopSoLevelZeroIsItsLowest() {
        startWorking(AvalonModel.NANO_3S);
        assertFalse(heater.capabilities().softStop());
        heater.setLevel(3);
        run(Duration.ofMinutes(10));
        var high = heater.read();
        assertEquals(OptionalInt.of(3), high.level());
        assertNear(133, high);
        assertEquals(90, high.chip().orElseThrow().value(), 3);
        assertEquals(Optional.empty(), high.inlet());

        heater.setLevel(0);
        run(Duration.ofMinutes(10));
        assertEquals(OptionalInt.of(1), heater.read().level());
        assertNear(70, heater.read());
    }

    @Test
    void aLevelAlreadyHeldIsNotCommandedAgain() {
        startWorking(AvalonModel.MINI_3);
        heater.setLevel(ECO);
        assertEquals(Phase.WORKING, heater.read().phase()); // a command would have restarted hashing
    }

    @Test
    void anUnknownLevelIsTheCallersMistake() {
        start(AvalonModel.MINI_3);
        assertMentions(assertThrows(IllegalArgumentException.class, () -> heater.setLevel(4)), "level 4", "0 to 3");
        assertThrows(IllegalArgumentException.class, () -> heater.setLevel(-1));
    }

    @Test
    void theWrongModelIsNotCommanded() {
        startWorking(AvalonModel.NANO_3S);
        var wrong = new AvalonHeater("mini", AvalonModel.MINI_3, device.address(), TIMEOUT);
        assertMentions(
                assertFails(Kind.REFUSED, () -> wrong.setLevel(1)),
                "the device is a Nano3s",
                "configured as Avalon Mini 3");
    }

    @Test
    void okIsNotBelievedTheRegistersAreReadBack() {
        startWorking(AvalonModel.MINI_3);
        device.inject(Fault.IGNORES_COMMANDS);
        heater.setLevel(SUPER);
        heater.setLevel(0);
        run(Duration.ofMinutes(10));
        assertEquals(OptionalInt.of(ECO), heater.read().level());
        assertNear(600, heater.read());
    }

    @Test
    void aDeviceThatLiesAboutItsWattsIsBelievedByTheDriverAndCaughtByThePlug() {
        startWorking(AvalonModel.MINI_3);
        device.inject(Fault.LIES_ABOUT_WATTS);
        assertNear(300, heater.read());
        assertEquals(600, device.power().value(), 5);
    }

    @Test
    void silenceIsUnreachableWithinTheTimeOut() {
        startWorking(AvalonModel.MINI_3);
        device.inject(Fault.SILENT);
        assertFailsWithin(TIMEOUT, Kind.UNREACHABLE, heater::read);
        assertFailsWithin(TIMEOUT, Kind.UNREACHABLE, () -> heater.setLevel(0));
        device.clear();
        assertEquals(Phase.WORKING, heater.read().phase());
    }

    @Test
    void garbageIsGarbled() {
        startWorking(AvalonModel.MINI_3);
        device.inject(Fault.GARBAGE);
        assertFailsWithin(TIMEOUT, Kind.GARBLED, heater::read);
        assertFailsWithin(TIMEOUT, Kind.GARBLED, () -> heater.setLevel(SUPER));
    }

    @ParameterizedTest
    @EnumSource(names = {"BROKEN_JSON", "HOLDS_CONNECTION"})
    void sloppyRepliesAreUnderstood(Fault fault) {
        startWorking(AvalonModel.MINI_3);
        var good = heater.read();
        device.inject(fault);
        assertEquals(good, heater.read());
        heater.setLevel(SUPER);
        assertEquals(OptionalInt.of(SUPER), heater.read().level());
    }

    @Test
    void aFailedFanEndsInAFaultThatIsReported() {
        startWorking(AvalonModel.MINI_3);
        heater.setLevel(SUPER);
        run(Duration.ofMinutes(10));
        device.inject(Fault.FAN_FAILED);
        assertEquals(Optional.of("fan error 1"), heater.read().fault());
        run(Duration.ofMinutes(15));
        assertEquals(Phase.FAULT, heater.read().phase());
        assertEquals(0, computation.threads);
        assertTrue(heater.read().power().orElseThrow().value() < 30);
    }

    private static void assertNear(double watts, HeaterState state) {
        assertEquals(watts, state.power().orElseThrow().value(), 2, state::toString);
    }
}
