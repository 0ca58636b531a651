package org.athanor.bench;

import com.sun.management.ThreadMXBean;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.athanor.comfort.planning.GridSize;
import org.athanor.comfort.planning.HeatPlan;
import org.athanor.comfort.planning.HeatProblem;
import org.athanor.comfort.planning.Planner;

/**
 * How long does a plan of a day take, and how much dearer is it than one from a grid so fine that it hardly matters? By
 * grid, beside a thermostat with hysteresis and a rule that heats in cheap hours; then many homes once each.
 *
 * <pre>
 * bench/run PlanBench
 * BENCH_PREFIX="taskset -c 0" bench/run PlanBench --homes 50 --rounds 5 --replan 10000
 * </pre>
 *
 * Times are CPU time of one thread, so that other programs disturb them little. Cost is that of the plan lived on the exact
 * model of the room, with the heat that is left at the end at the replacement price.
 */
public final class PlanBench {
    private static final GridSize REFERENCE = new GridSize(361, 121);
    private static final List<GridSize> GRIDS = List.of(
            new GridSize(9, 5),
            new GridSize(17, 7),
            new GridSize(25, 9),
            new GridSize(41, 9),
            new GridSize(61, 23),
            new GridSize(121, 45));
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final long SEED = 5;
    private static final int WARM_ROUNDS = 3;
    private static final double HOMES = 1e6;
    private static final double SECONDS = 900;
    private static final String ROW = "%-24s %9s %9s %8s %10s %12s %9s %9s %9s %9s";

    private final int homes;
    private final int rounds;
    private final int replanned;
    private final List<GridSize> grids;
    private final GridSize reference;

    PlanBench(int homes, int rounds, int replanned, List<GridSize> grids, GridSize reference) {
        this.homes = homes;
        this.rounds = rounds;
        this.replanned = replanned;
        this.grids = grids;
        this.reference = reference;
    }

