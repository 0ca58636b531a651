package org.athanor.edge;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.athanor.comfort.ControlStep;
import org.athanor.comfort.HeatMemory;
import org.athanor.comfort.HeaterCommand;
import org.athanor.comfort.HeaterReading;
import org.athanor.comfort.PlannedStep;
import org.athanor.comfort.Readings;
import org.athanor.comfort.SafetyStatus;
import org.athanor.devices.HeaterState;
import org.athanor.devices.Plug;
import org.athanor.devices.Thermometer;
import org.athanor.edge.FlexibleRoom.HeaterNow;
import org.athanor.edge.Lane.Outcome;
import org.athanor.edge.Lane.Pending;
import org.athanor.edge.journal.Earnings;
import org.athanor.edge.journal.Event;
import org.athanor.edge.journal.Journal;
import org.athanor.edge.journal.JournalException;
import org.athanor.edge.journal.StepRow;
import org.athanor.edge.journal.StepRow.HeaterRow;
import org.athanor.edge.journal.StepRow.Totals;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;
import org.athanor.units.Money;
import org.athanor.units.Watts;

/**
 * The heater's control: each cycle reads everything, decides by plan or thermostat, commands everything, and the next one
 * reads back what became of it. Trouble of a device is a reading with a fault; trouble of this program switches everything off first and
 * is thrown then. Cycles are run by one thread; the setpoint may be changed and the snapshot read by any.
 */
public final class ControlLoop {
    /** What is learned of the room, in the journal: bytes of {@code PlanningController}. */
    public static final String LEARNED = "room";

    private static final String UNPROTECTED =
            "unprotected: nothing would switch it off if this program died, and its owner has not accepted that";

    private static final String SETTINGS = "settings";
    /** Last trusted reading in °C and joules released since, for the next start. */
    private static final String ROOM_HEAT = "safety.heat.room";

    private static final String SECOND_HEAT = "safety.heat.second";
    /** A gap longer than this was no control step: of what happened in it, only meters know. */
    private static final Duration LONGEST_STEP = Duration.ofMinutes(15);
    /** Alarms written to the journal a control hour; what is beyond is on screen only. */
    private static final int EVENTS_PER_HOUR = 60;

    private final EdgeConfig config;
    private final Journal journal;
    private final Earnings earnings;
    private final PlannedControl control;
    private final List<Station> stations;
    private final Lane roomLane;
    private final Lane secondLane;
    private final Lane outdoorLane;
    private final Optional<PrimaryStation> primary;
    private final RoomOffer offer;
    private final SettingsStore settings;

    private final Object cycling = new Object();

    private boolean stopped;
    private long cycles;
    private Optional<Tick> before = Optional.empty();
    private Totals totals;
    private String lastTold = "";
    private Set<String> knownAlarms = Set.of();
    private int eventsLeft = EVENTS_PER_HOUR;
    private Instant eventsRefilled = Instant.MIN;
    private volatile Optional<Snapshot> snapshot = Optional.empty();

    public ControlLoop(EdgeConfig config, Journal journal, Earnings earnings) {
        this.config = config;
        this.journal = journal;
        this.earnings = earnings;
        this.control = PlannedControl.of(config, journal, heatMemory(journal));
        this.stations = config.heaters().stream()
                .map(part -> new Station(part, config.deviceTimeout()))
                .toList();
        this.roomLane = new Lane("room thermometer", config.deviceTimeout());
        this.secondLane = new Lane("second thermometer", config.deviceTimeout());
        this.outdoorLane = new Lane("outdoor thermometer", config.deviceTimeout());
        this.offer = new RoomOffer(config, control.preferences().heaters());
        this.primary = config.primary()
                .map(heating -> new PrimaryStation(
                        heating, config.deviceTimeout(), config.limits().frostMinimum()));
        var held = config.limits().highestSetpoint(config.comfort().heaters());
        var range = config.setpoints();
        var highest = held.compareTo(range.highest()) < 0 ? held : range.highest();
        this.settings = new SettingsStore(journal, SETTINGS, config.schedule(), range.lowest(), highest);
        this.totals = journal.totals();
    }

