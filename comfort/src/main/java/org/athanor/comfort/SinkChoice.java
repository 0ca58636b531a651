package org.athanor.comfort;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.athanor.comfort.model.Sink;
import org.athanor.comfort.money.ComputeHeat;
import org.athanor.comfort.planning.HeatPlan;

/**
 * Where a source's heat goes: into the sink in which computing costs least by c = p + a - h v, among those for which the source
 * is hot enough. Outdoors is always there (h = 0, c = p + a), so that a value below 0, of a room that is too warm, sends the heat
 * away instead. Computing is worth it where what the work pays is more than c.
 *
 * @param sink taken
 * @param netCost c: currency per kWh drawn
 * @param worthIt whether the work pays more than that
 */
public record SinkChoice(Sink sink, double netCost, boolean worthIt) {
    /**
     * A sink that would take heat.
     *
     * @param valuePerKwh v: what a kWh of heat is worth in it now
     */
    public record Offer(Sink sink, double valuePerKwh) {
        public Offer {
            if (!Double.isFinite(valuePerKwh))
                throw new IllegalArgumentException(
                        "value of heat in " + sink + ": " + valuePerKwh + " per kWh (finite)");
        }

        /**
         * A sorption chiller, while cold is wanted.
         *
         * @param electricityPrice per kWh
         * @param airConditionerCop of the machine that would make the cold otherwise
         */
        public static Offer chiller(Sink.SorptionChiller chiller, double electricityPrice, double airConditionerCop) {
            return new Offer(chiller, chiller.valuePerKwh(electricityPrice, airConditionerCop));
        }
    }

    private static final Offer OUTDOORS = new Offer(new Sink.Outdoors(), 0);

    /**
     * @param electricity p: price of the next kWh
     * @param wear a, per kWh
     * @param heatShare of the drawn energy that reaches the source's water or air, 0 to 1
     * @param revenue what the work pays per kWh
     * @param sourceCelsius that the source gives
     */
    public static SinkChoice best(
            double electricity,
            double wear,
            double heatShare,
            double revenue,
            double sourceCelsius,
            List<Offer> offers) {
        var all = new ArrayList<>(offers);
        all.add(OUTDOORS);
        var best = all.stream()
                .filter(offer -> offer.sink().takesHeatOf(sourceCelsius))
                .min(Comparator.comparingDouble(offer -> cost(electricity, wear, heatShare, offer)))
                .orElseThrow(() -> new IllegalArgumentException("source of heat at " + sourceCelsius
                        + " °C (outdoors takes what is above " + OUTDOORS.sink().leastSourceCelsius() + ")"));
        double cost = cost(electricity, wear, heatShare, best);
        return new SinkChoice(best.sink(), cost, revenue > cost);
    }

    private static double cost(double electricity, double wear, double heatShare, Offer offer) {
        return ComputeHeat.netCost(electricity, wear, heatShare * offer.sink().usefulShare(), offer.valuePerKwh());
    }

    /**
     * The choice in each step of a plan. Where it runs the device, the planned sink takes the heat for what the plan values it,
     * unless another one is worth more; where it lets the device rest, the sink has no room or the work does not pay, and the
     * others alone decide. A plan that was told of no way elsewhere values heat below 0 where it is in the way of more work,
     * which with a way outdoors it is not.
     *
     * @param sink that was planned
     * @param electricity p of each step
     * @param revenue per kWh of each step
     * @param others that are there besides, in each step
     * @throws IllegalArgumentException for other numbers of steps than the plan's
     */
    public static List<SinkChoice> along(
            HeatPlan plan,
            Sink sink,
            double[] electricity,
            double wear,
            double heatShare,
            double[] revenue,
            double sourceCelsius,
            List<List<Offer>> others) {
        int steps = plan.steps();
        if (electricity.length != steps || revenue.length != steps || others.size() != steps)
            throw new IllegalArgumentException(
                    "sinks along a plan of " + steps + " steps: " + electricity.length + " prices, " + revenue.length
                            + " revenues, offers of " + others.size() + " steps (" + steps + ")");
        var choices = new ArrayList<SinkChoice>();
        for (int k = 0; k < steps; k++) {
            var offers = new ArrayList<>(others.get(k));
            if (plan.level(k) > 0) offers.addFirst(new Offer(sink, Math.max(0, plan.heatValuePerKwh(k))));
            choices.add(best(electricity[k], wear, heatShare, revenue[k], sourceCelsius, offers));
        }
        return List.copyOf(choices);
    }
}
