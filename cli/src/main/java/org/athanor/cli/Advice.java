package org.athanor.cli;

import java.util.ArrayList;
import java.util.Locale;
import org.athanor.ledger.Report;

/** One or two sentences of advice from the figures of a report; "don't" where that is the answer. */
final class Advice {
    private Advice() {}

    /** Less heat than this says nothing about a winter. */
    private static final double LEAST_USEFUL_KWH = 1;

    /** Null while too little useful heat was released for a verdict. */
    static String of(Report.Accounts money, double usefulKwh, String currency) {
        if (usefulKwh < LEAST_USEFUL_KWH || money.netCostPerUsefulKwh() == null) return null;
        double net = money.netCostPerUsefulKwh();
        double resistive = money.alternatives().resistive().costPerUsefulKwh();
        var cheaper = cheaper(money.alternatives(), net);
        if (cheaper.isEmpty())
            return String.format(
                    Locale.ROOT,
                    "In these hours the heat cost %.3f %s/kWh, no more than any alternative (resistive heater %.3f).",
                    net,
                    currency,
                    resistive);
        if (net < resistive)
            return String.format(
                    Locale.ROOT,
                    "Where the choice is a resistive heater, the chips made the heat cheaper: %.3f against %.3f %s/kWh. "
                            + "Where there is %s, don't.",
                    net,
                    resistive,
                    currency,
                    cheaper);
        return String.format(
                Locale.ROOT,
                "Don't: in these hours the heat cost %.3f %s/kWh, a resistive heater would have cost %.3f, %s.",
                net,
                currency,
                resistive,
                cheaper);
    }

    private static String cheaper(Report.Alternatives other, double net) {
        var names = new ArrayList<String>();
        if (other.gas().costPerUsefulKwh() < net)
            names.add(String.format(
                    Locale.ROOT, "a gas boiler (%.3f)", other.gas().costPerUsefulKwh()));
        if (other.heatPump().costPerUsefulKwh() < net)
            names.add(String.format(
                    Locale.ROOT, "a heat pump (%.3f)", other.heatPump().costPerUsefulKwh()));
        return String.join(" or ", names);
    }
}