    /** Of the last step; empty before the first. */
    private static Optional<HeatMemory> heatMemory(Journal journal) {
        var room = journal.setting(ROOM_HEAT).map(ControlLoop::shown);
        var second = journal.setting(SECOND_HEAT).map(ControlLoop::shown);
        return room.isEmpty() && second.isEmpty() ? Optional.empty() : Optional.of(new HeatMemory(room, second));
    }

    // ---- what people change

    public RoomSettings settings() {
        return settings.get();
    }

    /**
     * Follows them from the next cycle on, and after a restart.
     *
     * @throws SettingRefused if a value is out of range
     */
    public void change(UnaryOperator<RoomSettings> edit) {
        settings.change(edit);
        snapshot.ifPresent(shown -> show(settings.get(), shown.time())); // somebody may have changed more meanwhile
    }

    /** @throws SettingRefused for a code that is not 4 to 8 digits */
    public void lock(String code) {
        settings.lock(code);
    }

    /** Whether the child lock is open now. */
    public boolean unlock(String code) {
        return settings.unlock(code);
    }

    /** The user's setpoint, if there is one. */
    public Optional<Celsius> override() {
        return settings.get().setpoint();
    }

    /**
     * Holds {@code setpoint} instead of the schedule; during a vacation, until its end.
     *
     * @throws SettingRefused if it is out of range
     */
    public void override(Celsius setpoint) {
        var now = snapshot.map(Snapshot::time).orElse(Instant.EPOCH);
        change(present -> present.withSetpoint(setpoint, now));
    }

    /** Back to the schedule. */
    public void clearOverride() {
        change(RoomSettings::withoutSetpoint);
    }

    /** Users see at once that they were heard; the heaters follow in the next cycle. */
    private synchronized void show(RoomSettings wanted, Instant time) {
        var wish = wanted.wish(time);
        var setpoint = control.setpoint(wanted, time);
        snapshot = snapshot.map(shown -> {
            var room = shown.room();
            return shown.with(new Snapshot.Room(
                    room.temperature(),
                    setpoint,
                    wish.isPresent(),
                    room.bandBelow(),
                    room.bandAbove(),
                    room.lowestSetpoint(),
                    settings.highest(),
                    room.kelvinHoursBelow(),
                    room.kelvinHoursAbove()));
        });
    }

    /** @param followed by the cycle; what was changed meanwhile is shown, or it would seem to have been taken back */
    private synchronized void publish(Snapshot next, RoomSettings followed) {
        snapshot = Optional.of(next);
        var latest = settings.get();
        if (!latest.equals(followed)) show(latest, next.time());
    }

    /** The state after the last cycle. */
    public Optional<Snapshot> snapshot() {
        return snapshot;
    }

    /** The heat that holding the setpoint would have taken in the last cycle, by the room as it is learned; empty while that is not known. */
    Optional<Joules> wantedHeat() {
        return control.wantedHeat();
    }

    // ---- an energy manager

    /** What it is told; written by each cycle. */
    RoomOffer offer() {
        return offer;
    }

    /** What it prefers; followed from the next cycle on. */
    Preferences preferences() {
        return control.preferences();
    }

    private void offer(Seen seen, RoomSettings wanted, Snapshot now) {
        offer.describe(control.store(), control.revenuePerHour());
        offer.stands(
                now.time(),
                seen.readings().room(),
                control.around(seen.readings()),
                offer.ids().stream()
                        .map(id -> seen.heaters().get(id))
                        .map(read -> new HeaterNow(level(read), read.watts()))
                        .toList(),
                time -> control.setpoint(wanted, time),
                now.planning().plan(),
                control.fall(seen.readings()),
                control.rise(seen.readings()));
    }

    // ---- the cycle

    /**
     * One whole control cycle.
     *
     * @throws IllegalStateException after {@link #stop}: it would switch heaters on again
     * @throws RuntimeException an error of this program, after every heater was asked to stop and every plug was cut
     */
    public Snapshot cycle(Tick tick) throws InterruptedException {
        synchronized (cycling) {
            if (stopped) throw new IllegalStateException("the control loop has been stopped");
            return safely(tick);
        }
    }

