package org.athanor.comfort;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Stream;
import org.athanor.comfort.learning.DisinfectionWatch;
import org.athanor.comfort.learning.DrawLearner;
import org.athanor.comfort.learning.TankReading;
import org.athanor.comfort.model.HotWaterTank;
import org.athanor.comfort.model.RoomModel;
import org.athanor.comfort.planning.Disinfection;
import org.athanor.comfort.planning.FlexibilityEnvelope;
import org.athanor.comfort.planning.TankPlan;
import org.athanor.comfort.planning.TankPlanner;
import org.athanor.comfort.planning.TankProblem;
import org.athanor.comfort.series.PriceOutlook;
import org.athanor.units.Celsius;
import org.athanor.units.Kelvins;
import org.athanor.units.Watts;

/**
 * The controller of a hot-water tank: it learns what is drawn and lost, plans a day ahead and hands the plan through thermostat,
 * dispatcher and governor, as {@link PlanningController} does for a room. It disinfects the tank in the cheapest hours before that is
 * due. While no plan can be made a thermostat with a hysteresis decides, and {@link PlannedStep#standIn} says why; a disinfection that
 * is overdue is done then too.
 *
 * <p>The thermometer of {@link Readings#room} is the one that control follows, {@link Readings#secondRoom} one higher up, if there is
 * one: the mean of both is what the plan reckons with, the colder one what is disinfected, the hotter one what must not grow too hot.
 *
 * <p>Pure but for its memory: no clock, no files. One thread. What it has learned is saved as bytes and restored.
 */
public final class TankController implements SinkController {
    private static final Kelvins SWING = new Kelvins(2);
    private static final Duration HORIZON = Duration.ofHours(24);
    /** A tank is slower than a room, and its disinfection is tried at each hour. */
    private static final Duration PLAN_EVERY = Duration.ofMinutes(15);

    private static final Duration LEARN_EVERY = Duration.ofMinutes(5);
    private static final double STEP_NANOS = PlanningConfig.STEP.toNanos();

    /** Of an element that says nothing else: its own thermal cut-out opens at 80 to 95 °C. */
    private static final double ELEMENT_CELSIUS = 80;

    /** Draws that are larger than usual by so many standard deviations are met. */
    private static final double DEVIATIONS = 1;

    /** This far below its band the plan has been wrong, and the thermostat has its say. */
    private static final double NET_KELVINS = 0.5;

    /** Between the plan's highest temperature and the one at which the governor stops everything. */
    private static final double BELOW_STOP_KELVINS = 0.3;

    /** A plan aims at so much earlier: each new one may find a cheaper hour that is later. */
    private static final Duration AHEAD = Duration.ofHours(12);

    private static final Duration PATIENCE = Duration.ofHours(2);

    /** A tank of which nobody knows when it was disinfected has this long. */
    private static final Duration FIRST = Duration.ofDays(1);

    private final TankSpec tank;
    private ComfortConfig config;
    private ComfortController controller;
    private ControlState state;
    private final TankPlanner planner = new TankPlanner();
    private final DrawLearner learner;
    private final Optional<DisinfectionWatch> watch;
    private final BankMemory bankMemory = new BankMemory();
    private Optional<Instant> begun;

    // since the learner was told last
    private double joules;
    private double seconds;
    private long lastNanos;
    private boolean seen;

    // the plan in force
    private Optional<PlannedStep.MadePlan> made = Optional.empty();
    private Disinfection disinfection = new Disinfection.NotWanted();
    private Optional<Instant> refusedSince = Optional.empty();
    private PriceOutlook madeWith;
    private long madeNanos;
    private Set<String> madeFor = Set.of();
    private Optional<Celsius> madeSetpoint = Optional.empty();
    private Wish madeWish = Wish.NONE;

    /** @param heat what safety must not forget; empty at the very first start */
    public TankController(ComfortConfig config, TankSpec tank, Optional<HeatMemory> heat) {
        this(
                config,
                tank,
                heat,
                new SavedTank(
                        Optional.empty(),
                        Optional.empty(),
                        new DrawLearner(
                                tank.litres(),
                                tank.lossWattsPerKelvin(),
                                tank.litresPerDay(),
                                config.schedule().zone())));
    }

