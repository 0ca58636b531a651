package org.athanor.cli.heater;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.function.Supplier;
import org.athanor.devices.Computation;

/**
 * A heater file with the home that it describes, simulated on ports of its own; its time also goes on while its heaters are
 * being stopped, as in a real one.
 *
 * @param file with the ports at which the home listens
 */
record HomeOnPorts(Path file, SimulatedHome world) implements AutoCloseable {
    /** Stands in a file for any free port. */
    static final String PORT = "PORT";

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final long MILLIS_PER_MINUTE = 10;

    /** @param text of the heater file; each {@link #PORT} in it becomes a port of its own */
    static HomeOnPorts open(Path file, String text, Instant start, long seed) throws IOException {
        while (true) {
            Files.writeString(file, withFreePorts(text));
            try {
                return new HomeOnPorts(file, SimulatedHome.open(file, start, seed, IDLE));
            } catch (UncheckedIOException e) {
                // a port that was free a moment ago may be somebody else's by now: others are taken
                if (!(e.getCause() instanceof BindException)) throw e;
            }
        }
    }

    /** {@code text} with a free port for each {@link #PORT} in it, no two alike: all are held until the last is found. */
    static String withFreePorts(String text) throws IOException {
        var held = new ArrayList<ServerSocket>();
        try {
            var filled = text;
            while (filled.contains(PORT)) {
                var port = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                held.add(port);
                filled = filled.replaceFirst(PORT, Integer.toString(port.getLocalPort()));
            }
            return filled;
        } finally {
            for (var port : held) port.close();
        }
    }

    HomeSetup setup() throws IOException {
        return HeaterFile.read(file);
    }

    /** Runs {@code stop} while the home's time goes on: devices that run down in minutes would never be off else. */
    <T> T whileTimeGoesOn(Supplier<T> stop) throws InterruptedException {
        var time = Thread.ofPlatform().name("time of the home").start(() -> {
            try {
                while (true) {
                    world.advance(MINUTE);
                    Thread.sleep(MILLIS_PER_MINUTE);
                }
            } catch (InterruptedException e) {
                // it is stopped
            }
        });
        try {
            return stop.get();
        } finally {
            time.interrupt();
            time.join();
        }
    }

    /** Its graceful stop, in which its heaters run down. */
    void stop(HeaterHome home) throws InterruptedException {
        whileTimeGoesOn(() -> {
            home.close();
            return home;
        });
    }

    @Override
    public void close() {
        world.close();
    }

    private static final Computation IDLE = new Computation() {
        @Override
        public void setThreads(int threads) {} // computes nothing

        @Override
        public Counters counters() {
            return Counters.NONE;
        }

        @Override
        public void close() {} // holds nothing
    };
}
