package org.athanor.edge.mining;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.athanor.edge.mining.KernelMemory.Choice;
import org.athanor.hash.NonceScanner;
import org.athanor.hash.NonceScanners;
import org.athanor.hash.Target;
import org.athanor.hash.WarmUp.Round;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** The choice, by measurements that are given. Rates are in MH per CPU-second. */
@Timeout(60)
@Isolated("it measures")
class KernelChooserTest {
    private static final int COLD_ROUNDS = 6;
    private static final String KEY = "this processor";

    @TempDir
    private Path folder;

    private final List<String> notes = Collections.synchronizedList(new ArrayList<>());
    private final List<String> measured = Collections.synchronizedList(new ArrayList<>());

    private record Fake(String name) implements NonceScanner {
        @Override
        public long scan(byte[] header, Target target, int first, int count, NonceSink found) {
            throw new AssertionError("measurements are given here");
        }
    }

    private static final NonceScanner NARROW = new Fake("vector128");
    private static final NonceScanner MIDDLE = new Fake("vector256");
    private static final NonceScanner WIDE = new Fake("vector512");
    private static final List<NonceScanner> ALL =
            List.of(NonceScanners.plain(), NonceScanners.digest(), NARROW, MIDDLE, WIDE);

    private Path file() {
        return folder.resolve("kernels");
    }

    private KernelMemory memory() {
        return new KernelMemory(file(), notes::add);
    }

    private static Round round(double rate, long bytesPerHash) {
        long hashes = Math.round(rate * 1e6);
        return new Round(hashes, 1_000_000_000, hashes * bytesPerHash);
    }

    /** Interpreted at first: slow, and boxing. */
    private KernelChooser.Meter meter(Map<String, Double> rates) {
        var rounds = new ConcurrentHashMap<String, Integer>();
        return (scanner, stop) -> {
            measured.add(scanner.name());
            boolean kernel = scanner.name().startsWith("vector");
            boolean cold = kernel && rounds.merge(scanner.name(), 1, Integer::sum) <= COLD_ROUNDS;
            return cold ? round(0.1, 19_000) : round(rates.get(scanner.name()), kernel ? 0 : 193);
        };
    }

    private KernelChooser.Settings settings(List<NonceScanner> scanners, KernelChooser.Meter meter) {
        return new KernelChooser.Settings(
                scanners, Optional.of(memory()), KEY, notes::add, meter, Duration.ofSeconds(30));
    }

    private NonceScanner chosen(List<NonceScanner> scanners, KernelChooser.Meter meter) throws InterruptedException {
        try (var chooser = KernelChooser.start(settings(scanners, meter))) {
            chooser.awaitDecision();
            assertEquals(Optional.empty(), chooser.state().warming());
            assertTrue(chooser.state().decided());
            return chooser.get();
        }
    }

    @Test
    void theFastestIsChosenAndRemembered() throws Exception {
        var rates = Map.of("digest", 8.0, "vector128", 9.9, "vector256", 19.5, "vector512", 24.6);
        assertSame(WIDE, chosen(ALL, meter(rates)));
        assertEquals(Optional.of(new Choice("vector512", 24_600_000)), memory().recall(KEY));
        assertEquals(List.of(), notes);
    }

    @Test
    void theWidestIsNotAlwaysTheFastest() throws Exception {
        var rates = Map.of("digest", 8.0, "vector128", 9.9, "vector256", 19.5, "vector512", 15.0);
        assertSame(MIDDLE, chosen(ALL, meter(rates)));
    }

    @Test
    void kernelsThatAreSlowerThanTheFirstScannerChangeNothing() throws Exception {
        var rates = Map.of("digest", 8.0, "vector128", 4.0, "vector256", 7.0, "vector512", 7.5);
        assertSame(NonceScanners.digest(), chosen(ALL, meter(rates)));
        assertEquals(Optional.of(new Choice("digest", 8_000_000)), memory().recall(KEY));
        measured.clear();
        assertSame(NonceScanners.digest(), chosen(ALL, meter(rates)));
        assertEquals(List.of(), measured, "what is remembered needs no measuring");
    }

    @Test
    void withoutKernelsTheFirstScannerStays() throws Exception {
        assertSame(
                NonceScanners.digest(),
                chosen(List.of(NonceScanners.plain(), NonceScanners.digest()), meter(Map.of("digest", 8.0))));
    }

    @Test
    void oneThatIsAskedForIsUsedWhateverItsSpeed() throws Exception {
        assertSame(WIDE, chosen(List.of(WIDE), meter(Map.of("vector512", 1.0))));
        assertEquals(Optional.empty(), memory().recall(KEY));
        measured.clear();
        assertSame(NonceScanners.digest(), chosen(List.of(NonceScanners.digest()), meter(Map.of())));
        assertEquals(List.of(), measured);
        var refusal = assertThrows(IllegalArgumentException.class, () -> KernelChooser.only("vector1024", notes::add));
        assertEquals("vector1024: accepted here is one of plain, digest", refusal.getMessage());
    }

    @Test
    void aRememberedKernelAloneIsWarmed() throws Exception {
        memory().remember(KEY, new Choice("vector256", 19_500_000));
        assertSame(MIDDLE, chosen(ALL, meter(Map.of("vector256", 19.5))));
        assertEquals(List.of("vector256"), measured.stream().distinct().toList());
    }

