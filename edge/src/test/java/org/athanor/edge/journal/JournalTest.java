package org.athanor.edge.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import org.athanor.edge.journal.StepRow.HeaterRow;
import org.athanor.edge.journal.StepRow.Planned;
import org.athanor.edge.journal.StepRow.Totals;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;
import org.athanor.units.Millisatoshis;
import org.athanor.units.Watts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    private static final Instant START = Instant.parse("2026-01-15T06:00:00Z");
    private static final BigInteger TARGET = BigInteger.ONE.shiftLeft(240);

    @TempDir
    Path folder;

    private static StepRow row(int minute) {
        return new StepRow(
                START.plusSeconds(60L * minute),
                minute % 2 == 0 ? Optional.of(new Celsius(20.5)) : Optional.empty(),
                new Celsius(21),
                Optional.of(new Celsius(-12.25)),
                OptionalDouble.of(0.25),
                new Millisatoshis(minute * 10L),
                new Totals(new Joules(minute * 1000.0), minute * 0.01, minute * 0.1, 0, minute * 0.001),
                minute % 2 == 0 ? Optional.of(new Planned(new Watts(400.5), new Celsius(20.25))) : Optional.empty(),
                List.of(
                        new HeaterRow("boost", OptionalInt.empty(), OptionalDouble.empty(), OptionalDouble.empty()),
                        new HeaterRow("miner", OptionalInt.of(2), OptionalDouble.of(600.5), OptionalDouble.of(71))));
    }

    @Test
    void whatWasWrittenIsThereAfterReopening() {
        var event = new Event(START, Event.Kind.ALARM, "miner", "commanded Super, reads Night");
        try (var journal = Journal.open(folder.resolve("edge"))) {
            for (int i = 0; i < 5; i++) journal.step(row(i));
            journal.share("home.miner", START, "aa", TARGET);
            journal.share("home.computer", START, "bb", TARGET);
            journal.share("home.miner", START.plusSeconds(1), "cc", TARGET);
            journal.setting("setpoint.celsius", Optional.of("21.5"));
            journal.setting("gone", Optional.of("x"));
            journal.setting("gone", Optional.empty());
            journal.event(event);
        }
        try (var journal = Journal.open(folder.resolve("edge"))) {
            assertEquals(List.of(row(0), row(1), row(2), row(3), row(4)), journal.history(Instant.EPOCH, 1000));
            assertEquals(List.of(row(3), row(4)), journal.history(row(2).time(), 1000));
            assertEquals(row(4).totals(), journal.totals());
            assertEquals(
                    List.of("aa", "cc"),
                    journal.shares("home.miner", 0).stream()
                            .map(AcceptedShare::hash)
                            .toList());
            assertEquals(TARGET, journal.shares("home.miner", 0).getFirst().target());
            assertEquals(2, journal.shareCounts().get("home.miner"));
            assertEquals(Optional.of("21.5"), journal.setting("setpoint.celsius"));
            assertEquals(Optional.empty(), journal.setting("gone"));
            assertEquals(List.of(event), journal.events(10));
        }
    }

    @Test
    void aLongHistoryIsThinnedEvenly() {
        try (var journal = Journal.open(folder.resolve("edge"))) {
            for (int i = 0; i < 100; i++) journal.step(row(i));
            var thinned = journal.history(Instant.EPOCH, 10);
            assertEquals(10, thinned.size());
            assertEquals(2, thinned.getFirst().heaters().size());
        }
    }

    @Test
    void whatWasLearnedIsReplacedAndSurvivesReopening() {
        var bytes = new byte[60_000];
        for (int i = 0; i < bytes.length; i++) bytes[i] = (byte) (i * i);
        try (var journal = Journal.open(folder.resolve("edge"))) {
            assertTrue(journal.learned("room").isEmpty());
            assertTrue(journal.learnedAt("room").isEmpty());
            journal.learned("room", START, new byte[] {1, 2, 3});
            journal.learned("tank", START, new byte[0]);
            journal.learned("room", START.plusSeconds(60), bytes);
        }
        try (var journal = Journal.open(folder.resolve("edge"))) {
            assertArrayEquals(bytes, journal.learned("room").orElseThrow());
            assertEquals(Optional.of(START.plusSeconds(60)), journal.learnedAt("room"));
            assertEquals(0, journal.learned("tank").orElseThrow().length);
        }
    }

    /** Three months of a living room: 50 kB every quarter of an hour must not fill a disk. */
    @Test
    void whatIsLearnedTakesNoMoreRoomForBeingReplacedOften() throws IOException {
        var file = folder.resolve("edge");
        var random = new Random(1);
        var bytes = new byte[50_000];
        try (var journal = Journal.open(file)) {
            for (int i = 0; i < 1_000; i++) {
                random.nextBytes(bytes);
                journal.learned("room", START.plusSeconds(900L * i), bytes);
            }
        }
        long size = Files.size(folder.resolve("edge.mv.db"));
        assertTrue(size < 5_000_000, size + " bytes");
    }

    @Test
    void aJournalOfTheFirstVersionIsBroughtUpToDate() throws SQLException {
        var file = folder.resolve("edge");
        Journal.open(file).close();
        try (var connection = DriverManager.getConnection("jdbc:h2:file:" + file.toAbsolutePath());
                var statement = connection.createStatement()) {
            statement.execute("DELETE FROM schema_version WHERE version > 1");
            statement.execute("DROP TABLE learned");
            statement.execute("ALTER TABLE step DROP COLUMN planned_watts");
            statement.execute("ALTER TABLE step DROP COLUMN planned_room");
            statement.execute("ALTER TABLE step DROP COLUMN expected_pay");
            statement.execute(
                    "INSERT INTO step (at_millis, setpoint, earned_msat, electricity_joules, electricity_cost,"
                            + " kelvin_hours_below, kelvin_hours_above) VALUES (1000, 21, 0, 5, 0, 0, 0)");
            statement.execute("INSERT INTO setting VALUES ('safety.heat.room', '20.5 1000')");
        }
        try (var journal = Journal.open(file)) {
            var old = journal.history(Instant.EPOCH, 10).getFirst();
            assertEquals(new Celsius(21), old.setpoint());
            assertTrue(old.planned().isEmpty());
            assertEquals(Optional.of("20.5 1000"), journal.setting("safety.heat.room"));
            journal.learned("room", START, new byte[] {1});
            journal.step(row(2));
            assertEquals(row(2), journal.history(Instant.EPOCH, 10).getLast());
        }
    }

    @Test
    void aNewerSchemaIsLeftAlone() throws SQLException {
        var file = folder.resolve("edge");
        Journal.open(file).close();
        try (var connection = DriverManager.getConnection("jdbc:h2:file:" + file.toAbsolutePath());
                var statement = connection.createStatement()) {
            statement.execute("INSERT INTO schema_version VALUES (99)");
        }
        var e = assertThrows(JournalException.class, () -> Journal.open(file));
        assertTrue(e.getMessage().contains("a newer Athanor wrote it"), e.getMessage());
    }

    /** The child tells what was committed; it is killed while it writes, and all of that must be there. */
    @Test
    void killedWhileWritingLosesNothingThatWasCommitted() throws IOException, InterruptedException {
        var file = folder.resolve("edge");
        var child = writer(file);
        long told = 0;
        try (var lines = new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            while (told < 200) {
                var line = lines.readLine();
                if (line == null) throw new AssertionError("the writer ended at " + told);
                told = Long.parseLong(line);
            }
            var locked = assertThrows(JournalException.class, () -> Journal.open(file));
            assertTrue(locked.getMessage().contains("in use by another process"), locked.getMessage());
            assertFalse(locked.getMessage().contains("\n"));
            child.toHandle().destroyForcibly(); // the handle, as Process would close the stream too
            child.waitFor();
            for (var line = lines.readLine(); line != null; line = lines.readLine())
                if (line.matches("\\d+")) told = Math.max(told, Long.parseLong(line));
        }
        try (var journal = Journal.open(file)) {
            var shares = journal.shares("home.miner", 0);
            assertTrue(shares.size() >= told, shares.size() + " of " + told);
            for (int i = 0; i < told; i++)
                assertEquals(Integer.toString(i + 1), shares.get(i).hash());
            assertTrue(journal.history(Instant.EPOCH, 1_000_000).size() >= told);
            journal.share("home.miner", START, "after", TARGET);
        }
    }

    private static Process writer(Path file) throws IOException {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        JournalTest.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** The child of the test above: writes a step and a share, then says so, until it is killed. */
    @SuppressWarnings("SystemOut")
    public static void main(String[] args) {
        var journal = Journal.open(Path.of(args[0]));
        for (int i = 1; i < 1_000_000; i++) {
            journal.step(row(i));
            journal.share("home.miner", START, Integer.toString(i), TARGET);
            System.out.println(i);
            System.out.flush();
        }
    }
}
