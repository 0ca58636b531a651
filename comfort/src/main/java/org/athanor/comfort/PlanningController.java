package org.athanor.comfort;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.athanor.comfort.learning.HourOfWeek;
import org.athanor.comfort.learning.Observation;
import org.athanor.comfort.learning.Quality;
import org.athanor.comfort.learning.RoomLearner;
import org.athanor.comfort.model.RoomModel;
import org.athanor.comfort.planning.FlexibilityEnvelope;
import org.athanor.comfort.planning.HeatProblem;
import org.athanor.comfort.planning.Planner;
import org.athanor.comfort.series.Forecast;
import org.athanor.comfort.series.PriceOutlook;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;
import org.athanor.units.Watts;

/**
 * The controller as one object: it learns its room, plans a day ahead and hands the plan through thermostat, dispatcher and
 * governor, whose limits hold whatever the plan says. While the room is not known well enough, or forecast or prices are
 * missing, the thermostat decides, and {@link PlannedStep#standIn} says why.
 *
 * <p>Pure but for its memory: no clock, no files. One thread. What it has learned is saved as bytes and restored.
 */
public final class PlanningController implements SinkController {
    /** A shorter view does not reach over the next dear hours. */
    static final Duration SHORTEST = Duration.ofHours(6);

    private static final Duration OLD_FORECAST = Duration.ofHours(12);
    private static final double STEP_NANOS = PlanningConfig.STEP.toNanos();

    /** This far outside the band the plan has been wrong, and the thermostat has its say. */
    private static final double NET_KELVINS = 0.5;

    /** The plan keeps this distance to the ends of the band: thermometers are rounded, forecasts wrong. */
    private static final double MARGIN_KELVINS = 0.3;

    /** One K²·h outside the band is worth as many kWh. */
    private static final double DISCOMFORT_KWH = 10;

    private PlanningConfig config;
    private ComfortController controller;
    private final Planner planner = new Planner();

    private ControlState state;
    private final RoomLearner learner;
    private final PrimaryHabit habit;

    // the plan in force
    private Optional<PlannedStep.MadePlan> made = Optional.empty();
    private PriceOutlook madeWith;
    private long madeNanos;
    private Set<String> madeFor = Set.of();
    private Optional<Celsius> madeSetpoint = Optional.empty();
    private Wish madeWish = Wish.NONE;

    private final BankMemory bankMemory = new BankMemory();
    private final WantedHeat wanted = new WantedHeat();

    public PlanningController(PlanningConfig config) {
        this(config, new RoomLearner(config.prior(), config.comfort().schedule().zone()), PrimaryHabit.unknown());
    }

    /** Has learned nothing of its room, or has lost it; what safety must not forget is remembered. */
    public PlanningController(PlanningConfig config, HeatMemory heat) {
        this(config);
        state = controller.start(heat);
    }

    private PlanningController(PlanningConfig config, RoomLearner learner, HourOfWeek habit) {
        this.config = config;
        this.controller = new ComfortController(config.comfort());
        this.state = controller.start();
        this.learner = learner;
        this.habit = new PrimaryHabit(config.comfort().schedule().zone(), habit);
    }

    /**
     * One step of control, once a minute or so.
     *
     * @throws IllegalArgumentException for a revenue of a heater that does not fit its levels
     */
    @Override
    public PlannedStep step(Readings readings, Outlook outlook) {
        learn(readings, outlook);
        var task = new Task(readings, outlook);
        var control = controller.step(state, readings, task::demand);
        state = control.state();
        want(readings, outlook, control.setpoint());
        bankMemory.remember(config.comfort().heaters(), control.commands(), readings.monotonicNanos());
        var inForce = task.standIn.isPresent() ? Optional.<PlannedStep.MadePlan>empty() : made;
        return new PlannedStep(control, inForce, task.standIn, task.primaryHeat(), task.elsewhere(), task.note);
    }

    // ---- wishes and memory

