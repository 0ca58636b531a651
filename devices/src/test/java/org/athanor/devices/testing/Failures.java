package org.athanor.devices.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.athanor.devices.DeviceException;
import org.junit.jupiter.api.function.Executable;

/** What every driver's failures have in common. */
public final class Failures {
    private Failures() {}

    public static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    public static DeviceException assertFails(DeviceException.Kind kind, Executable action) {
        var failure = assertThrows(DeviceException.class, action);
        assertEquals(kind, failure.kind(), failure.getMessage());
        return failure;
    }

    /** Also within the time-out, with plenty of room for a busy machine. */
    public static DeviceException assertFailsWithin(Duration timeout, DeviceException.Kind kind, Executable action) {
        long start = System.nanoTime();
        var failure = assertFails(kind, action);
        var took = Duration.ofNanos(System.nanoTime() - start);
        assertTrue(took.compareTo(timeout.plusSeconds(2)) < 0, "took " + took);
        return failure;
    }

    public static void assertMentions(Throwable failure, String... parts) {
        for (var part : parts)
            assertTrue(failure.getMessage().contains(part), () -> "no \"" + part + "\" in: " + failure.getMessage());
    }
}