    private TankController(ComfortConfig config, TankSpec tank, Optional<HeatMemory> heat, SavedTank saved) {
        this.tank = tank;
        this.config = new ComfortConfig(
                config.heaters(),
                config.schedule(),
                config.band(),
                new ThermostatMode.Hysteresis(SWING),
                config.limits());
        this.controller = new ComfortController(this.config);
        this.state = heat.isPresent() ? controller.start(heat.get()) : controller.start();
        this.learner = saved.learner();
        this.begun = saved.begun();
        this.watch = tank.disinfection()
                .map(hygiene -> new DisinfectionWatch(hygiene.celsius().value(), hygiene.hold(), saved.disinfected()));
    }

    /**
     * Goes on with what {@link #toBytes} saved.
     *
     * @throws IllegalArgumentException for bytes of anything else, of another version, or damaged
     */
    public static TankController ofBytes(ComfortConfig config, TankSpec tank, byte[] bytes, Optional<HeatMemory> heat) {
        return new TankController(config, tank, heat, SavedTank.read(bytes));
    }

    @Override
    public byte[] toBytes() {
        return new SavedTank(begun, disinfected(), learner).write();
    }

    @Override
    public PlannedStep step(Readings readings, Outlook outlook) {
        learn(readings);
        var task = new Task(readings, outlook);
        var control = controller.step(state, readings, task::demand);
        state = control.state();
        bankMemory.remember(config.heaters(), control.commands(), readings.monotonicNanos());
        var inForce = task.standIn.isPresent() ? Optional.<PlannedStep.MadePlan>empty() : made;
        var said = new ControlStep(
                control.state(),
                control.commands(),
                control.demand(),
                control.setpoint(),
                control.safety(),
                control.lacking(),
                TankWords.of(control.sentence()));
        return new PlannedStep(said, inForce, task.standIn, Optional.empty(), false, undisinfected(readings.time()));
    }

    @Override
    public void override(SetpointOverride wish) {
        state = state.withOverride(wish);
    }

    @Override
    public void clearOverride() {
        state = state.withoutOverride();
    }

    @Override
    public void follow(Schedule schedule) {
        if (!schedule.zone().equals(config.schedule().zone()))
            throw new IllegalArgumentException("schedule in zone " + schedule.zone() + ": the draws were learned in "
                    + config.schedule().zone());
        if (schedule.equals(config.schedule())) return;
        config = config.with(schedule);
        controller = new ComfortController(config);
        made = Optional.empty();
    }

    /** The tank as one store that loses heat to the place that it stands in, as it is known by now. */
    public RoomModel store() {
        return new RoomModel(tank.litres() * HotWaterTank.WATER, learner.lossWattsPerKelvin(), 0, 0, 1, List.of());
    }

    @Override
    public HeatMemory heatMemory() {
        return state.heatMemory();
    }

    @Override
    public String knowledge() {
        return String.format(
                Locale.ROOT,
                "draws watched for %.0f h; loses %.1f W/K",
                learner.hoursSeen(),
                learner.lossWattsPerKelvin());
    }

    /** When all of the tank had been hot for long enough, last. */
    public Optional<Instant> disinfected() {
        return watch.flatMap(DisinfectionWatch::last);
    }

    /** What is learned of the draws. */
    public DrawLearner draws() {
        return learner;
    }

    // ---- learning

    private void learn(Readings readings) {
        long now = readings.monotonicNanos();
        if (begun.isEmpty()) begun = Optional.of(readings.time());
        if (seen && now > lastNanos) {
            double watts = BankMemory.drawn(config.heaters(), readings).values().stream()
                    .mapToDouble(Double::doubleValue)
                    .sum();
            joules += watts * (now - lastNanos) / 1e9;
            seconds += (now - lastNanos) / 1e9;
        }
        lastNanos = now;
        coldest(readings).ifPresent(cold -> watch.ifPresent(each -> each.observe(readings.time(), cold)));
        if (seen && seconds < LEARN_EVERY.toSeconds()) return;
        learner.observe(new TankReading(
                readings.time(),
                mean(readings),
                seconds > 0 ? joules / seconds : 0,
                tank.surroundings().value()));
        seen = true;
        joules = 0;
        seconds = 0;
    }

