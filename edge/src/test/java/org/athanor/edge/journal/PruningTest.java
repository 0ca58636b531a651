package org.athanor.edge.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.athanor.devices.testing.Mosquitto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("it measures how long the journal keeps others waiting")
class PruningTest {
    private static final Instant NOW = Instant.parse("2028-03-01T12:34:00Z");
    private static final int MINUTES = 15;

    @TempDir
    private Path folder;

    private Path file() {
        return folder.resolve("edge");
    }

    private static long sql(Path file, String query) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:h2:file:" + file.toAbsolutePath());
                var statement = connection.createStatement();
                var row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static void fill(Path file, int days) throws SQLException {
        fill(file, days, 0, 0);
    }

    /** Steps of two heaters until now, and an event a day, but for a time in which nobody heated, in days before now. */
    private static void fill(Path file, int days, int silentFrom, int silentUntil) throws SQLException {
        try (var journal = Journal.open(file)) {
            journal.setting("setpoint", Optional.of("21"));
        }
        try (var connection = DriverManager.getConnection("jdbc:h2:file:" + file.toAbsolutePath());
                var step = connection.prepareStatement("INSERT INTO step (at_millis, setpoint, earned_msat,"
                        + " electricity_joules, electricity_cost, kelvin_hours_below, kelvin_hours_above)"
                        + " VALUES (?, 21, ?, ?, 0, 0, 0)");
                var event = connection.prepareStatement(
                        "INSERT INTO event (at_millis, kind, subject, text) VALUES (?, 'NOTE', 'it', 'happened')");
                var heaters = connection.createStatement()) {
            connection.setAutoCommit(false);
            var first = NOW.minus(Duration.ofDays(days));
            int count = (int) (Duration.ofDays(days).toMinutes() / MINUTES);
            for (int i = 1; i <= count; i++) {
                var time = first.plus(Duration.ofMinutes((long) MINUTES * i));
                if (time.isAfter(NOW.minus(Duration.ofDays(silentFrom)))
                        && time.isBefore(NOW.minus(Duration.ofDays(silentUntil)))) continue;
                long at = time.toEpochMilli();
                step.setLong(1, at);
                step.setLong(2, i);
                step.setDouble(3, i);
                step.addBatch();
                if (i % (1440 / MINUTES) == 0) {
                    event.setLong(1, at);
                    event.addBatch();
                }
            }
            step.executeBatch();
            event.executeBatch();
            heaters.execute("INSERT INTO step_heater SELECT number, 'miner', 1, 600, 60 FROM step");
            heaters.execute("INSERT INTO step_heater SELECT number, 'panel', 0, 0, NULL FROM step");
            connection.commit();
        }
    }

    private static long millis(Duration before) {
        return NOW.minus(before).toEpochMilli();
    }

    @Test
    void stepsAreThinnedAfterNinetyDaysAndForgottenAfterTwoYearsAndEarningsStay() throws SQLException {
        fill(file(), 800, 700, 130);
        long young = sql(file(), "SELECT COUNT(*) FROM step WHERE at_millis >= " + millis(Pruning.THINNED_AFTER));
        int pieces = 0;
        long longest = 0;
        try (var journal = Journal.open(file())) {
            journal.share("home.miner", NOW.minus(Duration.ofDays(799)), "aa", BigInteger.TEN);
            var totals = journal.totals();
            boolean more = true;
            while (more) {
                long began = System.nanoTime();
                more = journal.prune(NOW);
                longest = Math.max(longest, System.nanoTime() - began);
                pieces++;
            }
            assertEquals(totals, journal.totals());
            assertEquals(1, journal.shares("home.miner", 0).size());
            var history = journal.history(NOW.minus(Duration.ofDays(700)), 500);
            assertTrue(history.size() > 400 && history.size() <= 501, history.size() + " rows");
            assertEquals(2, history.getFirst().heaters().size());
        }
        System.out.println(pieces + " pieces, the longest " + longest / 1_000_000 + " ms");
        assertTrue(pieces > 70 + 40, pieces + " pieces");
        assertEquals(0, sql(file(), "SELECT COUNT(*) FROM step WHERE at_millis < " + millis(Pruning.FORGOTTEN_AFTER)));
        assertEquals(0, sql(file(), "SELECT COUNT(*) FROM event WHERE at_millis < " + millis(Pruning.FORGOTTEN_AFTER)));
        assertEquals(
                31 + 131,
                sql(file(), "SELECT COUNT(*) FROM event WHERE at_millis >= " + millis(Pruning.FORGOTTEN_AFTER)));
        consistent();
        assertNear(
                (30 + 40) * 24,
                sql(file(), "SELECT COUNT(*) FROM step WHERE at_millis < " + millis(Pruning.THINNED_AFTER)),
                13);
        assertEquals(
                young, sql(file(), "SELECT COUNT(*) FROM step WHERE at_millis >= " + millis(Pruning.THINNED_AFTER)));
    }

