package org.athanor.cli.plan;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.athanor.comfort.learning.Construction;
import org.athanor.comfort.learning.Insulation;
import org.athanor.comfort.learning.Observation;
import org.athanor.comfort.learning.RoomLearner;
import org.athanor.comfort.learning.RoomPrior;
import org.athanor.comfort.planning.ComputeDevice;
import org.athanor.comfort.planning.DeviceState;
import org.athanor.comfort.planning.HeatPlan;
import org.athanor.comfort.planning.HeatProblem;
import org.athanor.comfort.planning.HeatSource;
import org.athanor.comfort.planning.Planner;

/**
 * Learns the room and plans a day ahead: anew each {@link Setting#planEvery}, and sooner when the room has gone another way
 * than planned. In between it follows the plan and makes small differences up with the sources that earn nothing. Until the
 * room is known well enough the rule decides.
 *
 * <p>In a summer that needs no heat it {@link Rest rests}: there is nothing to plan, and little to learn of a room whose windows
 * are open.
 */
final class PlanningStrategy implements Strategy {
    private static final Duration STEP = Duration.ofMinutes(15);
    private static final int STEPS = 96;

    /** From the ends of the band: thermometers are rounded, forecasts wrong. */
    private static final double MARGIN_KELVIN = 0.2;

    /** One K²·h outside the band is worth as many kWh. */
    private static final double DISCOMFORT_KWH = 3;

    private static final double HARD_LOW = 5;
    private static final double HARD_HIGH = 27;

    /** This far from what was planned it is planned anew, but not more often than this. */
    private static final double ASTRAY_KELVIN = 0.6;

    private static final Duration LEAST_BETWEEN = Duration.ofHours(2);

    /** Share of the nominal heat for a kelvin below the plan. */
    private static final double CORRECTION = 0.25;

    private final Setting setting;
    private final Strategy rule;
    private final RoomLearner learner;
    private final Planner planner = new Planner();
    private final ComputeDevice device;
    private final Rest rest;

    private HeatPlan plan;
    private Duration planned;
    private double lastHeat;
    private int level;
    private Duration sinceChanged = Duration.ofDays(1);
    private Duration sinceSwitched = Duration.ofDays(1);

    /** @param rule that stands in */
    PlanningStrategy(Setting setting, Strategy rule) {
        this.setting = setting;
        this.rule = rule;
        learner = new RoomLearner(
                new RoomPrior(setting.floorArea(), Construction.MEDIUM, Insulation.AVERAGE), ZoneOffset.UTC);
        rest = new Rest(setting);
        var machine = setting.machine();
        var settle = machine.restarts() ? machine.settle() : Duration.ZERO;
        device = new ComputeDevice(
                machine.levels().stream().map(Machine.Level::watts).toList(),
                1,
                0,
                0,
                settle,
                settle,
                0,
                machine.minimumOn(),
                machine.minimumOff(),
                settle);
    }

    @Override
    public Decision decide(Moment now) {
        if (rest.goesOn(now, lastHeat)) {
            rule.decide(now);
            plan = null;
            return decided(now, Decision.OFF);
        }
        learner.observe(new Observation(
                Instant.EPOCH.plus(now.sinceYearStart()),
                OptionalDouble.of(now.roomCelsius()),
                now.outdoorCelsius(),
                lastHeat,
                now.windowSun(),
                OptionalDouble.of(now.windMetresPerSecond())));
        var byRule = rule.decide(now);
        return decided(now, known() ? byPlan(now) : byRule);
    }

    private Decision decided(Moment now, Decision decision) {
        boolean changed = decision.level() != level;
        boolean switched = (decision.level() > 0) != (level > 0);
        sinceChanged = changed ? now.step() : sinceChanged.plus(now.step());
        sinceSwitched = switched ? now.step() : sinceSwitched.plus(now.step());
        level = decision.level();
        lastHeat = watts(level) + decision.elementWatts() + decision.otherHeatWatts();
        return decision;
    }

    private boolean known() {
        return learner.quality().goodEnough();
    }

    private double watts(int of) {
        return setting.machine().levels().get(of).watts();
    }

