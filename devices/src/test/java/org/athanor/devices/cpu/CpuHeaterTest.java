package org.athanor.devices.cpu;

import static org.athanor.devices.testing.Failures.assertFails;
import static org.athanor.devices.testing.Failures.assertMentions;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import org.athanor.devices.Computation;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.HeaterState.Phase;
import org.athanor.devices.HeaterState.PowerSource;
import org.athanor.devices.testing.FakeComputation;
import org.athanor.units.Hashrate;
import org.athanor.units.Watts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CpuHeaterTest {
    private static final Watts PER_THREAD = new Watts(12);
    private static final long SECOND = 1_000_000_000;

    @TempDir
    Path powercap;

    private final FakeComputation computation = new FakeComputation();
    private volatile long nanos;

    private CpuHeater heater() {
        return heater("cpu", Duration.ofSeconds(150));
    }

    private CpuHeater heater(String id, Duration lease) {
        return new CpuHeater(id, computation, 4, PER_THREAD, lease, powercap, () -> nanos);
    }

    private static void await(BooleanSupplier condition, String what) throws InterruptedException {
        long deadline = System.nanoTime() + 20 * SECOND;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, what);
            Thread.sleep(1);
        }
    }

    @Test
    void aControllerThatHangsLosesItsLevelUntilItCommandsAgain() {
        try (var heater = heater()) {
            heater.setLevel(3);
            nanos = 149 * SECOND;
            assertEquals(OptionalInt.of(3), heater.read().level());
            nanos = 298 * SECOND;
            assertEquals(OptionalInt.of(3), heater.read().level(), "each reading renews the lease");
            heater.setLevel(2);
            nanos = 448 * SECOND;
            assertEquals(OptionalInt.of(0), heater.read().level());
            assertEquals(Phase.OFF, heater.read().phase());
            assertEquals(0, computation.threads);
            heater.setLevel(2);
            assertEquals(OptionalInt.of(2), heater.read().level());
            assertEquals(2, computation.threads);
        }
    }

    @Test
    void theWatchdogStopsTheThreadsThoughNobodyCalls() throws InterruptedException {
        try (var heater = heater("cpu", Duration.ofMillis(20))) {
            heater.setLevel(2);
            nanos = SECOND / 100;
            assertEquals(OptionalInt.of(2), heater.read().level());
            nanos = SECOND;
            await(() -> computation.threads == 0, "the threads go on");
        }
    }

    @Test
    void closingEndsTheWatchdog() throws InterruptedException {
        var heater = heater("closing", Duration.ofMillis(20));
        await(() -> hasThread("lease-closing"), "no watchdog");
        heater.close();
        await(() -> !hasThread("lease-closing"), "the watchdog lives");
    }

    private static boolean hasThread(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals(name));
    }

    private void counter(String zone, String name, long microjoules, long range) throws IOException {
        var folder = Files.createDirectories(powercap.resolve(zone));
        Files.writeString(folder.resolve("name"), name + "\n");
        Files.writeString(folder.resolve("max_energy_range_uj"), range + "\n");
        Files.writeString(folder.resolve("energy_uj"), microjoules + "\n");
    }

    @Test
    void levelsAreThreads() {
        var heater = heater();
        assertEquals(5, heater.capabilities().levels().size());
        assertEquals("off", heater.capabilities().level(0).name());
        assertEquals("1 thread", heater.capabilities().level(1).name());
        assertEquals(new Watts(48), heater.capabilities().level(4).watts());
        heater.setLevel(3);
        assertEquals(3, computation.threads);
        var state = heater.read();
        assertEquals(OptionalInt.of(3), state.level());
        assertEquals(Phase.WORKING, state.phase());
        assertEquals(Optional.of(new Hashrate(3e6)), state.hashrate());
        heater.close();
        assertEquals(0, computation.threads);
        assertEquals(Phase.OFF, heater.read().phase());
    }

    @Test
    void withoutCountersWattsAreDeclaredAndItSaysSo() {
        var heater = heater();
        heater.setLevel(2);
        assertEquals(Optional.of(new Watts(24)), heater.read().power());
        assertEquals(PowerSource.DECLARED, heater.read().source());
        assertTrue(heater.capabilities().powerSource().startsWith("declared, 12 W a busy thread"));
    }

    @Test
    void withCountersWattsAreThePackagesMeanSinceTheLastReading() throws IOException {
        counter("intel-rapl:0", "package-0", 5_000_000, 1L << 32);
        counter("intel-rapl:0:0", "core", 1_000_000, 1L << 32);
        counter("intel-rapl:1", "package-1", 7_000_000, 1L << 32);
        counter("intel-rapl:2", "psys", 90_000_000, 1L << 32);
        var heater = heater();
        assertTrue(heater.capabilities().powerSource().startsWith("reported by the processor (RAPL"));
        assertEquals(PowerSource.DECLARED, heater.read().source()); // no interval yet
        counter("intel-rapl:0", "package-0", 5_000_000 + 40_000_000, 1L << 32);
        counter("intel-rapl:1", "package-1", 7_000_000 + 20_000_000, 1L << 32);
        counter("intel-rapl:2", "psys", 500_000_000, 1L << 32);
        nanos = 2 * SECOND;
        assertEquals(Optional.of(new Watts(30)), heater.read().power());
        assertEquals(PowerSource.REPORTED, heater.read().source());
    }

    @Test
    void whatDoesNotHashShowsNoHashRate() {
        var training = new Computation() {
            @Override
            public void setThreads(int threads) {
                computation.setThreads(threads);
            }

            @Override
            public Counters counters() {
                return Counters.NONE;
            }

            @Override
            public Optional<Hashrate> hashrate() {
                return Optional.empty();
            }

            @Override
            public void close() {} // holds nothing
        };
        try (var heater = CpuHeater.declared("trainer", training, 2, PER_THREAD)) {
            heater.setLevel(2);
            assertEquals(2, computation.threads);
            assertEquals(Optional.empty(), heater.read().hashrate());
            assertEquals(Optional.of(new Watts(24)), heater.read().power());
            assertEquals(PowerSource.DECLARED, heater.read().source(), "whatever counters this computer has");
        }
    }

    @Test
    void aCounterThatWrapsLosesNothing() throws IOException {
        counter("intel-rapl:0", "package-0", 262_143_328_000L, 262_143_328_850L);
        var heater = heater();
        counter("intel-rapl:0", "package-0", 9_999_149, 262_143_328_850L);
        nanos = SECOND;
        assertEquals(Optional.of(new Watts(10)), heater.read().power());
    }

    @Test
    void aCounterThatBreaksIsReportedNotGuessed() throws IOException {
        counter("intel-rapl:0", "package-0", 1, 1L << 32);
        var heater = heater();
        Files.writeString(powercap.resolve("intel-rapl:0/energy_uj"), "rubbish");
        nanos = SECOND;
        assertMentions(assertFails(Kind.UNREACHABLE, heater::read), "cpu", "rubbish");
    }

    @Test
    void mistakesOfTheCallerAreNamed() {
        assertMentions(assertThrows(IllegalArgumentException.class, () -> heater().setLevel(5)), "level 5", "0 to 4");
        assertThrows(IllegalArgumentException.class, () -> new CpuHeater("cpu", computation, 0, PER_THREAD));
        assertThrows(IllegalArgumentException.class, () -> new CpuHeater("cpu", computation, 1, Watts.ZERO));
        assertThrows(IllegalArgumentException.class, () -> heater("cpu", Duration.ZERO));
    }

    @Test
    void aLargeProcessorHasLevelsSeveralThreadsApart() {
        try (var heater = CpuHeater.declared("server", computation, 128, PER_THREAD)) {
            var levels = heater.capabilities().levels();
            assertEquals(32, levels.size());
            assertEquals("128 threads", levels.getLast().name());
            assertEquals(PER_THREAD.times(128), levels.getLast().watts());
            assertEquals("66 threads", levels.get(16).name());
            heater.setLevel(16);
            assertEquals(66, computation.threads);
            heater.setLevel(31);
            assertEquals(128, computation.threads);
        }
    }
}
