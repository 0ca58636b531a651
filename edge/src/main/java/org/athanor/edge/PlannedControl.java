package org.athanor.edge;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import org.athanor.comfort.ComfortBand;
import org.athanor.comfort.ComfortConfig;
import org.athanor.comfort.HeatMemory;
import org.athanor.comfort.Outlook;
import org.athanor.comfort.PlannedStep;
import org.athanor.comfort.PlannedStep.MadePlan;
import org.athanor.comfort.PlanningConfig;
import org.athanor.comfort.PlanningController;
import org.athanor.comfort.Readings;
import org.athanor.comfort.Schedule;
import org.athanor.comfort.SetpointOverride;
import org.athanor.comfort.SinkController;
import org.athanor.comfort.TankController;
import org.athanor.comfort.model.RoomModel;
import org.athanor.comfort.series.PowerOutlook;
import org.athanor.comfort.series.PriceOutlook;
import org.athanor.edge.forecast.OutlookSource;
import org.athanor.edge.journal.Journal;
import org.athanor.edge.journal.JournalException;
import org.athanor.edge.journal.StepRow;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;
import org.athanor.units.Kelvins;
import org.athanor.units.Watts;

/**
 * The planning controller as a home needs it: what it learned is read from the journal and written there now and then, and
 * whatever goes wrong with learning, forecasts or plans costs the plan, never the heat. One thread at a time.
 */
final class PlannedControl {
    private static final Duration KEEP_EVERY = Duration.ofMinutes(15);
    /** Prices are shown at most this far ahead. */
    private static final int MOST_PRICES = 48 * 4;

    private final OutlookSource source;
    private final Journal journal;
    private final ZoneId zone;
    private final Celsius off;
    private final Celsius highest;
    private final SinkController controller;
    private final Preferences preferences;
    private final Leeway leeway;
    /** Of a tank. */
    private final Optional<Celsius> surroundings;

    private final ComfortBand band;
    private final Optional<String> forgotten;
    private OptionalLong keptNanos = OptionalLong.empty();
    private Outlook outlook = Outlook.UNKNOWN;

    // what is shown
    private Optional<MadePlan> made = Optional.empty();
    private Optional<Snapshot.Course> course = Optional.empty();
    private Optional<Snapshot.Course> today = Optional.empty();
    private LocalDate day = LocalDate.EPOCH;

    /** What the journal holds of a sink, and how it is begun without. */
    private interface Restored {
        SinkController of(byte[] bytes);
    }

    static PlannedControl of(EdgeConfig config, Journal journal, Optional<HeatMemory> heat) {
        var settle = longestSettle(config);
        if (config.tank().isEmpty()) {
            return new PlannedControl(config.planning(), config.outlook(), journal, heat, settle);
        }
        var tank = config.tank().get();
        return new PlannedControl(
                config.comfort(),
                config.outlook(),
                journal,
                bytes -> TankController.ofBytes(config.comfort(), tank, bytes, heat),
                () -> new TankController(config.comfort(), tank, heat),
                settle,
                Optional.of(tank.surroundings()));
    }

    /** The longest time in which a heater that computes comes to heat after a start. */
    private static Duration longestSettle(EdgeConfig config) {
        return config.heaters().stream()
                .filter(part -> !part.spec().switchedByPlug())
                .map(part -> part.heater().capabilities().settle())
                .reduce(Duration.ZERO, (a, b) -> a.compareTo(b) > 0 ? a : b);
    }

    /** Of a room with heaters that heat as soon as they start. */
    PlannedControl(PlanningConfig config, OutlookSource source, Journal journal, Optional<HeatMemory> heat) {
        this(config, source, journal, heat, Duration.ZERO);
    }

    /**
     * Of a room.
     *
     * @param heat that was journalled with the last step; empty before the first
     * @param settle the longest time in which a heater that computes comes to heat after a start
     */
    PlannedControl(
            PlanningConfig config, OutlookSource source, Journal journal, Optional<HeatMemory> heat, Duration settle) {
        this(
                config.comfort(),
                source,
                journal,
                bytes -> restored(config, bytes, heat),
                () -> new PlanningController(config, heat.orElse(new HeatMemory(Optional.empty(), Optional.empty()))),
                settle,
                Optional.empty());
    }

    private PlannedControl(
            ComfortConfig comfort,
            OutlookSource source,
            Journal journal,
            Restored restore,
            Supplier<SinkController> begin,
            Duration settle,
            Optional<Celsius> surroundings) {
        this.surroundings = surroundings;
        this.source = source;
        this.journal = journal;
        zone = comfort.schedule().zone();
        off = comfort.limits().frostMinimum();
        highest = comfort.limits().highestSetpoint(comfort.heaters());
        band = comfort.band();
        preferences = new Preferences(comfort.heaters());
        leeway = new Leeway(preferences.heaters(), settle);
        SinkController restored = null;
        String trouble = null;
        try {
            var learned = journal.learned(ControlLoop.LEARNED);
            if (learned.isPresent()) restored = restore.of(learned.get());
        } catch (RuntimeException e) { // foreign, damaged or unreadable: of no use, and no reason for a cold room
            trouble = "what was learned of the room is lost, and learned anew: " + e.getMessage();
        }
        controller = restored != null ? restored : begin.get();
        forgotten = Optional.ofNullable(trouble);
    }

