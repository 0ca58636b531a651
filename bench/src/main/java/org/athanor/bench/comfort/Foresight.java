package org.athanor.bench.comfort;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.athanor.simulation.Home;
import org.athanor.units.Watts;
import org.ojalgo.optimisation.ExpressionsBasedModel;
import org.ojalgo.optimisation.Variable;

/**
 * The best that anybody could do who knew the weather, the prices and the home itself: a linear programme over the heater's
 * continuous power, an even one for each hour. The home is nearly linear (only its air exchange grows with the difference of
 * temperatures), so its answers to a little more heat in each hour, measured on the home itself, stand for it; they are
 * measured again around the programme's own answer.
 */
final class Foresight {
    private static final double TRIAL_WATTS = 50;
    private static final int STEPS_AN_HOUR = 4;
    /** Currency per K·h: dearer than any heat, so that only what cannot be avoided is left. */
    private static final double EXCESS_PRICE = 100;

    /** K·h that are rounding. */
    private static final double NOTHING = 0.05;

    private final Winter winter;
    private final Home start;
    private final int hours;
    private double unavoidable;

    Foresight(Winter winter, Home start) {
        this.winter = winter;
        this.start = start;
        this.hours = winter.steps() / STEPS_AN_HOUR;
    }

    /** @param air °C at the end of each hour; {@code lift} K that it gains for each watt in an hour before */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Answers(double[] air, double[][] lift, double[] storedKwhPerWatt, double storedKwh) {}

    /**
     * The cheapest ways to have each of some numbers of kelvin-hours outside the band beyond {@link #unavoidable}, and at least
     * as much heat in the home at the end as {@code other}. The programme looks at the end of each hour alone; the outcomes are what the home itself made
     * of its answers, so their kelvin-hours are a little more.
     */
    List<Outcome> best(Outcome other, double... kelvinHours) {
        var watts = other.watts().clone();
        // even hours to begin with
        for (int hour = 0; hour < hours; hour++) {
            Arrays.fill(watts, STEPS_AN_HOUR * hour, STEPS_AN_HOUR * (hour + 1), mean(watts, hour));
        }
        double middle = kelvinHours[kelvinHours.length / 2];
        watts = programme(answers(watts), watts, other.storedKwh(), middle).watts();
        var around = answers(watts);
        var outcomes = new ArrayList<Outcome>();
        var closest = programme(around, watts, other.storedKwh(), 0);
        if (closest.excess() > NOTHING) {
            var outcome = Outcome.of(winter, start, new Rule.Given(closest.watts()));
            unavoidable = outcome.kelvinHours();
            outcomes.add(outcome);
        }
        for (double allowed : kelvinHours) {
            var found = programme(around, watts, other.storedKwh(), closest.excess() + allowed);
            outcomes.add(Outcome.of(winter, start, new Rule.Given(found.watts())));
        }
        return outcomes;
    }

    /** Kelvin-hours outside the band that nobody can avoid, such as under the sun of spring; known after {@link #best}. */
    double unavoidable() {
        return unavoidable;
    }

    /**
     * Quarters for even hours: between off and full power the air goes straight from one hour's end to the next, where people
     * and sun within the hour would have made it swing.
     */
    private double[] smoothed(double[] even, double[] airAtEnd) {
        var home = start.copy();
        var watts = even.clone();
        for (int hour = 0; hour < hours; hour++) {
            double before = home.airCelsius();
            for (int i = 0; i < STEPS_AN_HOUR; i++) {
                int step = STEPS_AN_HOUR * hour + i;
                if (even[step] > 0 && even[step] < winter.maximumWatts()) {
                    double target = before + (airAtEnd[hour] - before) * (i + 1) / STEPS_AN_HOUR;
                    double off = airAfter(home, 0);
                    double perWatt = (airAfter(home, TRIAL_WATTS) - off) / TRIAL_WATTS;
                    watts[step] = Math.clamp((target - off) / perWatt, 0, winter.maximumWatts());
                }
                home.advance(Winter.STEP, new Watts(watts[step]));
            }
        }
        return watts;
    }

    private static double airAfter(Home home, double watts) {
        var copy = home.copy();
        copy.advance(Winter.STEP, new Watts(watts));
        return copy.airCelsius();
    }