    private static Stream<Double> thermometers(Readings readings) {
        return Stream.of(readings.room(), readings.secondRoom())
                .flatMap(Optional::stream)
                .map(Celsius::value);
    }

    private static OptionalDouble mean(Readings readings) {
        if (readings.room().isEmpty()) return OptionalDouble.empty();
        return thermometers(readings).mapToDouble(Double::doubleValue).average();
    }

    private static Optional<Double> coldest(Readings readings) {
        return readings.room().isEmpty()
                ? Optional.empty()
                : thermometers(readings).min(Double::compare);
    }

    // ---- disinfection

    private Optional<Instant> due() {
        return tank.disinfection()
                .map(hygiene -> disinfected()
                        .map(last -> last.plus(hygiene.every()))
                        .orElseGet(() -> begun.orElseThrow().plus(FIRST)));
    }

    private boolean isOverdue(Instant now) {
        return due().filter(due -> !now.isBefore(due)).isPresent();
    }

    private Optional<String> undisinfected(Instant now) {
        if (!(disinfection instanceof Disinfection.Refused(var reason))) refusedSince = Optional.empty();
        else {
            if (refusedSince.isEmpty()) refusedSince = Optional.of(now);
            // a fuse that others need now is free again in a while
            if (isOverdue(now) || Duration.between(refusedSince.get(), now).compareTo(PATIENCE) >= 0)
                return Optional.of("the tank is not disinfected: " + reason);
        }
        return isOverdue(now) && watch.orElseThrow().held(now).isZero()
                ? Optional.of("disinfection of the tank is overdue")
                : Optional.empty();
    }

    /** °C beyond which the governor stops everything. */
    private double ceiling() {
        return config.limits().roomMaximum().value()
                - config.limits().margin(config.heaters()).value()
                - SafetyLimits.SOFT_KELVINS
                - BELOW_STOP_KELVINS;
    }

    // ---- planning

    /** What one step makes of the plan. */
    private final class Task {
        private final Readings readings;
        private final Outlook outlook;
        private Optional<String> standIn = Optional.of("heating is not up to the plan");

        Task(Readings readings, Outlook outlook) {
            this.readings = readings;
            this.outlook = outlook;
        }

        Optional<PlannedDemand> demand(Set<String> usable, Thermostat.Output thermostat) {
            standIn = obstacle(usable);
            if (standIn.isPresent()) {
                made = Optional.empty();
                return overdue(usable);
            }
            if (isDue(usable, thermostat)) make(usable, thermostat.setpoint());
            var plan = made.orElseThrow();
            int step = (int) Math.min(plan.plan().steps() - 1.0, (readings.monotonicNanos() - madeNanos) / STEP_NANOS);
            double boost = boost(usable, plan.plan().ownWatts(step), plan.plan().boostWatts(step));
            double chips = plan.plan().ownWatts(step) - plan.plan().boostWatts(step);
            if (boost < plan.plan().boostWatts(step)) chips = plan.plan().ownWatts(step) - boost;
            var demand = new PlannedDemand(new Watts(chips + boost), new Watts(boost), why(plan, step));
            return netted(demand, thermostat);
        }

        /** Of what a plan wants from elements that alone which chips that may run cannot give at their most. */
        private double boost(Set<String> usable, double all, double planned) {
            double chips = config.heaters().stream()
                    .filter(heater -> usable.contains(heater.id()) && !heater.switchedByPlug())
                    .mapToDouble(heater -> heater.levels().getLast().value())
                    .sum();
            return chips == 0 || all - chips >= planned / 2 ? planned : 0;
        }

        private Optional<String> obstacle(Set<String> usable) {
            if (mean(readings).isEmpty()) return Optional.of("the tank's temperature is not known");
            if (outlook.prices().isEmpty()) return Optional.of("no prices are known");
            if (usable.isEmpty()) return Optional.of("no heater can be used");
            if (steps() < PlanningController.SHORTEST.dividedBy(PlanningConfig.STEP))
                return Optional.of("prices do not reach six hours ahead");
            return Optional.empty();
        }

