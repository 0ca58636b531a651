package org.athanor.devices.gpu;

import static org.athanor.devices.testing.Failures.assertFails;
import static org.athanor.devices.testing.Failures.assertMentions;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.Heater.RunsOut;
import org.athanor.devices.HeaterState.Phase;
import org.athanor.devices.testing.FakeComputation;
import org.athanor.devices.testing.FakeNvml;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a library of our own in place of NVIDIA's, where there is a C compiler. */
class GpuHeaterTest {
    private static final Duration LEASE = Duration.ofMinutes(10);
    private static final Duration TIMEOUT = Duration.ofSeconds(20); // a Java machine starts in it

    @TempDir
    private Path folder;

    private final FakeComputation computation = new FakeComputation() {
        @Override
        public void setThreads(int count) {
            super.setThreads(count);
            nvml().busy(count > 0);
        }
    };

    /** @param definitions what differs from a card that works, such as SETTING=return 4 */
    private String library(String... definitions) throws Exception {
        return nvml().library(definitions);
    }

    private FakeNvml nvml() {
        return new FakeNvml(folder);
    }

    private GpuHeater open(String library, Watts... limits) {
        return GpuHeater.open("gpu", library, "0", List.of(limits), computation, LEASE, TIMEOUT);
    }

    @Test
    void withoutADriverThatIsSaid() {
        assertMentions(
                assertFails(Kind.UNREACHABLE, () -> open("libnvidia-ml-nowhere.so.1")),
                "\"describe 0\" on gpu through NVML",
                "there is no libnvidia-ml-nowhere.so.1: NVIDIA's driver is not installed");
    }

    @Test
    void aCardOnWhichOthersComputeIsOnlyLimited() throws Exception {
        try (var gpu = LimitedGpu.open("gpu", library(), "GPU-1234", List.of(), TIMEOUT)) {
            assertFalse(gpu.capabilities().softStop());
            assertEquals(RunsOut.NO, gpu.runsOut());
            nvml().busy(true);
            gpu.setLevel(3);
            assertEquals(OptionalInt.of(3), gpu.read().level());
            assertEquals(270, gpu.read().power().orElseThrow().value(), 1e-9);
            gpu.setLevel(0);
            var busy = gpu.read();
            assertEquals(OptionalInt.of(1), busy.level(), "others compute on: it is at its least, not off");
            assertEquals(Phase.WORKING, busy.phase());
        }
        try (var gpu = LimitedGpu.open(
                "gpu", library("READING=limit = 100000; *power = 12000; return 0"), "0", List.of(), TIMEOUT)) {
            gpu.setLevel(0);
            assertEquals(OptionalInt.of(0), gpu.read().level(), "nobody computes: it is off");
            assertEquals(Phase.OFF, gpu.read().phase());
        }
    }

    @Test
    void aCardThatIsNotThereIsNamed() throws Exception {
        var library = library();
        for (var card : List.of("GPU-4321", "7"))
            assertMentions(
                    assertFails(Kind.REFUSED, () -> LimitedGpu.open("gpu", library, card, List.of(), TIMEOUT)),
                    "there is no GPU " + card + ": this computer has 1");
    }

    @Test
    void levelsAreLimitsWithinThoseOfTheCard() throws Exception {
        try (var heater = open(library())) {
            var capabilities = heater.capabilities();
            assertEquals("Athanor Test 4090", capabilities.model());
            assertEquals(
                    List.of(0.0, 100.0, 200.0, 300.0),
                    capabilities.levels().stream()
                            .map(level -> level.watts().value())
                            .toList());
            assertEquals(Optional.of(new Celsius(90)), capabilities.chipMaximum());
            assertEquals(OptionalInt.of(0), heater.read().level());
            for (int level = 1; level <= 3; level++) {
                heater.setLevel(level);
                var state = heater.read();
                assertEquals(OptionalInt.of(level), state.level());
                assertEquals(Phase.WORKING, state.phase());
                assertEquals(90 * level, state.power().orElseThrow().value(), 1e-9);
                assertEquals(Optional.of(new Celsius(61)), state.chip());
                assertEquals(1, computation.threads);
            }
            heater.setLevel(0);
            assertEquals(OptionalInt.of(0), heater.read().level());
            assertEquals(0, computation.threads);
            assertThrows(IllegalArgumentException.class, () -> heater.setLevel(4));
        }
    }

    @Test
    void whatIdlesIsWorthWhatTheCardMeasuresAndNotItsLevel() throws Exception {
        try (var heater = open(library())) {
            assertEquals(FakeNvml.UUID, heater.uuid());
            heater.setLevel(3);
            nvml().busy(false); // between two rounds
            var idle = heater.read();
            assertEquals(OptionalInt.of(3), idle.level());
            assertEquals(12, idle.power().orElseThrow().value(), 1e-9);
            assertEquals(12, heater.draws().value(), 1e-9);
            assertEquals(Optional.empty(), idle.fault());
            computation.hindrance = "the job is done";
            assertEquals(Optional.of("the job is done"), heater.read().fault());
        }
    }

