package org.athanor.devices.simulated;

import static org.athanor.devices.testing.Failures.anyPort;
import static org.athanor.devices.testing.Failures.assertMentions;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.athanor.devices.testing.FakeComputation;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SimulatedLoadsTest {
    private static final Celsius ROOM = new Celsius(20);

    @Property
    void theBooksOfAnElementClose(
            @ForAll @Size(min = 1, max = 40) List<@IntRange(min = 0, max = 5000) Integer> seconds,
            @ForAll @Size(min = 40, max = 40) List<@IntRange(min = -20, max = 40) Integer> ambients,
            @ForAll @Size(min = 40, max = 40) List<Boolean> mains) {
        var element = new SimulatedElement(new Watts(1000), 2000);
        for (int i = 0; i < seconds.size(); i++)
            element.advance(Duration.ofSeconds(seconds.get(i)), new Celsius(ambients.get(i)), mains.get(i));
        assertEquals(
                element.electricity().value() - element.heat().value(),
                element.stored().value(),
                1e-6 + 1e-9 * element.electricity().value());
    }

    @Test
    void oneLongStepEqualsManyShortOnes() {
        var coarse = new SimulatedElement(new Watts(1000), 2000);
        var fine = new SimulatedElement(new Watts(1000), 2000);
        coarse.advance(Duration.ofMinutes(5), ROOM, true);
        for (int i = 0; i < 300; i++) fine.advance(Duration.ofSeconds(1), ROOM, true);
        assertEquals(coarse.heat().value(), fine.heat().value(), 1e-3);
        assertEquals(coarse.temperature().value(), fine.temperature().value(), 1e-6);
    }

    @Test
    void theComputersHeatFollowsItsWatts() {
        var watts = new double[] {60};
        var cpu = new SimulatedCpu(() -> new Watts(watts[0]));
        cpu.advance(Duration.ofHours(2), ROOM, true);
        double before = cpu.heat().value();
        cpu.advance(Duration.ofMinutes(1), ROOM, true);
        assertEquals(3600, cpu.heat().value() - before, 1);
        watts[0] = 0;
        cpu.advance(Duration.ofHours(2), ROOM, true);
        assertEquals(cpu.electricity().value(), cpu.heat().value(), 1);
        assertEquals(0, cpu.power().value());
    }

    @ParameterizedTest
    @EnumSource
    void everyDeviceOfTheListStartsAlone(SimulatedDevice.Kind kind) {
        try (var device = kind.start(anyPort(), new FakeComputation(), () -> Instant.EPOCH)) {
            device.advance(Duration.ofMinutes(1));
            assertTrue(device.address().getPort() > 0);
            assertTrue(!device.status().isBlank() && !kind.description().isBlank());
            assertEquals(kind, SimulatedDevice.Kind.named(kind.title()));
        }
    }

    @Test
    void anUnknownDeviceIsRefusedNamingThoseThereAre() {
        assertMentions(
                assertThrows(IllegalArgumentException.class, () -> SimulatedDevice.Kind.named("toaster")),
                "\"toaster\"",
                "mini3, nano3s, nano3, avalon-q, avalon-a15, luxos, antminer, whatsminer-v2, whatsminer-v3");
    }

    @Test
    void aDeviceOfTwoPortsNeedsBoth() {
        var last = new InetSocketAddress(anyPort().getAddress(), 65535);
        assertMentions(
                assertThrows(
                        UncheckedIOException.class,
                        () -> SimulatedDevice.Kind.ANTMINER.start(last, new FakeComputation(), () -> Instant.EPOCH)),
                "port 65535",
                "at most 65534");
    }
}