    private Snapshot safely(Tick tick) throws InterruptedException {
        try {
            return attempt(tick);
        } catch (RuntimeException | Error e) {
            try {
                allOff();
            } catch (RuntimeException | Error second) {
                e.addSuppressed(second);
            }
            throw e;
        }
    }

    private Snapshot attempt(Tick tick) throws InterruptedException {
        var alarms = new LinkedHashSet<String>();
        var seen = readAll(tick, alarms);
        var wanted = settings.get();
        settings.lost().ifPresent(alarms::add);
        if (before.isEmpty()) settings.moved().ifPresent(what -> note(tick.time(), "settings", what, alarms));
        var planned = control.step(seen.readings(), wanted, unavailable(seen), alarms);
        var step = planned.control();
        var commands = guarded(step.commands());
        journalActions(tick.time(), commands, step.explanation(), alarms);
        var told = commandPrimary(tick, seen, planned);
        commandAll(commands, tick, alarms);
        if (told.isPresent()) heard(tick, told.get(), alarms);
        config.fuses().report(held(seen, commands), step.lacking(), tick.monotonicNanos());
        alarms.addAll(step.safety().alarms());
        account(tick, seen, step);
        journalStep(tick, seen, step, alarms);
        var overridden = wanted.wish(tick.time()).isPresent();
        var next = snapshot(tick, seen, planned, commands, overridden, List.copyOf(alarms));
        publish(next, wanted);
        offer(seen, wanted, next);
        before = Optional.of(tick);
        return next;
    }

    /** Everything that one cycle read. */
    private record Seen(Readings readings, Map<String, Station.Read> heaters, Optional<PrimaryHeating.State> primary) {}

    private Seen readAll(Tick tick, Set<String> alarms) throws InterruptedException {
        var room = roomLane.start(config.room()::read);
        var second = start(secondLane, config.secondRoom());
        var outdoor = start(outdoorLane, config.outdoor());
        var other = primary.map(PrimaryStation::read);
        var pending = stations.stream()
                .map(station -> station.read(tick.monotonicNanos()))
                .toList();

        var heaters = new LinkedHashMap<String, Station.Read>();
        var readings = new LinkedHashMap<String, HeaterReading>();
        for (int i = 0; i < stations.size(); i++) {
            var station = stations.get(i);
            var read = pending.get(i).await();
            station.remember(read);
            heaters.put(station.id(), read);
            readings.put(station.id(), Station.reading(read));
            read.fault().ifPresent(fault -> alarms.add(station.part.name() + ": " + fault));
            read.mismatch().ifPresent(alarms::add);
            station.poolAlarm(tick.monotonicNanos()).ifPresent(alarms::add);
            station.topLevelAlarm(read, tick.monotonicNanos()).ifPresent(alarms::add);
        }
        var read = new Readings(
                        tick.time(),
                        tick.monotonicNanos(),
                        value(room.await(), alarms),
                        second.isPresent() ? value(second.get().await(), alarms) : Optional.empty(),
                        outdoor.isPresent() ? value(outdoor.get().await(), alarms) : Optional.empty(),
                        readings)
                .withCircuits(config.fuses().available(tick.monotonicNanos()))
                .withholding(withheld());
        Optional<PrimaryHeating.State> given =
                other.isPresent() ? value(other.get().await(), alarms) : Optional.empty();
        return new Seen(
                given.map(PrimaryHeating.State::heat).map(read::withPrimaryHeat).orElse(read), heaters, given);
    }

    // ---- the room's other heating

    /** Why a plan must not count on it, though it may command it. */
    private Optional<String> unavailable(Seen seen) {
        return primary.filter(each -> each.source().commanded())
                .filter(_ -> seen.primary().filter(state -> !state.on()).isPresent())
                .map(each -> "the " + each.title() + " is switched off at its thermostat");
    }

    private Optional<PrimaryStation.Told> commandPrimary(Tick tick, Seen seen, PlannedStep planned) {
        boolean below = seen.readings()
                .room()
                .filter(room -> config.band()
                                .outside(room, planned.control().setpoint())
                                .value()
                        < 0)
                .isPresent();
        return primary.flatMap(each -> each.command(
                seen.primary(), planned.control().setpoint(), planned.primaryHeat(), below, tick.monotonicNanos()));
    }