    @Test
    void aRememberedKernelThatIsNoLongerHereIsChosenAnew() throws Exception {
        memory().remember(KEY, new Choice("vector1024", 50_000_000));
        var rates = Map.of("digest", 8.0, "vector128", 9.9, "vector256", 19.5, "vector512", 24.6);
        assertSame(WIDE, chosen(ALL, meter(rates)));
        assertEquals("vector512", memory().recall(KEY).orElseThrow().name());
    }

    @Test
    void aDamagedMemoryIsMadeAnew() throws Exception {
        Files.writeString(file(), "nonsense");
        var rates = Map.of("digest", 8.0, "vector128", 9.9, "vector256", 19.5, "vector512", 24.6);
        assertSame(WIDE, chosen(ALL, meter(rates)));
        assertTrue(notes.getFirst().contains("is ignored"), notes.toString());
        assertEquals("vector512", memory().recall(KEY).orElseThrow().name());
    }

    /** HotSpot may leave a kernel uncompiled; a rate that is steady at a hundredth must not be taken for its own. */
    @Test
    void aKernelThatIsNeverCompiledIsGivenUpAndTriedAgainAtTheNextStart() throws Exception {
        KernelChooser.Meter never = (scanner, stop) -> {
            if (scanner.equals(WIDE)) awaitALittle();
            return scanner.equals(WIDE) ? round(0.4, 6000) : round(scanner.equals(MIDDLE) ? 19.5 : 8, 0);
        };
        var settings =
                new KernelChooser.Settings(ALL, Optional.of(memory()), KEY, notes::add, never, Duration.ofMillis(200));
        try (var chooser = KernelChooser.start(settings)) {
            chooser.awaitDecision();
            assertSame(MIDDLE, chooser.get());
        }
        assertTrue(notes.getFirst().startsWith("vector512 was not compiled within"), notes.toString());
        assertEquals(Optional.empty(), memory().recall(KEY));
    }

    private static void awaitALittle() {
        try {
            var _ = new CountDownLatch(1).await(10, TimeUnit.MILLISECONDS); // as a round takes its time
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void hashingGoesOnWithTheFirstScannerUntilAFasterOneIsCompiled() throws Exception {
        var cold = new CountDownLatch(1);
        var compiled = new CountDownLatch(1);
        KernelChooser.Meter meter = (scanner, stop) -> {
            if (!scanner.equals(WIDE)) return round(8, 0);
            cold.countDown();
            awaitUnlessStopped(compiled);
            return round(25, 0);
        };
        try (var chooser = KernelChooser.start(settings(List.of(NonceScanners.digest(), WIDE), meter))) {
            cold.await();
            assertSame(NonceScanners.digest(), chooser.get());
            assertEquals(Optional.of("vector512"), chooser.state().warming());
            assertFalse(chooser.state().decided());
            compiled.countDown();
            chooser.awaitDecision();
            assertSame(WIDE, chooser.get());
        }
    }

    @Test
    void closingEndsAWarmUpAndKeepsWhatIsInUse() throws Exception {
        var cold = new CountDownLatch(1);
        KernelChooser.Meter meter = (scanner, stop) -> {
            if (scanner.equals(WIDE)) {
                cold.countDown();
                awaitUnlessStopped(new CountDownLatch(1));
            }
            return round(8, 0);
        };
        var chooser = KernelChooser.start(settings(List.of(NonceScanners.digest(), WIDE), meter));
        cold.await();
        chooser.close();
        chooser.awaitDecision();
        assertSame(NonceScanners.digest(), chooser.get());
        assertEquals(Optional.empty(), memory().recall(KEY));
        assertEquals(List.of(), notes);
    }

    private static void awaitUnlessStopped(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    @Test
    void aScannerThatFailsLeavesTheOneInUse() throws Exception {
        KernelChooser.Meter meter = (scanner, stop) -> {
            if (scanner.equals(WIDE)) throw new IllegalStateException("broken");
            return round(8, 0);
        };
        assertSame(NonceScanners.digest(), chosen(List.of(NonceScanners.digest(), WIDE), meter));
        assertTrue(notes.getFirst().contains("broken"), notes.toString());
    }

    @Test
    void aChoiceHoldsForOneProcessorOneJavaMachineAndOneVersion() throws Exception {
        var key = HostKey.of(ALL, "1.2.3");
        assertTrue(key.contains(Runtime.version().toString()), key);
        assertTrue(key.contains("vector512"), key);
        assertTrue(key.contains("1.2.3"), key);
        assertTrue(key.contains("Tier3DelayOn="), key);
        assertTrue(!key.contains("\n"), key);

        var info = Files.writeString(folder.resolve("cpuinfo"), """
                processor\t: 0
                vendor_id\t: AuthenticAMD
                model name\t: AMD EPYC 9B14
                cpu MHz\t: 2599.99

                processor\t: 1
                model name\t: another
                """);
        assertEquals("AuthenticAMD AMD EPYC 9B14", HostKey.processor(info));
        assertTrue(HostKey.processor(folder.resolve("none")).contains(System.getProperty("os.arch")));
    }
}
