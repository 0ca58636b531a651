package org.athanor.cli.heater;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.athanor.cli.Child;
import org.athanor.edge.Tick;
import org.athanor.edge.Ticker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** kill -9 of the heater's program with a tank; the tank outlives it, and its minutes pass when the program asks for them. */
@Execution(ExecutionMode.CONCURRENT)
class KilledTankTest {
    private static final Instant START = Instant.parse("2019-01-05T06:00:00Z");
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int KEPT_EVERY = 15;
    private static final String OVERDUE = "disinfection of the tank is overdue";

    private static final String FILE = """
        zone: UTC
        state: state
        tariff: {kind: flat, price: 0.3}
        circuits: [{id: flat, watts: 3600}]
        tanks:
          - id: tank
            litres: 150
            people: 1
            setpoint: 50
            maximum: 75
            disinfection: {celsius: 60, minutes: 10, everyDays: 7}
            thermometer: {kind: shelly, address: "127.0.0.1:PORT"}
            secondThermometer: {kind: shelly, address: "127.0.0.1:PORT"}
        heaters:
          - id: immersion
            room: tank
            kind: element
            watts: 2000
            circuit: flat
            plug: {kind: shelly, address: "127.0.0.1:PORT", ratingWatts: 3000}
        """;

    @TempDir
    private Path folder;

    /** The heater's program as a process of its own. Arguments: heater file, time at the start, port of the one who has the home. */
    public static final class Program {
        private Program() {}

        public static void main(String[] arguments) throws Exception {
            var start = Instant.parse(arguments[1]);
            try (var minutes = new Minutes(
                            start, new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[2])));
                    var home = HeaterHome.open(HeaterFile.read(Path.of(arguments[0])), minutes, minutes, _ -> {})) {
                home.house().run(cycle -> {
                    var now = cycle.getValue();
                    System.out.println(
                            "cycle " + now.cycle() + " " + now.planning().known() + " " + now.alarms());
                });
            }
        }
    }

    /** Each is asked of the home. */
    private record Minutes(Instant start, Socket home, AtomicLong passed)
            implements Ticker, InstantSource, AutoCloseable {
        Minutes(Instant start, Socket home) {
            this(start, home, new AtomicLong());
        }

        @Override
        public Tick next() {
            try {
                home.getOutputStream().write(1);
                if (home.getInputStream().read() < 0) throw new IOException("the home is gone");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return new Tick(start.plus(Duration.ofMinutes(passed.incrementAndGet())), passed.get() * 60_000_000_000L);
        }

        @Override
        public Instant instant() {
            return start.plus(Duration.ofMinutes(passed.get()));
        }

        @Override
        public void close() throws IOException {
            home.close();
        }
    }

    /** One program after the other, until the socket is closed. */
    private static void giveMinutes(ServerSocket asked, SimulatedHome home) {
        while (!asked.isClosed()) {
            try (var program = asked.accept()) {
                while (program.getInputStream().read() >= 0) {
                    home.advance(Duration.ofMinutes(1));
                    program.getOutputStream().write(1);
                }
            } catch (IOException e) {
                // it was killed, or the test is over
            }
        }
    }

    /** Of "cycle 20 draws watched for 3 h; …". */
    private static double hours(String line) {
        return Double.parseDouble(line.replaceAll(".*draws watched for (\\d+) h.*", "$1"));
    }

    private static int number(String line) {
        return Integer.parseInt(line.replaceAll("cycle (\\d+) .*", "$1"));
    }

    private static String cycle(Child program, int number) throws InterruptedException {
        return program.await("cycle " + number, PATIENCE, line -> line.startsWith("cycle " + number + " "));
    }

    @Test
    void whatWasLearnedAndWhenItWasDisinfectedSurvive() throws Exception {
        try (var ground = HomeOnPorts.open(folder.resolve("heater.yaml"), FILE, START, 1);
                var asked = new ServerSocket(0, 2, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> giveMinutes(asked, ground.world()));
            double known;
            try (var program = program(ground, asked, START)) {
                assertFalse(cycle(program, 1).contains(OVERDUE));
                known = hours(cycle(program, 60 + KEPT_EVERY));
                program.kill();
            }
            assertEquals(1, known, 1);
            assertTrue(ground.world().tanks().get("tank").hottest().value() < 60, "not disinfected yet");

            // the day that it has for its first one began before the kill
            var next = START.plus(Duration.ofHours(26));
            int disinfectedBy;
            try (var program = program(ground, asked, next)) {
                var first = cycle(program, 1);
                assertTrue(first.contains(OVERDUE), first);
                assertEquals(known, hours(first), 1, first);
                cycle(program, 10);
                var done = program.await("the end of it", PATIENCE, line -> !line.contains(OVERDUE));
                disinfectedBy = number(done);
                cycle(program, disinfectedBy + 12 + KEPT_EVERY);
                program.kill();
            }
            assertTrue(ground.world().tanks().get("tank").hottest().value() >= 60);

            // a clock that was lost would be overdue again
            try (var program = program(ground, asked, next.plus(Duration.ofDays(2)))) {
                for (int i = 1; i <= 3; i++) {
                    var line = cycle(program, i);
                    assertFalse(line.contains("disinf"), line);
                    assertTrue(hours(line) >= known, line);
                }
            }
            // and one that was kept is overdue after its week
            try (var program = program(ground, asked, next.plus(Duration.ofDays(8)))) {
                var line = cycle(program, 1);
                assertTrue(line.contains(OVERDUE), line);
            }
        }
    }

    private static Child program(HomeOnPorts ground, ServerSocket asked, Instant start) throws IOException {
        return Child.start(
                Program.class, ground.file().toString(), start.toString(), Integer.toString(asked.getLocalPort()));
    }
}
