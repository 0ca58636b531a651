package org.athanor.cli.plan;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.IntConsumer;
import org.athanor.comfort.series.Weather;
import org.athanor.simulation.Climate;
import org.athanor.simulation.EnergyBalance;
import org.athanor.simulation.ForecastErrors;
import org.athanor.simulation.Home;
import org.athanor.simulation.HomeShape;
import org.athanor.simulation.Pace;
import org.athanor.simulation.ReferenceRun;
import org.athanor.units.Celsius;

/** Lives some days of a home beside its reference run, a strategy deciding each step. */
final class YearRun {
    static final int DAYS_OF_YEAR = 365;

    /** dB(A) at one metre: a quiet fridge; what is louder is noticed in a living room. */
    static final double QUIET_DECIBELS = 40;

    /** Of the heat that the coldest hours take: heatings are laid out with a reserve. */
    private static final double RESERVE = 1.5;

    /** Share of the year's hours that are colder than what a heating is laid out for. */
    private static final double COLDEST_SHARE = 0.01;

    /** A day from any quarter of an hour on. */
    private static final int FORECAST_HOURS = 25;

    /** Every run is told the same wrong forecasts. */
    private static final long FORECAST_SEED = 1;

    private static final double BLOWN_CONVECTIVE = 0.95;
    private static final double ELEMENT_CONVECTIVE = 0.6;
    private static final double WARMEST_CELSIUS = 20.5;

    private final PlannedHome plan;
    private final Climate climate;
    private final Machine machine;
    private final double soilCelsius;
    private final double nominalWatts;

    /**
     * @param hashes expected, of all that was computed
     * @param balanceRelativeError of all energy that went astray between what was released and outdoors
     * @param letOutKwh heat that people let out of windows; {@code letOutAnywayKwh} of it would have been too much anyway
     * @param switches of the chips' level
     */
    record Result(
            PlannedHome plan,
            Machine machine,
            YearBooks books,
            BigInteger hashes,
            double balanceRelativeError,
            double letOutKwh,
            double letOutAnywayKwh,
            int switches,
            int firstDay,
            Duration step) {}

    YearRun(PlannedHome plan) {
        this.plan = plan;
        climate = Climate.of(plan.weather());
        machine = plan.machine();
        var hours = hourly(plan.weather());
        soilCelsius = Arrays.stream(hours).average().orElseThrow();
        Arrays.sort(hours);
        double coldest = hours[(int) (COLDEST_SHARE * hours.length)];
        nominalWatts = RESERVE * HomeShape.loss(plan.spec(), Math.max(5, WARMEST_CELSIUS - coldest));
    }

    private static double[] hourly(Weather weather) {
        var hours = new double[24 * DAYS_OF_YEAR];
        for (int i = 0; i < hours.length; i++)
            hours[i] = weather.at(Duration.ofHours(i)).outdoorCelsius();
        return hours;
    }

    /**
     * @param firstDay of the year, from 0
     * @param progress is told how many days are done
     */
    Result run(Strategy.Maker maker, Duration step, Duration planEvery, int firstDay, int days, IntConsumer progress) {
        var strategy = maker.make(setting(planEvery));
        var windows = plan.spec().windowSun();
        var errors = ForecastErrors.typical(FORECAST_SEED);
        var start = Duration.ofDays(firstDay);
        var home = new Home(plan.spec(), climate, start, new Celsius(setpoint(start)), 1, Pace.COARSE);
        home.openWindowsAbove(new Celsius(plan.openWindowsAbove()));
        var reference = new ReferenceRun(home);
        var books = new YearBooks(plan.heating().kind(), plan.wear());
        var tally = new Tally();
        long stepsPerDay = Duration.ofDays(1).dividedBy(step);
        double seconds = step.toNanos() / 1e9;
        int level = 0;
        for (int day = 0; day < days; day++) {
            for (long i = 0; i < stepsPerDay; i++) {
                var now = start.plusDays(day).plus(step.multipliedBy(i));
                double outdoor = home.outdoorCelsius();
                var weather = climate.at(now);
                double setpoint = setpoint(now);
                double price = plan.tariff().at(now);
                var decision = strategy.decide(new Moment(
                        now,
                        step,
                        home.sensor().value(),
                        outdoor,
                        windows.wattsPerSquareMetre(climate.location(), weather, now),
                        weather.windMetresPerSecond(),
                        setpoint,
                        price,
                        plan.heating().pricePerKwh(price, outdoor, soilCelsius),
                        mostDecibels(HomeFile.timeOfDay(now)),
                        () -> errors.forecast(climate, windows, Instant.EPOCH.plus(now), now, FORECAST_HOURS)));
                require(decision);
                boolean changed = decision.level() != level;
                level = decision.level();
                var chips = machine.levels().get(level);
                if (changed) tally.switches++;
                double lost = changed && machine.restarts()
                        ? Math.min(seconds, (double) machine.settle().toSeconds())
                        : 0;
                double other = decision.otherHeatWatts();
                double convective = chips.watts() * BLOWN_CONVECTIVE
                        + decision.elementWatts() * ELEMENT_CONVECTIVE
                        + other * plan.spec().deviceConvectiveShare();
                double all = chips.watts() + decision.elementWatts() + other;
                home.advance(step, convective, all - convective);
                double wanted = reference.advance(step, new Celsius(setpoint)).kilowattHours();
                tally.releasedJoules += all * seconds;
                double working = (seconds - lost) / 3600;
                tally.terahashHours += chips.terahashes() * working;
                double hours = seconds / 3600;
                books.add(new YearBooks.Step(
                        hours,
                        home.airCelsius(),
                        reference.airCelsius(),
                        setpoint - plan.bandKelvin(),
                        setpoint + plan.bandKelvin(),
                        (chips.watts() + decision.elementWatts()) * hours / 1000,
                        chips.watts() * hours / 1000,
                        chips.terahashes() * working,
                        chips.miningPerHour() * working,
                        chips.otherMiningPerHour() * working,
                        chips.rentPerHour() * working,
                        other * hours / 1000,
                        wanted,
                        price,
                        noise(chips),
                        heatPrices(price, outdoor),
                        heatCarbon(outdoor)));
            }
            books.closeDay();
            progress.accept(day + 1);
        }
        return new Result(
                plan,
                machine,
                books,
                tally.hashes(),
                error(home.balance(), tally.releasedJoules),
                home.letOut().kilowattHours(),
                reference.letOut().kilowattHours(),
                tally.switches,
                firstDay,
                step);
    }