    private static PlanningController restored(PlanningConfig config, byte[] bytes, Optional<HeatMemory> heat) {
        return heat.isPresent()
                ? PlanningController.ofBytes(config, bytes, heat.get())
                : PlanningController.ofBytes(config, bytes);
    }

    /** What these settings make of the hours to come. */
    Schedule schedule(RoomSettings settings) {
        return settings.schedule(zone, off);
    }

    /** With nothing that a plan counts on and that is not there. */
    PlannedStep step(Readings readings, RoomSettings settings, Set<String> alarms) {
        return step(readings, settings, Optional.empty(), alarms);
    }

    /**
     * @param obstacle why no plan can be made now, whatever is known of the hours to come
     * @param alarms takes what went wrong
     */
    PlannedStep step(Readings readings, RoomSettings settings, Optional<String> obstacle, Set<String> alarms) {
        controller.follow(schedule(settings));
        settings.wish(readings.time()).ifPresentOrElse(controller::override, controller::clearOverride);
        outlook = outlook(readings.time(), alarms);
        leeway.see(readings);
        var step = obstacle.isPresent()
                ? unplanned(readings, obstacle.get(), alarms)
                : planned(readings, wished(outlook, readings, settings), alarms);
        forgotten.filter(_ -> known().isEmpty()).ifPresent(alarms::add);
        if (controller instanceof TankController) step.note().ifPresent(alarms::add); // nobody else disinfects
        show(readings.time(), step.plan());
        return step;
    }

    private Outlook outlook(Instant time, Set<String> alarms) {
        try {
            return source.at(time);
        } catch (RuntimeException e) {
            alarms.add("forecast and prices cannot be had, so nothing is planned: " + e);
            return Outlook.UNKNOWN;
        }
    }

    /** What an energy manager prefers, while the room stays within its band with it: comfort goes before it. */
    private Outlook wished(Outlook known, Readings readings, RoomSettings settings) {
        var now = readings.time();
        var bounds = preferences.bounds(now);
        if (bounds.isEmpty() || readings.room().isEmpty()) return known;
        var setpoint = setpoint(settings, now);
        var wish = bounds.get();
        var step = Duration.between(now, wish.until());
        double given = given(readings);
        var room = readings.room().get();
        var warmest = room.plus(leeway.rise(store(), wish.least().value(), given));
        // what was promised to those who lease work stands
        if (band.outside(warmest, setpoint).value() <= 0
                && known.promised().isEmpty()
                && wish.least().value() > 0)
            known = known.withPromised(new PowerOutlook(now, step, wish.least().value()));
        double less = Math.max(0, given - wish.most().value());
        var coldest = room.minus(leeway.fall(store(), less, room, around(readings)));
        if (band.outside(coldest, setpoint).value() >= 0)
            known = known.withAllowed(new PowerOutlook(now, step, wish.most().value()));
        return known;
    }

    /** W of the heaters of which something can be preferred. */
    private double given(Readings readings) {
        return preferences.heaters().stream()
                .map(heater -> readings.heaters().get(heater.id()))
                .mapToDouble(read ->
                        read.metered().or(read::reported).orElse(Watts.ZERO).value())
                .sum();
    }

    /** Where the heat is lost to: of a tank, the place that it stands in. */
    Optional<Celsius> around(Readings readings) {
        if (surroundings.isPresent()) return surroundings;
        return readings.outdoor()
                .or(() -> outlook.forecast()
                        .filter(seen ->
                                seen.covers(readings.time(), readings.time().plusSeconds(1)))
                        .map(seen -> new Celsius(seen.outdoorCelsius((int)
                                Duration.between(seen.start(), readings.time()).dividedBy(seen.step())))));
    }

    /** K that the room still falls if those heaters are off from now on. */
    Kelvins fall(Readings readings) {
        return readings.room()
                .map(room -> leeway.fall(store(), given(readings), room, around(readings)))
                .orElse(Kelvins.ZERO);
    }

    /** K that it still rises if they give all they can from now on. */
    Kelvins rise(Readings readings) {
        double most = preferences.heaters().stream()
                .mapToDouble(heater -> heater.levels().getLast().value())
                .sum();
        return leeway.rise(store(), most, given(readings));
    }

    /** In force at {@code time} by these settings and the limits. */
    Celsius setpoint(RoomSettings settings, Instant time) {
        var wanted = settings.wish(time)
                .map(SetpointOverride::setpoint)
                .orElseGet(() -> schedule(settings).setpoint(time));
        if (wanted.compareTo(off) < 0) return off;
        return wanted.compareTo(highest) > 0 ? highest : wanted;
    }

