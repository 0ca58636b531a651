package org.athanor.edge.mining;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.athanor.hash.NonceScanner;
import org.athanor.hash.NonceScanners;
import org.athanor.hash.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

@Timeout(60)
@Isolated("it measures")
class HashMeterTest {
    @Test
    void countsHashesTimeAndBytesOfTheThreadsThatHashed() throws Exception {
        // interpreted code allocates more, and on a busy machine all of a short measurement may be interpreted
        HashMeter.warm(NonceScanners.digest(), 1, Duration.ofSeconds(20));
        var one = HashMeter.measure(NonceScanners.digest(), 1, Duration.ofMillis(300));
        assertTrue(one.hashes() > 1000, one.toString());
        assertTrue(one.rate().value() > 1000, one.toString());
        // the clone of a digest
        assertTrue(one.bytesPerHash() > 100 && one.bytesPerHash() < 400, one.toString());
        assertTrue(one.cpuNanos() <= 400_000_000, one.toString());

        var two = HashMeter.measure(NonceScanners.plain(), 2, Duration.ofMillis(300));
        assertTrue(two.hashesPerCpuSecond() > 1000, two.toString());
        assertTrue(two.bytesPerHash() < 100, two.toString());
    }

    @Test
    void aScannerThatFailsIsNamed() {
        var broken = new NonceScanner() {
            @Override
            public String name() {
                return "broken";
            }

            @Override
            public long scan(byte[] header, Target target, int first, int count, NonceSink found) {
                throw new IllegalStateException("no");
            }
        };
        var failure =
                assertThrows(IllegalStateException.class, () -> HashMeter.measure(broken, 2, Duration.ofMillis(10)));
        assertTrue(failure.getMessage().startsWith("broken failed"), failure.getMessage());
    }

    @Test
    void nothingIsMeasuredInNoTimeOrOnNoThread() {
        assertThrows(IllegalArgumentException.class, () -> HashMeter.measure(NonceScanners.plain(), 1, Duration.ZERO));
        assertThrows(
                IllegalArgumentException.class,
                () -> HashMeter.measure(NonceScanners.plain(), 0, Duration.ofSeconds(1)));
    }

    @Test
    void aScannerThatNeedsNoCompilerIsSoonWarm() throws Exception {
        assertTrue(HashMeter.warm(NonceScanners.digest(), 1, HashMeter.PATIENCE));
        assertFalse(HashMeter.warm(NonceScanners.digest(), 1, Duration.ofNanos(1)));
    }
}
