package org.athanor.cli.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.athanor.network.training.RoundRecord;
import org.junit.jupiter.api.Test;

class HeatTest {
    private static RoundRecord round(long number, List<String> workers, Map<String, Double> metered) {
        var joules = metered.values().stream().mapToDouble(Double::doubleValue).sum();
        return new RoundRecord(number, Instant.EPOCH, 2, null, workers, 0, 1, joules, metered, Map.of());
    }

    @Test
    void itWentToWhoseHeatersSaySo() {
        var heat = Heat.of(List.of(
                round(0, List.of("worker-1", "worker-2"), Map.of("worker-1", 1.8e6)),
                round(1, List.of("worker-1", "worker-1@0", "worker-2"), Map.of("worker-1", 3.6e6, "worker-2", 3.6e5))));
        assertEquals(Map.of("worker-1", 1.5, "worker-2", 0.1), heat.kilowattHours());
        assertEquals(0.75, heat.meteredShare());
        assertEquals(
                "Heat of its work 1.60 kWh, as heaters meter or declare it: worker-1 1.50 kWh, worker-2 0.10 kWh; of 25 % of"
                        + " the work nobody said it.",
                heat.sentence());
    }

    @Test
    void whatNobodyMeteredIsUnknown() {
        var heat = Heat.of(List.of(round(0, List.of("worker-1"), Map.of())));
        assertEquals(Map.of(), heat.kilowattHours());
        assertEquals("Nobody has metered the energy.", heat.sentence());
    }
}
