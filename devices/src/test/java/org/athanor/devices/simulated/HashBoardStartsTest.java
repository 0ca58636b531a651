package org.athanor.devices.simulated;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import org.athanor.devices.simulated.SimulatedDevice.Kind;
import org.athanor.devices.testing.FakeComputation;
import org.athanor.units.Celsius;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HashBoardStartsTest {
    private static final Celsius ROOM = new Celsius(20);

    private static void advance(SimulatedHeater heater, int minutes, boolean mains) {
        for (int i = 0; i < minutes; i++) heater.advance(Duration.ofMinutes(1), ROOM, mains);
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"SHELLY_PLUG", "TASMOTA_PLUG", "ROOM_SENSOR", "HOME_ASSISTANT", "OTGW"},
            mode = EnumSource.Mode.EXCLUDE)
    void eachReturnOfMainsIsOneStartHoweverLongItRuns(Kind kind) {
        var anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (var heater = kind.heater(anywhere, new FakeComputation(), () -> Instant.EPOCH)) {
            assertEquals(0, heater.starts());
            advance(heater, 60, true);
            assertEquals(1, heater.starts());
            advance(heater, 5, false);
            assertEquals(1, heater.starts());
            advance(heater, 5, true);
            assertEquals(2, heater.starts(), "also while it still tunes");
        }
    }
}