    @Test
    void offIsTheLeastLimitAndACardThatIdles() throws Exception {
        try (var heater = open(library())) {
            heater.setLevel(3);
            assertEquals(OptionalInt.of(300), nvml().limit());
            heater.setLevel(0);
            assertEquals(OptionalInt.of(100), nvml().limit());
            assertEquals(OptionalInt.of(0), heater.read().level());
            assertEquals(RunsOut.YES, heater.runsOut());
            nvml().busy(true); // by somebody else, or what computed was not stopped
            var busy = heater.read();
            assertEquals(OptionalInt.of(1), busy.level(), "it is not off, whoever computes on it");
            assertEquals(Phase.STOPPING, busy.phase());
        }
    }

    @Test
    void offNeedsNoRightsAndNoLibrary() throws Exception {
        try (var heater = open(library("SETTING=if (value == 100000) return 4"))) {
            heater.setLevel(2);
            heater.setLevel(0);
            assertEquals(0, computation.threads);
            assertEquals(OptionalInt.of(0), heater.read().level(), "whatever its limit");
        }
    }

    @Test
    void theDeathOfItsChildIsSurvived() throws Exception {
        try (var heater = open(library())) {
            heater.setLevel(3);
            var child = ProcessHandle.of(heater.childPid()).orElseThrow();
            assertTrue(child.destroyForcibly());
            child.onExit().get(30, TimeUnit.SECONDS);
            heater.setLevel(0); // needs no child
            assertEquals(0, computation.threads);
            var state = heater.read(); // by another one
            assertEquals(OptionalInt.of(0), state.level());
            heater.setLevel(2);
            assertEquals(OptionalInt.of(2), heater.read().level());
        }
    }

    @Test
    void aLibraryThatCrashesTakesOnlyTheChildWithIt() throws Exception {
        try (var heater = open(library("READING=abort()"))) {
            for (int i = 0; i < 2; i++)
                assertMentions(assertFails(Kind.UNREACHABLE, heater::read), "its child process died (exit value 134)");
            heater.setLevel(1);
            assertEquals(1, computation.threads);
        }
    }

    @Test
    void aLibraryThatHangsIsKilled() throws Exception {
        var library = library("READING=for (;;) sleep(1)");
        try (var heater = GpuHeater.open("gpu", library, "0", List.of(), computation, LEASE, Duration.ofSeconds(3))) {
            long child = heater.childPid();
            assertMentions(assertFails(Kind.UNREACHABLE, heater::read), "it was killed");
            var handle = ProcessHandle.of(child);
            if (handle.isPresent()) handle.get().onExit().get(30, TimeUnit.SECONDS);
            assertEquals(0, heater.childPid());
        }
    }

    @Test
    void whoMayNotSetALimitIsToldSo() throws Exception {
        try (var heater = open(library("SETTING=return 4"))) {
            assertMentions(
                    assertFails(Kind.REFUSED, () -> heater.setLevel(1)),
                    "\"limit 0 100000\" on gpu",
                    "Insufficient Permissions (4)");
            assertEquals(0, computation.threads, "it does not compute without its limit");
        }
    }

    @Test
    void aLimitThatWasIgnoredIsSeenByReadingBack() throws Exception {
        try (var heater = open(library("SETTING=return 0"))) {
            heater.setLevel(3);
            assertEquals(OptionalInt.of(2), heater.read().level(), "it has 200 W still");
        }
    }

    @Test
    void limitsBeyondTheCardsAndCardsThatAreNotThereAreRefused() throws Exception {
        var library = library();
        assertMentions(
                assertFails(Kind.REFUSED, () -> open(library, new Watts(50), new Watts(150))),
                "this card takes 100 to 300 W");
        assertMentions(
                assertFails(
                        Kind.REFUSED,
                        () -> GpuHeater.open("gpu", library, "1", List.of(), computation, LEASE, TIMEOUT)),
                "there is no GPU 1: this computer has 1");
    }

    @Test
    void aDriverThatDoesNotStartIsSaid() throws Exception {
        var library = library("START=9");
        assertMentions(assertFails(Kind.UNREACHABLE, () -> open(library)), "nvmlInit_v2: Driver Not Loaded (9)");
    }

    @Test
    void itsChildEndsWithItAndGivesTheLimitBack() throws Exception {
        var given = folder.resolve("given-back");
        var heater = open(library("FINISH=if (limit == 200000) close(creat(\"" + given + "\", 0600))"));
        heater.setLevel(1);
        var child = ProcessHandle.of(heater.childPid()).orElseThrow();
        heater.close();
        child.onExit().get(30, TimeUnit.SECONDS);
        assertFalse(child.isAlive());
        assertTrue(Files.exists(given), "200 W, as it was found");
        assertEquals(0, computation.threads);
    }

    @Test
    void whoeverHangsHeatsNoLongerThanTheLease() throws Exception {
        try (var heater =
                GpuHeater.open("gpu", library(), "0", List.of(), computation, Duration.ofMillis(200), TIMEOUT)) {
            heater.setLevel(1);
            for (int i = 0; i < 500 && computation.threads != 0; i++) {
                heater.draws(); // whoever meters does not control
                Thread.sleep(10);
            }
            assertEquals(0, computation.threads);
        }
    }
}