    private static void assertNear(long expected, long found, int tolerance) {
        assertTrue(Math.abs(expected - found) <= tolerance, found + " instead of " + expected);
    }

    /** No heater's row without its step, no step without its two, and the last of each old hour is there. */
    private void consistent() throws SQLException {
        assertEquals(2 * sql(file(), "SELECT COUNT(*) FROM step"), sql(file(), "SELECT COUNT(*) FROM step_heater"));
        assertEquals(
                0,
                sql(
                        file(),
                        "SELECT COUNT(*) FROM step_heater h WHERE NOT EXISTS (SELECT 1 FROM step s WHERE s.number = h.step)"));
        assertEquals(
                0,
                sql(
                        file(),
                        "SELECT COUNT(*) FROM step s WHERE at_millis < " + millis(Pruning.THINNED_AFTER.plusHours(1))
                                + " AND MOD(at_millis, 3600000) = 2700000 AND NOT EXISTS (SELECT 1 FROM step_heater h"
                                + " WHERE h.step = s.number)"));
    }

    @Test
    void aClockThatIsWrongCostsNothing() throws SQLException {
        fill(file(), 100);
        try (var journal = Journal.open(file())) {
            assertFalse(journal.prune(NOW.plus(Duration.ofDays(900))));
            assertTrue(journal.prune(NOW));
        }
    }

    @Test
    void itGoesOnBesideTheWritersUntilItIsClosed() throws SQLException {
        fill(file(), 93);
        var notes = new CopyOnWriteArrayList<String>();
        try (var journal = Journal.open(file());
                var _ = Pruning.start(journal, InstantSource.fixed(NOW), notes::add)) {
            int before = journal.history(Instant.EPOCH, 1_000_000).size();
            Mosquitto.await(
                    "a piece", () -> journal.history(Instant.EPOCH, 1_000_000).size() < before - 50);
        }
        assertEquals(List.of(), notes);
        consistent();
    }

    /** Prunes what the test left for it, telling each piece; killed while it does. */
    public static final class Pruner {
        private Pruner() {}

        public static void main(String[] arguments) {
            try (var journal = Journal.open(Path.of(arguments[0]))) {
                while (journal.prune(NOW)) System.out.println("piece");
            }
        }
    }

    @Test
    void aKillInTheMiddleLosesNothing() throws IOException, InterruptedException, SQLException {
        fill(file(), 160);
        long all = sql(file(), "SELECT COUNT(*) FROM step");
        var child = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Pruner.class.getName(),
                        file().toString())
                .redirectErrorStream(true)
                .start();
        try (var lines = new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            for (int i = 0; i < 20; i++) assertEquals("piece", lines.readLine());
        } finally {
            child.destroyForcibly();
            child.waitFor();
        }
        consistent();
        long left = sql(file(), "SELECT COUNT(*) FROM step");
        assertTrue(left < all && left > all / 4, left + " of " + all + " steps are left");
        try (var journal = Journal.open(file())) {
            assertEquals("21", journal.setting("setpoint").orElseThrow());
            boolean more = true;
            while (more) more = journal.prune(NOW);
        }
        consistent();
        assertNear(
                70 * 24,
                sql(file(), "SELECT COUNT(*) FROM step WHERE at_millis < " + millis(Pruning.THINNED_AFTER)),
                13);
    }
}
