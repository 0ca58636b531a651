package org.athanor.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How many shares does the pool take per second of processor time, how long does a miner wait for its reply, how soon
 * does everybody have a new job, and what does an idle miner cost?
 *
 * <p>Pool and load are processes of their own, the pool on one processor and the load on the other (by {@code taskset}).
 * Sockets, JSON, validation, duplicate check and share log are included. Linux only.
 *
 * <pre>bench/run PoolBench            all of it, some eight minutes
 * bench/run PoolBench 1 0.02     one run of a fiftieth of the time, with a hundredth of the idle miners</pre>
 *
 * ckpool's figures were measured on the same kind of machine (EPYC Zen 4, one core, three merkle branches, no share log).
 */
public final class PoolBench {
    private static final long TICKS_PER_SECOND = 100; // USER_HZ, the same on all common Linux systems

    /** The JIT is quiet when it works for less than this in a round of five seconds. */
    private static final long QUIET_MILLIS = 20;

    private static final int MOST_ROUNDS = 12;

    /** @param aim shares per CPU-second */
    private record Setting(int miners, int inFlight, int aim, String ckpool, double ckpoolP99) {}

    private static final List<Setting> SETTINGS = List.of(
            new Setting(10, 8, 100_000, "30.1-33.6 k", 5.4),
            new Setting(100, 4, 80_000, "24.2-31.3 k", 24),
            new Setting(1000, 2, 60_000, "20.9-25.3 k", 128));

    private final PrintStream out;
    private final int runs;
    private final double scale;

    private PoolBench(PrintStream out, int runs, double scale) {
        this.out = out;
        this.runs = runs;
        this.scale = scale;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int runs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 3;
        double scale = arguments.length > 1 ? Double.parseDouble(arguments[1]) : 1;
        run(System.out, runs, scale);
    }

    static void run(PrintStream out, int runs, double scale) throws IOException, InterruptedException {
        var bench = new PoolBench(out, runs, scale);
        bench.shares();
        bench.jobs();
        bench.idle();
    }

    private void shares() throws IOException, InterruptedException {
        out.printf(
                "%-9s %4s  %-22s %10s %6s %8s %8s %9s %7s%n",
                "miners", "open", "load", "shares/s", "busy", "p50 ms", "p99 ms", "at first", "rounds");
        for (var setting : SETTINGS)
            try (var server = Child.server();
                    var load = Child.load(server.port, setting.miners())) {
                warmUp(server, load, setting.inFlight());
                for (int run = 0; run < runs; run++) shares(setting, server, load);
            }
    }

    private void shares(Setting setting, Child server, Child load) throws IOException {
        long ticks = server.ticks();
        var full = Answer.of(load.ask("flood " + setting.inFlight() + " " + 10 * scale));
        double cpu = (server.ticks() - ticks) / (double) TICKS_PER_SECOND;
        row(setting, "all that it can", full, cpu / full.seconds, "");
        out.printf(
                Locale.ROOT,
                "%16s%,.0f shares per CPU-second; aim %,d; ckpool %s, p99 %.1f ms%n",
                "",
                full.shares / cpu,
                setting.aim(),
                setting.ckpool(),
                setting.ckpoolP99());
        double rate = setting.aim() / 2.0;
        var aim = paced(server, load, rate);
        row(setting, "half of the aim", aim);
        row(setting, "core half busy", paced(server, load, rate * 0.5 / Math.max(0.05, aim.busy)));
        row(setting, "half of all it can", paced(server, load, full.shares / full.seconds / 2));
    }

    private void row(Setting setting, String load, Paced paced) throws IOException {
        row(
                setting,
                load,
                paced.quiet,
                paced.busy,
                String.format(Locale.ROOT, "%9.2f %7d", paced.first.p99, paced.rounds));
    }

    private void row(Setting setting, String load, Answer answer, double busy, String more) throws IOException {
        out.printf(
                Locale.ROOT,
                "%,9d %4d  %-22s %,10.0f %4.0f %% %8.2f %8.2f %s%n",
                setting.miners(),
                setting.inFlight(),
                load,
                answer.shares / answer.seconds,
                100 * busy,
                answer.p50,
                answer.p99,
                more);
        if (answer.refused > 0) throw new IOException(answer.refused + " shares were refused");
    }

    /**
     * Until the JIT is through. The way on which miners get new work is walked rarely, but compiling it takes half a
     * second of the one processor that the pool has here: so it is made warm too.
     */
    private void warmUp(Child server, Child load, int inFlight) throws IOException {
        load.ask("flood " + inFlight + " " + 12 * scale);
        load.ask("await"); // the first job of all
        for (int i = 0; i < 40; i++) {
            load.tell("await");
            server.ask("job");
            load.answer();
        }
        load.ask("flood " + inFlight + " " + 5 * scale);
    }

