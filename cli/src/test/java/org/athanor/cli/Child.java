package org.athanor.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A JVM of its own with this test's class path, whose output is read line by line. */
public final class Child implements AutoCloseable {
    /** Commands that live by the best code; the others mostly start, and compile once. */
    private static final Set<String> HASHING = Set.of("demo", "mine", "plan");

    private static final String END = "\u0000end of output";

    private final Process process;
    private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final List<String> seen = new ArrayList<>();

    private Child(Process process) {
        this.process = process;
        Thread.ofVirtual().start(() -> {
            try (var reader =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                reader.lines().forEach(lines::add);
            } catch (IOException | UncheckedIOException e) { // as when it is killed
                lines.add("output lost: " + e);
            }
            lines.add(END);
        });
    }

    public static Child start(Class<?> main, String... arguments) throws IOException {
        return start(Map.of(), main, arguments);
    }

    /** @param environment added to this process's own */
    public static Child start(Map<String, String> environment, Class<?> main, String... arguments) throws IOException {
        return of(environment, command(main, arguments));
    }

    public static Child of(List<String> command) throws IOException {
        return of(Map.of(), command);
    }

    private static Child of(Map<String, String> environment, List<String> command) throws IOException {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return new Child(builder.start());
    }

    public static List<String> command(Class<?> main, String... arguments) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData"));
        if (arguments.length == 0 || !HASHING.contains(arguments[0])) command.add("-XX:TieredStopAtLevel=1");
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** The next line that fits; fails with all that was printed when it does not come in time. */
    public String await(String what, Duration bound, Predicate<String> fits) throws InterruptedException {
        long deadline = System.nanoTime() + bound.toNanos();
        while (true) {
            var line = lines.poll(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            if (line == null || line.equals(END))
                throw new AssertionError((line == null ? "no " + what + " within " + bound : "ended without " + what)
                        + "; it printed:\n" + String.join("\n", seen));
            seen.add(line);
            if (fits.test(line)) return line;
        }
    }

    /** What stands behind {@code prefix} in the next line that begins with it. */
    public String awaitPrefix(String prefix, Duration bound) throws InterruptedException {
        return await("\"" + prefix + "\"", bound, line -> line.startsWith(prefix))
                .substring(prefix.length());
    }

    /** Waits for the end and returns everything that was printed. */
    List<String> awaitEnd(Duration bound) throws InterruptedException {
        if (!process.waitFor(bound.toNanos(), TimeUnit.NANOSECONDS))
            throw new AssertionError("still running after " + bound + "; it printed:\n" + String.join("\n", seen));
        for (var line = lines.take(); !line.equals(END); line = lines.take()) seen.add(line);
        return seen;
    }

    int exitCode() {
        return process.exitValue();
    }

    /** As Ctrl-C does. */
    void interrupt() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    }

    /** kill -9. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    boolean alive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        kill();
    }
}