        private long steps() {
            var prices = outlook.prices().orElseThrow();
            if (prices.start().isAfter(start())) return 0;
            var end = start().plus(HORIZON);
            if (prices.end().isBefore(end)) end = prices.end();
            return Math.max(0, Duration.between(start(), end).dividedBy(PlanningConfig.STEP));
        }

        private Instant start() {
            return readings.time();
        }

        private Sentence why(PlannedStep.MadePlan plan, int step) {
            var zone = config.schedule().zone();
            if (disinfection instanceof Disinfection.Planned(int from, int until, double _)
                    && step < until
                    && plan.plan().ownWatts(step) > 0
                    && step >= from - heatingUp(plan, from))
                return new Sentence(
                        Saying.TANK_DISINFECTS,
                        Map.of(
                                "celsius",
                                tank.disinfection().orElseThrow().celsius(),
                                "until",
                                PlanSentence.clock(zone, PlanSentence.time(plan, until))));
            return PlanSentence.of(zone, Optional.empty(), plan, step, madeWith);
        }

        /** Steps before a disinfection in which the tank is heated without a break. */
        private static int heatingUp(PlannedStep.MadePlan plan, int from) {
            int before = 0;
            while (before < from && plan.plan().ownWatts(from - before - 1) > 0) before++;
            return before;
        }

        /** Nobody else disinfects the tank: with no plan it is done at once, by all that is hot enough. */
        private Optional<PlannedDemand> overdue(Set<String> usable) {
            var coldest = coldest(readings);
            if (coldest.isEmpty() || !isOverdue(start())) return Optional.empty();
            var hygiene = tank.disinfection().orElseThrow();
            double aim = hygiene.celsius().value() + 1;
            if (aim > ceiling()) {
                disinfection = new Disinfection.Refused("its limits allow no more than "
                        + new Celsius(Math.floor(ceiling() * 10) / 10) + ", and it takes " + new Celsius(aim));
                return Optional.empty();
            }
            double boost = 0;
            double own = 0;
            for (var heater : config.heaters()) {
                if (!usable.contains(heater.id())) continue;
                double watts = heater.levels().getLast().value();
                if (heater.switchedByPlug()) boost += watts;
                else own += watts;
            }
            boolean hot = coldest.get() >= aim;
            return Optional.of(new PlannedDemand(
                    new Watts(hot ? 0 : own + boost),
                    new Watts(hot ? 0 : boost),
                    new Sentence(Saying.TANK_OVERDUE, Map.of("celsius", hygiene.celsius()))));
        }

        private boolean isDue(Set<String> usable, Thermostat.Output thermostat) {
            return made.isEmpty()
                    || readings.monotonicNanos() - madeNanos >= PLAN_EVERY.toNanos()
                    || !usable.equals(madeFor)
                    || !madeSetpoint.equals(Optional.of(thermostat.setpoint()))
                    || !madeWish.equals(Wish.of(outlook, start()));
        }

        private void make(Set<String> usable, Celsius setpoint) {
            TankPlan plan = planner.plan(problem(usable, setpoint));
            made = Optional.of(new PlannedStep.MadePlan(
                    start(), plan.plan(), FlexibilityEnvelope.of(plan.problem(), plan.plan())));
            disinfection = plan.disinfection();
            madeWith = outlook.prices().orElseThrow();
            madeNanos = readings.monotonicNanos();
            madeFor = Set.copyOf(usable);
            madeSetpoint = Optional.of(setpoint);
            madeWish = Wish.of(outlook, start());
        }

