package org.athanor.edge.homeassistant;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.athanor.units.Joules;
import org.athanor.units.Watts;
import org.junit.jupiter.api.Test;

class EnergyMeterTest {
    private static final Instant START = Instant.parse("2026-01-15T06:00:00Z");

    private final Map<String, Joules> kept = new HashMap<>();
    private final EnergyMeter meter = new EnergyMeter("miner", new EnergyMemory() {
        @Override
        public Optional<Joules> recall(String name) {
            return Optional.ofNullable(kept.get(name));
        }

        @Override
        public void keep(String name, Joules energy) {
            kept.put(name, energy);
        }
    });

    private void measured(int minute, Optional<Watts> watts) {
        meter.measured(START.plusSeconds(60L * minute), watts);
    }

    private double wattHours() {
        meter.keep();
        return meter.told().kilowattHours() * 1000;
    }

    @Test
    void aShortSilenceCountsAsWhatWasDrawnBefore() {
        measured(0, Optional.of(new Watts(600)));
        for (int i = 1; i <= 5; i++) measured(i, Optional.empty());
        measured(6, Optional.of(new Watts(600)));
        assertEquals(60, wattHours(), 1e-9);
    }

    @Test
    void whatWasPulledOutCountsForSomeMinutesAndNoLonger() {
        measured(0, Optional.of(new Watts(600)));
        for (int i = 1; i <= 600; i++) measured(i, Optional.empty());
        assertEquals(100, wattHours(), 1e-9, "ten minutes");
        measured(601, Optional.of(new Watts(600)));
        measured(602, Optional.of(new Watts(600)));
        assertEquals(110, wattHours(), 1e-9);
    }
}
