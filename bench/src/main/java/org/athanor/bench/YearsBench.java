package org.athanor.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToDoubleFunction;
import org.athanor.cli.plan.HomeFile;
import org.athanor.cli.plan.HomePlan;
import org.athanor.cli.plan.HomePlan.Thoroughness;
import org.athanor.cli.plan.ProgressBar;
import org.athanor.ledger.Report;

/**
 * How many home-years a second can be planned, and how do their answers spread? Random homes (see {@link YearsHomes}), each
 * read from its text and lived for a year as {@code athanor plan} does, on all cores.
 *
 * <pre>
 * bench/run YearsBench              1000 homes
 * bench/run YearsBench 100 --seed 7
 * bench/run YearsBench --show 12    the file of the twelfth home, for athanor plan
 * </pre>
 *
 * Starting the Java machine is not in the rate, warming up is.
 */
public final class YearsBench {
    private static final int HOMES = 1000;
    private static final String ROW = "%-44s %9s %9s %9s %9s %9s %6s";

    private final int homes;
    private final long seed;
    private final int threads;

    YearsBench(int homes, long seed, int threads) {
        if (homes < 1) throw new IllegalArgumentException(homes + " homes (at least 1)");
        if (threads < 1) throw new IllegalArgumentException(threads + " threads (at least 1)");
        this.homes = homes;
        this.seed = seed;
        this.threads = threads;
    }

    public static void main(String[] arguments) throws InterruptedException {
        int homes = HOMES;
        long seed = 1;
        int threads = Runtime.getRuntime().availableProcessors();
        int shown = 0;
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--seed" -> seed = Long.parseLong(arguments[++i]);
                case "--threads" -> threads = Integer.parseInt(arguments[++i]);
                case "--show" -> shown = Integer.parseInt(arguments[++i]);
                default -> {
                    if (!arguments[i].matches("\\d+"))
                        throw new IllegalArgumentException(arguments[i]
                                + ": accepted are a number of homes, --seed N, --threads N and --show INDEX");
                    homes = Integer.parseInt(arguments[i]);
                }
            }
        }
        if (shown > 0) {
            System.out.print(YearsHomes.text(seed, shown));
            return;
        }
        new YearsBench(homes, seed, threads).run(System.out, System.err);
    }

    /** What is kept of a home-year. */
    private record Year(Report report) {
        double perUsefulKwh() {
            var cost = report.money().netCostPerUsefulKwh();
            return cost == null ? Double.NaN : cost;
        }

        double paybackYears() {
            var payback = report.payback();
            return payback == null || payback.years() == null ? Double.NaN : payback.years();
        }

        String verdict() {
            return report.advice().split("[:,. ]", 2)[0].equals("Do")
                    ? "do"
                    : report.advice().startsWith("Rather") ? "rather not" : "don't";
        }
    }

    void run(PrintStream out, PrintStream err) throws InterruptedException {
        var cores = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        var progressOut = new PrintWriter(new OutputStreamWriter(err, StandardCharsets.UTF_8), true);
        long start = System.nanoTime();
        long startOfWork = cores.getProcessCpuTime();
        var years = new ArrayList<Year>();
        var style = ProgressBar.Style.onTerminal(ProgressBar.Style.LINES);
        try (var progress = new ProgressBar(progressOut, style, "home-years", homes, HomePlan.DAYS_OF_YEAR);
                var pool = Executors.newFixedThreadPool(threads)) {
            var running = new ArrayList<Future<Year>>();
            for (int i = 1; i <= homes; i++) running.add(pool.submit(year(i, progress)));
            try {
                for (var each : running) years.add(each.get());
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause().getMessage(), e.getCause());
            } finally {
                pool.shutdownNow();
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        double work = (cores.getProcessCpuTime() - startOfWork) / 1e9;
        print(out, years, seconds, work);
    }

    /** A home that fails ends the measurement and shows its file. */
    private Callable<Year> year(int index, ProgressBar progress) {
        return () -> {
            var text = YearsHomes.text(seed, index);
            try {
                var home = HomeFile.parse("home " + index, text, Path.of("."));
                return new Year(HomePlan.of(home, Thoroughness.USUAL, _ -> progress.step())
                        .report());
            } catch (RuntimeException e) {
                throw new IllegalStateException("home " + index + " of seed " + seed + ":\n" + text + e, e);
            }
        };
    }

    private void print(PrintStream out, List<Year> years, double seconds, double work) {
        out.println(format(
                "%d home-years (seed %d) in %.1f s on %d threads: %.2f home-years a second, %.2f s of CPU time each",
                homes, seed, seconds, threads, homes / seconds, work / homes));
        out.println();
        out.println(format(ROW, "a home-year", "least", "5 %", "median", "95 %", "most", "homes"));
        row(
                out,
                years,
                "electricity drawn, kWh",
                "%.0f",
                year -> year.report.energy().electricityKwh());
        row(
                out,
                years,
                "useful heat of the device, kWh",
                "%.0f",
                year -> year.report.energy().usefulHeatKwh());
        row(out, years, "wasted of what was drawn, %", "%.1f", year -> {
            double drawn = year.report.energy().electricityKwh();
            return drawn > 0 ? 100 * year.report.energy().wastedHeatKwh() / drawn : Double.NaN;
        });
        row(out, years, "net cost of a useful kWh, EUR", "%.3f", Year::perUsefulKwh);
        row(
                out,
                years,
                "too cold, K h below the band",
                "%.0f",
                year -> year.report.comfort().kelvinHoursBelow());
        row(
                out,
                years,
                "too warm for the device, K h above the band",
                "%.0f",
                year -> year.report.comfort().kelvinHoursAbove());
        row(
                out,
                years,
                "let out by windows, kWh",
                "%.0f",
                year -> year.report.energy().letOutKwh());
        row(out, years, "payback on the middle path, years", "%.1f", Year::paybackYears);
        row(
                out,
                years,
                "energy astray, relative",
                "%.1e",
                year -> year.report.energy().balanceRelativeError());
        out.println();
        for (var verdict : List.of("do", "rather not", "don't"))
            out.println(format(
                    "%4d  %s",
                    years.stream()
                            .filter(year -> year.verdict().equals(verdict))
                            .count(),
                    verdict));
    }

    private static void row(
            PrintStream out, List<Year> years, String title, String pattern, ToDoubleFunction<Year> figure) {
        var values = years.stream()
                .mapToDouble(figure)
                .filter(value -> !Double.isNaN(value))
                .sorted()
                .toArray();
        if (values.length == 0) {
            out.println(format(ROW, title, "-", "-", "-", "-", "-", 0));
            return;
        }
        out.println(format(
                ROW,
                title,
                format(pattern, values[0]),
                format(pattern, quantile(values, 0.05)),
                format(pattern, quantile(values, 0.5)),
                format(pattern, quantile(values, 0.95)),
                format(pattern, values[values.length - 1]),
                values.length));
    }

    private static double quantile(double[] sorted, double share) {
        return sorted[(int) Math.round(share * (sorted.length - 1))];
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
