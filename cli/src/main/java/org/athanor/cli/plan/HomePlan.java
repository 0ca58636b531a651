package org.athanor.cli.plan;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.IntConsumer;
import java.util.function.ToDoubleFunction;
import org.athanor.comfort.money.Carbon;
import org.athanor.comfort.money.ComputeHeat;
import org.athanor.comfort.money.Facility;
import org.athanor.comfort.money.HashpricePath;
import org.athanor.comfort.money.MiningPay;
import org.athanor.comfort.money.Payback;
import org.athanor.ledger.Report;
import org.athanor.ledger.Settlement;
import org.athanor.ledger.Weight;
import org.athanor.simulation.World;
import org.athanor.units.Work;

/** The figures of a planned home: a year of it, as a {@link Report} and as what its table and page show beside that. */
public final class HomePlan {
    /** The calendar year that the days are counted in; weather is of a typical year without a date. */
    private static final int YEAR = 2019;

    /** How often {@link #of} tells of its progress. */
    public static final int DAYS_OF_YEAR = YearRun.DAYS_OF_YEAR;

    private static final double GRAMS = 1000;
    private static final double HASHES_PER_UNIT = 1e18;

    private final YearRun.Result result;
    private final Report.Payback payback;
    private final Report report;

    /** How the year is lived. */
    public enum Thoroughness {
        /** A decision every 15 minutes, a plan once a day. */
        USUAL(Duration.ofMinutes(15), Duration.ofDays(1)),
        /** A decision every 5 minutes, a plan every hour. */
        EXACT(Duration.ofMinutes(5), Duration.ofHours(1));

        final Duration step;
        final Duration planEvery;

        Thoroughness(Duration step, Duration planEvery) {
            this.step = step;
            this.planEvery = planEvery;
        }
    }

    private HomePlan(YearRun.Result result) {
        this.result = result;
        payback = books().days().size() == YearRun.DAYS_OF_YEAR ? paths() : null;
        report = figures();
    }

    /**
     * Learned and planned ahead, with forecasts that err.
     *
     * @param progress is told how many of 365 days are done
     */
    public static HomePlan of(PlannedHome home, Thoroughness thoroughness, IntConsumer progress) {
        return of(home, planning(home), thoroughness, progress);
    }

    /** @param strategy that decides each step */
    public static HomePlan of(
            PlannedHome home, Strategy.Maker strategy, Thoroughness thoroughness, IntConsumer progress) {
        return new HomePlan(new YearRun(home)
                .run(strategy, thoroughness.step, thoroughness.planEvery, 0, YearRun.DAYS_OF_YEAR, progress));
    }

    /** Some days only: figures that need a year (payback) are left out. */
    static HomePlan ofDays(PlannedHome home, Strategy.Maker strategy, int firstDay, int days) {
        var usual = Thoroughness.USUAL;
        return new HomePlan(new YearRun(home).run(strategy, usual.step, usual.planEvery, firstDay, days, _ -> {}));
    }

    static Strategy.Maker planning(PlannedHome home) {
        return setting -> new PlanningStrategy(setting, rule(home).make(setting));
    }

    static Strategy.Maker rule(PlannedHome home) {
        return setting -> new TpiStrategy(setting, TpiStrategy.Gains.QUARTER_HOURS, home.onlyWhenCheaper());
    }

    public Report report() {
        return report;
    }

    public String name() {
        return result.plan().name();
    }

    /** Where the price of the device is from. */
    public String priceSource() {
        return plan().priceSource();
    }

    /** What a device that is let by the hour gets, and how often; empty for others. */
    public Optional<String> rent() {
        var plan = plan();
        return plan.device()
                .otherWork()
                .map(work -> String.format(
                        Locale.ROOT,
                        "%s at %.3f %s, %.0f %% of the hours sold; in the others it earns %.3f and heats all the same",
                        work.what(),
                        plan.rentPerHour(),
                        plan.currency(),
                        100 * plan.occupancy(),
                        plan.otherMiningPerHour()));
    }

    /** Where the carbon of electricity is from. */
    public String carbonSource() {
        return plan().electricityKgPerKwh() + " kg CO2e/kWh (" + plan().electricityKgSource() + ")";
    }

