package org.athanor.devices.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A real Mosquitto on a free port of this computer. It can be stopped and started again on the same port. */
public final class Mosquitto implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int MOST_PORTS = 5;

    private final Path folder;
    private final Path program;
    private final int port;
    private Optional<Process> process = Optional.empty();

    private Mosquitto(Path folder, Path program, int port) {
        this.folder = folder;
        this.program = program;
        this.port = port;
    }

    /** For everybody. Skips the test with a message where there is no Mosquitto. */
    public static Mosquitto open(Path folder) {
        return start(folder, List.of("allow_anonymous true"));
    }

    /** With password file and whatever else is configured. */
    public static Mosquitto start(Path folder, List<String> settings) {
        var program = find("mosquitto");
        Assumptions.assumeTrue(program.isPresent(), "skipped: Mosquitto is needed (Debian: apt-get install mosquitto)");
        for (int tries = 1; ; tries++) {
            var broker = configured(folder, program.get(), settings);
            if (broker.listens()) return broker; // another test may have been given the free port meanwhile
            if (tries == MOST_PORTS || !broker.portIsTaken()) throw broker.ended();
        }
    }

    private static Mosquitto configured(Path folder, Path program, List<String> settings) {
        var broker = new Mosquitto(folder, program, freePort());
        try {
            var lines = new ArrayList<String>();
            lines.add("listener " + broker.port + " 127.0.0.1");
            lines.add("persistence false");
            if (System.getProperty("user.name").equals("root"))
                lines.add("user root"); // it would become another user, who may not read here
            lines.addAll(settings);
            Files.write(folder.resolve("mosquitto.conf"), lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return broker;
    }

    /** For one user alone. */
    public static Mosquitto withUser(Path folder, String user, String password) {
        var tool = find("mosquitto_passwd");
        Assumptions.assumeTrue(
                tool.isPresent(), "skipped: mosquitto_passwd is needed (Debian: apt-get install mosquitto)");
        var file = folder.resolve("passwords");
        run(List.of(tool.get().toString(), "-b", "-c", file.toString(), user, password));
        return start(folder, List.of("allow_anonymous false", "password_file " + file));
    }

    private static void run(List<String> command) {
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) throw new IllegalStateException(command + ": " + said);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(command + ": interrupted", e);
        }
    }

    public static Optional<Path> find(String name) {
        var path = Optional.ofNullable(System.getenv("PATH")).orElse("") + ":/usr/sbin:/usr/local/sbin";
        return Stream.of(path.split(":"))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return port;
    }

    /** On the port that it had: another test may have been given that meanwhile, and is waited for. */
    public void start() {
        await("the port " + port, () -> {
            if (listens()) return true;
            if (!portIsTaken()) throw ended();
            return false;
        });
    }

    /** Whether it was started and did not end before it listened. */
    private boolean listens() {
        try {
            Files.deleteIfExists(folder.resolve("mosquitto.log"));
            process = Optional.of(new ProcessBuilder(
                            program.toString(),
                            "-c",
                            folder.resolve("mosquitto.conf").toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            folder.resolve("mosquitto.log").toFile()))
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        await("Mosquitto to listen", () -> !process.orElseThrow().isAlive() || answers());
        return process.orElseThrow().isAlive();
    }

    private boolean portIsTaken() {
        return log().contains("Address already in use");
    }

    private IllegalStateException ended() {
        return new IllegalStateException("Mosquitto ended: " + log());
    }

    private boolean answers() {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    public String log() {
        try {
            return Files.readString(folder.resolve("mosquitto.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void stop() {
        process.ifPresent(running -> {
            running.destroyForcibly();
            try {
                running.waitFor(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        process = Optional.empty();
    }

    /** Waits with plenty of room for a busy machine. */
    public static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) throw new AssertionError("waited in vain for " + what);
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting for " + what, e);
            }
        }
    }

    @Override
    public void close() {
        stop();
    }
}
