package org.athanor.devices.shelly;

import static org.athanor.devices.testing.Failures.anyPort;
import static org.athanor.devices.testing.Failures.assertFails;
import static org.athanor.devices.testing.Failures.assertFailsWithin;
import static org.athanor.devices.testing.Failures.assertMentions;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.HeaterState.Phase;
import org.athanor.devices.HeaterState.PowerSource;
import org.athanor.devices.simulated.Fault;
import org.athanor.devices.simulated.SimulatedElement;
import org.athanor.devices.simulated.SimulatedShellyPlug;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;
import org.athanor.units.Watts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Driver and simulated plug over HTTP. */
class ShellyPlugTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Celsius ROOM = new Celsius(20);

    private final SimulatedElement element = new SimulatedElement(new Watts(1000), 2000);
    private final SimulatedShellyPlug device = new SimulatedShellyPlug(anyPort(), element, new Watts(2500));
    private final ShellyPlug plug = new ShellyPlug("boost-plug", device.address(), new Watts(1800), TIMEOUT);

    @AfterEach
    void stop() {
        plug.close();
        device.close();
    }

    @Test
    void itSwitchesAndMeters() {
        assertFalse(plug.read().on());
        plug.on(Duration.ofMinutes(3));
        assertTrue(plug.read().on());
        assertEquals(new Watts(1000), plug.read().power());
        device.advance(MINUTE, ROOM);
        assertEquals(60_000, plug.read().energy().value(), 4); // metered in thousandths of a watt-hour
        plug.off();
        device.advance(MINUTE, ROOM);
        var off = plug.read();
        assertEquals(Watts.ZERO, off.power());
        assertEquals(60_000, off.energy().value(), 4);
        assertEquals(Optional.empty(), off.countdownLeft());
    }

    @Test
    void theCountdownSwitchesOffInsideAStepAndTheEnergySaysWhen() {
        plug.on(Duration.ofSeconds(90));
        assertEquals(Optional.of(Duration.ofSeconds(90)), plug.read().countdownLeft());
        device.advance(MINUTE, ROOM);
        assertEquals(Optional.of(Duration.ofSeconds(30)), plug.read().countdownLeft());
        device.advance(MINUTE, ROOM);
        var off = plug.read();
        assertFalse(off.on());
        assertEquals(Optional.empty(), off.countdownLeft());
        assertEquals(90_000, element.electricity().value(), 1e-6);
        assertEquals(90_000, off.energy().value(), 4);
    }

    @Test
    void aRenewedCountdownNeverRunsOut() {
        for (int i = 0; i < 10; i++) {
            plug.on(Duration.ofSeconds(90));
            device.advance(MINUTE, ROOM);
            assertTrue(plug.read().on());
        }
        assertEquals(600_000, element.electricity().value(), 1e-6);
    }

    @Test
    void aPlugThatIgnoresCommandsStillRunsOut() {
        plug.on(Duration.ofSeconds(90));
        device.inject(Fault.IGNORES_COMMANDS);
        plug.off();
        assertTrue(plug.read().on());
        device.advance(MINUTE, ROOM);
        plug.on(Duration.ofSeconds(90));
        device.advance(MINUTE, ROOM);
        assertFalse(plug.read().on());
    }

    @Test
    void anUnreachablePlugStillRunsOut() {
        plug.on(Duration.ofSeconds(90));
        device.inject(Fault.UNREACHABLE);
        assertFailsWithin(TIMEOUT, Kind.UNREACHABLE, plug::read);
        assertMentions(
                assertFailsWithin(TIMEOUT, Kind.UNREACHABLE, plug::off),
                "Switch.Set?id=0&on=false on boost-plug at 127.0.0.1:"
                        + device.address().getPort());
        device.advance(MINUTE.multipliedBy(2), ROOM);
        device.clear();
        assertFalse(plug.read().on());
        assertEquals(90_000, element.electricity().value(), 1e-6);
    }

    @Test
    void nothingListeningIsUnreachable() {
        device.close();
        assertFailsWithin(TIMEOUT, Kind.UNREACHABLE, plug::read);
    }

    @Test
    void aLoadAboveItsRatingTripsIt() {
        var small = new SimulatedShellyPlug(anyPort(), new SimulatedElement(new Watts(1000), 2000), new Watts(900));
        try (small;
                var driver = new ShellyPlug("small", small.address(), new Watts(900))) {
            driver.on(Duration.ofMinutes(5));
            small.advance(MINUTE, ROOM);
            small.advance(MINUTE.multipliedBy(10), ROOM);
            assertFalse(driver.read().on());
        }
    }

    @Test
    void aLoadAboveTheContinuousRatingIsRefusedByName() {
        var failure = assertThrows(
                IllegalArgumentException.class,
                () -> new ResistiveElement("boost", plug, new Watts(1700), new Joules(1e5), MINUTE));
        assertMentions(failure, "boost-plug", "element boost", "2.057 kW", "1.8 kW");
        plug.requireCarries("mini", new Watts(1800));
        assertThrows(IllegalArgumentException.class, () -> plug.requireCarries("two", new Watts(1801)));
        assertThrows(
                IllegalArgumentException.class, () -> new ShellyPlug("none", device.address(), Watts.ZERO, TIMEOUT));
    }

    @Test
    void anElementIsAHeaterOfTwoLevels() {
        try (var heater =
                new ResistiveElement("boost", plug, new Watts(1000), new Joules(120e3), MINUTE.multipliedBy(2))) {
            assertEquals(OptionalInt.of(0), heater.read().level());
            assertEquals(Phase.OFF, heater.read().phase());
            heater.setLevel(1);
            device.advance(MINUTE, ROOM);
            var on = heater.read();
            assertEquals(OptionalInt.of(1), on.level());
            assertEquals(Phase.WORKING, on.phase());
            assertEquals(Optional.of(new Watts(1000)), on.power());
            assertEquals(PowerSource.METERED, on.source());
            heater.setLevel(1); // renews the countdown
            device.advance(Duration.ofSeconds(90), ROOM);
            assertEquals(OptionalInt.of(1), heater.read().level());
            heater.setLevel(0);
            assertEquals(Phase.OFF, heater.read().phase());
            assertThrows(IllegalArgumentException.class, () -> heater.setLevel(2));
        }
    }

    @Test
    void anElementThatDrawsNothingIsAtFault() {
        var nothing = new SimulatedElement(Watts.ZERO.plus(new Watts(1)), 2000);
        try (var dead = new SimulatedShellyPlug(anyPort(), nothing, new Watts(2500));
                var heater = new ResistiveElement(
                        "boost",
                        new ShellyPlug("p", dead.address(), new Watts(1800)),
                        new Watts(1000),
                        new Joules(1e5),
                        MINUTE)) {
            heater.setLevel(1);
            assertEquals(Phase.FAULT, heater.read().phase());
            assertMentions(new Exception(heater.read().fault().orElseThrow()), "1 W of 1 kW");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            200 | not json                                        | GARBLED | not JSON: "not json"
            200 | {"id":0}                                        | GARBLED | no "output"
            200 | {"output":true,"aenergy":{"total":1}}           | GARBLED | no number at /apower
            200 | {"output":true,"apower":"x"}                    | GARBLED | no number at /apower
            200 | {"output":true,"apower":NaN}                    | GARBLED | not JSON
            200 | {"output":true,"apower":1e999}                  | GARBLED | /apower is Infinity
            200 | {"output":true,"apower":-1e999}                 | GARBLED | /apower is -Infinity
            200 | {"output":true,"apower":1,"aenergy":{"total":-1}}   | GARBLED | /aenergy/total is -1.0
            200 | {"output":true,"apower":1,"aenergy":{"total":1e307}} | GARBLED | /aenergy/total is 1.0E307
            200 | {"output":true,"apower":1,"aenergy":{"total":1},"timer_duration":-5} | GARBLED | /timer_duration is -5.0
            200 | {"output":true,"apower":1,"aenergy":{"total":1},"timer_duration":5,"unixtime":1,"timer_started_at":1e999} | GARBLED | /timer_started_at is Infinity
            401 | {"code":401,"message":"auth"}                   | REFUSED | it has a password: configure it
            500 | {"code":-103,"message":"Missing argument"}      | REFUSED | Missing argument
            """)
    void badAnswersAreNamed(int status, String body, Kind kind, String part) throws Exception {
        var server = HttpServer.create(anyPort(), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                var bytes = body.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(status, bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        });
        server.start();
        try (var driver = new ShellyPlug("p", server.getAddress(), new Watts(1800), TIMEOUT)) {
            assertMentions(assertFails(kind, driver::read), part, "Switch.GetStatus?id=0 on p at 127.0.0.1");
        } finally {
            server.stop(0);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET  | /rpc/Switch.Set?id=0&on=true&toggle_after=60  |                                          | 200 | {"was_on":false}
            POST | /rpc/Switch.Set                               | {"id":0,"on":true}                       | 200 | {"was_on":false}
            POST | /rpc  | {"id":7,"method":"Switch.Set","params":{"id":0,"on":true}}                       | 200 | "id":7
            GET  | /rpc/Switch.Set?id=0                          |                                          | 500 | Missing or bad argument 'on'
            GET  | /rpc/Switch.Set?id=0&on=true&toggle_after=-5  |                                          | 500 | toggle_after
            GET  | /rpc/Switch.GetStatus                         |                                          | 500 | argument 'id'
            GET  | /rpc/Switch.GetStatus?id=1                    |                                          | 500 | no switch:1
            GET  | /rpc/Shelly.GetStatus                         |                                          | 200 | "switch:0"
            GET  | /rpc/Shelly.GetDeviceInfo                     |                                          | 200 | "simulated":"athanor"
            GET  | /rpc/Light.Set                                |                                          | 404 | No handler for Light.Set
            POST | /rpc                                          | [1]                                      | 500 | body
            """)
    void theRpcIsSpokenInItsThreeForms(String verb, String path, String body, int status, String part)
            throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + device.address().getPort() + path))
                    .method(
                            verb,
                            body == null
                                    ? HttpRequest.BodyPublishers.noBody()
                                    : HttpRequest.BodyPublishers.ofString(body))
                    .build();
            var response = http.send(request, BodyHandlers.ofString());
            assertEquals(status, response.statusCode(), response.body());
            assertTrue(response.body().contains(part), response.body());
        }
    }

    @Test
    void aPasswordIsProvenAndNeverShown() {
        try (var locked = new SimulatedShellyPlug(anyPort(), Optional.of("hunter2"), element, new Watts(2500));
                var right = new ShellyPlug("p", locked.address(), Optional.of("hunter2"), new Watts(1800), TIMEOUT);
                var wrong = new ShellyPlug("p", locked.address(), Optional.of("swordfish"), new Watts(1800), TIMEOUT);
                var none = new ShellyPlug("p", locked.address(), new Watts(1800), TIMEOUT)) {
            right.on(MINUTE);
            assertTrue(right.read().on());
            locked.inject(Fault.FORGETS_SESSION); // its challenge runs out
            right.off();
            assertFalse(locked.on());
            var failure = assertFails(Kind.REFUSED, () -> wrong.on(MINUTE));
            assertMentions(failure, "user \"admin\" or its password is wrong");
            assertFalse(failure.toString().contains("swordfish"));
            assertMentions(assertFails(Kind.REFUSED, none::read), "it has a password: configure it");
            assertFalse(locked.on());
        }
    }

    @Test
    void aRoundTripTakesFarLessThanAControlCycle() {
        for (int i = 0; i < 200; i++) plug.on(Duration.ofSeconds(90)); // the compiler's warm-up
        var nanos = new long[200];
        for (int i = 0; i < nanos.length; i++) {
            long start = System.nanoTime();
            plug.on(Duration.ofSeconds(90));
            nanos[i] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        System.out.println("plug round trip, median: " + nanos[100] / 1000 + " us");
        assertTrue(nanos[100] < 20_000_000, "median round trip " + nanos[100] / 1000 + " us"); // 40 ms: Nagle is back
    }
}
