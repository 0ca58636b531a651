package org.athanor.comfort;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.athanor.comfort.model.RoomModel;
import org.junit.jupiter.api.Test;

class WantedHeatTest {
    private static final Instant START = Instant.parse("2026-01-10T00:00:00Z");

    private final RoomModel room = RoomModel.wellInsulatedFlat();
    private final WantedHeat wanted = new WantedHeat();

    private double joules(int from, int minutes, double outdoor, double setpoint) {
        double sum = 0;
        for (int i = from; i < from + minutes; i++) {
            wanted.step(START.plusSeconds(60L * i), room, steady(20), new RoomModel.Inputs(outdoor, 0, 0), setpoint);
            sum += wanted.ofLastStep().map(heat -> heat.value()).orElse(0.0);
        }
        return sum;
    }

    private double[] steady(double celsius) {
        double watts = room.lossWattsPerKelvin() * celsius;
        return room.steady(new RoomModel.Inputs(0, watts, 0));
    }

    /** Begun after some days of the same, so that walls are as warm as they get. */
    @Test
    void inSteadyWeatherItIsWhatLeavesTheRoom() {
        joules(0, 14 * 1440, 0, 20);
        double day = joules(14 * 1440, 1440, 0, 20);
        assertEquals(room.lossWattsPerKelvin() * 20 * 86_400, day, 0.02 * day);
    }

    @Test
    void aRoomThatIsWarmEnoughByItselfTakesNone() {
        var warm = new double[room.nodes()];
        Arrays.fill(warm, 22);
        for (int i = 0; i < 600; i++) {
            wanted.step(START.plusSeconds(60L * i), room, warm, new RoomModel.Inputs(25, 0, 0), 20);
            assertEquals(0, wanted.ofLastStep().map(heat -> heat.value()).orElse(0.0));
        }
    }

    @Test
    void afterAGapItBeginsWhereTheRoomIs() {
        joules(0, 10, 0, 20);
        assertTrue(wanted.ofLastStep().isPresent());
        joules(60, 1, 0, 20);
        assertEquals(Optional.empty(), wanted.ofLastStep());
        wanted.skip();
        assertEquals(Optional.empty(), wanted.ofLastStep());
    }
}