    @Override
    public void override(SetpointOverride wish) {
        state = state.withOverride(wish);
    }

    @Override
    public void clearOverride() {
        state = state.withoutOverride();
    }

    /**
     * Follows another schedule from the next step on; the plan that was made for the old one is given up.
     *
     * @throws IllegalArgumentException for a schedule of another time zone: what was learned is kept by local hours
     */
    @Override
    public void follow(Schedule schedule) {
        var present = config.comfort().schedule();
        if (!schedule.zone().equals(present.zone()))
            throw new IllegalArgumentException(
                    "schedule in zone " + schedule.zone() + ": the room was learned in " + present.zone());
        if (schedule.equals(present)) return;
        config = config.with(config.comfort().with(schedule));
        controller = new ComfortController(config.comfort());
        made = Optional.empty();
    }

    /** How well the room is known. */
    public Quality quality() {
        return learner.quality();
    }

    @Override
    public String knowledge() {
        return quality().toString();
    }

    /**
     * The heat that holding the setpoint would have taken since the step before, by the room as it is learned; an estimate. Empty
     * while the room or its weather is not known well enough.
     */
    public Optional<Joules> wantedHeat() {
        return wanted.ofLastStep();
    }

    /** The room as it is learned by now. */
    public RoomModel room() {
        return learner.model();
    }

    /** What safety must not forget: small enough to be written down after each step, when {@link #toBytes} is not. */
    @Override
    public HeatMemory heatMemory() {
        return state.heatMemory();
    }

    /** What safety must not forget, and what was learned. */
    @Override
    public byte[] toBytes() {
        double learnedShare = ((ControlMemory) state).thermostat().learned();
        return new SavedControl(state.heatMemory(), learnedShare, learner, habit.hours()).write();
    }

    /**
     * Goes on with what {@link #toBytes} saved: plugs and devices are asked anew, the room's heat and all that was learned are
     * remembered.
     *
     * @throws IllegalArgumentException for bytes of anything else, of another version, or damaged
     */
    public static PlanningController ofBytes(PlanningConfig config, byte[] bytes) {
        var saved = SavedControl.read(bytes);
        return restored(config, saved, saved.heat());
    }

    /**
     * The same with a heat memory that was written down after the bytes.
     *
     * @throws IllegalArgumentException as above
     */
    public static PlanningController ofBytes(PlanningConfig config, byte[] bytes, HeatMemory newer) {
        return restored(config, SavedControl.read(bytes), newer);
    }

    private static PlanningController restored(PlanningConfig config, SavedControl saved, HeatMemory heat) {
        var restored = new PlanningController(config, saved.learner(), saved.habit());
        restored.state = restored.controller.start(heat, saved.learnedShare());
        return restored;
    }

    // ---- learning

    private void learn(Readings readings, Outlook outlook) {
        var now = readings.time();
        readings.primaryHeat().ifPresent(heat -> habit.observe(now, heat.value()));
        if (primaryIsUnseen(readings)) return; // its heat would be taken for people's
        var forecast = outlook.forecast().filter(f -> f.covers(now, now.plusNanos(1)));
        if (forecast.isEmpty()) return; // the sun is not known: nothing is learned from a guess
        int step = (int) Duration.between(forecast.get().start(), now)
                .dividedBy(forecast.get().step());
        double outdoor =
                readings.outdoor().map(Celsius::value).orElse(forecast.get().outdoorCelsius(step));
        double heat =
                heating(readings) + readings.primaryHeat().map(Watts::value).orElse(0.0);
        var room = readings.room().map(Celsius::value).map(OptionalDouble::of).orElse(OptionalDouble.empty());
        learner.observe(new Observation(
                now,
                room,
                outdoor,
                heat,
                forecast.get().windowSun(step),
                forecast.get().knowsWind()
                        ? OptionalDouble.of(forecast.get().windMetresPerSecond(step))
                        : OptionalDouble.empty()));
    }