        private TankProblem problem(Set<String> usable, Celsius setpoint) {
            int steps = (int) steps();
            var price = new double[steps];
            var wanted = new double[steps];
            var cap = new double[steps];
            var device = new double[steps];
            var elements = new double[steps];
            var ambient = new double[steps];
            Arrays.fill(ambient, tank.surroundings().value());
            double ceiling = ceiling();
            var those = config.heaters().stream()
                    .filter(heater -> usable.contains(heater.id()))
                    .toList();
            double circuit = capacity(those);
            double alone =
                    capacity(those.stream().filter(HeaterSpec::switchedByPlug).toList());
            for (int k = 0; k < steps; k++) {
                var time = start().plus(PlanningConfig.STEP.multipliedBy(k));
                price[k] = outlook.prices().orElseThrow().perKwh(time);
                var wish = overridden(time) ? setpoint : config.schedule().setpoint(time);
                wanted[k] = Math.min(wish.value() - config.band().below().value(), ceiling - 2);
                double quiet =
                        config.schedule().quietCap(time).map(Watts::value).orElse(Double.POSITIVE_INFINITY);
                cap[k] = Math.min(quiet, circuit);
                device[k] = Wish.most(outlook, time, cap[k]);
                elements[k] = Math.min(quiet, alone);
            }
            var bank = new HeaterBank(config.heaters(), usable);
            var problem = TankProblem.of(
                            new HotWaterTank(tank.litres(), 1, tank.lossWattsPerKelvin(), 0, 0),
                            mean(readings).orElseThrow(),
                            PlanningConfig.STEP,
                            steps)
                    .surroundings(ambient, learner.drawWatts(start(), PlanningConfig.STEP, steps))
                    .losing(learner.lossWattsPerKelvin())
                    .comfort(wanted, ceiling)
                    .reserve(learner.drawSpreadWatts(start(), PlanningConfig.STEP, steps), DEVIATIONS)
                    .electricity(price)
                    .house(new double[steps], cap)
                    .withoutDevice(elements)
                    .deviceCap(device)
                    .boost(hottest(usable, true), bank.boost());
            if (bank.device().levels() > 1)
                problem.device(
                                bank.device(),
                                bankMemory.state(bank, readings.monotonicNanos()),
                                bank.revenue(outlook.revenuePerHour(), steps),
                                hottest(usable, false))
                        .minimumLevels(Wish.levels(outlook, bank.device(), start(), steps));
            disinfect(problem);
            return problem.build();
        }

        private double capacity(List<HeaterSpec> inOrder) {
            return new CircuitRoom(config.limits().circuitLimit(), readings.circuits()).capacity(inOrder);
        }

        /** °C of the coolest of them: a plan takes them for one. */
        private double hottest(Set<String> usable, boolean elements) {
            List<HeaterSpec> those = config.heaters().stream()
                    .filter(heater -> usable.contains(heater.id()) && heater.switchedByPlug() == elements)
                    .toList();
            return those.stream()
                    .mapToDouble(
                            heater -> heater.sinkMaximum().map(Celsius::value).orElse(ELEMENT_CELSIUS))
                    .min()
                    .orElse(ELEMENT_CELSIUS);
        }

        private void disinfect(TankProblem.Builder problem) {
            tank.disinfection().ifPresent(hygiene -> {
                var left = hygiene.hold().minus(watch.orElseThrow().held(start()));
                long due = Duration.between(start(), due().orElseThrow().minus(AHEAD))
                        .dividedBy(PlanningConfig.STEP);
                problem.disinfection(
                        hygiene.celsius().value(), left.isNegative() ? Duration.ZERO : left, (int) Math.max(-1, due));
            });
        }

        private boolean overridden(Instant time) {
            return state.override().filter(wish -> wish.holdsAt(time)).isPresent();
        }

        /** What people get is the warmest water; once that is too cool the thermostat heats, if it heats more. */
        private Optional<PlannedDemand> netted(PlannedDemand planned, Thermostat.Output thermostat) {
            double warmest = thermometers(readings).max(Double::compare).orElseThrow();
            double outside = config.band()
                    .outside(new Celsius(warmest), thermostat.setpoint())
                    .value();
            if (outside < -NET_KELVINS && thermostat.demand().compareTo(planned.watts()) > 0) {
                standIn = Optional.of("the tank has fallen below its band, whatever the plan expected");
                return Optional.empty();
            }
            return Optional.of(planned);
        }
    }
}
