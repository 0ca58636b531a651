package org.athanor.devices;

import static org.athanor.devices.testing.Failures.anyPort;
import static org.athanor.devices.testing.Failures.assertFails;
import static org.athanor.devices.testing.Failures.assertFailsWithin;
import static org.athanor.devices.testing.Failures.assertMentions;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.HeaterState.Phase;
import org.athanor.devices.axeos.AxeOsHeater;
import org.athanor.devices.axeos.AxeOsModel;
import org.athanor.devices.braiins.BraiinsHeater;
import org.athanor.devices.simulated.Breakable;
import org.athanor.devices.simulated.Fault;
import org.athanor.devices.simulated.SimulatedAxeOs;
import org.athanor.devices.simulated.SimulatedBraiins;
import org.athanor.devices.simulated.SimulatedLoad;
import org.athanor.devices.simulated.SimulatedVnish;
import org.athanor.devices.testing.FakeComputation;
import org.athanor.devices.vnish.VnishHeater;
import org.athanor.devices.vnish.VnishLevel;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every driver of a miner with an HTTP API must keep, against its simulated device. */
@Execution(ExecutionMode.CONCURRENT)
class RestHeaterContractTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Duration HASTY = Duration.ofMillis(300); // where nothing is expected anyway
    private static final Celsius ROOM = new Celsius(20);

    /** A simulated device behind its address. */
    record Device(SimulatedLoad load, Breakable broken, InetSocketAddress address, Runnable closing) {}

    @SuppressWarnings("ImmutableEnumChecker") // its functions keep nothing
    enum Miner {
        AXEOS(
                () -> {
                    var device = new SimulatedAxeOs(AxeOsModel.GAMMA, anyPort(), new FakeComputation());
                    return new Device(device, device, device.address(), device::close);
                },
                (address, timeout) -> new AxeOsHeater("miner", AxeOsModel.GAMMA, true, address, timeout)),
        BRAIINS(
                () -> {
                    var device = new SimulatedBraiins(Credentials.DEFAULT, anyPort(), new FakeComputation());
                    return new Device(device, device, device.address(), device::close);
                },
                (address, timeout) -> new BraiinsHeater(
                        "miner",
                        "S19j Pro",
                        List.of(1000, 1800, 2600),
                        new Watts(3600),
                        Credentials.DEFAULT,
                        address,
                        timeout)),
        VNISH_THROTTLED(
                Miner::vnish,
                (address, timeout) -> vnishHeater(
                        address,
                        timeout,
                        VnishLevel.throttled(30, new Watts(915)),
                        VnishLevel.throttled(60, new Watts(1830)),
                        VnishLevel.throttled(100, new Watts(3050)))),
        VNISH_PRESETS(
                Miner::vnish,
                (address, timeout) -> vnishHeater(
                        address,
                        timeout,
                        VnishLevel.preset("1200", new Watts(1200)),
                        VnishLevel.preset("2450", new Watts(2450)),
                        VnishLevel.preset("3050", new Watts(3050))));

        private final Supplier<Device> device;
        private final BiFunction<InetSocketAddress, Duration, Heater> driver;

        Miner(Supplier<Device> device, BiFunction<InetSocketAddress, Duration, Heater> driver) {
            this.device = device;
            this.driver = driver;
        }

        private static Device vnish() {
            var device = new SimulatedVnish(SimulatedVnish.DEFAULT_PASSWORD, anyPort(), new FakeComputation());
            return new Device(device, device, device.address(), device::close);
        }

        private static Heater vnishHeater(InetSocketAddress address, Duration timeout, VnishLevel... levels) {
            return new VnishHeater(
                    "miner",
                    "S19j Pro",
                    Arrays.asList(levels),
                    new Watts(3600),
                    SimulatedVnish.DEFAULT_PASSWORD,
                    address,
                    timeout);
        }
    }

    private Device device;
    private Heater heater;

    private void start(Miner miner) {
        device = miner.device.get();
        heater = miner.driver.apply(device.address(), TIMEOUT);
        pass(20);
    }

    private void pass(int minutes) {
        for (int i = 0; i < minutes; i++) device.load().advance(Duration.ofMinutes(1), ROOM, true);
    }

    @AfterEach
    void stop() {
        heater.close();
        device.closing().run();
    }

    @ParameterizedTest
    @EnumSource
    void itStartsTakesEachLevelStopsAndResumes(Miner miner) {
        start(miner);
        var levels = heater.capabilities().levels();
        for (int level : new int[] {1, 3, 2}) {
            heater.setLevel(level);
            pass(20);
            var state = heater.read();
            assertEquals(OptionalInt.of(level), state.level());
            assertEquals(Phase.WORKING, state.phase());
            double watts = levels.get(level).watts().value();
            assertEquals(watts, state.power().orElseThrow().value(), 0.05 * watts);
            assertEquals(Optional.empty(), state.fault());
        }
        heater.setLevel(0);
        pass(60);
        assertEquals(OptionalInt.of(0), heater.read().level());
        assertEquals(Phase.OFF, heater.read().phase());
        assertTrue(
                heater.read().power().orElseThrow().value() < 30, heater.read().toString());
        heater.setLevel(2);
        pass(20);
        assertEquals(OptionalInt.of(2), heater.read().level());
        assertEquals(Phase.WORKING, heater.read().phase());
        assertThrows(IllegalArgumentException.class, () -> heater.setLevel(4));
        assertThrows(IllegalArgumentException.class, () -> heater.setLevel(-1));
    }

    @ParameterizedTest
    @EnumSource
    void aRestartWhileItTunesLeavesItInALevelThatIsKnown(Miner miner) {
        start(miner);
        heater.setLevel(1);
        device.broken().inject(Fault.RESTARTS);
        pass(10);
        device.broken().clear();
        pass(20);
        var level = heater.read().level();
        assertTrue(level.isPresent(), heater.read().toString());
        heater.setLevel(1);
        pass(20);
        assertEquals(OptionalInt.of(1), heater.read().level());
        assertEquals(Phase.WORKING, heater.read().phase());
    }

    @ParameterizedTest
    @EnumSource
    void withoutMainsItIsUnreachableAndComesBack(Miner miner) {
        start(miner);
        heater.setLevel(1);
        device.load().advance(Duration.ofMinutes(1), ROOM, false);
        assertFailsWithin(TIMEOUT, Kind.UNREACHABLE, heater::read);
        assertFailsWithin(TIMEOUT, Kind.UNREACHABLE, () -> heater.setLevel(0));
        pass(20);
        heater.setLevel(0);
        assertEquals(OptionalInt.of(0), heater.read().level());
    }

    @ParameterizedTest
    @EnumSource
    void aReplyThatIsLateCutOrMissingLeavesTheStateUnknown(Miner miner) {
        start(miner);
        heater.setLevel(1);
        heater.close();
        heater = miner.driver.apply(device.address(), HASTY);
        for (var fault : List.of(Fault.UNREACHABLE, Fault.SILENT, Fault.LATE, Fault.TRUNCATED)) {
            device.broken().inject(fault);
            assertFailsWithin(HASTY, Kind.UNREACHABLE, heater::read);
            assertFailsWithin(HASTY, Kind.UNREACHABLE, () -> heater.setLevel(3));
            device.broken().clear();
        }
        heater.close();
        heater = miner.driver.apply(device.address(), TIMEOUT);
        pass(5);
        assertTrue(heater.read().level().isPresent());
    }

    @ParameterizedTest
    @EnumSource
    void aReplyThatCannotBeBelievedIsGarbled(Miner miner) {
        start(miner);
        heater.read();
        for (var fault : List.of(Fault.GARBAGE, Fault.WRONG_REPLY, Fault.CHANGED_FIRMWARE)) {
            device.broken().inject(fault);
            assertMentions(assertFails(Kind.GARBLED, heater::read), "on miner at 127.0.0.1:");
            device.broken().clear();
        }
        assertEquals(Phase.WORKING, heater.read().phase());
    }

    @ParameterizedTest
    @EnumSource
    void aRefusedCommandIsAnErrorAndChangesNothing(Miner miner) {
        start(miner);
        heater.setLevel(2);
        pass(10);
        device.broken().inject(Fault.REFUSES_COMMANDS);
        assertFails(Kind.REFUSED, () -> heater.setLevel(1));
        assertFails(Kind.REFUSED, () -> heater.setLevel(0));
        assertEquals(OptionalInt.of(2), heater.read().level());
    }

    @ParameterizedTest
    @EnumSource
    void anIgnoredCommandIsSeenByReadingBack(Miner miner) {
        start(miner);
        heater.setLevel(2);
        pass(10);
        device.broken().inject(Fault.IGNORES_COMMANDS);
        heater.setLevel(1);
        assertEquals(OptionalInt.of(2), heater.read().level());
        heater.setLevel(0);
        assertEquals(OptionalInt.of(2), heater.read().level());
    }

    @ParameterizedTest
    @EnumSource
    void whatItDrawsAndWhatItSaysAreKeptApart(Miner miner) {
        start(miner);
        device.broken().inject(Fault.LIES_ABOUT_WATTS);
        double drawn = device.load().power().value();
        assertEquals(drawn / 2, heater.read().power().orElseThrow().value(), 0.51);
    }

    @ParameterizedTest
    @EnumSource
    void aFanThatStandsStillIsAFault(Miner miner) {
        start(miner);
        device.broken().inject(Fault.FAN_FAILED);
        device.load().advance(Duration.ofSeconds(3), ROOM, true);
        var state = heater.read();
        assertEquals(Phase.FAULT, state.phase());
        assertTrue(state.fault().orElseThrow().contains("fan"), state.fault().toString());
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
        assertNotEquals("athanor.simulated", reader.pool().orElseThrow().user());
        assertTrue(reader.pool().orElseThrow().url().contains("pool.elsewhere.example"));
    }

    @ParameterizedTest
    @EnumSource(names = "AXEOS", mode = EnumSource.Mode.EXCLUDE)
    void aWrongPasswordIsSaid(Miner miner) {
        start(miner);
        device.broken().inject(Fault.WRONG_PASSWORD);
        assertMentions(assertFails(Kind.REFUSED, () -> heater.setLevel(1)), "password is wrong");
    }

    @ParameterizedTest
    @EnumSource(names = "AXEOS", mode = EnumSource.Mode.EXCLUDE)
    void aSessionThatWasForgottenIsRenewed(Miner miner) {
        start(miner);
        heater.setLevel(1);
        device.broken().inject(Fault.FORGETS_SESSION);
        heater.setLevel(0);
        assertEquals(OptionalInt.of(0), heater.read().level());
    }
}