    private void want(Readings readings, Outlook outlook, Celsius setpoint) {
        var now = readings.time();
        var forecast = outlook.forecast().filter(f -> f.covers(now, now.plusNanos(1)));
        if (forecast.isEmpty() || learner.time().isEmpty() || !learner.quality().goodEnough()) {
            wanted.skip();
            return;
        }
        int step = (int) Duration.between(forecast.get().start(), now)
                .dividedBy(forecast.get().step());
        double outdoor =
                readings.outdoor().map(Celsius::value).orElse(forecast.get().outdoorCelsius(step));
        var zone = config.comfort().schedule().zone();
        wanted.step(
                now,
                learner.model(),
                learner.state().celsius(),
                new RoomModel.Inputs(
                        outdoor,
                        readings.primaryHeat().map(Watts::value).orElse(0.0),
                        forecast.get().windowSun(step),
                        learner.gains(HourOfWeek.hour(now.atZone(zone)))),
                setpoint.value());
    }

    /** W that our heaters give to the room. */
    private double heating(Readings readings) {
        var drawn = BankMemory.drawn(config.comfort().heaters(), readings);
        return config.comfort().heaters().stream()
                .filter(heater -> !readings.elsewhere() || heater.switchedByPlug())
                .mapToDouble(heater -> drawn.getOrDefault(heater.id(), 0.0))
                .sum();
    }

    private boolean primaryIsUnseen(Readings readings) {
        return config.household().primary().isPresent()
                && readings.primaryHeat().isEmpty();
    }

    // ---- planning

    /** What one step makes of the plan. */
    private final class Task {
        private final Readings readings;
        private final Outlook outlook;
        private Optional<String> standIn = Optional.of("heating is not up to the plan");
        private Optional<String> note = Optional.empty();

        Task(Readings readings, Outlook outlook) {
            this.readings = readings;
            this.outlook = outlook;
        }

        Optional<PlannedDemand> demand(Set<String> usable, Thermostat.Output thermostat) {
            standIn = obstacle(usable);
            if (standIn.isPresent() || readings.room().isEmpty()) {
                if (standIn.isEmpty()) standIn = Optional.of("the room's temperature is not known");
                made = Optional.empty();
                return Optional.empty();
            }
            note = oldForecast();
            if (isDue(usable, thermostat)) make(usable, thermostat.setpoint());
            var plan = made.orElseThrow();
            int step = stepInForce(plan);
            var demand = new PlannedDemand(
                    new Watts(plan.plan().ownWatts(step)),
                    new Watts(plan.plan().boostWatts(step)),
                    PlanSentence.of(config, plan, step, madeWith));
            return netted(demand, thermostat);
        }

        private int stepInForce(PlannedStep.MadePlan plan) {
            return (int) Math.min(plan.plan().steps() - 1.0, (readings.monotonicNanos() - madeNanos) / STEP_NANOS);
        }

        Optional<Watts> primaryHeat() {
            if (standIn.isPresent() || made.isEmpty() || !commandsPrimary()) return Optional.empty();
            return Optional.of(new Watts(made.get().plan().sourceWatts(stepInForce(made.get()))));
        }

        boolean elsewhere() {
            return standIn.isEmpty() && made.isPresent() && made.get().plan().elsewhere(stepInForce(made.get()));
        }

        private boolean commandsPrimary() {
            return config.household().primary().map(PrimarySource::commanded).orElse(false);
        }