    private void heard(Tick tick, PrimaryStation.Told told, Set<String> alarms) throws InterruptedException {
        var title = primary.orElseThrow().title();
        told.pending().await().failure().ifPresent(why -> alarms.add(title + ": command failed: " + why));
        if (told.sentence().equals(lastTold)) return; // told again, since it has not obeyed yet
        lastTold = told.sentence();
        note(tick.time(), title, told.sentence(), alarms);
    }

    private void note(Instant time, String subject, String text, Set<String> alarms) {
        try {
            journal.event(new Event(time, Event.Kind.NOTE, subject, text));
        } catch (JournalException e) {
            alarms.add(e.getMessage());
        }
    }

    private Optional<Pending<Boolean>> letGoOfPrimary() {
        return primary.flatMap(PrimaryStation::letGo);
    }

    /** Nameplates of the heaters that draw or may draw until they are read again. */
    private Map<String, Watts> held(Seen seen, Map<String, HeaterCommand> commands) {
        return Fuses.nameplates(stations.stream()
                .filter(station -> commands.get(station.id()).level() > 0
                        || !level(seen.heaters().get(station.id())).equals(OptionalInt.of(0))
                        || boots(station, seen, commands))
                .map(station -> station.part.spec())
                .toList());
    }

    /** Given mains again, it goes on at what it did last until it can be told otherwise. */
    private static boolean boots(Station station, Seen seen, Map<String, HeaterCommand> commands) {
        return !station.part.spec().switchedByPlug()
                && commands.get(station.id()).plugOn()
                && seen.heaters().get(station.id()).unpowered();
    }

    private static Optional<Pending<Celsius>> start(Lane lane, Optional<Thermometer> thermometer) {
        return thermometer.map(each -> lane.start(each::read));
    }

    private static <T> Optional<T> value(Outcome<T> outcome, Set<String> alarms) {
        outcome.failure().ifPresent(alarms::add);
        return outcome.value();
    }

    private Map<String, String> withheld() {
        return stations.stream()
                .filter(station -> !station.part.mayHeat())
                .collect(Collectors.toMap(Station::id, _ -> UNPROTECTED));
    }

    /** What the control does not know yet when it has been found out since its reading. */
    private Map<String, HeaterCommand> guarded(Map<String, HeaterCommand> commands) {
        var guarded = new LinkedHashMap<String, HeaterCommand>();
        for (var station : stations) {
            var part = station.part;
            var command = commands.get(station.id());
            boolean refused = !part.mayHeat()
                    && (command.level() > 0
                            || command.asItStarted()
                            || (command.plugOn() && part.spec().restsUnpowered()));
            guarded.put(
                    station.id(),
                    refused
                            ? new HeaterCommand(
                                    0, command.plugOn() && !part.spec().restsUnpowered(), UNPROTECTED)
                            : command);
        }
        return guarded;
    }

    /** Renewals and soft stops first, all devices at once; then levels and cuts. */
    private void commandAll(Map<String, HeaterCommand> commands, Tick tick, Set<String> alarms)
            throws InterruptedException {
        var countdown = config.limits().plugCountdown();
        var first = new ArrayList<Pending<Boolean>>();
        for (var station : stations) first.add(station.renewOrSoftStop(commands.get(station.id()), countdown));
        // a device that cannot be asked to stop is cut all the same, so its failure to answer is no alarm by itself
        for (int i = 0; i < stations.size(); i++) {
            var outcome = first.get(i).await();
            if (commands.get(stations.get(i).id()).plugOn()) failed(stations.get(i), outcome, alarms);
        }
        var second = new ArrayList<Pending<Boolean>>();
        for (var station : stations) second.add(station.levelOrCut(commands.get(station.id()), tick.monotonicNanos()));
        for (int i = 0; i < stations.size(); i++) {
            var station = stations.get(i);
            var outcome = second.get(i).await();
            failed(station, outcome, alarms);
            station.commanded(commands.get(station.id()), outcome.value().orElse(true), tick.monotonicNanos());
        }
    }

