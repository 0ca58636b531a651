package org.athanor.cli.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.athanor.ledger.Report;
import org.athanor.units.Millisatoshis;

/** The figures of one or several plans side by side, as lines of a terminal. */
public final class PlanTable {
    private static final int TITLE_WIDTH = 36;
    private static final int LEAST_COLUMN = 14;
    private static final int MOST_COLUMN = 34;
    /** Rows at the top that name home, device and other heating. */
    private static final int NAMES = 3;

    private static final String ABSENT = "-";

    private PlanTable() {}

    /** One figure of each plan. */
    private record Row(String title, Function<HomePlan, String> value) {}

    /** @param width of the terminal; names that do not fit beside each other become a list above the
     *     table, and plans that do not fit beside each other follow in a further table */
    public static List<String> lines(List<HomePlan> plans, int width) {
        int fitting = Math.max(1, (width - TITLE_WIDTH) / LEAST_COLUMN);
        int beside = Math.min(plans.size(), fitting);
        int column = Math.clamp((width - TITLE_WIDTH) / beside, LEAST_COLUMN, MOST_COLUMN);
        var lines = new ArrayList<String>();
        var rows = cells(plans);
        if (rows.subList(0, NAMES).stream().flatMap(List::stream).anyMatch(name -> name.length() >= column)) {
            for (int i = 0; i < plans.size(); i++)
                lines.add(format(
                        "%d  %s: %s beside %s",
                        i + 1,
                        plans.get(i).name(),
                        rows.get(1).get(i + 1),
                        rows.get(2).get(i + 1)));
            rows = new ArrayList<>(rows.subList(NAMES, rows.size()));
            if (plans.size() > 1) {
                var numbers = new ArrayList<>(List.of(""));
                for (int i = 1; i <= plans.size(); i++) numbers.add(Integer.toString(i));
                rows.set(0, List.of(rows.getFirst().getFirst()));
                rows.add(1, numbers);
            }
        }
        for (int first = 0; first < plans.size(); first += beside)
            block(rows, first + 1, Math.min(first + beside, plans.size()) + 1, column, lines);
        return lines;
    }

    /** The columns from {@code from} on, before {@code until}. */
    private static void block(List<List<String>> rows, int from, int until, int column, List<String> lines) {
        for (var cells : rows) {
            if (cells.size() == 1) {
                lines.add("");
                lines.add(cells.getFirst());
                continue;
            }
            var line = new StringBuilder(pad(cells.getFirst(), TITLE_WIDTH));
            for (var value : cells.subList(from, until)) line.append(right(value, column));
            lines.add(line.toString().stripTrailing());
        }
    }

    /** Title and one cell a plan; a headline is alone. Rows that apply to none of the plans are left out. */
    static List<List<String>> cells(List<HomePlan> plans) {
        var all = new ArrayList<List<String>>();
        for (var row : rows(plans)) {
            var cells = new ArrayList<>(List.of(row.title));
            if (row.value != null) {
                for (var plan : plans) cells.add(row.value.apply(plan));
                if (cells.stream().skip(1).allMatch(ABSENT::equals)) continue;
            }
            if (cells.size() == 1 && !all.isEmpty() && all.getLast().size() == 1) all.removeLast();
            all.add(cells);
        }
        if (all.getLast().size() == 1) all.removeLast();
        return all;
    }

