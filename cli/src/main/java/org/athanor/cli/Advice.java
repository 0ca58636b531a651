package org.athanor.cli;

import java.util.Locale;
import org.athanor.ledger.Report;

/** One or two sentences of advice from the figures of a report; "don't" where that is the answer. */
final class Advice {
    private Advice() {}

    /** Null while no useful heat was released. */
    static String of(Report.Accounts money, String currency) {
        if (money.netCostPerUsefulKwh() == null) return null;
        double net = money.netCostPerUsefulKwh();
        double resistive = money.alternatives().resistive().costPerUsefulKwh();
        double gas = money.alternatives().gas().costPerUsefulKwh();
        double heatPump = money.alternatives().heatPump().costPerUsefulKwh();
        String cheapest = heatPump <= gas ? "a heat pump" : "a gas boiler";
        double best = Math.min(heatPump, gas);
        if (net <= best)
            return String.format(
                    Locale.ROOT,
                    "In these hours the heat cost %.3f %s/kWh, less than %s (%.3f) and a resistive heater (%.3f).",
                    net,
                    currency,
                    cheapest,
                    best,
                    resistive);
        if (net < resistive)
            return String.format(
                    Locale.ROOT,
                    "Where the choice is a resistive heater, the chips made the heat cheaper: %.3f against %.3f %s/kWh. "
                            + "Where %s is possible, don't: its heat would have cost %.3f.",
                    net,
                    resistive,
                    currency,
                    cheapest,
                    best);
        return String.format(
                Locale.ROOT,
                "Don't: in these hours the heat cost %.3f %s/kWh, a resistive heater would have cost %.3f and %s %.3f.",
                net,
                currency,
                resistive,
                cheapest,
                best);
    }
}
