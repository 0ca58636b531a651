package org.athanor.bench.comfort;

import org.athanor.units.Watts;

/**
 * What became of a winter under a rule.
 *
 * @param cost of the electricity, in the currency of the prices
 * @param kelvinHours below and above the band, by the true temperature of the air
 * @param storedKwh held by the home at the end above an even {@link Winter#LOW}
 * @param switches from off to on
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Outcome(
        double cost, double kelvinHours, double kwh, double storedKwh, int switches, double[] air, double[] watts) {
    static Outcome of(Winter winter, Rule rule) {
        var home = winter.home();
        for (int step = -winter.warmUpSteps(); step < 0; step++)
            home.advance(Winter.STEP, new Watts(rule.watts(winter, home, step)));
        double cost = 0;
        double outside = 0;
        double kwh = 0;
        int switches = 0;
        var air = new double[winter.steps()];
        var watts = new double[winter.steps()];
        var before = home.balance();
        for (int step = 0; step < winter.steps(); step++) {
            watts[step] = rule.watts(winter, home, step);
            home.advance(Winter.STEP, new Watts(watts[step]));
            double used = watts[step] / 1000 * Winter.STEP_HOURS;
            kwh += used;
            cost += used * winter.price(step);
            if (watts[step] > 0 && (step == 0 || watts[step - 1] == 0)) switches++;
            air[step] = home.airCelsius();
            outside += Winter.STEP_HOURS * (Math.max(0, Winter.LOW - air[step]) + Math.max(0, air[step] - Winter.HIGH));
        }
        double stored =
                home.balance().storedChange().minus(before.storedChange()).kilowattHours();
        return new Outcome(cost, outside, kwh, stored, switches, air, watts);
    }

    /** The cost, had it ended with as much heat in the home as {@code other}, bought or saved at the mean price. */
    double costLike(Outcome other, double meanPrice) {
        return cost + (other.storedKwh - storedKwh) * meanPrice;
    }
}