        /** Why no plan can be made. */
        private Optional<String> obstacle(Set<String> usable) {
            var quality = learner.quality();
            if (learner.time().isEmpty()) return Optional.of("the room has not been seen with a forecast yet");
            if (!quality.goodEnough())
                return Optional.of("the room is not known well enough to plan with (" + quality + ")");
            var primary = config.household().primary();
            if (primaryIsUnseen(readings))
                return Optional.of("the heat of the " + primary.orElseThrow().title() + " is not measured");
            if (commandsPrimary()
                    && primary.orElseThrow().burnsFuel()
                    && outlook.house().fuelPerKwh().isEmpty())
                return Optional.of("the price of the " + primary.orElseThrow().title() + "'s fuel is not known");
            if (learner.windowOpen()) return Optional.of("a window seems to be open");
            if (outlook.prices().isEmpty()) return Optional.of("no prices are known");
            if (outlook.forecast().isEmpty()) return Optional.of("there is no weather forecast");
            if (usable.isEmpty()) return Optional.of("no heater can be used");
            if (steps() < SHORTEST.dividedBy(PlanningConfig.STEP))
                return Optional.of("forecast or prices do not reach six hours ahead");
            return Optional.empty();
        }

        private Instant start() {
            return readings.time();
        }

        private long steps() {
            var forecast = outlook.forecast().orElseThrow();
            var prices = outlook.prices().orElseThrow();
            if (forecast.start().isAfter(start()) || prices.start().isAfter(start())) return 0;
            var end = start().plus(config.horizon());
            if (forecast.end().isBefore(end)) end = forecast.end();
            if (prices.end().isBefore(end)) end = prices.end();
            return Math.max(0, Duration.between(start(), end).dividedBy(PlanningConfig.STEP));
        }

        private boolean isDue(Set<String> usable, Thermostat.Output thermostat) {
            return made.isEmpty()
                    || readings.monotonicNanos() - madeNanos
                            >= config.planEvery().toNanos()
                    || !usable.equals(madeFor)
                    || !madeWish.equals(Wish.of(outlook, start()))
                    || !madeSetpoint.equals(Optional.of(thermostat.setpoint()));
        }

        private void make(Set<String> usable, Celsius setpoint) {
            var problem = problem(usable, setpoint);
            var plan = planner.plan(problem);
            made = Optional.of(new PlannedStep.MadePlan(start(), plan, FlexibilityEnvelope.of(problem, plan)));
            madeWith = outlook.prices().orElseThrow();
            madeNanos = readings.monotonicNanos();
            madeFor = Set.copyOf(usable);
            madeSetpoint = Optional.of(setpoint);
            madeWish = Wish.of(outlook, start());
        }

        private Optional<String> oldForecast() {
            var age = Duration.between(outlook.forecast().orElseThrow().issued(), start());
            return age.compareTo(OLD_FORECAST) > 0
                    ? Optional.of("the forecast is " + age.toHours() + " h old")
                    : Optional.empty();
        }

        private HeatProblem problem(Set<String> usable, Celsius setpoint) {
            int steps = (int) steps();
            Forecast weather = outlook.forecast().orElseThrow().resampled(start(), PlanningConfig.STEP, steps);
            var outdoor = new double[steps];
            var sun = new double[steps];
            var price = new double[steps];
            var low = new double[steps];
            var high = new double[steps];
            var cap = new double[steps];
            var comfort = config.comfort();
            double circuit =
                    new CircuitRoom(comfort.limits().circuitLimit(), readings.circuits()).capacity(comfort.heaters());
            PriceOutlook prices = outlook.prices().orElseThrow();
            for (int k = 0; k < steps; k++) {
                var time = start().plus(PlanningConfig.STEP.multipliedBy(k));
                outdoor[k] = weather.outdoorCelsius(k);
                sun[k] = weather.windowSun(k);
                price[k] = prices.perKwh(time);
                var wish = overridden(time) ? setpoint : comfort.schedule().setpoint(time);
                double margin = Math.min(
                        MARGIN_KELVINS,
                        (comfort.band().below().value() + comfort.band().above().value()) / 2);
                low[k] = wish.value() - comfort.band().below().value() + margin;
                high[k] = Math.max(low[k], wish.value() + comfort.band().above().value() - margin);
                cap[k] = comfort.schedule()
                        .quietCap(time)
                        .map(quiet -> Math.min(quiet.value(), circuit))
                        .orElse(circuit);
                cap[k] = Wish.most(outlook, time, cap[k]);
            }
            var bank = new HeaterBank(comfort.heaters(), usable);
            var device = bank.device();
            double meanPrice = Arrays.stream(price).map(Math::abs).average().orElseThrow();
            var problem = HeatProblem.of(learner.model(), learner.state().celsius(), PlanningConfig.STEP, steps)
                    .weather(outdoor, sun, learner.gains(weather))
                    .comfort(low, high, HeatProblem.Discomfort.QUADRATIC, DISCOMFORT_KWH * meanPrice)
                    .hardLimits(
                            comfort.limits().frostMinimum().value(),
                            comfort.limits().highestSetpoint(comfort.heaters()).value())
                    .electricity(price)
                    .device(
                            device,
                            bankMemory.state(bank, readings.monotonicNanos()),
                            bank.revenue(outlook.revenuePerHour(), steps))
                    .boost(bank.boost());
            problem.minimumLevels(Wish.levels(outlook, device, start(), steps));
            config.household()
                    .elsewhere()
                    .ifPresent(sink -> problem.elsewhere(
                            Arrays.stream(price).map(sink::valuePerKwh).toArray()));
            around(problem, outdoor, price, cap);
            return problem.build();
        }

