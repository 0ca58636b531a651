package org.athanor.cli.heater;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import org.athanor.edge.Snapshot;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;
import org.athanor.units.Kelvins;
import org.athanor.units.Millisatoshis;
import org.athanor.units.Money;
import org.athanor.units.Watts;
import org.junit.jupiter.api.Test;

class HeaterStatementTest {
    private static final Instant START = Instant.parse("2026-01-10T00:00:00Z");
    private static final double KWH = 3.6e6;
    private static final Money NOTHING = new Money(0, Currency.getInstance("EUR"));

    private final HeaterStatement statement =
            new HeaterStatement(HeaterFile.parse("heater.yaml", """
                    zone: UTC
                    tariff: {kind: flat, price: 0.3}
                    rooms: [{id: living, floorArea: 30, thermometer: {kind: shelly, address: 127.0.0.1}}]
                    heaters: [{id: panel, kind: element, watts: 1000, plug: {kind: shelly, address: "127.0.0.1:81", ratingWatts: 2500}}]
                    """, Path.of(".")), InstantSource.fixed(START));

    private void at(int hour, double celsius, double electricityKwh, Optional<Joules> wanted) {
        var snapshot = new Snapshot(
                hour,
                START.plusSeconds(3600L * hour),
                new Snapshot.Room(
                        Optional.of(new Celsius(celsius)),
                        new Celsius(20),
                        false,
                        new Kelvins(1),
                        new Kelvins(1),
                        new Celsius(5),
                        new Celsius(26),
                        0,
                        0),
                Optional.empty(),
                List.of(),
                Watts.ZERO,
                new Snapshot.Books(
                        Optional.empty(),
                        new Millisatoshis(0),
                        NOTHING,
                        NOTHING,
                        NOTHING,
                        NOTHING,
                        electricityKwh,
                        "nothing",
                        0),
                new Snapshot.Safety("NORMAL", false, "within all limits"),
                "",
                new Snapshot.Planning(
                        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), ""),
                List.of(),
                Snapshot.World.real(ZoneOffset.UTC));
        statement.add("living", snapshot, wanted);
    }

    private static Optional<Joules> kwh(double kwh) {
        return Optional.of(new Joules(kwh * KWH));
    }

    private void assertUseful(double useful, double wasted) {
        var energy = statement.report().orElseThrow().energy();
        assertEquals(useful, energy.usefulHeatKwh(), 1e-9);
        assertEquals(wasted, energy.wastedHeatKwh(), 1e-9);
    }

    /** Stored in the morning is used in the evening; what one day had too much is not made good by the next. */
    @Test
    void ofEachDayAsMuchIsUsefulAsTheSetpointWouldHaveTaken() {
        at(0, 20, 0, Optional.empty());
        at(6, 22, 4, kwh(1));
        at(18, 20, 4, kwh(2));
        assertUseful(3, 1);
        at(30, 20, 5, kwh(3));
        assertUseful(4, 1);
    }

    @Test
    void whileTheRoomIsNotKnownWhatComesAboveTheBandIsWasted() {
        at(0, 20, 0, Optional.empty());
        at(1, 20.5, 1, Optional.empty());
        at(2, 21.5, 3, Optional.empty());
        assertUseful(1, 2);
    }
}