    private Decision byPlan(Moment now) {
        if (isDue(now)) make(now);
        int k = step(now);
        double off = now.roomCelsius() - plan.airCelsius(k);
        double element = plan.boostWatts(k);
        double other = plan.sourceWatts(k);
        int wanted = plan.level(k);
        double correction = -CORRECTION * off * setting.nominalWatts();
        if (correction > 0) {
            boolean elementIsCheap = now.electricityPrice() <= now.otherHeatPrice();
            double byElement =
                    elementIsCheap ? Math.min(correction, setting.machine().elementWatts() - element) : 0;
            element += byElement;
            other += correction - byElement;
        } else {
            double less = Math.min(other, -correction);
            other -= less;
            element = Math.max(0, element + correction + less);
        }
        if (now.roomCelsius() > now.setpointCelsius() + setting.bandKelvin()) {
            element = 0;
            other = 0;
            if (sinceSwitched.compareTo(setting.machine().minimumOn()) >= 0) wanted = 0;
        }
        return new Decision(wanted, element, Math.clamp(other, 0, setting.otherMostWatts()));
    }

    private int step(Moment now) {
        long seconds = now.sinceYearStart().minus(planned).toSeconds();
        return (int) Math.min(STEPS - 1L, seconds / STEP.toSeconds());
    }

    private boolean isDue(Moment now) {
        if (plan == null) return true;
        var age = now.sinceYearStart().minus(planned);
        if (age.compareTo(setting.planEvery()) >= 0 || age.compareTo(STEP.multipliedBy(STEPS)) >= 0) return true;
        return age.compareTo(LEAST_BETWEEN) >= 0
                && Math.abs(now.roomCelsius() - plan.airCelsius(step(now))) > ASTRAY_KELVIN;
    }

    private void make(Moment now) {
        var start = Instant.EPOCH.plus(now.sinceYearStart());
        int steps = STEPS;
        var weather = now.forecast().get().resampled(start, STEP, steps);
        var outdoor = new double[steps];
        var sun = new double[steps];
        var price = new double[steps];
        var low = new double[steps];
        var high = new double[steps];
        var cap = new double[steps];
        double sum = 0;
        for (int k = 0; k < steps; k++) {
            var time = now.sinceYearStart().plus(STEP.multipliedBy(k));
            outdoor[k] = weather.outdoorCelsius(k);
            sun[k] = weather.windowSun(k);
            price[k] = setting.electricity().at(time);
            sum += Math.abs(price[k]);
            var clock = HomeFile.timeOfDay(time);
            double setpoint = setting.setpoint().apply(clock);
            double margin = Math.min(MARGIN_KELVIN, setting.bandKelvin() / 2);
            low[k] = setpoint - setting.bandKelvin() + margin;
            high[k] = setpoint + setting.bandKelvin() - margin;
            cap[k] = quietWatts(clock);
        }
        double element = setting.machine().elementWatts();
        var builder = HeatProblem.of(learner.model(), learner.state().celsius(), STEP, steps)
                .weather(outdoor, sun, learner.gains(weather))
                .comfort(low, high, HeatProblem.Discomfort.QUADRATIC, DISCOMFORT_KWH * sum / steps)
                .hardLimits(HARD_LOW, HARD_HIGH)
                .electricity(price)
                .device(device, new DeviceState(level, sinceChanged, sinceSwitched), revenue(steps))
                .deviceCap(cap)
                .source(source(outdoor));
        if (element > 0) builder.boost(0, element / 2, element);
        plan = planner.plan(builder.build());
        planned = now.sinceYearStart();
    }

    private double[][] revenue(int steps) {
        return setting.machine().levels().stream()
                .map(each -> {
                    var perHour = new double[steps];
                    Arrays.fill(perHour, each.payPerHour());
                    return perHour;
                })
                .toArray(double[][]::new);
    }

    /** The most that levels draw which are known to be quiet enough. */
    private double quietWatts(LocalTime time) {
        var most = setting.mostDecibels().apply(time);
        if (most.isEmpty()) return Double.POSITIVE_INFINITY;
        List<Machine.Level> levels = setting.machine().levels();
        return levels.stream()
                .filter(each -> each.decibels().isPresent() && each.decibels().getAsDouble() <= most.getAsDouble())
                .mapToDouble(Machine.Level::watts)
                .max()
                .orElse(0);
    }

    /** The home's other heating by what a kWh of its heat costs: in step with electricity, or not. */
    private HeatSource source(double[] outdoor) {
        double capacity = setting.otherMostWatts();
        var heat = setting.otherHeat();
        if (heat.at(1, outdoor[0]) == heat.at(2, outdoor[0]))
            return HeatSource.boiler(capacity, 1, heat.at(1, outdoor[0]));
        var cop = new double[outdoor.length];
        for (int k = 0; k < cop.length; k++) cop[k] = 1 / heat.at(1, outdoor[k]);
        return HeatSource.heatPump(capacity, cop);
    }
}
