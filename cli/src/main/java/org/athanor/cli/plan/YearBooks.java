package org.athanor.cli.plan;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.athanor.comfort.money.ComputeHeat;

/** What a planned home used, cost and felt like, summed step by step and closed day by day: pure arithmetic. */
final class YearBooks {
    /**
     * One control step that has passed.
     *
     * @param hours its length
     * @param anywayCelsius air of the reference run, which no heater of ours overheats
     * @param roomCelsius true air at its end; {@code low} and {@code high} are the ends of the comfort band
     * @param deviceKwh drawn by chips and element: all of it becomes heat
     * @param chipsKwh of that, by the chips
     * @param terahashHours computed, in TH/s times hours
     * @param miningPay of mining bitcoin, the pool's fee taken off, currency
     * @param otherMiningPay and {@code rentPay}: of work that is none, currency
     * @param otherHeatKwh heat from the home's other heating
     * @param referenceKwh heat that holding the setpoint took in the second run
     * @param price of electricity
     * @param noise how loud the chips were
     * @param heatPrices of a kWh of heat, by alternative; {@code heatCarbon} likewise in kg, NaN where it is not known
     */
    record Step(
            double hours,
            double roomCelsius,
            double anywayCelsius,
            double low,
            double high,
            double deviceKwh,
            double chipsKwh,
            double terahashHours,
            double miningPay,
            double otherMiningPay,
            double rentPay,
            double otherHeatKwh,
            double referenceKwh,
            double price,
            Noise noise,
            Map<HeatingKind, Double> heatPrices,
            Map<HeatingKind, Double> heatCarbon) {}

    enum Noise {
        QUIET,
        LOUD,
        UNKNOWN
    }

    /**
     * @param usefulKwh of the device's heat: of a day's heat no more is useful than the setpoint asked for, and a surplus is put
     *     down to device and other heating by what each gave
     * @param alternativeCost of the useful heat, by heating; {@code alternativeCarbon} likewise in kg
     */
    record Day(
            double deviceKwh,
            double usefulKwh,
            double otherHeatKwh,
            double referenceKwh,
            double electricityCost,
            double terahashHours,
            double otherMiningPay,
            double rentPay,
            Map<HeatingKind, Double> alternativeCost,
            Map<HeatingKind, Double> alternativeCarbon,
            double lowestCelsius,
            double meanCelsius,
            double highestCelsius) {
        /** Of work that is not mining bitcoin, currency. */
        double otherPay() {
            return otherMiningPay + rentPay;
        }
    }

    private final HeatingKind own;
    private final double wear;
    private final List<Day> days = new ArrayList<>();
    private final List<Step> today = new ArrayList<>();
    private double kelvinHoursBelow;
    private double kelvinHoursAbove;
    private double kelvinHoursAboveAnyway;
    private double loudHours;
    private double unknownNoiseHours;
    private double chipsKwh;
    private double claimHours;
    private double freeHours;
    private double noDearerHours;

    /** @param own the heating that the home has */
    YearBooks(HeatingKind own, double wear) {
        this.own = own;
        this.wear = wear;
    }

    void add(Step step) {
        kelvinHoursBelow += Math.max(0, step.low - step.roomCelsius) * step.hours;
        kelvinHoursAbove += Math.max(0, step.roomCelsius - Math.max(step.high, step.anywayCelsius)) * step.hours;
        kelvinHoursAboveAnyway += Math.max(0, step.anywayCelsius - step.high) * step.hours;
        switch (step.noise) {
            case LOUD -> loudHours += step.hours;
            case UNKNOWN -> unknownNoiseHours += step.hours;
            case QUIET -> {}
        }
        chipsKwh += step.chipsKwh;
        today.add(step);
    }

    void closeDay() {
        double device = 0;
        double other = 0;
        double reference = 0;
        double cost = 0;
        double terahashHours = 0;
        double otherMiningPay = 0;
        double rentPay = 0;
        double lowest = Double.POSITIVE_INFINITY;
        double highest = Double.NEGATIVE_INFINITY;
        double sum = 0;
        for (var step : today) {
            device += step.deviceKwh;
            other += step.otherHeatKwh;
            reference += step.referenceKwh;
            cost += step.deviceKwh * step.price;
            terahashHours += step.terahashHours;
            otherMiningPay += step.otherMiningPay;
            rentPay += step.rentPay;
            lowest = Math.min(lowest, step.roomCelsius);
            highest = Math.max(highest, step.roomCelsius);
            sum += step.roomCelsius;
        }
        double share = device > 0 ? Math.clamp(reference / (device + other), 0, 1) : 0;
        double useful = share * device;
        days.add(new Day(
                device,
                useful,
                other,
                reference,
                cost,
                terahashHours,
                otherMiningPay,
                rentPay,
                weighted(Step::heatPrices, share),
                weighted(Step::heatCarbon, share),
                lowest,
                sum / today.size(),
                highest));
        for (var step : today) claim(step, share);
        today.clear();
    }

    /** For the same heat in the same hours. */
    private Map<HeatingKind, Double> weighted(Function<Step, Map<HeatingKind, Double>> perKwh, double share) {
        var sums = new EnumMap<HeatingKind, Double>(HeatingKind.class);
        for (var step : today)
            perKwh.apply(step)
                    .forEach((kind, value) ->
                            sums.merge(kind, step.deviceKwh > 0 ? step.deviceKwh * share * value : 0, Double::sum));
        return sums;
    }

    /** r >= p_e, and r >= c with c = p_e + a - h v: h the day's share of useful heat, v the price of the home's other heat. */
    private void claim(Step step, double usefulShare) {
        if (step.chipsKwh <= 0) return;
        claimHours += step.hours;
        double revenue = (step.miningPay + step.otherMiningPay + step.rentPay) / step.chipsKwh;
        if (revenue >= step.price) freeHours += step.hours;
        double cost = ComputeHeat.netCost(step.price, wear, usefulShare, step.heatPrices.get(own));
        if (revenue >= cost) noDearerHours += step.hours;
    }

    List<Day> days() {
        return List.copyOf(days);
    }

    double kelvinHoursBelow() {
        return kelvinHoursBelow;
    }

    double kelvinHoursAbove() {
        return kelvinHoursAbove;
    }

    double kelvinHoursAboveAnyway() {
        return kelvinHoursAboveAnyway;
    }

    double loudHours() {
        return loudHours;
    }

    /** Hours in which the chips ran at a level whose noise nobody states. */
    double unknownNoiseHours() {
        return unknownNoiseHours;
    }

    double chipsKwh() {
        return chipsKwh;
    }

    double claimHours() {
        return claimHours;
    }

    double freeHours() {
        return freeHours;
    }

    double noDearerHours() {
        return noDearerHours;
    }

    double sum(ToDoubleFunction<Day> of) {
        return days.stream().mapToDouble(of).sum();
    }
}