    /**
     * Shares that come evenly, one by one. After another kind of load the JIT compiles anew, on the one processor that the
     * pool has here: of the rounds of five seconds the first is told, and the first in which the JIT was quiet.
     */
    private Paced paced(Child server, Child load, double rate) throws IOException {
        var command = "pace " + rate + " " + 5 * scale;
        var first = Optional.<Answer>empty();
        for (int round = 0; ; round++) {
            long compiled = server.compiledMillis();
            long ticks = server.ticks();
            var answer = Answer.of(load.ask(command));
            double busy = (server.ticks() - ticks) / (double) TICKS_PER_SECOND / answer.seconds;
            if (first.isEmpty()) first = Optional.of(answer);
            boolean quiet = server.compiledMillis() - compiled <= QUIET_MILLIS;
            if (quiet || round == MOST_ROUNDS) return new Paced(first.get(), answer, busy, round);
        }
    }

    /**
     * @param busy part of the processor's time
     * @param rounds before the JIT was quiet; {@link #MOST_ROUNDS}: it never was
     */
    private record Paced(Answer first, Answer quiet, double busy, int rounds) {}

    private void jobs() throws IOException, InterruptedException {
        for (int miners : new int[] {1000, 10_000})
            for (boolean pinned : new boolean[] {true, false}) jobs(miners, pinned);
    }

    private void jobs(int miners, boolean pinned) throws IOException, InterruptedException {
        try (var server = pinned ? Child.server() : Child.freeServer();
                var load = Child.load(server.port, (int) Math.max(10, miners * Math.min(1, scale)))) {
            load.ask("await"); // the first job of all
            var line = new StringBuilder();
            for (int i = 0; i < 12; i++) {
                load.tell("await");
                long at = Long.parseLong(server.ask("job").split(" ", -1)[1]);
                long last = Long.parseLong(load.answer().split(" ", -1)[1]);
                line.append(String.format(Locale.ROOT, " %.1f", (last - at) / 1e6));
            }
            out.printf(
                    "new job to the last of %,d miners, pool on %s, ms, one try after the other:%s%n",
                    miners, pinned ? "one processor" : "all processors", line);
        }
    }

    private void idle() throws IOException, InterruptedException {
        int miners = (int) Math.max(10, 10_000 * Math.min(1, scale));
        try (var server = Child.server()) {
            try (var warm = Child.load(server.port, 100)) {
                warm.ask("flood 2 " + 2 * scale);
            }
            server.ask("gc");
            long before = server.residentKilobytes();
            try (var _ = Child.load(server.port, miners)) {
                server.ask("gc");
                long after = server.residentKilobytes();
                out.printf(
                        Locale.ROOT,
                        "%,d idle miners: %,d kB before, %,d kB with them: %.1f kB each%n",
                        miners,
                        before,
                        after,
                        (after - before) / (double) miners);
            }
        }
    }

    private record Answer(long shares, long refused, double seconds, double p50, double p99) {
        static Answer of(String line) {
            var words = line.split(" ", -1);
            return new Answer(
                    Long.parseLong(words[1]),
                    Long.parseLong(words[3]),
                    Double.parseDouble(words[5]),
                    Double.parseDouble(words[7]),
                    Double.parseDouble(words[9]));
        }
    }

    /** A process that answers each line with a line. */
    private static final class Child implements AutoCloseable {
        private final Process process;
        private final BufferedReader in;
        private int port;

        /** @param processors as taskset lists them */
        private Child(String processors, List<String> options, String... program) throws IOException {
            var command = new ArrayList<>(List.of("taskset", "-c", processors));
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(options);
            command.addAll(List.of("-cp", System.getProperty("java.class.path")));
            command.addAll(List.of(program));
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            in = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        }

        static Child server() throws IOException {
            return server("0");
        }

        static Child freeServer() throws IOException {
            return server("0-" + (Runtime.getRuntime().availableProcessors() - 1));
        }

        private static Child server(String processors) throws IOException {
            // as ./athanor starts the pool
            var child = new Child(
                    processors,
                    List.of("-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-Xmx512m"),
                    PoolServer.class.getName());
            child.port = Integer.parseInt(child.answer().split(" ", -1)[1]);
            return child;
        }

        static Child load(int port, int miners) throws IOException {
            int processors = Runtime.getRuntime().availableProcessors();
            var child = new Child(
                    "" + (processors - 1),
                    List.of("-XX:+UseSerialGC", "-Xmx1g"),
                    PoolLoad.class.getName(),
                    "" + port,
                    "" + miners);
            var ready = child.answer();
            if (!ready.equals("ready")) throw new IOException("the load says " + ready);
            return child;
        }

        void tell(String line) throws IOException {
            var to = process.outputWriter(StandardCharsets.UTF_8);
            to.write(line + "\n");
            to.flush();
        }

        String answer() throws IOException {
            var line = in.readLine();
            if (line == null) throw new IOException("a process of the measurement ended");
            return line;
        }

        String ask(String line) throws IOException {
            tell(line);
            return answer();
        }

        /** Of processor time, all threads. */
        long ticks() {
            var stat = read("stat");
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
        }

        /** Of the JIT's work since the start, ms. */
        long compiledMillis() throws IOException {
            return Long.parseLong(ask("jit").split(" ", -1)[1]);
        }

        long residentKilobytes() {
            return read("status")
                    .lines()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElseThrow();
        }

        private String read(String file) {
            try {
                return Files.readString(Path.of("/proc", "" + process.pid(), file));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            process.outputWriter(StandardCharsets.UTF_8).close(); // the end of its input ends it
            try {
                process.waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                process.destroyForcibly();
            }
        }
    }
}
