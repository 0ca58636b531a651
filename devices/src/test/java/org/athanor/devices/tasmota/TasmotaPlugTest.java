package org.athanor.devices.tasmota;

import static org.athanor.devices.testing.Failures.anyPort;
import static org.athanor.devices.testing.Failures.assertFails;
import static org.athanor.devices.testing.Failures.assertFailsWithin;
import static org.athanor.devices.testing.Failures.assertMentions;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.athanor.devices.Credentials;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.shelly.ResistiveElement;
import org.athanor.devices.simulated.Fault;
import org.athanor.devices.simulated.SimulatedElement;
import org.athanor.devices.simulated.SimulatedTasmotaPlug;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;
import org.athanor.units.Watts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Driver and simulated plug over HTTP. */
@Execution(ExecutionMode.CONCURRENT)
class TasmotaPlugTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Celsius ROOM = new Celsius(20);
    private static final Optional<Credentials> LOGIN = Optional.of(new Credentials("admin", "a&b c=d#100%"));

    private final SimulatedElement element = new SimulatedElement(new Watts(1000), 2000);
    private final SimulatedTasmotaPlug device = new SimulatedTasmotaPlug(anyPort(), LOGIN, element, new Watts(2500));
    private final TasmotaPlug plug = driver(LOGIN, TIMEOUT);

    private TasmotaPlug driver(Optional<Credentials> login, Duration timeout) {
        return new TasmotaPlug("plug", device.address(), login, new Watts(2300), timeout);
    }

    @AfterEach
    void stop() {
        plug.close();
        device.close();
    }

    private void pass(Duration span) {
        device.advance(span, ROOM);
    }

    @Test
    void itSwitchesMetersAndRunsOutByItself() {
        assertFalse(plug.read().on());
        plug.on(MINUTE);
        pass(Duration.ofSeconds(30));
        var state = plug.read();
        assertTrue(state.on());
        assertEquals(1000, state.power().value());
        assertEquals(Optional.of(Duration.ofSeconds(30)), state.countdownLeft());
        pass(Duration.ofSeconds(29));
        assertTrue(device.on());
        pass(Duration.ofSeconds(1));
        assertFalse(device.on(), "nobody renewed it");
        assertFalse(plug.read().on());
        assertEquals(0, plug.read().power().value());
        assertEquals(Optional.empty(), plug.read().countdownLeft());
        assertEquals(60_000, plug.read().energy().value(), 3600, "it meters in watt-hours");
    }

    @Test
    void eachRenewalStartsTheCountdownAnew() {
        for (int i = 0; i < 5; i++) {
            plug.on(MINUTE);
            pass(Duration.ofSeconds(50));
            assertTrue(device.on());
        }
        plug.off();
        assertFalse(device.on());
        pass(Duration.ofMinutes(5));
        assertFalse(device.on());
    }

    @Test
    void itRunsOutAgainAndAgain() {
        for (int i = 0; i < 3; i++) {
            plug.on(MINUTE);
            pass(MINUTE);
            assertFalse(device.on());
        }
    }

    @Test
    void aRestartOfThePlugSwitchesItOff() {
        plug.on(Duration.ofHours(1));
        device.inject(Fault.RESTARTS);
        pass(Duration.ofMinutes(10));
        assertFalse(device.on(), "its timer is forgotten, but not the rule");
    }

    @Test
    void itIsNotSwitchedOnWithoutACountdown() {
        device.inject(Fault.IGNORES_COMMANDS);
        assertMentions(assertFails(Kind.REFUSED, () -> plug.on(MINUTE)), "the rule of its countdown is not on");
        assertFalse(device.on());
    }

    @Test
    void aTimerThatDoesNotRunIsSeenByReadingBack() {
        plug.on(MINUTE);
        device.inject(Fault.FORGETS_LEASE);
        plug.on(MINUTE);
        assertTrue(plug.read().on());
        assertEquals(Optional.empty(), plug.read().countdownLeft());
    }

    @Test
    void aRuleThatWasSwitchedOffIsNoCountdownAndIsSwitchedOnAgain() throws Exception {
        plug.on(MINUTE);
        command("Rule1 0");
        assertEquals(Optional.empty(), plug.read().countdownLeft());
        plug.on(MINUTE);
        assertTrue(plug.read().countdownLeft().isPresent());
        command("Rule1 5"); // would act only the first time
        assertEquals(Optional.empty(), plug.read().countdownLeft());
        plug.on(MINUTE);
        pass(MINUTE);
        assertFalse(device.on());
    }

    @Test
    void rulesOfTheOwnerAreNotOverwritten() throws Exception {
        command("Rule1 ON Button1#state DO POWER TOGGLE ENDON");
        assertMentions(
                assertFails(Kind.REFUSED, () -> plug.on(MINUTE)),
                "GET /cm \"Rule1\" on plug at 127.0.0.1:",
                "its rule set 1 holds rules of its owner");
        assertFalse(device.on());
        plug.off(); // which is always possible
    }

    private void command(String command) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            var query = "user=admin&password=" + URLEncoder.encode("a&b c=d#100%", StandardCharsets.UTF_8) + "&cmnd="
                    + URLEncoder.encode(command, StandardCharsets.UTF_8);
            var uri = URI.create("http://127.0.0.1:" + device.address().getPort() + "/cm?" + query);
            var response = http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
            assertTrue(response.body().contains("Rule1"), response.body());
        }
    }

    @Test
    void theOlderFormOfRulesIsUnderstood() {
        device.inject(Fault.OLD_FIRMWARE);
        plug.on(MINUTE);
        assertTrue(plug.read().countdownLeft().isPresent());
    }

    @Test
    void aWrongPasswordIsSaidAndNeverShown() {
        for (var login : List.of(LOGIN, Optional.<Credentials>empty())) {
            device.clear();
            if (login.isPresent()) device.inject(Fault.WRONG_PASSWORD);
            try (var wrong = driver(login, TIMEOUT)) {
                var failure = assertFails(Kind.REFUSED, wrong::read);
                assertMentions(failure, "its user or password is wrong");
                assertFalse(failure.toString().contains("100"), failure.toString());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"UNREACHABLE", "SILENT", "LATE", "TRUNCATED"})
    void noWholeReplyIsUnreachable(Fault fault) {
        plug.on(MINUTE);
        device.inject(fault);
        var hasty = Duration.ofMillis(300);
        try (var driver = driver(LOGIN, hasty)) {
            assertFailsWithin(hasty, Kind.UNREACHABLE, driver::read);
            assertFailsWithin(hasty, Kind.UNREACHABLE, () -> driver.on(MINUTE));
        }
        pass(MINUTE);
        assertFalse(device.on(), "whoever is cut off from it may rely on its countdown");
    }

    @ParameterizedTest
    @EnumSource(names = {"GARBAGE", "WRONG_REPLY"})
    void whatCannotBeBelievedIsGarbled(Fault fault) {
        device.inject(fault);
        assertFails(Kind.GARBLED, plug::read);
        assertFails(Kind.GARBLED, () -> plug.on(MINUTE));
        assertFails(Kind.GARBLED, plug::off);
        assertFalse(device.on());
    }

    @Test
    void aRefusedCommandIsAnError() {
        plug.on(MINUTE);
        device.inject(Fault.REFUSES_COMMANDS);
        assertFails(Kind.REFUSED, plug::off);
        assertFails(Kind.REFUSED, () -> plug.on(MINUTE));
        assertTrue(plug.read().on());
    }

    @Test
    void anElementHangsOnItAsOnAnyOther() {
        try (var heater = new ResistiveElement("boost", plug, new Watts(1000), new Joules(1e5), MINUTE)) {
            heater.setLevel(1);
            assertEquals(1, heater.read().level().orElseThrow());
            pass(MINUTE);
            assertEquals(0, heater.read().level().orElseThrow());
        }
    }

    @Test
    void whatItMayNotDoIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> plug.on(Duration.ofMillis(500)));
        assertThrows(IllegalArgumentException.class, () -> plug.requireCarries("heater", new Watts(3000)));
        assertThrows(
                IllegalArgumentException.class,
                () -> new TasmotaPlug("p", device.address(), LOGIN, Watts.ZERO).close());
    }
}
