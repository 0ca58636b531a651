package org.athanor.edge.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.athanor.comfort.Schedule;
import org.athanor.edge.PageSource;
import org.athanor.edge.RefusalWords;
import org.athanor.edge.RoomSettings;
import org.athanor.edge.SettingRefused;
import org.athanor.edge.Snapshot;
import org.athanor.edge.journal.Event;
import org.athanor.edge.journal.StepRow;
import org.athanor.units.Celsius;
import org.athanor.units.Hashrate;
import org.athanor.units.Kelvins;
import org.athanor.units.Millisatoshis;
import org.athanor.units.Money;
import org.athanor.units.Watts;

/** A room without a control loop: what was set shows at once. Setpoints from 5 to 25 °C are taken; the schedule wants 20 °C. */
public final class FakeRoom implements PageSource {
    public static final Instant START = Instant.parse("2026-01-15T06:00:00Z");
    private static final Currency EUR = Currency.getInstance("EUR");
    private static final ZoneId ZONE = ZoneOffset.UTC;
    private static final Celsius SCHEDULED = new Celsius(20);

    private RoomSettings settings = RoomSettings.of(
            new Schedule(ZONE, List.of(new Schedule.Setting(LocalTime.MIDNIGHT, SCHEDULED)), Optional.empty()),
            new Celsius(5),
            new Celsius(25));
    private Optional<Snapshot> snapshot = Optional.empty();
    private Optional<Celsius> temperature = Optional.of(new Celsius(19.5));
    private Optional<Watts> watts = Optional.of(new Watts(800));
    private List<String> alarms = List.of();
    private long cycle;
    private double electricityKwh = 10;

    @Override
    public synchronized Optional<Snapshot> snapshot() {
        return snapshot;
    }

    public synchronized FakeRoom temperature(Optional<Celsius> now) {
        temperature = now;
        return this;
    }

    public synchronized FakeRoom watts(Optional<Watts> now) {
        watts = now;
        return this;
    }

    public synchronized FakeRoom alarms(String... now) {
        alarms = List.of(now);
        return this;
    }

    /** One control cycle, so much time after the one before. */
    public synchronized FakeRoom cycle(Duration later) {
        var time = snapshot.map(last -> last.time().plus(later)).orElse(START);
        cycle++;
        show(time);
        return this;
    }

    private void show(Instant time) {
        var wish = settings.wish(time);
        var setpoint = !settings.heating()
                ? new Celsius(7)
                : wish.map(each -> each.setpoint())
                        .or(() -> settings.vacation()
                                .filter(away -> away.holds(time))
                                .map(RoomSettings.Vacation::setpoint))
                        .orElse(SCHEDULED);
        boolean on = settings.heating() && watts.filter(now -> now.value() > 0).isPresent();
        snapshot = Optional.of(new Snapshot(
                cycle,
                time,
                new Snapshot.Room(
                        temperature,
                        setpoint,
                        wish.isPresent(),
                        new Kelvins(0.5),
                        new Kelvins(1),
                        new Celsius(5),
                        new Celsius(25),
                        0,
                        0),
                Optional.empty(),
                List.of(new Snapshot.HeaterView(
                        "10.0.0.5:4028",
                        "Mini 3",
                        watts.map(_ -> on ? "Super" : "off"),
                        watts,
                        "reported by the device",
                        watts.map(now -> Hashrate.ofTerahashes(now.value() * 0.046875)),
                        12,
                        1,
                        true,
                        watts.map(_ -> new Celsius(61.25)),
                        true,
                        "its plug switches off by itself after 150 s",
                        Optional.empty(),
                        Optional.empty(),
                        "as asked")),
                watts.orElse(Watts.ZERO),
                new Snapshot.Books(
                        Optional.empty(),
                        new Millisatoshis(7),
                        new Money(1.5, EUR),
                        new Money(0, EUR),
                        new Money(2.5, EUR),
                        new Money(1, EUR),
                        electricityKwh,
                        "test",
                        0),
                new Snapshot.Safety("NORMAL", false, "within all limits"),
                "The room is warm.",
                new Snapshot.Planning(
                        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), ""),
                alarms,
                Snapshot.World.real(ZONE)));
    }

    @Override
    public List<StepRow> history(Instant since, int most) {
        return List.of();
    }

    @Override
    public List<Event> events(int most) {
        return List.of();
    }

    @Override
    public void setpoint(Celsius wanted) {
        var now = snapshot().map(Snapshot::time).orElse(START);
        change(present -> present.withSetpoint(wanted, now));
    }

    @Override
    public void clearSetpoint() {
        change(RoomSettings::withoutSetpoint);
    }

    @Override
    public synchronized RoomSettings settings() {
        return settings;
    }

    @Override
    public synchronized void change(UnaryOperator<RoomSettings> edit) {
        var wanted = edit.apply(settings);
        wanted.setpoint().filter(each -> each.value() < 5 || each.value() > 25).ifPresent(each -> {
            throw new SettingRefused("celsius", each.value(), RefusalWords.SETPOINT.with("lowest", 5, "highest", 25));
        });
        settings = wanted;
        snapshot.ifPresent(last -> show(last.time()));
    }

    @Override
    public synchronized void lock(String code) {
        settings = settings.withChildLock(true);
    }

    @Override
    public synchronized boolean unlock(String code) {
        settings = settings.withChildLock(false);
        return true;
    }
}
