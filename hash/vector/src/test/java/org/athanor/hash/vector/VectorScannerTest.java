package org.athanor.hash.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.management.ManagementFactory;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import jdk.incubator.vector.IntVector;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.athanor.hash.BlockHeader;
import org.athanor.hash.Hex;
import org.athanor.hash.NonceScanner;
import org.athanor.hash.NonceScanners;
import org.athanor.hash.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class VectorScannerTest {
    record Found(int nonce, String hash) {}

    /** Those of this module that run here. */
    static Stream<NonceScanner> kernels() {
        return NonceScanners.all().scanners().stream().filter(VectorScanner.class::isInstance);
    }

    @Test
    void everyWidthThatThisProcessorHasIsFoundAndEveryOtherIsExplained() {
        int most = IntVector.SPECIES_PREFERRED.vectorBitSize();
        var expected = Stream.of(128, 256, 512)
                .filter(bits -> bits <= most)
                .map(bits -> "vector" + bits)
                .toList();
        assertEquals(expected, kernels().map(NonceScanner::name).toList());
        var missing = NonceScanners.all().missing();
        assertEquals(3 - expected.size(), missing.size());
        missing.forEach(reason -> assertTrue(reason.contains("this processor and Java machine have " + most), reason));
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void findsTheNonceOfEveryKnownHeaderAndNothingElse(NonceScanner kernel) throws IOException {
        int known = 0;
        for (var line : vectors()) {
            var fields = line.split(",", -1);
            var header = BlockHeader.parse(Hex.decode(fields[0]));
            var found = scan(kernel, header.bytes(), Target.ofBits(header.bits()), header.nonce() - 20, 41);
            assertEquals(List.of(new Found(header.nonce(), fields[1])), found);
            known++;
        }
        assertEquals(66, known);
    }

    @Property(tries = 100)
    void agreesWithMessageDigestOnAnyHeader(
            @ForAll @Size(80) byte[] header,
            @ForAll int first,
            @ForAll @IntRange(max = 70) int count,
            @ForAll("targets") Target target) {
        var expected = scan(NonceScanners.digest(), header, target, first, count);
        kernels().forEach(kernel -> assertEquals(expected, scan(kernel, header, target, first, count)));
    }

    /** Thousands of nonces in which few hashes count, so that a kernel that rejects too much is noticed. */
    @ParameterizedTest
    @MethodSource("kernels")
    void missesNoneOfTheFewThatCount(NonceScanner kernel) {
        var random = new Random(7);
        for (int zeros = 1; zeros <= 11; zeros++) {
            var header = new byte[80];
            random.nextBytes(header);
            var target = new Target(Target.MAX.value().shiftRight(zeros));
            int first = random.nextInt();
            var expected = scan(NonceScanners.digest(), header, target, first, 3000);
            assertEquals(expected, scan(kernel, header, target, first, 3000));
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void wrapsAroundAfterTheLastNonce(NonceScanner kernel) {
        for (int first : new int[] {-1, -7, -16, -33}) {
            var found = scan(kernel, new byte[80], Target.MAX, first, 50);
            var nonces = new ArrayList<Integer>();
            for (int i = 0; i < 50; i++) nonces.add(first + i);
            assertEquals(nonces, found.stream().map(Found::nonce).toList());
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void anImpossibleTargetIsNeverMetAndNoNonceIsNoWork(NonceScanner kernel) {
        assertEquals(List.of(), scan(kernel, new byte[80], new Target(BigInteger.ZERO), 0, 100));
        assertEquals(List.of(), scan(kernel, new byte[80], Target.MAX, 0, 0));
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void aSinkMayScan(NonceScanner kernel) {
        var inner = new ArrayList<Integer>();
        kernel.scan(
                new byte[80],
                Target.MAX,
                0,
                32,
                (nonce, _) -> kernel.scan(new byte[80], Target.MAX, nonce, 17, (again, _) -> inner.add(again)));
        assertEquals(32 * 17, inner.size());
        assertEquals(31 + 16, inner.getLast());
    }

    /** HotSpot never compiles longer methods; a kernel would be a thousand times as slow and still be right. */
    @ParameterizedTest
    @ValueSource(ints = {128, 256, 512})
    void everyMethodIsShortEnoughToBeCompiled(int bits) throws IOException {
        try (var in = VectorScannerTest.class.getResourceAsStream("Vector" + bits + "Scanner.class")) {
            int rounds = 0;
            for (var method : ClassFile.of().parse(in.readAllBytes()).methods()) {
                var code = method.findAttribute(Attributes.code());
                int bytecodes = code.isPresent() ? code.get().codeLength() : 0;
                assertTrue(bytecodes < 8000, method.methodName() + " has " + bytecodes);
                if (method.methodName().stringValue().startsWith("rounds")) rounds++;
            }
            assertTrue(rounds >= 5, "only " + rounds + " methods of rounds");
        }
    }

    /**
     * A vector operation that is not inlined allocates its result: some kB a hash, and the kernel is ten times slower and
     * still right. Counted in a Java machine of its own, as a miner's is: one that has run kernels of several widths may
     * box a few numbers.
     */
    @ParameterizedTest
    @MethodSource("kernels")
    void aCompiledKernelAllocatesNothing(NonceScanner kernel) throws Exception {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        var process = new ProcessBuilder(
                        java,
                        "--add-modules",
                        "jdk.incubator.vector",
                        "-XX:Tier3DelayOn=1000000",
                        "-cp",
                        path,
                        Allocates.class.getName(),
                        kernel.name())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        assertEquals("0 bytes" + System.lineSeparator(), output);
    }

    /** Runs a kernel until a scan allocates no more than what each scan does, or for two minutes. */
    static final class Allocates {
        private static final int COUNT = 1 << 16;

        private Allocates() {}

        public static void main(String[] arguments) {
            var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            var impossible = new Target(BigInteger.ZERO);
            var header = new byte[80];
            NonceScanner.NonceSink none = (_, _) -> {};
            var kernel = kernels()
                    .filter(k -> k.name().equals(arguments[0]))
                    .findFirst()
                    .orElseThrow();
            long deadline = System.nanoTime() + 120_000_000_000L;
            long bytes;
            do {
                long before = threads.getCurrentThreadAllocatedBytes();
                kernel.scan(header, impossible, 0, 16, none);
                long between = threads.getCurrentThreadAllocatedBytes();
                kernel.scan(header, impossible, 0, COUNT, none);
                long after = threads.getCurrentThreadAllocatedBytes();
                bytes = (after - between) - (between - before);
            } while (bytes > 0 && System.nanoTime() < deadline);
            System.out.println(Math.max(0, bytes) + " bytes");
        }
    }

    /** On the class path, with this module's classes, but without the JDK's module that they need. */
    @Test
    void aJavaMachineWithoutTheVectorModuleHasTheOtherScanners() throws Exception {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        var process = new ProcessBuilder(java, "-cp", path, Lists.class.getName())
                .redirectErrorStream(true)
                .start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        assertTrue(output.startsWith("[plain, digest]" + System.lineSeparator()), output);
        assertEquals(
                3,
                output.lines()
                        .filter(line -> line.contains("jdk.incubator.vector.Vector"))
                        .count(),
                output);
    }

    /** A program that names the scanners that it finds. */
    static final class Lists {
        private Lists() {}

        public static void main(String[] arguments) {
            var all = NonceScanners.all();
            System.out.println(all.scanners().stream().map(NonceScanner::name).toList());
            all.missing().forEach(System.out::println);
        }
    }

    @Provide
    Arbitrary<Target> targets() {
        var few = Arbitraries.integers()
                .between(0, 12)
                .map(zeros -> new Target(Target.MAX.value().shiftRight(zeros)));
        var any = Arbitraries.bigIntegers()
                .between(BigInteger.ZERO, Target.MAX.value())
                .map(Target::new);
        return Arbitraries.oneOf(few, any, Arbitraries.of(Target.MAX, Target.REGTEST_LIMIT));
    }

    private static List<String> vectors() throws IOException {
        try (var in = NonceScanner.class.getResourceAsStream("/org/athanor/hash/headers.csv")) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        }
    }

    private static List<Found> scan(NonceScanner scanner, byte[] header, Target target, int first, int count) {
        var found = new ArrayList<Found>();
        long tried = scanner.scan(
                header, target, first, count, (nonce, hash) -> found.add(new Found(nonce, Hex.display(hash))));
        assertEquals(count, tried);
        return found;
    }
}