        /** The rest of the home. */
        private void around(HeatProblem.Builder problem, double[] outdoor, double[] price, double[] cap) {
            int steps = price.length;
            var home = config.household();
            var rest = outlook.house();
            var other = new double[steps];
            var solar = new double[steps];
            var export = new double[steps];
            var given = new double[steps];
            var limit = new double[steps];
            double connection = home.connection().map(Watts::value).orElse(Double.POSITIVE_INFINITY);
            for (int k = 0; k < steps; k++) {
                var time = start().plus(PlanningConfig.STEP.multipliedBy(k));
                other[k] = rest.otherLoad().map(load -> load.wattsOrNone(time)).orElse(0.0);
                solar[k] = rest.solar().map(power -> power.wattsOrNone(time)).orElse(0.0);
                export[k] = rest.export()
                        .filter(prices -> prices.covers(time))
                        .map(prices -> prices.perKwh(time))
                        .orElse(0.0);
                if (home.primary().isPresent() && !commandsPrimary()) given[k] = givenHeat(k, time);
                // another heat source has a circuit of its own
                limit[k] = commandsPrimary() ? connection : Math.min(connection, other[k] + cap[k]);
            }
            problem.house(other, limit)
                    .deviceCap(cap)
                    .givenHeat(given)
                    .demandCharge(home.demandPricePerKw(), rest.peakReached().value());
            if (rest.solar().isPresent()) problem.ownSolar(solar, export);
            if (commandsPrimary()) problem.source(home.primary().orElseThrow().source(outdoor, rest.fuelPerKwh()));
        }

        /** Of a source that is not ours to command: what it gives now for half an hour, then what it usually does. */
        private double givenHeat(int k, Instant time) {
            return k < 2 ? readings.primaryHeat().orElseThrow().value() : habit.expected(time);
        }

        private boolean overridden(Instant time) {
            return state.override().filter(wish -> wish.holdsAt(time)).isPresent();
        }

        /** Outside the band by more than a forecast's error: the thermostat heats more, or less. */
        private Optional<PlannedDemand> netted(PlannedDemand planned, Thermostat.Output thermostat) {
            double outside = config.comfort()
                    .band()
                    .outside(readings.room().orElseThrow(), thermostat.setpoint())
                    .value();
            boolean tooLittle = outside < -NET_KELVINS && thermostat.demand().compareTo(planned.watts()) > 0;
            boolean tooMuch = !readings.elsewhere()
                    && outside > NET_KELVINS
                    && thermostat.demand().compareTo(planned.watts()) < 0;
            if (tooLittle || tooMuch) {
                standIn = Optional.of("the room has left its band, whatever the plan expected");
                return Optional.empty();
            }
            return Optional.of(planned);
        }
    }
}
