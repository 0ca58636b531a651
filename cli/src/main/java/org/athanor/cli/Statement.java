package org.athanor.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.athanor.ledger.Report;

/** A {@link Report} as people read it. */
final class Statement {
    private static final int INDENT = 15;

    private Statement() {}

    static List<String> lines(Report report) {
        var lines = new ArrayList<String>();
        var currency = report.currency();
        var money = report.money();
        lines.add("");
        lines.add("Statement  " + report.period().start() + "  to  "
                + report.period().end()
                + (report.speedReached() == null ? "" : format("  (virtual time, %.0fx)", report.speedReached())));
        lines.add(format(
                "  comfort      %.2f K·h below the band, %.2f K·h above; %.1f h louder than %.0f dB",
                report.comfort().kelvinHoursBelow(),
                report.comfort().kelvinHoursAbove(),
                report.comfort().noiseHours(),
                DemoSteps.QUIET_DECIBELS));
        lines.add(format(
                "  energy       %.2f kWh drawn, %.2f kWh useful heat, %.2f kWh wasted; balance closes within %.1e",
                report.energy().electricityKwh(),
                report.energy().usefulHeatKwh(),
                report.energy().wastedHeatKwh(),
                report.energy().balanceRelativeError()));
        lines.add("  mining       " + perHeater(report.mining().acceptedShares()) + " shares accepted, "
                + perHeater(report.mining().rejectedShares()) + " rejected");
        var blocks = report.mining().blocks();
        lines.add(format(
                "               %d blocks on the local chain; the work done made %.1f likely (%d to %d with %.1f %%): %s",
                report.mining().blocksFound(),
                blocks.expected(),
                blocks.low(),
                blocks.high(),
                100 * blocks.probability(),
                blocks.agrees() ? "they agree" : "THEY DO NOT AGREE"));
        lines.add(format(
                "  earned       %s sat, worth %.4f %s; the pool credits %s sat%s",
                satoshis(money.earnedMsat()),
                money.earned(),
                currency,
                satoshis(money.poolCreditedMsat()),
                money.earnedMsat() == money.poolCreditedMsat() ? "" : ": THE BOOKS DISAGREE"));
        lines.add(format(
                "  heat         cost %.4f %s net: %.4f for electricity less what was earned",
                money.netCost(), currency, money.electricity()));
        if (money.netCostPerUsefulKwh() != null) {
            var other = money.alternatives();
            lines.add(format(
                    "               %.3f %s per useful kWh; the same heat from a resistive heater %.3f, a gas boiler %.3f,"
                            + " a heat pump %.3f",
                    money.netCostPerUsefulKwh(),
                    currency,
                    other.resistive().costPerUsefulKwh(),
                    other.gas().costPerUsefulKwh(),
                    other.heatPump().costPerUsefulKwh()));
        }
        var claims = report.claims();
        lines.add(format(
                "  claims       the energy cost nothing in %.1f, and was no dearer than this home's other heat in %.1f, of %.1f h",
                claims.energyCostsNothingHours(), claims.noDearerThanOtherHeatHours(), claims.hours()));
        report.weights()
                .forEach((heater, weight) -> lines.add(format(
                        "  weight       one hash of the %s stood for %.4g on average; at last %s",
                        heater, weight.mean(), weight.basis())));
        var scenario = report.scenario();
        lines.add(format(
                "  prices       %s (%s): %.4f %s per TH/s per day at %.0f %s per bitcoin",
                scenario.name(),
                scenario.date(),
                scenario.hashpricePerThPerDay(),
                currency,
                scenario.bitcoinPrice(),
                currency));
        lines.add("               weather: " + scenario.weather() + "; electricity: " + scenario.prices());
        if (report.advice() != null) lines.add("  advice       " + report.advice());
        return lines.stream()
                .flatMap(line -> Wrap.at(Wrap.WIDTH, INDENT, line).stream())
                .toList();
    }

    static String satoshis(long msat) {
        return format("%,d.%03d", msat / 1000, msat % 1000).replace(',', '\u202f');
    }

    private static String perHeater(Map<String, Long> counts) {
        var parts = new ArrayList<String>();
        counts.forEach((heater, count) -> parts.add(count + " " + heater));
        return parts.isEmpty() ? "0" : String.join(" + ", parts);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
