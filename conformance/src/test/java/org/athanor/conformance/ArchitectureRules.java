package org.athanor.conformance;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The arrows of ARCHITECTURE.md as rules over the packages below a root: the product's root in {@link
 * ArchitectureTest}, and one full of offences in {@link ArchitectureRulesCanFailTest}.
 */
final class ArchitectureRules {
    /** Which of our modules a module may use: the table of ARCHITECTURE.md. The command may use all. */
    static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry("units", Set.of()),
            Map.entry("comfort", Set.of("units")),
            Map.entry("hash", Set.of()),
            Map.entry("stratum", Set.of("hash", "units")),
            Map.entry("devices", Set.of("units")),
            Map.entry("ledger", Set.of("units")),
            Map.entry("training", Set.of("units")),
            Map.entry("simulation", Set.of("units", "comfort", "devices")),
            Map.entry("edge", Set.of("units", "comfort", "hash", "stratum", "devices", "ledger", "training")),
            Map.entry("network", Set.of("units", "comfort", "hash", "stratum", "devices", "ledger", "training")));

    /** Packages of {@code training} that are algorithms and formats; its engine and its mailbox are modules of their own below it. */
    private static final List<String> TRAINING = List.of(
            "training.checkpoint",
            "training.data",
            "training.job",
            "training.model",
            "training.outer",
            "training.receipts",
            "training.rounds",
            "training.trust",
            "training.update");

    /** Modules that must also do without foreign libraries. */
    private static final List<String> BARE = List.of("units", "comfort", "hash", "ledger");

    /** Modules whose classes decide and compute: equal inputs give equal outputs. */
    private static final List<String> PURE = with(TRAINING, "units", "comfort", "hash", "ledger");

    private static final List<String> LIBRARIES =
            with(TRAINING, "units", "comfort", "hash", "stratum", "devices", "ledger", "simulation");

    private static final List<String> ALL_BUT_THE_COMMAND =
            MAY_USE.keySet().stream().sorted().toList();

    private static final List<String> WITHOUT_SOCKETS =
            with(TRAINING, "units", "comfort", "hash", "ledger", "simulation");

    private static final List<String> WITHOUT_FILES =
            with(TRAINING, "units", "comfort", "hash", "stratum", "ledger", "simulation");

    private static final DescribedPredicate<JavaClass> SOCKETS = describe(
            "sockets",
            type -> resideInAnyPackage("java.net.http", "com.sun.net.httpserver..", "javax.net..")
                            .test(type)
                    || named(type, "java.net.Socket", "java.net.ServerSocket", "java.net.DatagramSocket")
                    || named(type, "java.net.URLConnection", "java.net.HttpURLConnection")
                    || (type.getPackageName().equals("java.nio.channels")
                            && (type.getSimpleName().contains("Socket")
                                    || type.getSimpleName().contains("Datagram"))));

    private static final DescribedPredicate<JavaClass> FILES = describe(
            "files or processes",
            type -> resideInAPackage("java.nio.file..").test(type)
                    || named(type, "java.io.File", "java.io.FileInputStream", "java.io.FileOutputStream")
                    || named(type, "java.io.FileReader", "java.io.FileWriter", "java.io.RandomAccessFile")
                    || named(type, "java.nio.channels.FileChannel", "java.lang.Process", "java.lang.ProcessBuilder"));

    private static final DescribedPredicate<JavaClass> THREADS = describe(
            "threads",
            type -> named(type, "java.lang.Thread", "java.util.Timer", "java.util.concurrent.CompletableFuture")
                    || assignableTo("java.util.concurrent.Executor").test(type));

    private static final DescribedPredicate<JavaAccess<?>> WALL_CLOCK = describe("read the system's clock", access -> {
        var owner = access.getTargetOwner().getName();
        var name = access.getName();
        return switch (owner) {
            case "java.lang.System" -> name.equals("currentTimeMillis");
            case "java.time.Clock" -> name.startsWith("system") || name.startsWith("tick");
            case "java.time.InstantSource" -> name.equals("system");
            case "java.util.Date" ->
                name.equals("<init>") && access.getDescription().contains("Date.<init>()");
            default -> owner.startsWith("java.time.") && name.equals("now");
        };
    });

    private static final DescribedPredicate<JavaAccess<?>> MONOTONIC_CLOCK = describe(
            "read the system's monotonic clock",
            access -> access.getTargetOwner().getName().equals("java.lang.System")
                    && access.getName().equals("nanoTime"));

    private static final DescribedPredicate<JavaAccess<?>> CONSOLE = describe(
            "use the console",
            access -> access.getTargetOwner().getName().equals("java.lang.System")
                    && Set.of("in", "out", "err").contains(access.getName()));

    private ArchitectureRules() {}

    private static List<String> with(List<String> more, String... modules) {
        return Stream.concat(Stream.of(modules), more.stream()).toList();
    }

    /** All rules by name, for the modules that are packages of {@code root}. */
    static Map<String, ArchRule> below(String root) {
        var rules = new LinkedHashMap<String, ArchRule>();
        new TreeMap<>(MAY_USE)
                .forEach((module, used) -> rules.put(module + "KnowsOnlyWhatItBuildsOn", arrow(root, module, used)));
        rules.put(
                "bareLibrariesNeedNothingButTheJdk",
                classes()
                        .that()
                        .resideInAnyPackage(packages(root, BARE))
                        .should()
                        .onlyDependOnClassesThat()
                        .resideInAnyPackage(root + "..", "java..", "jdk.incubator.vector..")
                        .because("what everything builds on must be readable, and usable, without anything else"));
        rules.put(
                "decisionsDoNoInputOrOutput",
                noClasses()
                        .that()
                        .resideInAnyPackage(packages(root, PURE))
                        .should()
                        .dependOnClassesThat(SOCKETS.or(FILES).or(resideInAnyPackage("java.net..")))
                        .because("decisions are replayed in simulation and by whoever checks the books"));
        rules.put(
                "decisionsReadNoClock",
                noClasses()
                        .that()
                        .resideInAnyPackage(packages(root, PURE))
                        .should()
                        .accessTargetWhere(WALL_CLOCK.or(MONOTONIC_CLOCK))
                        .because("a decision is a function of what was read and of a time passed in"));
        rules.put(
                "decisionsStartNoThreads",
                noClasses()
                        .that()
                        .resideInAnyPackage(packages(root, PURE))
                        .should()
                        .dependOnClassesThat(THREADS)
                        .because("loops and threads live in the assemblies"));
        rules.put(
                "onlyTheCommandReadsTheWallClock",
                noClasses()
                        .that()
                        .resideInAnyPackage(packages(root, ALL_BUT_THE_COMMAND))
                        .should()
                        .accessTargetWhere(WALL_CLOCK)
                        .because(
                                "a year of a home must run in simulation: time comes through java.time.InstantSource"));
        rules.put(
                "librariesNeverWriteToTheConsole",
                noClasses()
                        .that()
                        .resideInAnyPackage(packages(root, LIBRARIES))
                        .should()
                        .accessTargetWhere(CONSOLE)
                        .because("the console belongs to the command"));
        rules.put(
                "onlyProtocolModulesOwnSockets",
                noClasses()
                        .that()
                        .resideInAnyPackage(packages(root, WITHOUT_SOCKETS))
                        .should()
                        .dependOnClassesThat(SOCKETS)
                        .because("stratum and devices own the sockets of their protocols"));
        rules.put(
                "onlyDevicesAndAssembliesTouchFiles",
                noClasses()
                        .that()
                        .resideInAnyPackage(packages(root, WITHOUT_FILES))
                        .should()
                        .dependOnClassesThat(FILES)
                        .because("devices own sensor files and helper processes, assemblies all other files"));
        rules.put(
                "packagesFormNoCycle",
                slices().matching(root + ".(**)")
                        .should()
                        .beFreeOfCycles()
                        .because("what forms a ring is one package"));
        return rules;
    }

    private static ArchRule arrow(String root, String module, Set<String> used) {
        var allowed = Stream.concat(used.stream(), Stream.of(module)).toList();
        var ours = resideInAPackage(root + "..");
        return classes()
                .that()
                .resideInAPackage(root + "." + module + "..")
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage(packages(root, allowed)).or(not(ours)))
                .because(used.isEmpty() ? "it builds on none of our modules" : "it builds on " + used + " alone");
    }

    private static String[] packages(String root, List<String> modules) {
        return modules.stream().map(module -> root + "." + module + "..").toArray(String[]::new);
    }

    private static boolean named(JavaClass type, String... names) {
        return List.of(names).contains(type.getName());
    }
}
