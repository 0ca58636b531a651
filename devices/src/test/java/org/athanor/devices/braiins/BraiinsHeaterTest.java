package org.athanor.devices.braiins;

import static org.athanor.devices.testing.Failures.anyPort;
import static org.athanor.devices.testing.Failures.assertFails;
import static org.athanor.devices.testing.Failures.assertFailsWithin;
import static org.athanor.devices.testing.Failures.assertMentions;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.athanor.devices.Credentials;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.HeaterState.Phase;
import org.athanor.devices.http.JsonHttp;
import org.athanor.devices.http.JsonHttp.Request;
import org.athanor.devices.simulated.Fault;
import org.athanor.devices.simulated.SimulatedBraiins;
import org.athanor.devices.testing.FakeComputation;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Driver and simulated device over HTTP. */
@Execution(ExecutionMode.CONCURRENT)
class BraiinsHeaterTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Celsius ROOM = new Celsius(20);
    private static final Credentials LOGIN = new Credentials("root", "hunter2");
    private static final List<Integer> TARGETS = List.of(1000, 1800, 2600);

    private final FakeComputation computation = new FakeComputation();
    private final SimulatedBraiins device = new SimulatedBraiins(LOGIN, anyPort(), computation);
    private final BraiinsHeater heater = driver(TARGETS, LOGIN);

    private BraiinsHeater driver(List<Integer> targets, Credentials login) {
        return new BraiinsHeater(
                "s19", "Antminer S19j Pro", targets, new Watts(3600), login, device.address(), TIMEOUT);
    }

    @AfterEach
    void stop() {
        heater.close();
        device.close();
    }

    private void pass(int minutes) {
        device.advance(Duration.ofMinutes(minutes), ROOM, true);
    }

    @Test
    void theLevelOfAnotherHandIsNoneOfOurs() {
        pass(20);
        var state = heater.read();
        assertEquals(OptionalInt.empty(), state.level(), "its default target");
        assertEquals(Phase.WORKING, state.phase());
        assertEquals(3050, state.power().orElseThrow().value(), 20);
        assertEquals(100e12, state.hashrate().orElseThrow().value(), 1e12);
        assertEquals(Optional.empty(), state.fault());
    }

    @Test
    void itGoesToItsTargetWithinMinutesAndHashesMeanwhile() {
        pass(20);
        heater.setLevel(1);
        var changed = heater.read();
        assertEquals(OptionalInt.of(1), changed.level());
        assertTrue(changed.power().orElseThrow().value() > 2900, "not at once: " + changed.power());
        assertEquals(1, computation.threads);
        pass(10);
        assertEquals(1000, heater.read().power().orElseThrow().value(), 10);
        heater.setLevel(3);
        device.advance(Duration.ofSeconds(5), ROOM, true);
        assertEquals(Phase.STARTING, heater.read().phase(), "far below its target");
        pass(10);
        var full = heater.read();
        assertEquals(Phase.WORKING, full.phase());
        assertEquals(2600, full.power().orElseThrow().value(), 10);
        assertTrue(
                full.chip().orElseThrow().value() > 50
                        && full.chip().orElseThrow().value() < 80,
                "" + full.chip());
    }

    @Test
    void itPausesWithItsFansRunningOnAndStartsAtTheTargetAskedFor() {
        pass(20);
        heater.setLevel(0);
        pass(1);
        var paused = heater.read();
        assertEquals(OptionalInt.of(0), paused.level());
        assertEquals(Phase.STOPPING, paused.phase());
        assertEquals(0, computation.threads);
        pass(60);
        assertEquals(Phase.OFF, heater.read().phase());
        heater.setLevel(2);
        pass(1);
        var starting = heater.read();
        assertEquals(OptionalInt.of(2), starting.level());
        assertEquals(Phase.STARTING, starting.phase(), "it warms its boards up first");
        pass(15);
        assertEquals(1800, heater.read().power().orElseThrow().value(), 20);
    }

    @Test
    void aTokenThatRanOutOrWasForgottenIsRenewed() {
        pass(20);
        heater.read();
        pass(90);
        assertEquals(Phase.WORKING, heater.read().phase());
        device.inject(Fault.FORGETS_SESSION);
        heater.setLevel(1);
        assertEquals(OptionalInt.of(1), heater.read().level());
    }

    @Test
    void aWrongPasswordIsSaidAndNeverShown() {
        pass(20);
        try (var wrong = driver(TARGETS, new Credentials("root", "swordfish"))) {
            var failure = assertFails(Kind.REFUSED, wrong::read);
            assertMentions(failure, "POST /api/v1/auth/login on s19", "user \"root\" or its password is wrong");
            assertFalse(failure.toString().contains("swordfish"), failure.toString());
        }
        assertFalse(LOGIN.toString().contains("hunter2"));
    }

    @Test
    void targetsBeyondTheLimitsOfTheMachineAreRefusedBeforeAnyIsSet() {
        pass(20);
        try (var small = driver(List.of(500, 2000), LOGIN)) {
            assertMentions(
                    assertFails(Kind.REFUSED, () -> small.setLevel(2)),
                    "configured for 500 to 2000 W, but this machine takes 900 to 3600 W");
        }
        assertEquals(OptionalInt.empty(), heater.read().level(), "nothing was changed");
    }

    @Test
    void aCommandThatWasIgnoredIsSeenWhenItIsReadBack() {
        pass(20);
        heater.setLevel(2);
        device.inject(Fault.IGNORES_COMMANDS);
        heater.setLevel(1);
        assertEquals(OptionalInt.of(2), heater.read().level());
        heater.setLevel(0);
        assertEquals(OptionalInt.of(2), heater.read().level());
    }

    @Test
    void itSuspendsItselfWhenItIsTooHot() {
        pass(20);
        device.inject(Fault.FAN_FAILED);
        device.advance(Duration.ofSeconds(5), ROOM, true);
        assertEquals(Optional.of("a fan stands still"), heater.read().fault());
        pass(20);
        var hot = heater.read();
        assertEquals(Phase.FAULT, hot.phase());
        assertTrue(hot.fault().orElseThrow().contains("suspended"), hot.fault().toString());
        assertEquals(0, computation.threads);
    }

    @Test
    void whileItBootsItDoesNotAnswer() {
        device.advance(Duration.ofSeconds(10), ROOM, true);
        assertFailsWithin(TIMEOUT, Kind.UNREACHABLE, heater::read);
        device.advance(Duration.ofSeconds(30), ROOM, true);
        var booting = heater.read();
        assertEquals(Phase.OFF, booting.phase(), "not started yet");
        assertEquals(OptionalInt.of(0), booting.level());
    }

    @Test
    void oneThatItsOwnerStoppedIsOffAndIsStartedWhenHeatIsWanted() {
        pass(20);
        heater.setLevel(2);
        byHand("actions/stop");
        pass(60);
        var stopped = heater.read();
        assertEquals(OptionalInt.of(0), stopped.level());
        assertEquals(Phase.OFF, stopped.phase());
        heater.setLevel(1);
        pass(15);
        assertEquals(OptionalInt.of(1), heater.read().level());
        assertEquals(1000, heater.read().power().orElseThrow().value(), 20);

        heater.setLevel(0);
        byHand("actions/stop");
        heater.setLevel(1);
        pass(15);
        assertEquals(Phase.WORKING, heater.read().phase(), "paused, and stopped after that");
    }

    /** As its own page does. */
    private void byHand(String action) {
        try (var http = new JsonHttp("page", device.address(), TIMEOUT)) {
            var login = JsonNodeFactory.instance
                    .objectNode()
                    .put("username", "root")
                    .put("password", "hunter2");
            var token = http.json(Request.post("/api/v1/auth/login").with(login))
                    .path("token")
                    .textValue();
            http.json(Request.put("/api/v1/" + action).authorized(token));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"SILENT", "TRUNCATED"})
    void noWholeReplyIsUnreachable(Fault fault) {
        pass(20);
        device.inject(fault);
        assertFailsWithin(TIMEOUT, Kind.UNREACHABLE, heater::read);
        device.clear();
        assertEquals(Phase.WORKING, heater.read().phase());
    }

    @Test
    void garbageIsGarbage() {
        pass(20);
        device.inject(Fault.GARBAGE);
        assertMentions(assertFails(Kind.GARBLED, heater::read), "not JSON: \"<html>? nginx");
    }

    @Test
    void impossibleTargetsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> driver(List.of(2000, 1000), LOGIN));
        assertThrows(IllegalArgumentException.class, () -> driver(List.of(0, 1000), LOGIN));
        assertThrows(IllegalArgumentException.class, () -> driver(List.of(1000, 4000), LOGIN));
    }

    @Test
    void theBooksOfTheSimulationClose() {
        pass(7);
        heater.setLevel(1);
        pass(13);
        heater.setLevel(0);
        device.advance(Duration.ofSeconds(77), ROOM, true);
        device.advance(Duration.ofMinutes(5), new Celsius(12), false);
        double in = device.electricity().value();
        assertEquals(in, device.heat().value() + device.stored().value(), 1e-9 * in);
        assertTrue(in > 100_000, in + " J");
    }
}
