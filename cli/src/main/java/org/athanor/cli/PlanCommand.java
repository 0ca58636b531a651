package org.athanor.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.athanor.cli.plan.DeviceList;
import org.athanor.cli.plan.HomeFile;
import org.athanor.cli.plan.HomePlan;
import org.athanor.cli.plan.HomePlan.Thoroughness;
import org.athanor.cli.plan.HomePlans;
import org.athanor.cli.plan.PlanHtml;
import org.athanor.cli.plan.PlanTable;
import org.athanor.cli.plan.PlannedHome;
import org.athanor.cli.plan.ProgressBar;
import org.athanor.cli.terminal.ReportFile;
import org.athanor.cli.terminal.UserMistake;
import org.athanor.cli.yaml.YamlMistake;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tells before anything is bought what a compute heater would cost in a home. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        header = "Tells before you buy what a compute heater would cost in your home.",
        description = {
            "Lives a year of the home that a file describes, with the device and the prices it names, and says what the",
            "heat costs beside the heating that the home has, what it pays back, and when the answer is \"don't\".",
            "Nothing is bought, heated or mined; \"athanor help home\" explains the file."
        },
        footer = {
            "",
            "Examples:",
            "  athanor plan examples/homes/flat-resistive.yaml",
            "  athanor plan examples/homes/house-gas.yaml --compare examples/homes/flat-resistive.yaml",
            "  athanor plan home.yaml --device heatbit avalon-q bitaxe-gamma    several devices side by side",
            "  athanor plan --devices                        what the catalogue has",
            "  athanor plan home.yaml --html plan.html       one file with plots, to open in a browser",
            "  athanor plan home.yaml --json > plan.json     keys: athanor help report"
        })