    private Strategy.Setting setting(Duration planEvery) {
        return new Strategy.Setting(
                machine,
                nominalWatts,
                nominalWatts,
                plan.spec().floorArea(),
                plan.bandKelvin(),
                plan.tariff(),
                (price, outdoor) -> plan.heating().pricePerKwh(price, outdoor, soilCelsius),
                plan::setpoint,
                this::mostDecibels,
                planEvery);
    }

    private static final class Tally {
        private double releasedJoules;
        private double terahashHours;
        private int switches;

        /** A sum of doubles: exact to about 1e-12, and stated as whole hashes as the books want them. */
        BigInteger hashes() {
            return BigDecimal.valueOf(terahashHours)
                    .multiply(BigDecimal.valueOf(3600e12))
                    .toBigInteger();
        }
    }

    private static double error(EnergyBalance balance, double releasedJoules) {
        double missing = Math.abs(releasedJoules - balance.heater().value())
                + Math.abs(balance.residual().value());
        return missing / Math.max(1, balance.throughput().value());
    }

    private void require(Strategy.Decision decision) {
        boolean possible = decision.level() >= 0
                && decision.level() < machine.levels().size()
                && decision.elementWatts() >= 0
                && decision.elementWatts() <= machine.elementWatts() + 1e-9
                && decision.otherHeatWatts() >= 0
                && decision.otherHeatWatts() <= nominalWatts + 1e-9;
        if (!possible)
            throw new IllegalStateException("a strategy decided what " + machine.title() + " cannot do: " + decision);
    }

    private double setpoint(Duration now) {
        return plan.setpoint(HomeFile.timeOfDay(now));
    }

    private OptionalDouble mostDecibels(LocalTime time) {
        return plan.quiet()
                .filter(quiet -> quiet.contains(time))
                .map(quiet -> OptionalDouble.of(quiet.mostDecibels()))
                .orElse(OptionalDouble.empty());
    }

    private static YearBooks.Noise noise(Machine.Level chips) {
        if (chips.watts() == 0) return YearBooks.Noise.QUIET;
        if (chips.decibels().isEmpty()) return YearBooks.Noise.UNKNOWN;
        return chips.decibels().getAsDouble() > QUIET_DECIBELS ? YearBooks.Noise.LOUD : YearBooks.Noise.QUIET;
    }

    private Map<HeatingKind, Double> heatPrices(double electricity, double outdoor) {
        var prices = new EnumMap<HeatingKind, Double>(HeatingKind.class);
        plan.alternatives()
                .forEach((kind, heating) -> prices.put(kind, heating.pricePerKwh(electricity, outdoor, soilCelsius)));
        return prices;
    }

    private Map<HeatingKind, Double> heatCarbon(double outdoor) {
        var carbon = new EnumMap<HeatingKind, Double>(HeatingKind.class);
        plan.alternatives()
                .forEach((kind, heating) ->
                        carbon.put(kind, heating.carbonPerKwh(plan.electricityKgPerKwh(), outdoor, soilCelsius)));
        return carbon;
    }

    double nominalWatts() {
        return nominalWatts;
    }
}
