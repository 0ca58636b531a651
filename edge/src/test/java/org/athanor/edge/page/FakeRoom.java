package org.athanor.edge.page;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.athanor.comfort.Saying;
import org.athanor.comfort.Schedule;
import org.athanor.comfort.Sentence;
import org.athanor.edge.PageSource;
import org.athanor.edge.RefusalWords;
import org.athanor.edge.RoomSettings;
import org.athanor.edge.SettingRefused;
import org.athanor.edge.Snapshot;
import org.athanor.edge.journal.Event;
import org.athanor.edge.journal.StepRow;
import org.athanor.ledger.Weight;
import org.athanor.ledger.Weighting;
import org.athanor.units.Celsius;
import org.athanor.units.Hashrate;
import org.athanor.units.Kelvins;
import org.athanor.units.Millisatoshis;
import org.athanor.units.Money;
import org.athanor.units.PricePerKwh;
import org.athanor.units.Watts;

/** A room without control: remembers what it was told. */
final class FakeRoom implements PageSource {
    static final Instant NOW = Instant.parse("2026-01-15T06:00:00Z");
    private static final Currency EUR = Currency.getInstance("EUR");

    final AtomicReference<Optional<Celsius>> setpoint = new AtomicReference<>(Optional.empty());
    volatile Optional<Snapshot> snapshot = Optional.of(snapshot(1));
    volatile RoomSettings settings = RoomSettings.of(
            Schedule.constant(ZoneOffset.ofHours(-6), new Celsius(21)), new Celsius(5), new Celsius(25));
    volatile String lockCode = "";

    @Override
    public Optional<Snapshot> snapshot() {
        return snapshot;
    }

    @Override
    public List<StepRow> history(Instant since, int most) {
        return List.of(new StepRow(
                        NOW,
                        Optional.of(new Celsius(20.5)),
                        new Celsius(21),
                        Optional.empty(),
                        OptionalDouble.of(0.25),
                        new Millisatoshis(7),
                        StepRow.Totals.ZERO,
                        Optional.of(new StepRow.Planned(new Watts(400), new Celsius(20.4))),
                        List.of(new StepRow.HeaterRow(
                                "miner", OptionalInt.of(1), OptionalDouble.of(600), OptionalDouble.empty()))))
                .stream()
                .filter(row -> row.time().isAfter(since))
                .toList();
    }

    @Override
    public void setpoint(Celsius wanted) {
        if (wanted.value() < 5 || wanted.value() > 25)
            throw new SettingRefused("celsius", wanted.value(), RefusalWords.SETPOINT.with("lowest", 5, "highest", 25));
        setpoint.set(Optional.of(wanted));
    }

    @Override
    public void clearSetpoint() {
        setpoint.set(Optional.empty());
    }

    @Override
    public List<Event> events(int most) {
        return List.of(new Event(NOW, Event.Kind.ALARM, "control", "Miner: silent"));
    }

    @Override
    public RoomSettings settings() {
        return settings;
    }

    @Override
    public void change(UnaryOperator<RoomSettings> edit) {
        settings = edit.apply(settings);
    }

    @Override
    public void lock(String code) {
        settings = settings.withChildLock(true);
        lockCode = code;
    }

    @Override
    public boolean unlock(String code) {
        if (settings.childLock() && !code.equals(lockCode)) return false;
        settings = settings.withChildLock(false);
        return true;
    }

    static Snapshot snapshot(long cycle) {
        var zero = new Money(0, EUR);
        return new Snapshot(
                cycle,
                NOW,
                new Snapshot.Room(
                        Optional.of(new Celsius(20.5)),
                        new Celsius(21),
                        false,
                        new Kelvins(1),
                        new Kelvins(1),
                        new Celsius(5),
                        new Celsius(25),
                        0,
                        0),
                Optional.empty(),
                List.of(new Snapshot.HeaterView(
                        "miner",
                        "Mining heater",
                        Optional.of("Super"),
                        Optional.of(new Watts(800)),
                        "metered by its plug",
                        Optional.of(Hashrate.ofTerahashes(37.5)),
                        12,
                        1,
                        true,
                        Optional.empty(),
                        true,
                        "its plug switches off by itself after 150 s",
                        Optional.empty(),
                        Optional.of(new Weighting(Weight.of(1440, 1), "virtual 3600 s / wall 2.5 s")),
                        "as asked")),
                new Watts(800),
                new Snapshot.Books(
                        Optional.of(new PricePerKwh(0.25, EUR)),
                        new Millisatoshis(7),
                        zero,
                        zero,
                        zero,
                        zero,
                        0,
                        "test",
                        0),
                new Snapshot.Safety("NORMAL", false, "within all limits"),
                "The room is warm.",
                new Snapshot.Planning(
                        Optional.of(new Snapshot.Course(
                                NOW, Duration.ofMinutes(15), List.of(800.0, 0.0), List.of(20.5, 20.75, 20.625))),
                        Optional.empty(),
                        Optional.of(new Snapshot.Prices(NOW, Duration.ofMinutes(15), List.of(0.25, 0.3, 0.123456))),
                        Optional.empty(),
                        Optional.of("the forecast is 14 h old"),
                        "±0.3 K over 24 h"),
                List.of(),
                Snapshot.World.real(ZoneOffset.ofHours(-6)),
                Optional.of(new Sentence(
                        Saying.WANTED,
                        Map.of(
                                "action",
                                new Sentence(Saying.HEATER, Map.of("heater", "miner", "watts", new Watts(800))),
                                "demand",
                                new Watts(790),
                                "cause",
                                new Sentence(
                                        Saying.PLAN_AHEAD,
                                        Map.of("until", LocalTime.of(17, 0), "then", 0.5, "now", 0.25))))),
                Optional.of(new Snapshot.Primary(
                        "boiler", Optional.of(Watts.ZERO), true, Optional.of(new Celsius(17)), true, true)));
    }
}
