package org.athanor.devices.vnish;

import static org.athanor.devices.testing.Failures.anyPort;
import static org.athanor.devices.testing.Failures.assertFails;
import static org.athanor.devices.testing.Failures.assertMentions;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.HeaterState.Phase;
import org.athanor.devices.simulated.Fault;
import org.athanor.devices.simulated.SimulatedVnish;
import org.athanor.devices.testing.FakeComputation;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is special about Vnish; what it shares with others stands in RestHeaterContractTest. */
class VnishHeaterTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Celsius ROOM = new Celsius(20);
    private static final String PASSWORD = "hunter2";

    private final FakeComputation computation = new FakeComputation();
    private final SimulatedVnish device = new SimulatedVnish(PASSWORD, anyPort(), computation);
    private final VnishHeater throttled = driver(
            PASSWORD,
            VnishLevel.throttled(40, new Watts(1220)),
            VnishLevel.throttled(70, new Watts(2135)),
            VnishLevel.throttled(100, new Watts(3050)));
    private final VnishHeater chosen =
            driver(PASSWORD, VnishLevel.preset("1200", new Watts(1200)), VnishLevel.preset("3495", new Watts(3495)));

    private VnishHeater driver(String password, VnishLevel... levels) {
        return new VnishHeater(
                "s19", "Antminer S19j Pro", List.of(levels), new Watts(3600), password, device.address(), TIMEOUT);
    }

    @AfterEach
    void stop() {
        throttled.close();
        chosen.close();
        device.close();
    }

    private void pass(int minutes) {
        device.advance(Duration.ofMinutes(minutes), ROOM, true);
    }

    @Test
    void aThrottleActsWithoutARestart() {
        pass(20);
        throttled.setLevel(1);
        assertEquals(1, computation.threads, "it hashes on");
        assertEquals(OptionalInt.of(1), throttled.read().level());
        assertFalse(throttled.capabilities().changeRestartsHashing());
    }

    @Test
    void aPresetRestartsTheMining() {
        pass(20);
        assertTrue(chosen.capabilities().changeRestartsHashing());
        chosen.setLevel(1);
        pass(1);
        assertEquals(Phase.STARTING, chosen.read().phase());
        assertEquals(0, computation.threads);
        pass(10);
        assertEquals(Phase.WORKING, chosen.read().phase());
        assertEquals(OptionalInt.of(1), chosen.read().level());
    }

    @Test
    void aPresetThatWantsARebootIsLeftToTheOwner() {
        pass(20);
        assertMentions(
                assertFails(Kind.REFUSED, () -> chosen.setLevel(2)),
                "POST /api/v1/settings on s19",
                "preset \"3495\" takes effect after a reboot only");
        assertEquals(OptionalInt.empty(), chosen.read().level(), "it still runs what it ran");
        assertEquals(Phase.WORKING, chosen.read().phase());
    }

    @Test
    void firmwareWithoutAThrottleIsToldSo() {
        device.inject(Fault.OLD_FIRMWARE);
        pass(20);
        assertEquals(OptionalInt.of(3), throttled.read().level(), "100 % is what it always does");
        assertMentions(
                assertFails(Kind.REFUSED, () -> throttled.setLevel(1)),
                "its firmware cannot throttle",
                "1.3.3 or later");
        chosen.setLevel(1);
        pass(10);
        assertEquals(OptionalInt.of(1), chosen.read().level(), "presets it has");
    }

    @Test
    void firmwareThatIsChangedUnderItIsAskedAnew() {
        pass(20);
        throttled.setLevel(1);
        device.inject(Fault.OLD_FIRMWARE);
        device.advance(Duration.ofMinutes(1), ROOM, false);
        assertFails(Kind.UNREACHABLE, throttled::read);
        pass(20);
        assertMentions(assertFails(Kind.REFUSED, () -> throttled.setLevel(1)), "its firmware cannot throttle");
    }

    @Test
    void whatSomebodyElseStoppedIsStarted() throws Exception {
        pass(20);
        throttled.setLevel(2);
        try (var http = HttpClient.newHttpClient()) {
            var token = post(http, "unlock", "{\"pw\":\"" + PASSWORD + "\"}", "")
                    .replaceAll(".*\"token\":\"([^\"]+)\".*", "$1");
            post(http, "mining/stop", "", token);
        }
        pass(1);
        assertEquals(OptionalInt.of(0), throttled.read().level());
        throttled.setLevel(2);
        pass(10);
        assertEquals(OptionalInt.of(2), throttled.read().level());
    }

    private String post(HttpClient http, String call, String body, String token) throws Exception {
        var uri = URI.create("http://127.0.0.1:" + device.address().getPort() + "/api/v1/" + call);
        var request = HttpRequest.newBuilder(uri)
                .header("Authorization", "Bearer " + token)
                .POST(BodyPublishers.ofString(body))
                .build();
        var response = http.send(request, BodyHandlers.ofString());
        assertEquals(200, response.statusCode(), response.body());
        return response.body();
    }

    @Test
    void aCommandDuringTuningMayBeRefused() {
        pass(20);
        throttled.setLevel(1);
        device.inject(Fault.REFUSES_WHILE_TUNING);
        device.advance(Duration.ofSeconds(5), ROOM, true);
        assertMentions(assertFails(Kind.REFUSED, () -> throttled.setLevel(3)), "auto-tuning is in progress");
        assertEquals(OptionalInt.of(1), throttled.read().level());
        pass(20);
        throttled.setLevel(3);
        assertEquals(OptionalInt.of(3), throttled.read().level());
    }

    @Test
    void whatItDrawsUnthrottledIsReadAsItsHighestLevelWhateverWasDeclared() {
        pass(20);
        for (int declared : new int[] {2000, 3500})
            try (var wrong = driver(
                    PASSWORD,
                    VnishLevel.throttled(50, new Watts(declared / 2.0)),
                    VnishLevel.throttled(100, new Watts(declared)))) {
                assertEquals(OptionalInt.of(2), wrong.read().level());
                assertEquals(3050, wrong.read().power().orElseThrow().value(), 30);
                assertEquals(
                        "write 3050 for the highest of its levels (the others are shares of it), or choose the preset of "
                                + declared + " W on its own page",
                        wrong.correction(new Watts(3050.4)));
            }
        assertEquals("write 3700 for preset \"3495\" and no less for its maximum", chosen.correction(new Watts(3700)));
    }

    @Test
    void itsFailureIsSaidInItsWords() {
        pass(20);
        device.inject(Fault.FAN_FAILED);
        pass(30);
        assertEquals(Phase.FAULT, throttled.read().phase());
        assertEquals(
                Optional.of("the firmware reports a failure: overheated"),
                throttled.read().fault());
        assertTrue(device.chip().value() < 110, "hottest " + device.chip());
    }

    @Test
    void aWrongPasswordIsNeverShown() {
        pass(20);
        try (var wrong = driver("swordfish", VnishLevel.throttled(50, new Watts(1500)))) {
            assertEquals(Phase.WORKING, wrong.read().phase(), "reading needs none");
            var failure = assertFails(Kind.REFUSED, () -> wrong.setLevel(1));
            assertMentions(failure, "POST /api/v1/unlock on s19", "its password is wrong");
            assertFalse(failure.toString().contains("swordfish"), failure.toString());
        }
    }

    @ParameterizedTest
    @CsvSource({"1.2.7, false", "1.3.2, false", "1.3.3, true", "v1.3.4-rc2, true", "1.4, true", "2.0.0, true"})
    void theThrottleCameWith133(String version, boolean throttles) {
        assertEquals(throttles, VnishFirmware.of(version).throttles());
    }

    @Test
    void impossibleLevelsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> VnishFirmware.of("latest"));
        assertThrows(IllegalArgumentException.class, () -> VnishLevel.throttled(10, new Watts(300)));
        assertThrows(IllegalArgumentException.class, () -> VnishLevel.throttled(101, new Watts(300)));
        assertThrows(IllegalArgumentException.class, () -> VnishLevel.preset("x", Watts.ZERO));
        assertThrows(
                IllegalArgumentException.class,
                () -> driver(PASSWORD, VnishLevel.preset("a", new Watts(2000)), VnishLevel.preset("b", new Watts(9)))
                        .close());
    }
}