    private static void failed(Station station, Outcome<Boolean> outcome, Set<String> alarms) {
        outcome.failure().ifPresent(why -> alarms.add(station.part.name() + ": command failed: " + why));
    }

    // ---- the books

    private void account(Tick tick, Seen seen, ControlStep step) {
        var since = before.map(last -> Duration.ofNanos(tick.monotonicNanos() - last.monotonicNanos()))
                .filter(gap -> !gap.isNegative() && gap.compareTo(LONGEST_STEP) <= 0)
                .orElse(Duration.ZERO);
        var energy = Joules.ZERO;
        double pay = 0;
        for (var station : stations) {
            var read = seen.heaters().get(station.id());
            var drawn = station.energy(read, since);
            energy = energy.plus(drawn);
            pay += station.expectedPay(read, drawn, since);
        }
        if (before.isEmpty()) return; // the first reading only sets the meters
        // what was drawn since the last step is paid at the price of that time
        var price = config.tariff().at(before.get().time());
        double cost = price.isPresent() ? price.get().of(energy).amount() : 0;
        double hours = since.toNanos() / 3.6e12;
        double outside = seen.readings()
                .room()
                .map(room -> config.band().outside(room, step.setpoint()).value())
                .filter(kelvins -> kelvins < 0 || settings.get().heating()) // a room that cools down is not too warm
                .orElse(0.0);
        totals = new Totals(
                totals.electricity().plus(energy),
                totals.electricityCost() + cost,
                totals.kelvinHoursBelow() + Math.max(0, -outside) * hours,
                totals.kelvinHoursAbove() + Math.max(0, outside) * hours,
                totals.expectedPay() + pay);
    }

    /** A journal that cannot be written must not let the room grow cold: it is an alarm, and control goes on. */
    private void journalStep(Tick tick, Seen seen, ControlStep step, Set<String> alarms) {
        var readings = seen.readings();
        var rows = new ArrayList<HeaterRow>();
        for (var station : stations) {
            var read = seen.heaters().get(station.id());
            rows.add(new HeaterRow(
                    station.id(),
                    level(read),
                    number(read.watts().map(Watts::value)),
                    number(read.state().flatMap(HeaterState::chip).map(Celsius::value))));
        }
        try {
            earnings.review();
            var memory = control.heatMemory();
            journal.step(
                    new StepRow(
                            tick.time(),
                            readings.room(),
                            step.setpoint(),
                            readings.outdoor(),
                            number(config.tariff().at(tick.time()).map(price -> price.value())),
                            earnings.earned(),
                            totals,
                            control.planned(tick.time()),
                            rows),
                    Map.of(
                            ROOM_HEAT,
                            memory.room().map(ControlLoop::text),
                            SECOND_HEAT,
                            memory.second().map(ControlLoop::text)));
            journalAlarms(tick.time(), alarms);
            control.keepNowAndThen(tick);
        } catch (JournalException e) {
            alarms.add(e.getMessage());
        }
    }

    /** What is told otherwise than before, and why: before it is told, as nothing may come of it. */
    private void journalActions(
            Instant time, Map<String, HeaterCommand> commands, String explanation, Set<String> alarms) {
        for (var station : stations) {
            var command = commands.get(station.id());
            var change = station.change(command);
            if (change.isEmpty()) continue;
            try {
                journal.event(new Event(
                        time,
                        Event.Kind.ACTION,
                        station.id(),
                        change.get() + ": " + command.reason() + " (" + explanation + ")"));
            } catch (JournalException e) {
                alarms.add(e.getMessage());
            }
        }
    }

    private static String text(HeatMemory.Shown shown) {
        return shown.reading().value() + " " + Math.ceil(shown.released().value());
    }

    private static HeatMemory.Shown shown(String text) {
        int space = text.indexOf(' ');
        return new HeatMemory.Shown(
                new Celsius(Double.parseDouble(text.substring(0, space))),
                new Joules(Double.parseDouble(text.substring(space + 1))));
    }