    PlannedHome plan() {
        return result.plan();
    }

    YearBooks books() {
        return result.books();
    }

    YearRun.Result result() {
        return result;
    }

    private Report figures() {
        var plan = plan();
        var books = books();
        double electricityKwh = books.sum(YearBooks.Day::deviceKwh);
        double useful = books.sum(YearBooks.Day::usefulKwh);
        double electricity = books.sum(YearBooks.Day::electricityCost);
        var rate = plan.mining().rate();
        var msat = Settlement.settle(Work.ofHashes(result.hashes()), Weight.of(1, 1), rate, BigInteger.ZERO)
                .msat();
        double byMining = plan.mining().value(msat) + books.sum(YearBooks.Day::otherMiningPay);
        double byRent = books.sum(YearBooks.Day::rentPay);
        double earned = byMining + byRent;
        double net = electricity + plan.wear() * electricityKwh - earned;
        var costs = alternatives(useful);
        double quiet = books.loudHours();
        var money = new Report.Accounts(
                electricity,
                earned,
                byMining,
                plan.device().otherWork().isPresent() ? byRent : null,
                net,
                useful > 0 ? net / useful : null,
                msat.value(),
                null,
                costs);
        var breakEven = breakEven();
        return new Report(
                period(),
                new Report.Home(
                        plan.name(), result.machine().title(), plan.heating().kind().title),
                plan.currency().getCurrencyCode(),
                new Report.Scenario(
                        plan.mining().name(),
                        plan.mining().date().toString(),
                        plan.mining().hashprice(),
                        plan.mining().bitcoinPrice().doubleValue(),
                        plan.weatherSource(),
                        plan.tariffSource()),
                new Report.Comfort(
                        books.kelvinHoursBelow(),
                        books.kelvinHoursAbove(),
                        books.kelvinHoursAboveAnyway(),
                        books.unknownNoiseHours() > 0 ? null : quiet),
                new Report.Energy(
                        electricityKwh,
                        useful,
                        electricityKwh - useful,
                        books.sum(YearBooks.Day::otherHeatKwh),
                        result.letOutKwh(),
                        result.letOutAnywayKwh(),
                        result.balanceRelativeError()),
                result.hashes().signum() > 0
                        ? new Report.Mining(
                                null,
                                null,
                                null,
                                Map.of(plan.device().id(), result.hashes().toString()),
                                null)
                        : null,
                money,
                carbon(electricityKwh, useful),
                new Report.Claims(books.freeHours(), books.noDearerHours(), books.claimHours()),
                breakEven,
                payback == null || payback.low() == null ? null : payback,
                null,
                null,
                PlanAdvice.of(this, money, breakEven, payback));
    }

    private Report.Period period() {
        var offset = World.offset(plan().weather().location());
        return new Report.Period(
                day(result.firstDay(), offset),
                day(result.firstDay() + books().days().size(), offset));
    }

    private static String day(int day, ZoneOffset offset) {
        return LocalDate.of(YEAR, 1, 1)
                .plusDays(day)
                .atTime(LocalTime.MIDNIGHT)
                .atOffset(offset)
                .format(DateTimeFormatter.ISO_OFFSET_DATE_TIME);
    }

    private Report.Alternatives alternatives(double useful) {
        if (useful <= 0) return null;
        return new Report.Alternatives(
                alternative(HeatingKind.RESISTIVE, useful),
                alternative(HeatingKind.GAS, useful),
                alternative(HeatingKind.OIL, useful),
                alternative(HeatingKind.HEAT_PUMP, useful),
                alternative(HeatingKind.DISTRICT, useful));
    }

    private Report.Alternative alternative(HeatingKind kind, double useful) {
        return plan().alternatives().containsKey(kind) ? new Report.Alternative(alternativeCost(kind) / useful) : null;
    }

    /** What the useful heat of the device would have cost from this source. */
    double alternativeCost(HeatingKind kind) {
        return books().sum(day -> day.alternativeCost().get(kind));
    }

