package org.athanor.cli.plan;

import java.util.Locale;
import org.athanor.ledger.Report;

/** One or two sentences from the figures; "don't" where that is the answer. */
final class PlanAdvice {
    /** Kelvin-hours a year above the band of which one is warned: a degree too warm for about a week. */
    private static final double MANY_KELVIN_HOURS = 170;

    /** Of the device's heat, let out of windows for its sake. */
    private static final double MUCH_LET_OUT = 0.1;

    /** Less useful heat than this share of the home's need makes little difference to it. */
    private static final double LITTLE_SHARE = 0.05;

    private PlanAdvice() {}

    /** @param payback null where less than a year was lived */
    static String of(HomePlan plan, Report.Accounts money, Report.BreakEven breakEven, Report.Payback payback) {
        var home = plan.plan();
        var currency = home.currency().getCurrencyCode();
        var other = home.heating().kind();
        if (money.netCostPerUsefulKwh() == null)
            return plan.books().sum(YearBooks.Day::referenceKwh) > 0
                    ? format("Don't: the %s was always the cheaper source, so that the chips never ran.", other.title)
                    : "Don't: no heat of this device was wanted here.";
        double useful = plan.books().sum(YearBooks.Day::usefulKwh);
        double own = plan.alternativeCost(other) / useful;
        double net = money.netCostPerUsefulKwh();
        var warning = warning(plan, useful);
        if (net >= own)
            return format(
                    "Don't: a useful kWh from this device costs %.3f %s, from your %s %.3f.%s%s",
                    net, currency, other.title, own, from(breakEven, home), warning);
        double saved = (own - net) * useful;
        var cheaper = format(
                "A useful kWh costs %.3f %s, from your %s %.3f: %.0f %s saved %s.",
                net, currency, other.title, own, saved, currency, payback == null ? "in the time lived" : "a year");
        if (payback == null) return cheaper + warning;
        if (payback.low() == null)
            return format(
                    "Don't buy it for the money: its heat is cheaper (%.3f against %.3f %s from your %s, %.0f %s a year),"
                            + " but no assumed path pays back %.0f %s within %d years.%s",
                    net,
                    own,
                    currency,
                    other.title,
                    saved,
                    currency,
                    home.price(),
                    currency,
                    home.horizonYears(),
                    warning);
        if (payback.years() == null)
            return format(
                    "Rather not: %s It pays back %.0f %s only on the best assumed path, in %.1f years.%s",
                    cheaper, home.price(), currency, payback.low(), warning);
        return format(
                "Do, if you believe the prices: %s It pays back %.0f %s in %.1f years (best path %.1f, worst %s).%s",
                cheaper,
                home.price(),
                currency,
                payback.years(),
                payback.low(),
                payback.high() == null ? "never" : format("%.1f", payback.high()),
                warning);
    }

    private static String from(Report.BreakEven breakEven, PlannedHome home) {
        if (breakEven == null) return "";
        return format(
                " They would be equal at a hashprice of %.3f %s per TH/s per day; assumed is %.3f.",
                breakEven.againstOtherHeat(),
                home.currency().getCurrencyCode(),
                home.mining().hashprice());
    }

    private static String warning(HomePlan plan, double useful) {
        var books = plan.books();
        double letOut = plan.result().letOutKwh() - plan.result().letOutAnywayKwh();
        boolean tooWarm = books.kelvinHoursAbove() > MANY_KELVIN_HOURS
                || letOut > MUCH_LET_OUT * books.sum(YearBooks.Day::deviceKwh);
        if (tooWarm && tooWarmByDevice(books))
            return " It is too large for this home: it overheats the rooms and wastes heat.";
        if (useful < LITTLE_SHARE * books.sum(YearBooks.Day::referenceKwh))
            return format(
                    " It is small for this home: it gives %.1f %% of the heat.",
                    100 * useful / books.sum(YearBooks.Day::referenceKwh));
        return "";
    }

    /** A sunny summer makes rooms too warm without any device. */
    private static boolean tooWarmByDevice(YearBooks books) {
        double device = books.sum(YearBooks.Day::deviceKwh);
        boolean muchOfTheHeat = device > books.sum(YearBooks.Day::otherHeatKwh) / 4;
        return muchOfTheHeat && device - books.sum(YearBooks.Day::usefulKwh) > 0.15 * device;
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
