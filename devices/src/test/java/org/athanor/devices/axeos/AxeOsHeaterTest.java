package org.athanor.devices.axeos;

import static org.athanor.devices.testing.Failures.anyPort;
import static org.athanor.devices.testing.Failures.assertFails;
import static org.athanor.devices.testing.Failures.assertFailsWithin;
import static org.athanor.devices.testing.Failures.assertMentions;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.HeaterState.Phase;
import org.athanor.devices.HeaterState.PowerSource;
import org.athanor.devices.simulated.Fault;
import org.athanor.devices.simulated.SimulatedAxeOs;
import org.athanor.devices.testing.FakeComputation;
import org.athanor.units.Celsius;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Driver and simulated device over HTTP. */
@Execution(ExecutionMode.CONCURRENT)
class AxeOsHeaterTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Celsius ROOM = new Celsius(20);
    private static final int FULL = 3;

    private final FakeComputation computation = new FakeComputation();
    private final SimulatedAxeOs device = new SimulatedAxeOs(AxeOsModel.GAMMA, anyPort(), computation);
    private final AxeOsHeater heater = driver(true);

    private AxeOsHeater driver(boolean pauses) {
        return new AxeOsHeater("bitaxe", AxeOsModel.GAMMA, pauses, device.address(), TIMEOUT);
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
    void itBootsInTheLevelThatItKept() {
        device.advance(Duration.ofSeconds(5), ROOM, true);
        var booting = heater.read();
        assertEquals(Phase.STARTING, booting.phase());
        assertEquals(Optional.empty(), booting.chip(), "its chips are without power: -1 is no temperature");
        pass(20);
        var warm = heater.read();
        assertEquals(OptionalInt.of(FULL), warm.level());
        assertEquals(Phase.WORKING, warm.phase());
        assertEquals(19, warm.power().orElseThrow().value(), 0.01);
        assertEquals(PowerSource.REPORTED, warm.source());
        assertEquals(1.07e12, warm.hashrate().orElseThrow().value(), 1e9);
        assertEquals(60, warm.chip().orElseThrow().value(), 3, "its fan holds its target");
        assertEquals(Optional.empty(), warm.fault());
        assertEquals(1, computation.threads);
    }

    @ParameterizedTest
    @CsvSource(useHeadersInDisplayName = true, textBlock = """
            level, watts, gigahashes
            1,     10.95, 815.2
            2,     15.07, 998.7
            3,     19,    1070
            """)
    void levelsArePairsOfFrequencyAndVoltage(int level, double watts, double gigahashes) {
        pass(1);
        heater.setLevel(level);
        pass(10);
        var state = heater.read();
        assertEquals(OptionalInt.of(level), state.level());
        assertEquals(watts, state.power().orElseThrow().value(), 0.01);
        assertEquals(watts, heater.capabilities().level(level).watts().value(), 0.06);
        assertEquals(gigahashes, state.hashrate().orElseThrow().value() / 1e9, 0.2);
    }

    @Test
    void itPausesAndStartsAgainInTheLevelAskedFor() {
        pass(10);
        heater.setLevel(0);
        pass(1);
        var paused = heater.read();
        assertEquals(OptionalInt.of(0), paused.level());
        assertEquals(Phase.STOPPING, paused.phase(), "its fan runs on");
        assertEquals(0, computation.threads);
        pass(30);
        var off = heater.read();
        assertEquals(Phase.OFF, off.phase());
        assertTrue(off.power().orElseThrow().value() < 3, "what is left: " + off.power());
        heater.setLevel(0); // a second time changes nothing
        heater.setLevel(1);
        pass(2);
        assertEquals(OptionalInt.of(1), heater.read().level());
        assertEquals(1, computation.threads);
    }

    @Test
    void aPauseOutlivesACutOfItsPower() {
        pass(1);
        heater.setLevel(0);
        device.advance(Duration.ofMinutes(1), ROOM, false);
        assertFailsWithin(TIMEOUT, Kind.UNREACHABLE, heater::read);
        pass(5);
        assertEquals(OptionalInt.of(0), heater.read().level());
    }

    @Test
    void firmwareThatCannotPauseIsKeptAtItsLowestLevel() {
        var old = driver(false);
        device.inject(Fault.OLD_FIRMWARE);
        pass(1);
        assertFalse(old.capabilities().softStop());
        old.setLevel(0);
        pass(1);
        assertEquals(OptionalInt.of(1), old.read().level());
        assertMentions(
                assertFails(Kind.REFUSED, () -> heater.setLevel(0)),
                "POST /api/system/pause on bitaxe",
                "its firmware \"v2.12.0\" cannot pause, 2.14 and later can");
        old.close();
    }

    @Test
    void itsOwnProtectionIsAFaultThatNobodyEndsFromAfar() {
        pass(10);
        device.inject(Fault.FAN_FAILED);
        device.advance(Duration.ofSeconds(20), ROOM, true);
        assertEquals(Optional.of("its fan stands still"), heater.read().fault());
        pass(10);
        var hot = heater.read();
        assertEquals(Phase.FAULT, hot.phase());
        assertTrue(hot.fault().orElseThrow().contains("overheated"), hot.fault().toString());
        assertEquals(OptionalInt.empty(), hot.level(), "it has made itself slower, which is none of its levels");
        assertMentions(assertFails(Kind.REFUSED, () -> heater.setLevel(FULL)), "it has overheated: look at its fan");
        heater.setLevel(0);
        assertEquals(OptionalInt.of(0), heater.read().level());
        assertTrue(device.chip().value() < 110, "hottest " + device.chip());
    }

    @Test
    void aVoltageRegulatorThatIsTooHotIsAFaultUntilItIsCool() {
        pass(10);
        device.inject(Fault.REGULATOR_HOT);
        pass(1);
        var hot = heater.read();
        assertEquals(Phase.FAULT, hot.phase());
        assertTrue(hot.fault().orElseThrow().matches("its voltage regulator is at 1[0-9.]+ °C"), hot::toString);
        assertEquals(OptionalInt.of(FULL), hot.level(), "its own protection does not see it");
        heater.setLevel(0);
        pass(1);
        var off = heater.read();
        assertEquals(OptionalInt.of(0), off.level());
        assertEquals(Optional.empty(), off.fault());
    }

    @Test
    void withoutItsPoolsItStops() {
        pass(10);
        device.inject(Fault.POOLS_LOST);
        pass(1);
        var idle = heater.read();
        assertEquals(Phase.STARTING, idle.phase());
        assertEquals(OptionalInt.of(FULL), idle.level());
        assertTrue(idle.power().orElseThrow().value() < 3, idle.power().toString());
    }

    @Test
    void aCommandThatWasIgnoredIsSeenWhenItIsReadBack() {
        pass(1);
        device.inject(Fault.IGNORES_COMMANDS);
        heater.setLevel(1);
        assertEquals(OptionalInt.of(FULL), heater.read().level());
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"SILENT", "TRUNCATED"})
    void noWholeReplyIsUnreachable(Fault fault) {
        pass(1);
        device.inject(fault);
        assertFailsWithin(TIMEOUT, Kind.UNREACHABLE, heater::read);
        assertFailsWithin(TIMEOUT, Kind.UNREACHABLE, () -> heater.setLevel(1));
        device.clear();
        assertEquals(OptionalInt.of(FULL), heater.read().level());
    }

    @Test
    void garbageIsGarbage() {
        pass(1);
        device.inject(Fault.GARBAGE);
        assertMentions(
                assertFails(Kind.GARBLED, heater::read),
                "GET /api/system/info on bitaxe at 127.0.0.1:"
                        + device.address().getPort(),
                "not JSON: \"<html>? AxeOS");
    }

    @Test
    void whoIsOutsideOfItsNetworkIsToldSo() {
        pass(1);
        device.inject(Fault.FOREIGN_CALLER);
        assertMentions(assertFails(Kind.REFUSED, heater::read), "HTTP 401 \"Unauthorized\"");
    }

    @Test
    void anotherDeviceThanConfiguredIsNotCommanded() {
        pass(1);
        try (var wrong = new AxeOsHeater("bitaxe", AxeOsModel.SUPRA, true, device.address(), TIMEOUT)) {
            assertMentions(
                    assertFails(Kind.REFUSED, () -> wrong.setLevel(1)),
                    "its chip is a \"BM1370\", configured as Bitaxe Supra (BM1368)");
        }
        assertEquals(OptionalInt.of(FULL), heater.read().level());
    }

    @Test
    void oneWithMoreChipsOfTheSameKindIsAnotherDevice() {
        pass(1);
        try (var wrong = new AxeOsHeater("bitaxe", AxeOsModel.NERDQAXE_PLUS_PLUS, true, device.address(), TIMEOUT)) {
            assertMentions(assertFails(Kind.REFUSED, wrong::read), "it has 1 chips, configured as NerdQAxe++ with 4");
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyModelReachesItsLevelsWithinItsLimits(AxeOsModel model) {
        try (var simulated = new SimulatedAxeOs(model, anyPort(), computation);
                var driver = new AxeOsHeater("axe", model, true, simulated.address(), TIMEOUT)) {
            simulated.advance(Duration.ofMinutes(2), ROOM, true);
            for (int level = 1; level < driver.capabilities().levels().size(); level++) {
                driver.setLevel(level);
                simulated.advance(Duration.ofMinutes(15), ROOM, true);
                var state = driver.read();
                assertEquals(OptionalInt.of(level), state.level());
                assertEquals(Phase.WORKING, state.phase());
                assertTrue(state.power().orElseThrow().compareTo(model.maximumPower()) <= 0, state.toString());
                assertTrue(state.chip().orElseThrow().value() < AxeOsModel.CHIP_MAXIMUM_CELSIUS, state.toString());
            }
            assertEquals(model.verified(), !driver.capabilities().powerSource().contains("unverified"));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            power | temp  | complaint
            1e999 | 60    | /power is Infinity
            -3    | 60    | /power is -3.0
            null  | 60    | no number at /power
            19    | 5000  | /temp is 5000.0
            """)
    void numbersBeyondBeliefAreGarbage(String power, String temp, String complaint) throws Exception {
        try (var liar = new Replying("\"vrTemp\":50,\"power\":" + power + ",\"temp\":" + temp)) {
            assertMentions(assertFails(Kind.GARBLED, liar.heater::read), complaint);
        }
    }

    @Test
    void aVoltageRegulatorThatIsTooHotIsAFault() throws Exception {
        try (var hot = new Replying("\"vrTemp\":105.5,\"power\":19,\"temp\":60")) {
            var state = hot.heater.read();
            assertEquals(Phase.FAULT, state.phase());
            assertEquals(Optional.of("its voltage regulator is at 105.5 °C"), state.fault());
        }
        try (var broken = new Replying("\"vrTemp\":60,\"power\":19,\"temp\":60,\"power_fault\":\"over current\"")) {
            assertEquals(
                    Optional.of("its voltage regulator: over current"),
                    broken.heater.read().fault());
        }
        try (var warm = new Replying("\"vrTemp\":100,\"power\":19,\"temp\":60")) {
            assertEquals(Optional.empty(), warm.heater.read().fault());
        }
    }

    /** A Gamma at work, some fields of whose information are the test's. */
    private static final class Replying implements AutoCloseable {
        private final HttpServer server = HttpServer.create(anyPort(), 0);
        final AxeOsHeater heater;

        Replying(String fields) throws IOException {
            var body = ("{\"ASICModel\":\"BM1370\",\"frequency\":525,\"coreVoltage\":1150,\"hashRate\":1000,"
                            + "\"fanrpm\":3000," + fields + "}")
                    .getBytes(StandardCharsets.UTF_8);
            server.createContext("/", exchange -> {
                try (exchange) {
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                }
            });
            server.start();
            heater = new AxeOsHeater("bitaxe", AxeOsModel.GAMMA, true, server.getAddress(), TIMEOUT);
        }

        @Override
        public void close() {
            heater.close();
            server.stop(0);
        }
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
        double out = device.heat().value() + device.stored().value();
        assertEquals(in, out, 1e-9 * in);
        assertTrue(in > 10_000, in + " J");
    }
}