    private Report.Carbon carbon(double electricityKwh, double useful) {
        if (useful <= 0) return null;
        var plan = plan();
        double years = books().days().size() / (double) YearRun.DAYS_OF_YEAR;
        double embodied = plan.embodiedKg().orElse(0) * years / plan.horizonYears();
        double exahashes = new BigDecimal(result.hashes()).doubleValue() / HASHES_PER_UNIT;
        return new Report.Carbon(
                new Report.PerHeat(Carbon.perUsefulKwh(
                        plan.electricityKgPerKwh(), embodied / electricityKwh, 0, 0, useful / electricityKwh)),
                perHeat(HeatingKind.RESISTIVE, useful),
                perHeat(HeatingKind.GAS, useful),
                perHeat(HeatingKind.OIL, useful),
                perHeat(HeatingKind.HEAT_PUMP, useful),
                perHeat(HeatingKind.DISTRICT, useful),
                Facility.erf(useful, electricityKwh),
                plan.embodiedKg().isPresent() && exahashes > 0
                        ? Carbon.sci(
                                books().chipsKwh(), plan.electricityKgPerKwh() * GRAMS, embodied * GRAMS, exahashes)
                        : null,
                Carbon.displacedUpperBound(books().chipsKwh(), plan.displacedPue(), plan.displacedKgPerKwh()));
    }

    private Report.PerHeat perHeat(HeatingKind kind, double useful) {
        if (!plan().alternatives().containsKey(kind)) return null;
        double kilograms = books().sum(day -> day.alternativeCarbon().get(kind));
        return Double.isNaN(kilograms) ? null : new Report.PerHeat(kilograms / useful);
    }

    private Report.BreakEven breakEven() {
        double kwh = books().sum(YearBooks.Day::deviceKwh);
        double terahashHours = books().sum(YearBooks.Day::terahashHours);
        double useful = books().sum(YearBooks.Day::usefulKwh);
        if (terahashHours <= 0) return null;
        double price = (books().sum(YearBooks.Day::electricityCost) - books().sum(YearBooks.Day::otherPay)) / kwh;
        double share = useful / kwh;
        double otherHeat = useful > 0 ? alternativeCost(plan().heating().kind()) / useful : 0;
        return new Report.BreakEven(
                hashprice(ComputeHeat.breakEvenRevenue(price, plan().wear(), share, 0), kwh, terahashHours),
                hashprice(ComputeHeat.breakEvenRevenue(price, plan().wear(), share, otherHeat), kwh, terahashHours));
    }

    /** 0 where even work that earns nothing would do. */
    private double hashprice(double perKwh, double kwh, double terahashHours) {
        double joulesPerTerahash = kwh * 3.6e6 / (terahashHours * 3600);
        double fee = plan().mining().poolFee().doubleValue();
        return Math.max(0, MiningPay.breakEvenHashprice(perKwh, fee, joulesPerTerahash));
    }

    /**
     * What the device saves in the time that was lived, if hashprice were this: against the home's other heating for the
     * same useful heat, and nothing on days on which it would rather be left off. It runs as it did; a cleverer owner saves more.
     */
    double saving(double hashprice) {
        double pay = hashprice * (1 - plan().mining().poolFee().doubleValue()) / 24;
        ToDoubleFunction<YearBooks.Day> day = lived -> Math.max(
                0,
                lived.alternativeCost().get(plan().heating().kind())
                        + lived.terahashHours() * pay
                        + lived.otherPay()
                        - lived.electricityCost()
                        - plan().wear() * lived.deviceKwh());
        return books().sum(day);
    }

    /** Null where less than a year was lived; its numbers are null where a path never pays for the device. */
    Report.Payback payback() {
        return payback;
    }

    private Report.Payback paths() {
        var paths = plan().paths();
        return new Report.Payback(years(paths.middle()), years(paths.high()), years(paths.low()));
    }

    /** Null where the path never pays for it within the horizon. */
    private Double years(HashpricePath path) {
        OptionalDouble years = Payback.years(
                plan().price(), plan().discount(), plan().horizonYears(), path, path.from(), this::saving);
        return years.isPresent() ? years.getAsDouble() : null;
    }
}
