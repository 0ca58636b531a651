package org.athanor.hash;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.function.Supplier;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NonceScannerTest {
    record Found(int nonce, String hash) {}

    static Stream<NonceScanner> scanners() {
        return Stream.of(NonceScanners.plain(), NonceScanners.digest());
    }

    @ParameterizedTest
    @MethodSource("scanners")
    void findsTheNonceOfEveryKnownHeaderAndNothingElse(NonceScanner scanner) {
        Vectors.headers().forEach(known -> {
            var header = BlockHeader.parse(known.header());
            var found = scan(scanner, known.header(), Target.ofBits(header.bits()), header.nonce() - 20, 41);
            assertEquals(List.of(new Found(header.nonce(), known.hash())), found);
        });
    }

    @Property(tries = 200)
    void agreesWithHashingTwiceOnAnyHeader(
            @ForAll @Size(80) byte[] header,
            @ForAll int first,
            @ForAll @IntRange(max = 40) int count,
            @ForAll("targets") Target target) {
        var expected = new ArrayList<Found>();
        for (int i = 0; i < count; i++) {
            var parsed = BlockHeader.parse(header);
            var tried = new BlockHeader(
                    parsed.version(), parsed.previous(), parsed.merkleRoot(), parsed.time(), parsed.bits(), first + i);
            if (target.metBy(Sha256d.hash(tried.bytes())))
                expected.add(new Found(first + i, Hex.display(Sha256d.hash(tried.bytes()))));
        }
        var before = header.clone();
        scanners().forEach(scanner -> assertEquals(expected, scan(scanner, header, target, first, count)));
        assertArrayEquals(before, header);
    }

    @ParameterizedTest
    @MethodSource("scanners")
    void wrapsAroundAfterTheLastNonce(NonceScanner scanner) {
        var found = scan(scanner, new byte[80], Target.MAX, -2, 4);
        assertEquals(List.of(-2, -1, 0, 1), found.stream().map(Found::nonce).toList());
    }

    @ParameterizedTest
    @MethodSource("scanners")
    void anEasyTargetIsMetByEveryHashAndAnImpossibleOneByNone(NonceScanner scanner) {
        assertEquals(100, scan(scanner, new byte[80], Target.MAX, 0, 100).size());
        assertEquals(
                0,
                scan(scanner, new byte[80], new Target(BigInteger.ZERO), 0, 100).size());
    }

    @Test
    void aProviderThatCannotRunIsLeftOutAndSaysWhy() {
        var outcomes = new ArrayDeque<Supplier<NonceScanner>>(List.of(
                () -> {
                    throw new ServiceConfigurationError(
                            "cannot be made", new UnsupportedOperationException("no vectors of 512 bits"));
                },
                NonceScanners::plain,
                () -> {
                    throw new NoClassDefFoundError("jdk/incubator/vector/Vector");
                },
                NonceScanners::digest));
        var all = NonceScanners.available(new Iterator<>() {
            @Override
            public boolean hasNext() {
                return !outcomes.isEmpty();
            }

            @Override
            public NonceScanner next() {
                return outcomes.remove().get();
            }
        });
        assertEquals(
                List.of("plain", "digest", "plain", "digest"),
                all.scanners().stream().map(NonceScanner::name).toList());
        assertEquals(2, all.missing().size());
        assertEquals("no vectors of 512 bits", all.missing().getFirst());
        assertTrue(all.missing().getLast().endsWith("jdk/incubator/vector/Vector"));
    }

    @Provide
    Arbitrary<Target> targets() {
        var top = Arbitraries.bigIntegers()
                .between(BigInteger.ZERO, Target.MAX.value())
                .map(Target::new);
        return Arbitraries.oneOf(top, Arbitraries.of(Target.MAX, Target.REGTEST_LIMIT));
    }

    private static List<Found> scan(NonceScanner scanner, byte[] header, Target target, int first, int count) {
        var found = new ArrayList<Found>();
        long tried = scanner.scan(
                header, target, first, count, (nonce, hash) -> found.add(new Found(nonce, Hex.display(hash))));
        assertEquals(count, tried);
        return found;
    }
}
