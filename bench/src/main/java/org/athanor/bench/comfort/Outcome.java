package org.athanor.bench.comfort;

import org.athanor.simulation.Home;
import org.athanor.units.Watts;

/**
 * What became of a winter under a rule.
 *
 * @param cost of the electricity, in the currency of the prices
 * @param kelvinHours below and above the band, by the true temperature of the air every five minutes
 * @param storedKwh that the home gained from the start of the days that count to their end
 * @param switches from off to on
 * @param watts of each step, the mean
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Outcome(double cost, double kelvinHours, double kwh, double storedKwh, int switches, double[] watts) {
    /** @param start of the days that count; it stays as it is */
    static Outcome of(Winter winter, Home start, Rule rule) {
        return of(winter, start, rule, 0, winter.steps());
    }

    static Outcome of(Winter winter, Home start, Rule rule, int from, int to) {
        var home = start.copy();
        return live(winter, home, rule, from, to);
    }

    /** Moves the home itself on, from one step to another. */
    static Outcome live(Winter winter, Home home, Rule rule, int from, int to) {
        double cost = 0;
        double outside = 0;
        double kwh = 0;
        int switches = 0;
        boolean on = false;
        var watts = new double[to - from];
        var before = home.balance().storedChange();
        for (int step = from; step < to; step++) {
            double now = rule.watts(winter, home, step);
            for (int minutes = 0; minutes < Winter.STEP.toMinutes(); minutes += Winter.TICK_MINUTES) {
                if (minutes > 0) now = rule.within(winter, home, step, minutes, now);
                home.advance(Winter.TICK, new Watts(now));
                double used = now / 1000 * Winter.TICK_HOURS;
                kwh += used;
                cost += used * winter.price(step);
                if (now > 0 && !on) switches++;
                on = now > 0;
                watts[step - from] += now * Winter.TICK_HOURS / Winter.STEP_HOURS;
                double air = home.airCelsius();
                outside += Winter.TICK_HOURS * (Math.max(0, Winter.LOW - air) + Math.max(0, air - Winter.HIGH));
            }
        }
        double stored = home.balance().storedChange().minus(before).kilowattHours();
        return new Outcome(cost, outside, kwh, stored, switches, watts);
    }

    /** The cost, had it ended with as much heat in the home as {@code other}, bought or saved at the mean price. */
    double costLike(Outcome other, double meanPrice) {
        return cost + (other.storedKwh - storedKwh) * meanPrice;
    }
}