    /** The room is learned, and the thermostat decides. */
    private PlannedStep unplanned(Readings readings, String obstacle, Set<String> alarms) {
        var known = new Outlook(
                outlook.forecast(), Optional.empty(), outlook.revenuePerHour(), Optional.empty(), outlook.house());
        var step = planned(readings, known, alarms);
        return new PlannedStep(
                step.control(), Optional.empty(), Optional.of(obstacle), Optional.empty(), false, step.note());
    }

    private PlannedStep planned(Readings readings, Outlook known, Set<String> alarms) {
        try {
            return controller.step(readings, known);
        } catch (RuntimeException e) {
            alarms.add("the plan failed, so the thermostat decides: " + e);
            // nothing had been decided: without an outlook neither learner nor planner is asked
            var step = controller.step(readings, Outlook.UNKNOWN);
            return new PlannedStep(
                    step.control(),
                    Optional.empty(),
                    Optional.of("the plan failed"),
                    Optional.empty(),
                    false,
                    Optional.empty());
        }
    }

    Preferences preferences() {
        return preferences;
    }

    /** The room as learned; empty until it is known well enough to plan with, and of a tank. */
    Optional<RoomModel> known() {
        return controller instanceof PlanningController room && room.quality().goodEnough()
                ? Optional.of(room.room())
                : Optional.empty();
    }

    /** What heat goes into, as it is known: a room that is learned well enough, or a tank. */
    Optional<RoomModel> store() {
        return controller instanceof TankController tank ? Optional.of(tank.store()) : known();
    }

    /** The heat that holding the setpoint would have taken in the last step; an estimate, empty where none can be made. */
    Optional<Joules> wantedHeat() {
        return controller instanceof PlanningController room ? room.wantedHeat() : Optional.empty();
    }

    /** What each heater's work earns per hour at each of its levels. */
    Map<String, List<Double>> revenuePerHour() {
        return outlook.revenuePerHour();
    }

    HeatMemory heatMemory() {
        return controller.heatMemory();
    }

    /**
     * Writes down what was learned, if that was some time ago.
     *
     * @throws JournalException if it cannot be written; it is tried again with the next step
     */
    void keepNowAndThen(Tick tick) {
        if (keptNanos.isEmpty()) keptNanos = OptionalLong.of(tick.monotonicNanos());
        if (tick.monotonicNanos() - keptNanos.getAsLong() >= KEEP_EVERY.toNanos()) keep(tick);
    }

    /** @throws JournalException if it cannot be written */
    void keep(Tick tick) {
        journal.learned(ControlLoop.LEARNED, tick.time(), controller.toBytes());
        keptNanos = OptionalLong.of(tick.monotonicNanos());
    }

    // ---- what is shown

    private void show(Instant now, Optional<MadePlan> plan) {
        if (!made.equals(plan)) course = plan.map(PlannedControl::course);
        made = plan;
        var date = LocalDate.ofInstant(now, zone);
        if (!date.equals(day)) today = Optional.empty();
        day = date;
        if (today.isEmpty()) today = course;
    }

    private static Snapshot.Course course(MadePlan made) {
        var plan = made.plan();
        var watts = new ArrayList<Double>();
        var celsius = new ArrayList<Double>();
        for (int i = 0; i < plan.steps(); i++) watts.add(plan.electricWatts(i));
        for (int i = 0; i <= plan.steps(); i++) celsius.add(plan.airCelsius(i));
        return new Snapshot.Course(made.start(), PlanningConfig.STEP, watts, celsius);
    }

    Snapshot.Planning view(Instant now, PlannedStep step) {
        return new Snapshot.Planning(
                course,
                today,
                outlook.prices().flatMap(prices -> ahead(prices, now)),
                step.standIn(),
                step.note(),
                controller.knowledge());
    }

    private static Optional<Snapshot.Prices> ahead(PriceOutlook prices, Instant now) {
        if (now.isBefore(prices.start()) || !now.isBefore(prices.end())) return Optional.empty();
        var start = prices.since(now);
        var values = new ArrayList<Double>();
        for (int i = 0; i < MOST_PRICES; i++) {
            var time = start.plus(PlanningConfig.STEP.multipliedBy(i));
            if (!time.isBefore(prices.end())) break;
            values.add(prices.perKwh(time));
        }
        return Optional.of(new Snapshot.Prices(start, PlanningConfig.STEP, List.copyOf(values)));
    }

    /** What the day's first plan had in mind for now. */
    Optional<StepRow.Planned> planned(Instant now) {
        return today.flatMap(plan -> plan.step(now).stream()
                .mapToObj(i -> new StepRow.Planned(
                        new Watts(plan.watts().get(i)),
                        new Celsius(plan.roomCelsius().get(i))))
                .findFirst());
    }
}
