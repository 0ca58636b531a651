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
    private static final int ROUNDS = 2;
    private static final int STEPS_AN_HOUR = 4;

    private final Winter winter;
    private final int hours;

    Foresight(Winter winter) {
        this.winter = winter;
        this.hours = winter.steps() / STEPS_AN_HOUR;
    }

    /** @param air °C at the end of each hour; {@code lift} K that it gains for each watt in an hour before */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Answers(double[] air, double[][] lift, double[] storedKwhPerWatt, double storedKwh) {}

    /**
     * The cheapest way to have some kelvin-hours outside the band, and at least as much heat in the home at the end as {@code
     * other}. The programme looks at the end of each hour alone; what the quarters between add is taken off in its last round.
     */
    Outcome best(Outcome other, double kelvinHours) {
        var watts = other.watts().clone();
        // even hours to begin with
        for (int hour = 0; hour < hours; hour++) {
            double mean = Arrays.stream(watts, STEPS_AN_HOUR * hour, STEPS_AN_HOUR * (hour + 1))
                    .average()
                    .orElseThrow();
            Arrays.fill(watts, STEPS_AN_HOUR * hour, STEPS_AN_HOUR * (hour + 1), mean);
        }
        double allowed = kelvinHours;
        var best = other;
        for (int round = 0; round < ROUNDS; round++) {
            watts = programme(answers(watts), watts, other.storedKwh(), allowed);
            best = Outcome.of(winter, new Rule.Given(watts));
            allowed *= Math.min(1, kelvinHours / best.kelvinHours());
        }
        return best;
    }

    private Home begin() {
        var home = winter.home();
        var rule = new Rule.Given(new double[0]);
        for (int step = -winter.warmUpSteps(); step < 0; step++)
            home.advance(Winter.STEP, new Watts(rule.watts(winter, home, step)));
        return home;
    }

    private Answers answers(double[] watts) {
        var home = begin();
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

    private double[] programme(Answers answers, double[] around, double storedKwh, double kelvinHours) {
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
        var stored = model.newExpression("stored");
        double storedAround = 0;
        for (int hour = 0; hour < hours; hour++) {
            outside.set(below.get(hour), 1);
            outside.set(above.get(hour), 1);
            stored.set(power.get(hour), answers.storedKwhPerWatt()[hour] * 1000);
            storedAround += answers.storedKwhPerWatt()[hour] * around[STEPS_AN_HOUR * hour];
            double fixed = answers.air()[hour];
            for (int earlier = 0; earlier <= hour; earlier++)
                fixed -= answers.lift()[hour][earlier] * around[STEPS_AN_HOUR * earlier];
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
        for (int hour = 0; hour < hours; hour++) {
            double value = Math.clamp(power.get(hour).getValue().doubleValue(), 0, winter.maximumWatts());
            Arrays.fill(watts, STEPS_AN_HOUR * hour, STEPS_AN_HOUR * (hour + 1), value);
        }
        return watts;
    }
}