    private void journalAlarms(Instant time, Set<String> alarms) {
        if (eventsRefilled.equals(Instant.MIN)
                || Duration.between(eventsRefilled, time).abs().compareTo(Duration.ofHours(1)) >= 0) {
            eventsLeft = EVENTS_PER_HOUR;
            eventsRefilled = time;
        }
        for (var alarm : alarms)
            if (!knownAlarms.contains(alarm) && eventsLeft-- > 0)
                journal.event(new Event(time, Event.Kind.ALARM, "control", alarm));
        knownAlarms = new HashSet<>(alarms);
    }

    private static OptionalInt level(Station.Read read) {
        if (read.unpowered()) return OptionalInt.of(0);
        return read.state().map(HeaterState::level).orElse(OptionalInt.empty());
    }

    private static OptionalDouble number(Optional<Double> value) {
        return value.map(OptionalDouble::of).orElse(OptionalDouble.empty());
    }

    // ---- what is shown

    private Snapshot snapshot(
            Tick tick,
            Seen seen,
            PlannedStep planned,
            Map<String, HeaterCommand> commands,
            boolean overridden,
            List<String> alarms) {
        var step = planned.control();
        var views = new ArrayList<Snapshot.HeaterView>();
        double watts = 0;
        for (var station : stations) {
            var read = seen.heaters().get(station.id());
            views.add(view(station, read, commands.get(station.id())));
            watts += read.watts().orElse(Watts.ZERO).value();
        }
        var room = new Snapshot.Room(
                seen.readings().room(),
                step.setpoint(),
                overridden,
                config.band().below(),
                config.band().above(),
                config.setpoints().lowest(),
                settings.highest(),
                totals.kelvinHoursBelow(),
                totals.kelvinHoursAbove());
        return new Snapshot(
                ++cycles,
                tick.time(),
                room,
                seen.readings().outdoor(),
                views,
                new Watts(watts),
                books(tick.time()),
                safety(step.safety()),
                step.explanation(),
                control.view(tick.time(), planned),
                alarms,
                config.world().get(),
                Optional.of(step.sentence()),
                primary.map(each -> each.view(seen.primary())));
    }

    private Snapshot.HeaterView view(Station station, Station.Read read, HeaterCommand command) {
        var part = station.part;
        var capabilities = part.heater().capabilities();
        var level = level(read);
        var mined = part.mining().map(figures -> figures.get());
        return new Snapshot.HeaterView(
                part.id(),
                part.name(),
                level.isPresent() ? Optional.of(station.levelName(level.getAsInt())) : Optional.empty(),
                read.watts(),
                read.plug().isPresent() ? read.wattsSource() : capabilities.powerSource(),
                mined.flatMap(MiningFigures::hashrate).or(() -> read.state().flatMap(HeaterState::hashrate)),
                mined.map(MiningFigures::accepted).orElse(0L),
                mined.map(MiningFigures::rejected).orElse(0L),
                part.mining().isPresent(),
                read.state().flatMap(HeaterState::chip),
                part.guarded(),
                guard(part),
                read.fault().or(read::mismatch),
                mined.flatMap(MiningFigures::weighting),
                station.waitsToBeToldAgain()
                        ? command.reason() + "; the device still calibrates, and is told again each cycle"
                        : command.reason());
    }

    private String guard(HeaterPart part) {
        if (part.plug().filter(Plug::countsDown).isPresent())
            return "its plug switches off by itself after "
                    + config.limits().plugCountdown().toSeconds() + " s";
        if (part.guarded())
            return part.heater().capabilities().survivesController()
                    ? "its own timer stops it when it is not read for a while"
                    : "it stops with this program, and when control stands still";
        if (part.onTrial()) return "nothing yet: its own timer is tried out while it runs for the first time";
        return "nothing: it would keep its last level";
    }

    private Snapshot.Books books(Instant time) {
        var currency = config.tariff().currency();
        var earned = earnings.earned();
        var expected = new Money(totals.expectedPay(), currency);
        var earnedMoney = new Money(config.scenario().value(earned), currency).plus(expected);
        var electricity = new Money(totals.electricityCost(), currency);
        return new Snapshot.Books(
                config.tariff().at(time),
                earned,
                earnedMoney,
                expected,
                electricity,
                electricity.minus(earnedMoney),
                totals.electricity().kilowattHours(),
                config.scenario().name() + " (" + config.scenario().date() + ")",
                earnings.disputedLines());
    }