    public static void main(String[] arguments) {
        int homes = 50;
        int rounds = 5;
        int replanned = 10_000;
        var grids = GRIDS;
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--homes" -> homes = Integer.parseInt(arguments[++i]);
                case "--rounds" -> rounds = Integer.parseInt(arguments[++i]);
                case "--replan" -> replanned = Integer.parseInt(arguments[++i]);
                case "--grids" -> grids = grids(arguments[++i]);
                default ->
                    throw new IllegalArgumentException(
                            arguments[i] + ": accepted are --homes N, --rounds N, --replan N and --grids 33x13,41x9");
            }
        }
        new PlanBench(homes, rounds, replanned, grids, REFERENCE).run(System.out, System.err);
    }

    private static List<GridSize> grids(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(one -> {
                    int x = one.indexOf('x');
                    return new GridSize(Integer.parseInt(one.substring(0, x)), Integer.parseInt(one.substring(x + 1)));
                })
                .toList();
    }

    void run(PrintStream out, PrintStream progress) {
        table("a device of 4 levels with minimum times", PlanHomes.of(SEED, homes, false), out, progress);
        table("the same beside a heat pump and a boost element", PlanHomes.of(SEED, homes, true), out, progress);
        for (boolean otherSources : new boolean[] {false, true}) manyHomes(otherSources, out, progress);
    }

    /** @param garbage bytes that a plan leaves to the collector, itself included */
    private record Effort(double medianMillis, double p99Millis, double megabytes, double garbage) {}

    private record Row(String name, Optional<Effort> effort, List<HeatPlan> plans) {}

    private static double cost(List<HeatPlan> plans) {
        return plans.stream().mapToDouble(plan -> plan.cost().total()).average().orElseThrow();
    }

    private static String of(Row row, String format, ToDoubleFunction<Effort> figure) {
        return row.effort
                .map(effort -> line(format, figure.applyAsDouble(effort)))
                .orElse("");
    }

    /** EUR a day that the home loses that loses most. */
    private static double worst(List<HeatPlan> plans, List<HeatPlan> reference) {
        double worst = 0;
        for (int i = 0; i < plans.size(); i++)
            worst = Math.max(
                    worst, plans.get(i).cost().total() - reference.get(i).cost().total());
        return worst;
    }

    /** K·h a day outside the comfort band. */
    private static double outside(List<HeatPlan> plans) {
        return plans.stream()
                .map(HeatPlan::outsideKelvinHours)
                .mapToDouble(hours -> hours.below() + hours.above())
                .average()
                .orElseThrow();
    }

    private void table(String title, List<HeatProblem> problems, PrintStream out, PrintStream progress) {
        progress.println(title + ": " + reference + " ...");
        var planner = new Planner(reference);
        var best = problems.stream().map(planner::plan).toList();
        double mean = cost(best);
        var rows = new ArrayList<Row>();
        for (var grid : grids) {
            progress.println(title + ": " + grid + " ...");
            rows.add(measure(grid, problems));
        }
        out.println(title + ", " + problems.size() + " homes, 24 h in steps of 15 min");
        out.println(line(
                ROW,
                "grid or rule",
                "median ms",
                "p99 ms",
                "MB",
                "EUR/day",
                "lost EUR/day",
                "lost",
                "worst",
                "K·h out",
                "kB made"));
        out.println(line(ROW, reference, "", "", "", line("%.4f", mean), "", "", "", line("%.2f", outside(best)), ""));
        for (var row : rows) print(row, best, out);
        for (var rule : PlanRules.values()) {
            var lived = problems.stream().map(rule::lived).toList();
            print(new Row(rule.toString(), Optional.empty(), lived), best, out);
        }
        out.println();
    }

    private static void print(Row row, List<HeatPlan> reference, PrintStream out) {
        double best = cost(reference);
        double lost = cost(row.plans) - best;
        out.println(line(
                ROW,
                row.name,
                of(row, "%.2f", Effort::medianMillis),
                of(row, "%.2f", Effort::p99Millis),
                of(row, "%.2f", Effort::megabytes),
                line("%.4f", cost(row.plans)),
                line("%.4f", lost),
                line("%.2f %%", 100 * lost / best),
                line("%.3f", worst(row.plans, reference)),
                line("%.2f", outside(row.plans)),
                of(row, "%.1f", effort -> effort.garbage() / 1e3)));
    }

    private Row measure(GridSize grid, List<HeatProblem> problems) {
        var planner = new Planner(grid);
        for (int i = 0; i < WARM_ROUNDS; i++) problems.forEach(planner::plan);
        var millis = new double[rounds * problems.size()];
        var plans = new ArrayList<HeatPlan>();
        long allocatedBefore = allocated();
        for (int round = 0; round < rounds; round++)
            for (int i = 0; i < problems.size(); i++) {
                long before = cpuNanos();
                var plan = planner.plan(problems.get(i));
                millis[round * problems.size() + i] = (cpuNanos() - before) / 1e6;
                if (round == 0) plans.add(plan);
            }
        double garbage = (allocated() - allocatedBefore) / (double) millis.length;
        Arrays.sort(millis);
        var effort = new Effort(quantile(millis, 0.5), quantile(millis, 0.99), planner.workingBytes() / 1e6, garbage);
        var name = grid.equals(Planner.DEFAULT_GRID) ? grid + " (default)" : grid.toString();
        return new Row(name, Optional.of(effort), plans);
    }

    private void manyHomes(boolean otherSources, PrintStream out, PrintStream progress) {
        if (replanned == 0) return;
        progress.println("re-planning " + replanned + " homes ...");
        var planner = new Planner();
        double seconds = 0;
        int batch = 500;
        for (int done = 0; done < replanned; done += batch) {
            var problems = PlanHomes.of(SEED + 1 + done, Math.min(batch, replanned - done), otherSources);
            long before = cpuNanos();
            for (var problem : problems) planner.plan(problem);
            seconds += (cpuNanos() - before) / 1e9;
        }
        out.println(line(
                "%d homes%s: %.1f CPU-seconds, %.2f ms each; a million every 15 minutes take %.1f cores",
                replanned,
                otherSources ? " with a heat pump and a boost element" : "",
                seconds,
                seconds / replanned * 1e3,
                seconds / replanned * HOMES / SECONDS));
    }

    private static double quantile(double[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1L, (long) (share * sorted.length))];
    }

    private static long allocated() {
        return THREADS.getCurrentThreadAllocatedBytes();
    }

    private static long cpuNanos() {
        return THREADS.getCurrentThreadCpuTime();
    }

    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
