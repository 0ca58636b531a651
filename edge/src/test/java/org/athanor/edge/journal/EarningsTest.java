package org.athanor.edge.journal;

import static org.athanor.edge.journal.ReconcilerTest.START;
import static org.athanor.edge.journal.ReconcilerTest.TARGET;
import static org.athanor.edge.journal.ReconcilerTest.line;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.athanor.units.Millisatoshis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EarningsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private Instant now = START;

    private Earnings earnings(Journal journal) {
        return new Earnings(journal, user -> Terms.OF_THE_POOL, () -> now, PATIENCE);
    }

    private static void shares(Earnings earnings, int first, int last) {
        for (int i = first; i <= last; i++) earnings.accepted("home.miner", "hash" + i, TARGET);
    }

    @Test
    void linesAreSettledInOrderAcrossARestart() {
        var first = line(1, 1, 3, BigInteger.ZERO);
        var second = line(2, 4, 6, first.credit().remainder());
        try (var journal = Journal.open(folder.resolve("edge"))) {
            var earnings = earnings(journal);
            shares(earnings, 1, 4);
            earnings.credited(first);
            earnings.credited(second);
            assertEquals(1, earnings.waitingLines());
            assertEquals(first.msat(), earnings.earned());
        }
        try (var journal = Journal.open(folder.resolve("edge"))) {
            var earnings = earnings(journal);
            assertEquals(first.msat(), earnings.earned());
            assertEquals(1, earnings.waitingLines());
            shares(earnings, 5, 6);
            assertEquals(0, earnings.waitingLines());
            assertEquals(first.msat().plus(second.msat()), earnings.earned());
            assertEquals(earnings.credited(), earnings.earned());
            assertEquals(0, earnings.disputedLines());
        }
    }

    @Test
    void aLineTakenTwiceCountsOnce() {
        try (var journal = Journal.open(folder.resolve("edge"))) {
            var earnings = earnings(journal);
            shares(earnings, 1, 3);
            var line = line(1, 1, 3, BigInteger.ZERO);
            earnings.credited(line);
            earnings.credited(line);
            assertEquals(line.msat(), earnings.earned());
        }
    }

    @Test
    void aLineIsCountedOnceThoughItsAlarmCouldNotBeWritten() throws SQLException {
        var file = folder.resolve("edge").toAbsolutePath();
        try (var journal = Journal.open(file);
                var connection = DriverManager.getConnection("jdbc:h2:file:" + file);
                var statement = connection.createStatement()) {
            var earnings = earnings(journal);
            shares(earnings, 1, 2);
            earnings.credited(line(1, 1, 3, BigInteger.ZERO));
            now = now.plus(PATIENCE);
            statement.execute("ALTER TABLE event RENAME TO elsewhere");
            assertThrows(JournalException.class, earnings::review);
            assertEquals(Millisatoshis.ZERO, earnings.earned());
            assertEquals(0, earnings.disputedLines());
            assertEquals(0, journal.mismatches().size());
            statement.execute("ALTER TABLE elsewhere RENAME TO event");
            earnings.review();
            assertEquals(0, earnings.waitingLines());
            assertEquals(1, earnings.disputedLines());
            assertEquals(journal.mismatches().getFirst().own(), earnings.earned());
            assertEquals(1, journal.events(9).size());
        }
    }

    @Test
    void aShareThatNeverCameIsDisputedOnceAndTheNextLineAgrees() {
        try (var journal = Journal.open(folder.resolve("edge"))) {
            var earnings = earnings(journal);
            shares(earnings, 1, 2);
            var first = line(1, 1, 3, BigInteger.ZERO);
            earnings.credited(first);
            now = now.plus(PATIENCE).minusMillis(1);
            earnings.review();
            assertEquals(1, earnings.waitingLines());
            now = now.plusMillis(1);
            earnings.review();
            assertEquals(0, earnings.waitingLines());
            var mismatch = journal.mismatches().getFirst();
            assertEquals("COUNT WORK", mismatch.differences());
            assertTrue(mismatch.own().compareTo(first.msat()) < 0);
            assertEquals(mismatch.own(), earnings.earned());

            shares(earnings, 4, 6);
            earnings.credited(line(2, 4, 6, first.credit().remainder()));
            assertEquals(1, earnings.disputedLines());
        }
        try (var journal = Journal.open(folder.resolve("edge"))) {
            assertEquals(1, earnings(journal).disputedLines());
            assertEquals(2, journal.creditLines().size());
        }
    }
}
