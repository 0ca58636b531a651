package org.athanor.devices.gpu;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.athanor.devices.DeviceException;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.gpu.child.NvmlMain;

/**
 * The child process in which NVIDIA's library runs. It is started when it is needed, and again when it has died; one that does
 * not answer in time is killed.
 */
final class GpuChild implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(30);
    private static final int MOST_LINES = 16;

    private final String id;
    private final String library;
    private final Duration timeout;
    private Process process;
    private BlockingQueue<String> lines;
    private long number;
    private boolean closed;

    GpuChild(String id, String library, Duration timeout) {
        this.id = id;
        this.library = library;
        this.timeout = timeout;
    }

    /**
     * @param command such as read 0
     * @return the values of its answer by their keys
     * @throws DeviceException if the child dies or does not answer in time, or the library fails or refuses
     */
    synchronized Map<String, String> ask(String command) {
        if (closed) throw failure(Kind.UNREACHABLE, command, "it is closed", null);
        if (process == null || !process.isAlive()) start(command);
        var tag = ++number + " ";
        try {
            var out = process.outputWriter(StandardCharsets.UTF_8);
            out.write(tag + command + "\n");
            out.flush();
        } catch (IOException e) {
            throw died(command, e);
        }
        long end = System.nanoTime() + timeout.toNanos();
        while (true) {
            var line = next(command, end - System.nanoTime());
            if (line.startsWith(tag)) return values(command, line.substring(tag.length()));
        }
    }

    private void start(String command) {
        var builder = new ProcessBuilder(launch());
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        try {
            process = builder.start();
        } catch (IOException e) {
            throw failure(Kind.UNREACHABLE, command, "its child process cannot be started: " + e.getMessage(), e);
        }
        var queue = new ArrayBlockingQueue<String>(MOST_LINES);
        lines = queue;
        var out = process.getInputStream();
        Thread.ofVirtual().name("gpu-" + id).start(() -> {
            try (var reader = new BufferedReader(new InputStreamReader(out, StandardCharsets.UTF_8))) {
                for (var line = reader.readLine(); line != null; line = reader.readLine())
                    if (!queue.offer(line)) break; // nobody asked for so much
            } catch (IOException e) {
                // the child is gone: whoever waits for its answer sees that it is not alive
            }
        });
        var first = next(command, START.toNanos());
        if (!first.equals("ready")) {
            kill();
            throw failure(
                    Kind.UNREACHABLE,
                    command,
                    first.startsWith("absent ")
                            ? first.substring("absent ".length())
                            : "its child process says " + first,
                    null);
        }
    }

    /** The same Java, and of the class path the one place where the child's classes are: it needs no more. */
    private List<String> launch() {
        var words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx32m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1"));
        var place = NvmlMain.class.getProtectionDomain().getCodeSource().getLocation();
        if (place.getProtocol().equals("file")) {
            words.add("--enable-native-access=ALL-UNNAMED");
            words.add("-cp");
            try {
                words.add(Path.of(place.toURI()).toString());
            } catch (URISyntaxException e) {
                throw new IllegalStateException("no place of classes: " + place, e);
            }
            words.add(NvmlMain.class.getName());
        } else {
            // in a runtime image the module is part of it
            var module = NvmlMain.class.getModule().getName();
            words.addAll(List.of("--enable-native-access=" + module, "-m", module + "/" + NvmlMain.class.getName()));
        }
        words.add(library);
        return words;
    }

    private String next(String command, long nanos) {
        long end = System.nanoTime() + nanos;
        try {
            while (true) {
                var line = lines.poll(20, TimeUnit.MILLISECONDS);
                if (line != null) return line;
                if (!process.isAlive()) {
                    var last = lines.poll(200, TimeUnit.MILLISECONDS); // its reader may be behind
                    if (last != null) return last;
                    throw died(command, null);
                }
                if (System.nanoTime() >= end) {
                    kill();
                    throw failure(
                            Kind.UNREACHABLE, command, "no answer of its child process in time: it was killed", null);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure(Kind.UNREACHABLE, command, "interrupted", e);
        }
    }

    private Map<String, String> values(String command, String answer) {
        int space = answer.indexOf(' ');
        var verdict = space < 0 ? answer : answer.substring(0, space);
        var rest = space < 0 ? "" : answer.substring(space + 1);
        return switch (verdict) {
            case "ok" -> {
                var values = new HashMap<String, String>();
                for (var pair : rest.split(" ", -1)) {
                    int equals = pair.indexOf('=');
                    if (equals > 0) values.put(pair.substring(0, equals), pair.substring(equals + 1));
                }
                yield values;
            }
            case "refused" -> throw failure(Kind.REFUSED, command, rest, null);
            case "failed" -> throw failure(Kind.UNREACHABLE, command, rest, null);
            default -> throw failure(Kind.GARBLED, command, "its child process says \"" + answer + "\"", null);
        };
    }

    private DeviceException died(String command, Throwable cause) {
        var how = process.isAlive() ? "" : " (exit value " + process.exitValue() + ")";
        kill();
        return failure(Kind.UNREACHABLE, command, "its child process died" + how, cause);
    }

    DeviceException failure(Kind kind, String command, String what, Throwable cause) {
        return new DeviceException(kind, "\"" + command + "\" on " + id + " through NVML: " + what, cause);
    }

    private void kill() {
        process.destroyForcibly();
    }

    /** Of the child that runs now; 0 when none does. */
    synchronized long pid() {
        return process == null || !process.isAlive() ? 0 : process.pid();
    }

    /** Ends its input, on which it gives the power limits back; kills it if it does not end then. */
    @Override
    public synchronized void close() {
        closed = true;
        if (process == null || !process.isAlive()) return;
        try {
            process.getOutputStream().close();
            if (!process.waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS)) kill();
        } catch (IOException e) {
            kill(); // it died between the two: there is nothing left to end
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
        }
    }
}