    private Answers answers(double[] watts) {
        var home = start.copy();
        var before = home.balance().storedChange();
        var starts = new ArrayList<Home>();
        var air = new double[hours];
        for (int hour = 0; hour < hours; hour++) {
            starts.add(home.copy());
            live(home, watts, hour, 0);
            air[hour] = home.airCelsius();
        }
        double stored = home.balance().storedChange().minus(before).kilowattHours();
        var lift = new double[hours][hours];
        var storedLift = new double[hours];
        for (int hour = 0; hour < hours; hour++) {
            var other = starts.get(hour);
            live(other, watts, hour, TRIAL_WATTS);
            lift[hour][hour] = (other.airCelsius() - air[hour]) / TRIAL_WATTS;
            for (int later = hour + 1; later < hours; later++) {
                live(other, watts, later, 0);
                lift[later][hour] = (other.airCelsius() - air[later]) / TRIAL_WATTS;
            }
            storedLift[hour] = (other.balance().storedChange().minus(before).kilowattHours() - stored) / TRIAL_WATTS;
        }
        return new Answers(air, lift, storedLift, stored);
    }

    private void live(Home home, double[] watts, int hour, double more) {
        for (int i = 0; i < STEPS_AN_HOUR; i++)
            home.advance(Winter.STEP, new Watts(watts[STEPS_AN_HOUR * hour + i] + more));
    }

    /** @param excess K·h outside the band beyond those that were allowed */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Found(double[] watts, double excess) {}

    private Found programme(Answers answers, double[] around, double storedKwh, double kelvinHours) {
        var model = new ExpressionsBasedModel();
        List<Variable> power = new ArrayList<>();
        List<Variable> below = new ArrayList<>();
        List<Variable> above = new ArrayList<>();
        for (int hour = 0; hour < hours; hour++) {
            double price = 0;
            for (int i = 0; i < STEPS_AN_HOUR; i++) price += winter.price(STEPS_AN_HOUR * hour + i) / STEPS_AN_HOUR;
            power.add(model.newVariable("p" + hour)
                    .lower(0)
                    .upper(winter.maximumWatts())
                    .weight(price / 1000));
            below.add(model.newVariable("b" + hour).lower(0));
            above.add(model.newVariable("a" + hour).lower(0));
        }
        var outside = model.newExpression("outside").upper(kelvinHours);
        var excess = model.newVariable("excess").lower(0).weight(EXCESS_PRICE);
        outside.set(excess, -1);
        var stored = model.newExpression("stored");
        double storedAround = 0;
        for (int hour = 0; hour < hours; hour++) {
            outside.set(below.get(hour), 1);
            outside.set(above.get(hour), 1);
            stored.set(power.get(hour), answers.storedKwhPerWatt()[hour] * 1000);
            storedAround += answers.storedKwhPerWatt()[hour] * mean(around, hour);
            double fixed = answers.air()[hour];
            for (int earlier = 0; earlier <= hour; earlier++)
                fixed -= answers.lift()[hour][earlier] * mean(around, earlier);
            var warm = model.newExpression("w" + hour).lower(Winter.LOW - fixed);
            var cool = model.newExpression("c" + hour).upper(Winter.HIGH - fixed);
            for (int earlier = 0; earlier <= hour; earlier++) {
                warm.set(power.get(earlier), answers.lift()[hour][earlier]);
                cool.set(power.get(earlier), answers.lift()[hour][earlier]);
            }
            warm.set(below.get(hour), 1);
            cool.set(above.get(hour), -1);
        }
        stored.lower((storedKwh - answers.storedKwh() + storedAround) * 1000);
        var result = model.minimise();
        if (!result.getState().isFeasible())
            throw new IllegalStateException("the linear programme of " + winter.name() + ": " + result.getState());
        var watts = new double[winter.steps()];
        var air = answers.air().clone();
        for (int hour = 0; hour < hours; hour++) {
            double value = Math.clamp(power.get(hour).getValue().doubleValue(), 0, winter.maximumWatts());
            double less = mean(around, hour) - value;
            for (int later = hour; later < hours; later++) air[later] -= answers.lift()[later][hour] * less;
            Arrays.fill(watts, STEPS_AN_HOUR * hour, STEPS_AN_HOUR * (hour + 1), value);
        }
        return new Found(smoothed(watts, air), excess.getValue().doubleValue());
    }

    private static double mean(double[] watts, int hour) {
        return Arrays.stream(watts, STEPS_AN_HOUR * hour, STEPS_AN_HOUR * (hour + 1))
                .average()
                .orElseThrow();
    }
}
