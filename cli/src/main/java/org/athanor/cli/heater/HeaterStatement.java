package org.athanor.cli.heater;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.athanor.edge.Snapshot;
import org.athanor.ledger.Report;
import org.athanor.units.Joules;

/**
 * What a run of the heater came to, from its snapshots. In a real home nobody can live the same day twice, so that useful heat is an
 * estimate and is called one: of each day at most what holding the setpoint would have taken by the room as it is learned. While it is
 * not known, and in tanks, heat counts as wasted that came above the band.
 */
final class HeaterStatement {
    private final HomeSetup setup;
    private final Instant start;
    private final InstantSource clock;
    private final Map<String, Span> rooms = new LinkedHashMap<>();

    /** From the first snapshot of a room, whose sums begin before this run, to the last. */
    private static final class Span {
        private final Snapshot first;
        private Snapshot last;
        private double wastedKwh;
        /** Of the time in which the room was known. */
        private final Map<LocalDate, Day> known = new TreeMap<>();

        private record Day(double givenKwh, double wantedKwh) {
            Day plus(Day more) {
                return new Day(givenKwh + more.givenKwh, wantedKwh + more.wantedKwh);
            }

            double wasted() {
                return Math.max(0, givenKwh - wantedKwh);
            }
        }

        Span(Snapshot first) {
            this.first = first;
            this.last = first;
        }

        void add(Snapshot next, Optional<Joules> wanted) {
            double more = next.books().electricityKwh() - last.books().electricityKwh();
            var room = next.room();
            boolean tooWarm = room.temperature()
                    .filter(now -> now.value()
                            > room.setpoint().value() + room.bandAbove().value())
                    .isPresent();
            if (wanted.isPresent())
                known.merge(
                        LocalDate.ofInstant(next.time(), next.world().zone()),
                        new Day(more, wanted.get().kilowattHours()),
                        Day::plus);
            else if (tooWarm) wastedKwh += Math.max(0, more);
            last = next;
        }

        double wasted() {
            return wastedKwh + known.values().stream().mapToDouble(Day::wasted).sum();
        }

        double kwh() {
            return last.books().electricityKwh() - first.books().electricityKwh();
        }
    }

    HeaterStatement(HomeSetup setup, InstantSource clock) {
        this.setup = setup;
        this.clock = clock;
        this.start = clock.instant();
    }

    /** @param wanted heat that holding the setpoint would have taken since the last one; empty where that is not known */
    synchronized void add(String room, Snapshot snapshot, Optional<Joules> wanted) {
        var span = rooms.get(room);
        if (span == null) rooms.put(room, new Span(snapshot));
        else span.add(snapshot, wanted);
    }

    synchronized void print(PrintStream out) {
        var report = report();
        if (report.isEmpty()) {
            out.println("no control cycle ran");
            return;
        }
        var energy = report.get().energy();
        var money = report.get().money();
        out.printf(
                Locale.ROOT,
                "%s: %.2f kWh, of which about %.2f useful; electricity %.2f %s, earned about %.2f %s%n",
                shown(Duration.between(start, clock.instant())),
                energy.electricityKwh(),
                energy.usefulHeatKwh(),
                money.electricity(),
                report.get().currency(),
                money.earned(),
                report.get().currency());
    }

    private static String shown(Duration span) {
        return span.toHours() + " h " + span.toMinutesPart() + " min " + span.toSecondsPart() + " s";
    }

    /** Empty before the first cycle. */
    synchronized Optional<Report> report() {
        if (rooms.isEmpty()) return Optional.empty();
        double kwh = 0;
        double wasted = 0;
        double electricity = 0;
        double earned = 0;
        long msat = 0;
        double below = 0;
        double above = 0;
        var accepted = new LinkedHashMap<String, Long>();
        var rejected = new LinkedHashMap<String, Long>();
        for (var span : rooms.values()) {
            var first = span.first;
            var last = span.last;
            kwh += span.kwh();
            wasted += span.wasted();
            electricity += last.books().electricity().amount()
                    - first.books().electricity().amount();
            earned += last.books().earnedMoney().amount()
                    - first.books().earnedMoney().amount();
            msat += last.books().earned().value() - first.books().earned().value();
            below += last.room().kelvinHoursBelow() - first.room().kelvinHoursBelow();
            above += last.room().kelvinHoursAbove() - first.room().kelvinHoursAbove();
            for (var heater : last.heaters()) {
                if (!heater.mines()) continue;
                accepted.put(heater.id(), heater.accepted());
                rejected.put(heater.id(), heater.rejected());
            }
        }
        double useful = kwh - wasted;
        var scenario = setup.scenario();
        return Optional.of(new Report(
                new Report.Period(
                        start.atZone(setup.zone()).toOffsetDateTime().toString(),
                        clock.instant().atZone(setup.zone()).toOffsetDateTime().toString()),
                null, // there is but one
                scenario.currency().getCurrencyCode(),
                new Report.Scenario(
                        scenario.name(),
                        scenario.date().toString(),
                        scenario.hashprice(),
                        scenario.bitcoinPrice().doubleValue(),
                        "measured",
                        "the contract in the heater file"),
                new Report.Comfort(below, above, null, null),
                new Report.Energy(kwh, useful, wasted, null, null, null, null),
                accepted.isEmpty() ? null : new Report.Mining(accepted, rejected, null, null, null),
                new Report.Accounts(
                        electricity,
                        earned,
                        null,
                        null,
                        electricity - earned,
                        useful > 0 ? (electricity - earned) / useful : null,
                        msat,
                        null,
                        kwh > 0
                                ? new Report.Alternatives(
                                        new Report.Alternative(electricity / kwh), null, null, null, null)
                                : null),
                null,
                null,
                null,
                null,
                null,
                null,
                "Useful heat is an estimate: of each day at most what holding the setpoint would have taken by the room as it is"
                        + " learned; while it is not known, heat above the comfort band counts as wasted. What pools do not credit"
                        + " here is an estimate too: hashes that a miner reports and shares of this computer at the"
                        + " scenario's pay, training at what its file says it pays."));
    }
}
