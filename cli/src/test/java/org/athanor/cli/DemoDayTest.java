package org.athanor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.athanor.edge.Snapshot;
import org.athanor.units.Celsius;
import org.athanor.units.Kelvins;
import org.athanor.units.Millisatoshis;
import org.athanor.units.Money;
import org.athanor.units.PricePerKwh;
import org.athanor.units.Watts;
import org.junit.jupiter.api.Test;

class DemoDayTest {
    private static final Currency EUR = Currency.getInstance("EUR");
    private static final Instant MIDNIGHT = Instant.parse("2026-01-15T00:00:00Z");
    private static final Duration QUARTER = Duration.ofMinutes(15);

    private final DemoDay day = new DemoDay(ZoneOffset.UTC);
    private Optional<Snapshot.Course> today = Optional.empty();

    private static Snapshot.Course course(Instant start, List<Double> watts) {
        return new Snapshot.Course(start, QUARTER, watts, Collections.nCopies(watts.size() + 1, 20.0));
    }

    private static List<Double> quarters(double morning, double afternoon) {
        return Stream.concat(Collections.nCopies(48, morning).stream(), Collections.nCopies(48, afternoon).stream())
                .toList();
    }

    private void tell(int minute, double watts, Optional<Snapshot.Course> plan) {
        var time = MIDNIGHT.plus(Duration.ofMinutes(minute));
        var zero = new Money(0, EUR);
        if (today.isEmpty()) today = plan;
        day.add(new Snapshot(
                minute,
                time,
                new Snapshot.Room(
                        Optional.of(new Celsius(20)),
                        new Celsius(20),
                        false,
                        new Kelvins(1),
                        new Kelvins(1),
                        new Celsius(5),
                        new Celsius(25),
                        0,
                        0),
                Optional.empty(),
                List.of(),
                new Watts(watts),
                new Snapshot.Books(
                        Optional.of(new PricePerKwh(0.2, EUR)),
                        Millisatoshis.ZERO,
                        zero,
                        zero,
                        zero,
                        zero,
                        0,
                        "test",
                        0),
                new Snapshot.Safety("NORMAL", false, ""),
                "",
                new Snapshot.Planning(
                        plan,
                        today,
                        Optional.of(new Snapshot.Prices(MIDNIGHT, Duration.ofHours(12), List.of(0.2, 0.3))),
                        Optional.empty(),
                        Optional.empty(),
                        ""),
                List.of(),
                Snapshot.World.real(ZoneOffset.UTC)));
    }

    @Test
    void planAndWhatWasDoneStandInOneColumnEachHalfHour() {
        for (int minute = 0; minute <= 6 * 60; minute++)
            tell(minute, minute > 180 ? 800 : 0, Optional.of(course(MIDNIGHT, quarters(400, 800))));
        var rows = day.rows();
        assertEquals("today     0     3     6     9     12    15    18    21", rows.get(0));
        assertEquals("planned   " + "▄".repeat(24) + "█".repeat(24) + "  up to 800 W", rows.get(1));
        assertEquals("done      " + "·".repeat(6) + "█".repeat(7) + "│", rows.get(2));
        assertEquals("price     " + "▁".repeat(24) + "█".repeat(24) + "  0.200 to 0.300", rows.get(3));
        for (var row : rows) assertTrue(row.length() <= 77, row);
    }

    @Test
    void thePastKeepsTheDaysFirstPlanAndTheRestTakesTheLatest() {
        tell(0, 0, Optional.of(course(MIDNIGHT, quarters(800, 800))));
        tell(600, 0, Optional.of(course(MIDNIGHT.plus(Duration.ofHours(10)), quarters(400, 400))));
        assertEquals(
                "planned   " + "█".repeat(21) + "▄".repeat(27) + "  up to 800 W",
                day.rows().get(1));
    }

    @Test
    void aNewDayBeginsEmpty() {
        tell(23 * 60, 800, Optional.of(course(MIDNIGHT, quarters(800, 800))));
        today = Optional.empty();
        tell(24 * 60, 800, Optional.empty());
        assertEquals("planned   " + " ".repeat(48) + "  up to 1 W", day.rows().get(1));
        assertEquals("done       │", day.rows().get(2));
    }

    @Test
    void beforeTheFirstCycleThereIsNothing() {
        assertEquals(List.of(), day.rows());
    }
}