    private static Snapshot.Safety safety(SafetyStatus status) {
        var word = status.thermometer() != SafetyStatus.Thermometer.TRUSTED
                ? "THERMOMETER_" + status.thermometer().name()
                : status.intervening() ? "LIMITING" : "NORMAL";
        return new Snapshot.Safety(
                word,
                status.intervening()
                        || status.thermometer() == SafetyStatus.Thermometer.MISSING
                        || status.thermometer() == SafetyStatus.Thermometer.IMPLAUSIBLE,
                status.interventions().isEmpty() ? "within all limits" : String.join("; ", status.interventions()));
    }

    // ---- the end

    /**
     * What became of one heater at the stop.
     *
     * @param off of another heating that was held back: whether it keeps the room again
     * @param how a sentence
     */
    public record Stopped(String heater, boolean off, String how) {}

    /**
     * The graceful stop: every heater is asked to stop, read back until it is off or the bound is over, and cut by its plug
     * if it does not obey. Plugs of those that obey are left to run out, so that fans can run on.
     */
    public List<Stopped> stop() {
        boolean interrupted = Thread.interrupted(); // heaters are stopped all the same
        try {
            synchronized (cycling) {
                stopped = true;
                return stopAll();
            }
        } catch (InterruptedException e) {
            interrupted = true;
            allOff();
            return stations.stream()
                    .map(station -> new Stopped(station.id(), false, "the stop was interrupted: all power was cut"))
                    .toList();
        } finally {
            if (interrupted) Thread.currentThread().interrupt();
        }
    }

    /**
     * Writes down what was learned since it was written last, as the stop's last act.
     *
     * @throws JournalException if it cannot be written
     */
    void keepLearned() {
        synchronized (cycling) {
            before.ifPresent(control::keep);
        }
    }

    private List<Stopped> stopAll() throws InterruptedException {
        long deadline = System.nanoTime() + config.stopTimeout().toNanos();
        var other = letGoOfPrimary();
        var asked = stations.stream().map(Station::askToStop).toList();
        for (var each : asked) each.await(); // what failed shows in the reading back
        var running = new ArrayList<>(stations);
        var stopped = new ArrayList<Stopped>();
        while (true) {
            for (var station : List.copyOf(running)) {
                if (!station.readsOff()) continue;
                running.remove(station);
                stopped.add(new Stopped(station.id(), true, "reads off"));
            }
            if (running.isEmpty() || System.nanoTime() >= deadline) break;
            Thread.sleep(50);
        }
        for (var station : running) {
            var cut = station.cut().await();
            stopped.add(new Stopped(
                    station.id(),
                    cut.failure().isEmpty(),
                    cut.failure()
                            .map(why -> "did not stop within "
                                    + config.stopTimeout().toMillis() + " ms and " + why)
                            .orElse("did not stop when asked: its plug was switched off")));
        }
        if (other.isPresent())
            stopped.add(primary.orElseThrow().stopped(other.get().await()));
        return stopped;
    }

    /** The safe state, at once: plugs first, since no device can argue with those. */
    private void allOff() {
        var pending = new ArrayList<Pending<Boolean>>();
        for (var station : stations) if (station.part.plug().isPresent()) pending.add(station.cut());
        for (var station : stations)
            if (station.part.plug().isEmpty() || !station.part.spec().restsUnpowered())
                pending.add(station.askToStop());
        letGoOfPrimary().ifPresent(pending::add);
        var failures = new ArrayList<String>();
        for (var each : pending) {
            try {
                each.await().failure().ifPresent(failures::add);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // the requests are on their way; nothing more can be awaited
                break;
            } catch (RuntimeException e) {
                failures.add(e.toString());
            }
        }
        if (!failures.isEmpty())
            throw new IllegalStateException("not everything could be switched off: " + String.join("; ", failures));
    }
}
