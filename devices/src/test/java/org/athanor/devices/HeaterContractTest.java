package org.athanor.devices;

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
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.HeaterState.Phase;
import org.athanor.devices.HeaterState.PowerSource;
import org.athanor.devices.antminer.AntminerHeater;
import org.athanor.devices.antminer.AntminerMode;
import org.athanor.devices.avalon.AvalonHeater;
import org.athanor.devices.avalon.AvalonModel;
import org.athanor.devices.luxos.LuxOsHeater;
import org.athanor.devices.luxos.LuxOsProfile;
import org.athanor.devices.simulated.Breakable;
import org.athanor.devices.simulated.Fault;
import org.athanor.devices.simulated.SimulatedAntminer;
import org.athanor.devices.simulated.SimulatedAvalon;
import org.athanor.devices.simulated.SimulatedLoad;
import org.athanor.devices.simulated.SimulatedLuxOs;
import org.athanor.devices.simulated.SimulatedWhatsminerV2;
import org.athanor.devices.simulated.SimulatedWhatsminerV3;
import org.athanor.devices.testing.FakeComputation;
import org.athanor.devices.whatsminer.WhatsminerHeater;
import org.athanor.devices.whatsminer.WhatsminerLevel;
import org.athanor.units.Celsius;
import org.athanor.units.Hashrate;
import org.athanor.units.Watts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What every driver of a miner must keep, against its simulated device, over its own protocol. */
@Execution(ExecutionMode.CONCURRENT)
class HeaterContractTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Duration HASTY = Duration.ofMillis(300); // where nothing is expected anyway
    private static final Celsius ROOM = new Celsius(20);
    private static final String PASSWORD = "open-sesame";
    /** Years from the host's: drivers must go by the device's clock. */
    private static final InstantSource CLOCK = () -> Instant.parse("2019-01-15T00:00:00Z");

    /** A simulated device and how a driver of it is made, given its time-out. */
    record Device(SimulatedLoad load, Breakable broken, Function<Duration, Heater> driver, Runnable closing) {}

    @SuppressWarnings("ImmutableEnumChecker") // its functions keep nothing
    enum Miner {
        NANO_3(() -> avalon(AvalonModel.NANO_3)),
        NANO_3S(() -> avalon(AvalonModel.NANO_3S)),
        MINI_3(() -> avalon(AvalonModel.MINI_3)),
        AVALON_Q(() -> avalon(AvalonModel.Q)),
        AVALON_A15(() -> avalon(AvalonModel.A15)),
        LUXOS(Miner::luxos),
        ANTMINER(Miner::antminer),
        WHATSMINER_V2(() -> whatsminerV2(WhatsminerLevel.limits(2000, 2700, 3400))),
        WHATSMINER_V2_DIMMED(() -> whatsminerV2(WhatsminerLevel.percents(3400, 60, 80, 100))),
        WHATSMINER_V3(() -> whatsminerV3(WhatsminerLevel.limits(2000, 2700, 3400))),
        WHATSMINER_V3_DIMMED(() -> whatsminerV3(WhatsminerLevel.percents(3400, 60, 80, 100)));

        private final Supplier<Device> device;

        Miner(Supplier<Device> device) {
            this.device = device;
        }

        private static Device avalon(AvalonModel model) {
            var device = new SimulatedAvalon(model, anyPort(), new FakeComputation(), CLOCK);
            return new Device(
                    device,
                    device,
                    timeout -> new AvalonHeater("miner", model, device.address(), timeout),
                    device::close);
        }

        private static Device luxos() {
            var device = new SimulatedLuxOs(anyPort(), new FakeComputation(), CLOCK);
            var levels = LuxOsProfile.spread(SimulatedLuxOs.PROFILES, new Watts(3000), 4);
            return new Device(
                    device,
                    device,
                    timeout -> new LuxOsHeater(
                            "miner", "Antminer S19k Pro", levels, new Watts(3600), device.address(), timeout),
                    device::close);
        }

        private static Device antminer() {
            var login = new Credentials("root", PASSWORD);
            var device = new SimulatedAntminer(login, anyPort(), anyPort(), new FakeComputation(), CLOCK);
            var modes = List.of(
                    AntminerMode.lowPower(new Watts(SimulatedAntminer.LOW_POWER_WATTS)),
                    AntminerMode.normal(new Watts(SimulatedAntminer.NORMAL_WATTS)));
            return new Device(
                    device,
                    device,
                    timeout -> new AntminerHeater(
                            "miner",
                            "Antminer S19 Pro",
                            modes,
                            new Watts(3500),
                            login,
                            device.address(),
                            device.apiAddress(),
                            timeout),
                    device::close);
        }

        private static Device whatsminerV2(List<WhatsminerLevel> levels) {
            var device = new SimulatedWhatsminerV2(PASSWORD, anyPort(), new FakeComputation(), CLOCK);
            return new Device(
                    device,
                    device,
                    timeout -> WhatsminerHeater.v2(
                            "miner", "Whatsminer M30S", levels, new Watts(3500), PASSWORD, device.address(), timeout),
                    device::close);
        }

        private static Device whatsminerV3(List<WhatsminerLevel> levels) {
            var login = new Credentials(WhatsminerHeater.V3_USER, PASSWORD);
            var device = new SimulatedWhatsminerV3(login, anyPort(), new FakeComputation(), CLOCK);
            return new Device(
                    device,
                    device,
                    timeout -> WhatsminerHeater.v3(
                            "miner", "Whatsminer M60S", levels, new Watts(3500), login, device.address(), timeout),
                    device::close);
        }
    }

    private Device device;
    private Heater heater;
    private Capabilities capabilities;
    private int top;

    private void start(Miner miner) {
        device = miner.device.get();
        heater = device.driver().apply(TIMEOUT);
        capabilities = heater.capabilities();
        top = capabilities.levels().size() - 1;
        pass(Duration.ofMinutes(40));
        assertEquals(Phase.WORKING, heater.read().phase());
    }

    private void pass(Duration time) {
        for (var left = time; left.isPositive(); left = left.minusSeconds(20))
            device.load().advance(Duration.ofSeconds(20), ROOM, true);
    }

    private void passUntilSettled() {
        pass(capabilities.settle().multipliedBy(2));
    }

    /** As a controller does: commands, waits, reads back, and asks again where the level is not there yet. */
    private void reach(int level) {
        for (int i = 0; i < 3; i++) {
            heater.setLevel(level);
            pass(Duration.ofMinutes(30));
            passUntilSettled();
            if (heater.read().level().equals(OptionalInt.of(level))) return;
        }
    }

    // ---- those of which a rule says something: all others have no such thing

    private static Stream<Miner> those(Predicate<Device> rule) {
        return Stream.of(Miner.values()).filter(miner -> {
            var device = miner.device.get();
            try {
                return rule.test(device);
            } finally {
                device.closing().run();
            }
        });
    }

    private static Stream<Miner> showing(Fault fault) {
        return those(device -> device.broken().shows().contains(fault));
    }

    private static Stream<Miner> able(Predicate<Capabilities> rule) {
        return those(device -> {
            try (var driver = device.driver().apply(TIMEOUT)) {
                return rule.test(driver.capabilities());
            }
        });
    }

    static Stream<Miner> withLevels() {
        return able(capabilities -> capabilities.levels().size() > 2);
    }

    static Stream<Miner> withSoftStop() {
        return able(Capabilities::softStop);
    }

    static Stream<Miner> withPassword() {
        return showing(Fault.WRONG_PASSWORD);
    }

    static Stream<Miner> withOneSession() {
        return showing(Fault.SESSION_TAKEN);
    }

    /** The session of LuxOS lasts for one command: it has a test of its own. */
    static Stream<Miner> withLastingSession() {
        return showing(Fault.FORGETS_SESSION).filter(miner -> miner != Miner.LUXOS);
    }

    /** A share is lost then, which another test sees. */
    static Stream<Miner> restartingInTheSameLevel() {
        return showing(Fault.RESTARTS).filter(miner -> !miner.name().endsWith("DIMMED"));
    }

    static Stream<Miner> tellingWatts() {
        return showing(Fault.LIES_ABOUT_WATTS);
    }

    @AfterEach
    void stop() {
        if (heater != null) heater.close();
        if (device != null) device.closing().run();
    }

    @ParameterizedTest
    @EnumSource
    void itTakesEachLevelAndReadsItBackByWattsThatAreTrue(Miner miner) {
        start(miner);
        for (int level = top; level > 0; level--) {
            reach(level);
            var state = heater.read();
            assertEquals(OptionalInt.of(level), state.level(), state::toString);
            assertEquals(Phase.WORKING, state.phase(), state::toString);
            assertEquals(Optional.empty(), state.fault());
            double declared = capabilities.level(level).watts().value();
            assertEquals(declared, device.load().power().value(), 0.05 * declared, "drawn");
            assertEquals(declared, state.power().orElseThrow().value(), 0.05 * declared, "said");
            assertTrue(state.hashrate().orElseThrow().value() > 0, state::toString);
            assertTrue(
                    state.chip()
                                    .orElseThrow()
                                    .compareTo(capabilities.chipMaximum().orElseThrow())
                            < 0,
                    state::toString);
            assertTrue(
                    device.load().stored().value() <= capabilities.storedHeat().value(),
                    "stores " + device.load().stored());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aLevelThatItHoldsIsNotCommandedAgain(Miner miner) {
        start(miner);
        reach(top);
        double before = device.load().power().value();
        heater.setLevel(top);
        pass(Duration.ofSeconds(20));
        assertEquals(Phase.WORKING, heater.read().phase(), "a command would have restarted it");
        assertEquals(before, device.load().power().value(), 0.02 * before);
    }

    @ParameterizedTest
    @MethodSource("withLevels")
    void aChangeRestartsHashingOnlyWhereItsCapabilitiesSaySo(Miner miner) {
        start(miner);
        reach(top);
        heater.setLevel(1);
        device.load().advance(Duration.ofSeconds(5), ROOM, true);
        assertEquals(capabilities.changeRestartsHashing(), heater.read().phase() == Phase.STARTING);
    }

    @ParameterizedTest
    @EnumSource
    void itStopsAndResumesInTheLevelAskedFor(Miner miner) {
        start(miner);
        heater.setLevel(0);
        pass(Duration.ofMinutes(2));
        var stopping = heater.read();
        if (capabilities.softStop()) {
            assertEquals(OptionalInt.of(0), stopping.level(), stopping::toString);
            assertTrue(stopping.phase() == Phase.STOPPING || stopping.phase() == Phase.OFF, stopping::toString);
        }
        pass(Duration.ofHours(2));
        var off = heater.read();
        assertEquals(OptionalInt.of(capabilities.softStop() ? 0 : 1), off.level());
        if (capabilities.softStop()) {
            assertEquals(Phase.OFF, off.phase());
            assertTrue(
                    device.load().power().value() < 30, "drawn " + device.load().power());
        }
        reach(1);
        assertEquals(OptionalInt.of(1), heater.read().level());
        assertEquals(Phase.WORKING, heater.read().phase());
    }

    /** The last level stays when the controller, or the mains, were gone: a share of a limit is the exception, and is seen. */
    @ParameterizedTest
    @EnumSource
    void aLossOfMainsWhileItTunesIsSeenAndSurvived(Miner miner) {
        start(miner);
        reach(top);
        heater.setLevel(1);
        pass(Duration.ofSeconds(20));
        device.load().advance(Duration.ofMinutes(1), ROOM, false);
        assertMentions(assertFailsWithin(TIMEOUT, Kind.UNREACHABLE, heater::read), "miner");
        assertFailsWithin(TIMEOUT, Kind.UNREACHABLE, () -> heater.setLevel(0));
        for (int i = 0; i < 6; i++) {
            pass(Duration.ofSeconds(20));
            if (i > 2 || answers())
                assertEquals(
                        Phase.STARTING,
                        heater.read().phase(),
                        () -> heater.read().toString());
        }
        pass(Duration.ofMinutes(40));
        var back = heater.read();
        assertEquals(Phase.WORKING, back.phase());
        assertEquals(OptionalInt.of(miner.name().endsWith("DIMMED") ? top : 1), back.level());
    }

    private boolean answers() {
        try {
            heater.read();
            return true;
        } catch (DeviceException e) {
            assertEquals(Kind.UNREACHABLE, e.kind(), e.getMessage());
            return false;
        }
    }

    @ParameterizedTest
    @MethodSource("withSoftStop")
    void asleepItStaysAsleepOverALossOfMainsOrSaysThatItDoesNot(Miner miner) {
        start(miner);
        heater.setLevel(0);
        pass(Duration.ofMinutes(5));
        device.load().advance(Duration.ofMinutes(1), ROOM, false);
        pass(Duration.ofMinutes(40));
        boolean heats = device.load().power().value() > 100;
        assertEquals(
                heats,
                !heater.read().level().equals(OptionalInt.of(0)),
                () -> heater.read().toString());
    }

    @ParameterizedTest
    @EnumSource
    void aReplyThatIsLateCutOrMissingIsAnErrorAndMovesNothing(Miner miner) {
        start(miner);
        double before = device.load().power().value();
        for (var fault : List.of(Fault.UNREACHABLE, Fault.SILENT, Fault.LATE)) {
            device.broken().inject(fault);
            try (var hasty = device.driver().apply(HASTY)) {
                assertMentions(assertFailsWithin(HASTY, Kind.UNREACHABLE, hasty::read), " on miner at ");
                assertFailsWithin(HASTY, Kind.UNREACHABLE, () -> hasty.setLevel(0));
            }
            device.broken().clear();
        }
        assertEquals(Phase.WORKING, heater.read().phase());
        assertEquals(before, device.load().power().value(), 0.02 * before);
    }

    @ParameterizedTest
    @EnumSource
    void aReplyThatCannotBeBelievedIsAnErrorAndMovesNothing(Miner miner) {
        start(miner);
        double before = device.load().power().value();
        for (var fault : List.of(Fault.GARBAGE, Fault.WRONG_REPLY, Fault.CHANGED_FIRMWARE)) {
            device.broken().inject(fault);
            assertMentions(assertFails(Kind.GARBLED, heater::read), " on miner at ");
            assertFails(Kind.GARBLED, () -> heater.setLevel(0));
            device.broken().clear();
        }
        pass(Duration.ofMinutes(1));
        assertEquals(Phase.WORKING, heater.read().phase());
        assertEquals(before, device.load().power().value(), 0.02 * before);
    }

    @ParameterizedTest
    @EnumSource
    void aReplyThatWasCutIsAnError(Miner miner) {
        start(miner);
        device.broken().inject(Fault.TRUNCATED);
        var kind = assertThrows(DeviceException.class, heater::read).kind();
        assertTrue(kind == Kind.GARBLED || kind == Kind.UNREACHABLE, "" + kind);
        assertThrows(DeviceException.class, () -> heater.setLevel(0));
        device.broken().clear();
        assertEquals(Phase.WORKING, heater.read().phase());
    }

    @ParameterizedTest
    @EnumSource
    void withoutItsPoolsItIsInItsLevelAndNotAtWork(Miner miner) {
        start(miner);
        reach(top);
        var pool = ((PoolReader) heater).pool();
        device.broken().inject(Fault.POOLS_LOST);
        pass(Duration.ofMinutes(10));
        double declared = capabilities.level(top).watts().value();
        assertTrue(
                device.load().power().value() < 0.2 * declared,
                "it draws " + device.load().power());
        var state = heater.read();
        assertEquals(OptionalInt.of(top), state.level(), state::toString);
        assertEquals(Phase.STARTING, state.phase(), state::toString);
        assertEquals(Optional.empty(), state.fault());
        assertEquals(0, state.hashrate().map(Hashrate::value).orElse(0.0), 1e-9);
        if (state.source() != PowerSource.DECLARED)
            assertTrue(state.power().orElseThrow().value() < 0.2 * declared, state::toString);
        assertEquals(pool, ((PoolReader) heater).pool(), "the one that it would work for");
        device.broken().clear();
        pass(capabilities.settle());
        assertEquals(Phase.WORKING, heater.read().phase());
    }

    @ParameterizedTest
    @EnumSource
    void sloppyRepliesAreUnderstood(Miner miner) {
        start(miner);
        var good = heater.read();
        for (var fault : List.of(Fault.BROKEN_JSON, Fault.HOLDS_CONNECTION)) {
            if (!device.broken().shows().contains(fault)) continue;
            device.broken().inject(fault);
            assertEquals(good, heater.read(), fault.title());
            device.broken().clear();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRefusedCommandIsAnErrorAndMovesNothing(Miner miner) {
        start(miner);
        reach(top);
        device.broken().inject(Fault.REFUSES_COMMANDS);
        if (top > 1) assertFails(Kind.REFUSED, () -> heater.setLevel(1));
        if (capabilities.softStop()) assertFails(Kind.REFUSED, () -> heater.setLevel(0));
        pass(Duration.ofMinutes(2));
        assertEquals(OptionalInt.of(top), heater.read().level());
    }

    @ParameterizedTest
    @EnumSource
    void anIgnoredCommandIsSeenByReadingBack(Miner miner) {
        start(miner);
        reach(top);
        device.broken().inject(Fault.IGNORES_COMMANDS);
        heater.setLevel(1);
        heater.setLevel(0);
        pass(Duration.ofMinutes(5));
        assertEquals(OptionalInt.of(top), heater.read().level());
        assertEquals(Phase.WORKING, heater.read().phase());
    }

    @ParameterizedTest
    @MethodSource("withPassword")
    void aWrongPasswordIsSaidWithWhatToDoAndNeverShown(Miner miner) {
        start(miner);
        device.broken().inject(Fault.WRONG_PASSWORD);
        var failure = assertFails(Kind.REFUSED, () -> heater.setLevel(0));
        assertMentions(failure, "password is wrong");
        assertFalse(failure.toString().contains(PASSWORD), failure.toString());
        device.broken().clear();
        heater.setLevel(0);
        pass(Duration.ofMinutes(1));
        assertEquals(OptionalInt.of(0), heater.read().level());
    }

    @ParameterizedTest
    @MethodSource("withOneSession")
    void aSessionOfSomebodyElseIsSaid(Miner miner) {
        start(miner);
        device.broken().inject(Fault.SESSION_TAKEN);
        assertMentions(
                assertFails(Kind.REFUSED, () -> heater.setLevel(0)), "Another session is active", "wait until it");
        device.broken().clear();
        heater.setLevel(0);
        assertEquals(OptionalInt.of(0), heater.read().level());
    }

    @ParameterizedTest
    @MethodSource("withLastingSession")
    void aTokenThatWasForgottenOrRanOutIsRenewed(Miner miner) {
        start(miner);
        reach(1);
        device.broken().inject(Fault.FORGETS_SESSION);
        heater.setLevel(0);
        pass(Duration.ofMinutes(40));
        assertEquals(OptionalInt.of(0), heater.read().level());
        reach(top);
        assertEquals(OptionalInt.of(top), heater.read().level());
    }

    @ParameterizedTest
    @MethodSource("restartingInTheSameLevel")
    void aRestartByItselfIsNeverTakenForAnotherLevel(Miner miner) {
        start(miner);
        reach(1);
        device.broken().inject(Fault.RESTARTS);
        for (int i = 0; i < 45; i++) {
            pass(Duration.ofSeconds(20));
            try {
                assertEquals(OptionalInt.of(1), heater.read().level());
            } catch (DeviceException e) {
                assertEquals(Kind.UNREACHABLE, e.kind(), e.getMessage());
            }
        }
        device.broken().clear();
        pass(Duration.ofMinutes(40));
        assertEquals(Phase.WORKING, heater.read().phase());
    }

    @ParameterizedTest
    @MethodSource("tellingWatts")
    void whatItDrawsAndWhatItSaysAreKeptApart(Miner miner) {
        start(miner);
        reach(top);
        device.broken().inject(Fault.LIES_ABOUT_WATTS);
        double drawn = device.load().power().value();
        var state = heater.read();
        boolean dimmed = miner.name().endsWith("DIMMED");
        assertEquals(drawn / 2, state.power().orElseThrow().value(), 0.6, state::toString);
        assertEquals(dimmed ? OptionalInt.empty() : OptionalInt.of(top), state.level(), "of a share only watts tell");
    }

    @ParameterizedTest
    @EnumSource
    void aFanThatStandsStillIsAFaultThatEndsItsHeating(Miner miner) {
        start(miner);
        reach(top);
        device.broken().inject(Fault.FAN_FAILED);
        pass(Duration.ofSeconds(20));
        assertTrue(
                heater.read().fault().orElseThrow().contains("fan")
                        || heater.read().fault().orElseThrow().contains("110"),
                heater.read().fault().toString());
        boolean fault = false;
        for (int i = 0; i < 20 && !fault; i++) {
            pass(Duration.ofMinutes(1));
            fault = heater.read().phase() == Phase.FAULT;
        }
        assertTrue(fault, () -> heater.read().toString());
        pass(Duration.ofMinutes(20)); // the thermal cut-out of some ends that too
        assertTrue(device.load().power().value() < 30, "drawn " + device.load().power());
    }

    @ParameterizedTest
    @EnumSource
    void itSaysForWhomItMines(Miner miner) {
        start(miner);
        var reader = (PoolReader) heater;
        assertEquals(
                Optional.of(new PoolSetting("stratum+tcp://pool.example.com:3333", "athanor.simulated")),
                reader.pool());
        device.broken().inject(Fault.FOREIGN_POOL);
        assertEquals("stranger", reader.pool().orElseThrow().user());
    }

    @ParameterizedTest
    @EnumSource
    void anUnknownLevelIsTheCallersMistake(Miner miner) {
        start(miner);
        assertThrows(IllegalArgumentException.class, () -> heater.setLevel(top + 1));
        assertThrows(IllegalArgumentException.class, () -> heater.setLevel(-1));
    }

    @ParameterizedTest
    @EnumSource
    void itsCapabilitiesAreHonest(Miner miner) {
        start(miner);
        assertTrue(capabilities.survivesController(), "none of them has a dead man's switch");
        assertEquals(Watts.ZERO, capabilities.levels().getFirst().watts());
        for (int level = 1; level <= top; level++) {
            var watts = capabilities.level(level).watts();
            assertTrue(watts.compareTo(capabilities.level(level - 1).watts()) > 0);
            assertTrue(watts.compareTo(capabilities.maximumPower()) <= 0);
        }
        assertFalse(capabilities.powerSource().isBlank());
        var source = heater.read().source();
        assertEquals(miner == Miner.LUXOS || miner == Miner.ANTMINER, source == PowerSource.DECLARED);
    }

    @ParameterizedTest
    @EnumSource
    void theBooksOfTheSimulationClose(Miner miner) {
        start(miner);
        heater.setLevel(1);
        pass(Duration.ofMinutes(17));
        heater.setLevel(0);
        pass(Duration.ofMinutes(3));
        device.load().advance(Duration.ofMinutes(5), new Celsius(12), false);
        double in = device.load().electricity().value();
        assertEquals(in, device.load().heat().value() + device.load().stored().value(), 1e-9 * in);
        assertTrue(in > 100_000, in + " J");
    }
}