    private static List<Row> rows(List<HomePlan> plans) {
        var currency = plans.getFirst().report().currency();
        var rows = new ArrayList<Row>();
        rows.add(new Row("Home", HomePlan::name));
        rows.add(new Row("Device", plan -> plan.report().home().device()));
        rows.add(
                new Row("The home's other heating", plan -> plan.report().home().otherHeating()));

        rows.add(new Row("A year", null));
        rows.add(row(
                "  electricity drawn, kWh",
                "%.0f",
                plan -> plan.report().energy().electricityKwh()));
        rows.add(row(
                "  useful heat of the device, kWh",
                "%.0f",
                plan -> plan.report().energy().usefulHeatKwh()));
        rows.add(
                row("  wasted heat, kWh", "%.0f", plan -> plan.report().energy().wastedHeatKwh()));
        rows.add(row(
                "  heat from the other heating, kWh",
                "%.0f",
                plan -> plan.report().energy().otherHeatKwh()));
        rows.add(row(
                "  let out by windows, kWh",
                "%.0f",
                plan -> plan.report().energy().letOutKwh()));
        rows.add(row(
                "  of that anyway, by sun and people",
                "%.0f",
                plan -> plan.report().energy().letOutAnywayKwh()));
        rows.add(row(
                "  too cold, K h below the band",
                "%.0f",
                plan -> plan.report().comfort().kelvinHoursBelow()));
        rows.add(row(
                "  too warm, K h above the band",
                "%.0f",
                plan -> plan.report().comfort().kelvinHoursAbove()));
        rows.add(row(
                "  too warm anyway, by sun and people",
                "%.0f",
                plan -> plan.report().comfort().kelvinHoursAboveAnyway()));
        rows.add(new Row("  louder than 40 dB(A), h", PlanTable::noise));
        rows.add(new Row(
                "  changes of level", plan -> Integer.toString(plan.result().switches())));

        rows.add(new Row("Money, " + currency, null));
        rows.add(row("  electricity", "%.2f", plan -> plan.report().money().electricity()));
        rows.add(row("  earned", "%.2f", plan -> plan.report().money().earned()));
        if (plans.stream().anyMatch(plan -> plan.report().money().earnedByRent() != null)) {
            rows.add(row(
                    "    of that by mining",
                    "%.2f",
                    plan -> plan.report().money().earnedByMining()));
            rows.add(row(
                    "    of that by renting out",
                    "%.2f",
                    plan -> plan.report().money().earnedByRent()));
        }
        rows.add(new Row(
                "  earned by mining, sat",
                plan -> format(
                        "%.0f",
                        new Millisatoshis(plan.report().money().earnedMsat())
                                .satoshis()
                                .doubleValue())));
        rows.add(row("  net cost", "%.2f", plan -> plan.report().money().netCost()));

        rows.add(new Row("A useful kWh, " + currency, null));
        rows.add(row("  this device, net", "%.3f", plan -> plan.report().money().netCostPerUsefulKwh()));
        for (var kind : HeatingKind.values())
            rows.add(row("  " + kind.title, "%.3f", plan -> costPerUsefulKwh(plan.report(), kind)));

        rows.add(new Row("A useful kWh, kg CO2e", null));
        rows.add(row(
                "  this device, nothing displaced", "%.3f", plan -> carbon(plan.report(), Report.Carbon::thisHeater)));
        rows.add(row("  resistive heater", "%.3f", plan -> carbon(plan.report(), Report.Carbon::resistive)));
        rows.add(row("  gas boiler", "%.3f", plan -> carbon(plan.report(), Report.Carbon::gas)));
        rows.add(row("  oil boiler", "%.3f", plan -> carbon(plan.report(), Report.Carbon::oil)));
        rows.add(row("  heat pump", "%.3f", plan -> carbon(plan.report(), Report.Carbon::heatPump)));
        rows.add(row("  district heat", "%.3f", plan -> carbon(plan.report(), Report.Carbon::district)));
        rows.add(row(
                "  apart: displaced at most, kg",
                "%.0f",
                plan -> plan.report().carbon() == null
                        ? null
                        : plan.report().carbon().displacedUpperBoundKg()));

        rows.add(new Row("Hashprice, " + currency + "/TH/s/day", null));
        rows.add(row("  assumed", "%.4f", plan -> plan.report().scenario().hashpricePerThPerDay()));
        rows.add(row(
                "  at which the energy costs nothing",
                "%.4f",
                plan -> plan.report().breakEvenHashprice() == null
                        ? null
                        : plan.report().breakEvenHashprice().againstNothing()));
        rows.add(row(
                "  at which it equals the other heat",
                "%.4f",
                plan -> plan.report().breakEvenHashprice() == null
                        ? null
                        : plan.report().breakEvenHashprice().againstOtherHeat()));

        rows.add(new Row("Payback of the price", null));
        rows.add(row("  price, " + currency, "%.0f", plan -> plan.plan().price()));
        rows.add(new Row("  years, middle path", plan -> years(plan, Report.Payback::years)));
        rows.add(new Row(
                "  years, best and worst path",
                plan -> plan.payback() == null
                        ? ABSENT
                        : years(plan, Report.Payback::low) + " / " + years(plan, Report.Payback::high)));
        return rows;
    }

    private static Row row(String title, String pattern, Function<HomePlan, Double> figure) {
        return new Row(title, plan -> {
            var value = figure.apply(plan);
            return value == null ? ABSENT : format(pattern, value);
        });
    }

    private static String noise(HomePlan plan) {
        double unknown = plan.books().unknownNoiseHours();
        if (unknown == 0) return format("%.0f", plan.books().loudHours());
        return plan.books().loudHours() == 0
                ? "unknown"
                : format("%.0f + unknown", plan.books().loudHours());
    }

    private static String years(HomePlan plan, Function<Report.Payback, Double> of) {
        if (plan.payback() == null) return ABSENT;
        var years = of.apply(plan.payback());
        return years == null ? "never" : format("%.1f", years);
    }

    static Double costPerUsefulKwh(Report report, HeatingKind kind) {
        var other = report.money().alternatives();
        if (other == null) return null;
        var alternative = switch (kind) {
            case RESISTIVE -> other.resistive();
            case GAS -> other.gas();
            case OIL -> other.oil();
            case HEAT_PUMP -> other.heatPump();
            case DISTRICT -> other.district();
        };
        return alternative == null ? null : alternative.costPerUsefulKwh();
    }

    private static Double carbon(Report report, Function<Report.Carbon, Report.PerHeat> of) {
        if (report.carbon() == null || of.apply(report.carbon()) == null) return null;
        return of.apply(report.carbon()).kgPerUsefulKwh();
    }

    private static String pad(String text, int width) {
        return text.length() >= width ? text : text + " ".repeat(width - text.length());
    }

    private static String right(String text, int width) {
        return " ".repeat(Math.max(1, width - text.length())) + text;
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
