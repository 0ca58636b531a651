package org.athanor.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.LocalDate;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.athanor.units.Joules;
import org.junit.jupiter.api.Test;

class UsefulHeatTest {
    private static final LocalDate FIRST = LocalDate.of(2025, 1, 6);

    @Test
    void isWhatWasWantedOfEachDayAlone() {
        var heat = new UsefulHeat();
        heat.add(FIRST, new Joules(100), new Joules(50));
        heat.add(FIRST, new Joules(20), new Joules(40));
        heat.add(FIRST.plusDays(1), new Joules(30), new Joules(80));
        assertEquals(
                List.of(
                        new UsefulHeat.Day(FIRST, new Joules(120), new Joules(90)),
                        new UsefulHeat.Day(FIRST.plusDays(1), new Joules(30), new Joules(80))),
                heat.days());
        assertEquals(new Joules(120), heat.useful());
        assertEquals(new Joules(30), heat.wasted());
    }

    @Property
    void usefulAndWastedMakeUpWhatWasDelivered(
            @ForAll @Size(max = 60) List<@DoubleRange(max = 1e7) Double> delivered,
            @ForAll @DoubleRange(max = 1e7) double reference) {
        var heat = new UsefulHeat();
        for (int i = 0; i < delivered.size(); i++)
            heat.add(FIRST.plusDays(i / 7), new Joules(delivered.get(i)), new Joules(reference));
        assertEquals(heat.delivered().value(), heat.useful().plus(heat.wasted()).value(), 1e-6);
        assertTrue(heat.useful().value() <= reference * delivered.size() + 1e-6);
        assertTrue(heat.wasted().value() >= 0);
    }

    @Test
    void aReferenceThatCoolsIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new UsefulHeat().add(FIRST, new Joules(1), new Joules(-1)));
    }
}