final class PlanCommand implements Callable<Integer> {
    private static final int INDENT = 8;
    private static final int LIST_INDENT = 3;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "HOME.yaml", arity = "0..1", description = "The home, its device and its prices.")
    private Path home;

    @Option(
            names = "--compare",
            paramLabel = "OTHER.yaml",
            arity = "1..*",
            description = "Further homes, side by side with the first.")
    private List<Path> others = List.of();

    @Option(
            names = "--device",
            paramLabel = "MODEL",
            arity = "1..*",
            description = "The first home once more with these devices, at the catalogue's prices.")
    private List<String> devices = List.of();

    @Option(names = "--devices", description = "Lists the catalogue, every figure with where it is from.")
    private boolean list;

    @Option(
            names = "--exact",
            description =
                    "Decides every 5 minutes instead of 15 and plans every hour instead of once a day; says how long"
                            + " that took and what it changed.")
    private boolean exact;

    @Option(names = "--json", description = "Writes the report as JSON to standard output.")
    private boolean json;

    @Option(names = "--html", paramLabel = "FILE", description = "Writes the report with plots as one HTML file.")
    private Path html;

    @Override
    public Integer call() throws IOException {
        var out = spec.commandLine().getOut();
        if (list) {
            DeviceList.lines().stream()
                    .flatMap(line -> Wrap.at(Wrap.WIDTH, INDENT, line).stream())
                    .forEach(out::println);
            out.flush();
            return 0;
        }
        if (home == null)
            throw new ParameterException(
                    spec.commandLine(),
                    "HOME.yaml is missing: a file that describes the home (see: athanor help home)");
        if (json && html != null)
            throw new ParameterException(spec.commandLine(), "--json and --html: one of the two is accepted");
        if (html != null) ReportFile.requireWritable("--html", html);
        var homes = read();
        var usual = plans(homes, Thoroughness.USUAL);
        var exactly = exact ? exactly(homes) : null;
        var plans = exactly == null ? usual : exactly.plans;
        var remarks = exactly == null ? List.<String>of() : remarks(homes, usual, exactly);
        if (json) {
            out.println(ReportFile.json(plans.stream().map(HomePlan::report).toList()));
        } else if (html != null) {
            ReportFile.write(html, PlanHtml.page(plans));
            out.println("Plan written to " + html);
            say(out, plans);
        } else {
            PlanTable.lines(plans, Wrap.WIDTH).stream()
                    .flatMap(line -> Wrap.at(Wrap.WIDTH, LIST_INDENT, line).stream())
                    .forEach(out::println);
            out.println();
            say(out, plans);
            basis(out, plans);
        }
        // JSON stays JSON
        var remarksTo = json ? spec.commandLine().getErr() : out;
        remarks.forEach(remarksTo::println);
        remarksTo.flush();
        out.flush();
        return 0;
    }

    /** All files are read before the first is lived, so that a mistake in the last one costs no time. */
    private List<PlannedHome> read() {
        var files = new ArrayList<>(List.of(home));
        files.addAll(others);
        try {
            var homes = new ArrayList<>(files.stream().map(HomeFile::read).toList());
            for (int i = 1; i < homes.size(); i++)
                if (!homes.get(i).currency().equals(homes.getFirst().currency()))
                    throw new UserMistake("--compare " + files.get(i) + ": currency "
                            + homes.get(i).currency() + " beside "
                            + homes.getFirst().currency() + "; one currency throughout is accepted");
            for (var model : devices) homes.add(HomeFile.read(home, model));
            return homes;
        } catch (YamlMistake mistake) {
            throw new UserMistake(mistake.getMessage(), mistake);
        }
    }

    private List<HomePlan> plans(List<PlannedHome> homes, Thoroughness thoroughness) {
        var style = ProgressBar.Style.onTerminal(ProgressBar.Style.NONE);
        var err = spec.commandLine().getErr();
        try (var progress = new ProgressBar(err, style, "home-years", homes.size(), HomePlan.DAYS_OF_YEAR)) {
            return HomePlans.of(homes, thoroughness, progress);
        }
    }

    private record Exact(List<HomePlan> plans, double seconds) {}

    private Exact exactly(List<PlannedHome> homes) {
        long start = System.nanoTime();
        var plans = plans(homes, Thoroughness.EXACT);
        return new Exact(plans, (System.nanoTime() - start) / 1e9);
    }

    /** How long the exact plans took and what they changed. */
    private static List<String> remarks(List<PlannedHome> homes, List<HomePlan> plans, Exact exact) {
        var remarks = new ArrayList<String>();
        for (int i = 0; i < plans.size(); i++) {
            double before = plans.get(i).report().money().netCost();
            double after = exact.plans.get(i).report().money().netCost();
            remarks.add(String.format(
                    Locale.ROOT,
                    "exact   %s: net cost %.2f instead of %.2f %s (%+.2f)",
                    plans.get(i).name(),
                    after,
                    before,
                    homes.get(i).currency(),
                    after - before));
        }
        remarks.add(String.format(
                Locale.ROOT,
                "exact   %.1f s for %d home-years with a decision every 5 minutes and a plan every hour",
                exact.seconds,
                plans.size()));
        return remarks;
    }

    private static void say(PrintWriter out, List<HomePlan> plans) {
        for (var plan : plans) {
            var name = plans.size() == 1 ? "" : plan.name() + ": ";
            Wrap.at(Wrap.WIDTH, INDENT, "advice  " + name + plan.report().advice())
                    .forEach(out::println);
        }
    }

    private static void basis(PrintWriter out, List<HomePlan> plans) {
        var said = plans.stream()
                .map(plan -> "basis   mining: " + plan.report().scenario().name() + ", "
                        + plan.report().scenario().date() + "; weather: "
                        + plan.report().scenario().weather() + "; electricity: "
                        + plan.report().scenario().prices() + "; carbon of electricity: " + plan.carbonSource()
                        + plan.rent().map(rent -> "; " + rent).orElse("") + "; price of the device: "
                        + plan.priceSource())
                .distinct()
                .toList();
        for (var line : said) Wrap.at(Wrap.WIDTH, INDENT, line).forEach(out::println);
        Wrap.at(
                        Wrap.WIDTH,
                        INDENT,
                        "        A simulated year of an assumed home. What mining pays has halved within months.")
                .forEach(out::println);
    }
}
