package org.athanor.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.athanor.ledger.CreditLine;
import org.athanor.ledger.MiningScenario;
import org.athanor.ledger.Weight;
import org.athanor.ledger.Weighting;
import org.athanor.stratum.ShareVerdict;
import org.athanor.units.Work;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShareLogTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final BigInteger EASY = BigInteger.ONE.shiftLeft(255);
    private static final BigInteger NETWORK = BigInteger.ONE.shiftLeft(250);

    @TempDir
    Path folder;

    private Path file;
    private final List<CreditLine> live = new ArrayList<>();

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve(ShareLog.FILE_NAME);
    }

    private static LogRecord.Header header(String scenario) {
        return new LogRecord.Header(START, NETWORK, MiningScenario.JULY_2025.rate(), scenario);
    }

    private static void share(ShareLog log, String user, long number) {
        var hash = String.format("%064x", number);
        var sequence = log.accounts().account(user).accepted + 1;
        log.append(
                new LogRecord.Share(user, sequence, hash, EASY, Work.ofTarget(EASY), false, START.plusMillis(number)));
    }

    private void settle(ShareLog log, int second, long weight) {
        var interval = log.accounts()
                .close(START.plusSeconds(second), user -> new Weighting(Weight.of(weight, 7), "a test, " + weight));
        log.append(interval);
        live.addAll(interval.lines());
    }

    /** Two intervals and an open one, with a record of each kind. */
    private void write() {
        try (var log = ShareLog.open(folder)) {
            log.append(header("first \\ scénario\n"));
            for (var i = 1; i <= 5; i++) share(log, i % 2 == 0 ? "home.computer" : "home.heater\tÜ", i);
            log.append(new LogRecord.Reject("home.computer", ShareVerdict.Reason.DUPLICATE));
            settle(log, 2, 1L << 60);
            log.append(new LogRecord.Network(NETWORK.shiftRight(1)));
            share(log, "home.computer", 6);
            log.append(new LogRecord.Block(1, String.format("%064x", 6)));
            log.append(new LogRecord.Refused(String.format("%064x", 7), "bad-txnmrklroot"));
            settle(log, 4, 1L << 61);
            share(log, "home.computer", 8);
            share(log, "", 9);
        }
    }

    @Test
    void everyRecordComesBack() {
        write();
        List<CreditLine> again = new ArrayList<>();
        var replay = ShareLog.replay(folder, again::add);
        assertEquals(List.of(), replay.differences());
        assertTrue(replay.agrees());
        assertEquals(Optional.empty(), replay.torn());
        assertEquals(live, again);
        assertEquals(15, replay.records());
        assertEquals(2, replay.intervals());
        assertEquals(2, replay.unsettled());
        assertEquals(8, replay.total().accepted());
        assertEquals(Map.of(ShareVerdict.Reason.DUPLICATE, 1L), replay.total().rejected());
        assertEquals(
                live.stream().mapToLong(line -> line.msat().value()).sum(),
                replay.total().credited().value());
        assertTrue(replay.total().credited().value() > 0);
        assertEquals(
                List.of("home.heater\tÜ", "home.computer", ""),
                replay.users().stream().map(UserStatus::user).toList());
    }

    @Test
    void reopeningGoesOnWhereTheLogEnds() {
        write();
        try (var log = ShareLog.open(folder)) {
            log.append(header("second"));
            assertEquals(START.plusSeconds(4), log.accounts().openSince());
            settle(log, 6, 3);
        }
        var third =
                live.stream().filter(line -> line.interval() == 3).collect(Collectors.toMap(CreditLine::user, l -> l));
        assertEquals(START.plusSeconds(4), third.get("home.computer").start());
        assertEquals(1, third.get("home.computer").shares());
        var before = live.stream()
                .filter(line -> line.interval() == 2 && line.user().equals("home.computer"))
                .findFirst()
                .orElseThrow();
        assertEquals(before.credit().remainder(), third.get("home.computer").carriedIn());
        assertTrue(before.credit().remainder().signum() > 0);
        assertTrue(ShareLog.replay(file).agrees());
    }

    @Test
    void aLogCutAnywhereReplaysAsItsWholeLines() throws IOException {
        write();
        var whole = Files.readAllBytes(file);
        var lines = 0;
        var cutFile = folder.resolve("cut");
        for (var length = 0; length <= whole.length; length++) {
            if (length > 0 && whole[length - 1] == '\n') lines++;
            Files.write(cutFile, Arrays.copyOf(whole, length));
            var replay = ShareLog.replay(cutFile);
            assertEquals(lines, replay.records(), "cut at " + length);
            assertEquals(length > 0 && whole[length - 1] != '\n', replay.torn().isPresent(), "cut at " + length);
            assertTrue(replay.agrees());
        }
    }

    @Test
    void anUnfinishedLineIsCutOffAndReportedAndTheLogGoesOn() throws IOException {
        write();
        var whole = Files.readAllBytes(file);
        for (var cut : new int[] {1, 2, 40, 100}) {
            Files.write(file, Arrays.copyOf(whole, whole.length - cut));
            try (var log = ShareLog.open(folder)) {
                assertTrue(
                        log.torn().orElseThrow().startsWith("line 15 "),
                        log.torn().toString());
                share(log, "", 9);
            }
            var replay = ShareLog.replay(folder);
            assertEquals(Optional.empty(), replay.torn());
            assertEquals(2, replay.unsettled());
            assertTrue(replay.agrees());
        }
    }

    @Test
    void aLogTornInItsFirstLineStartsAnew() throws IOException {
        Files.writeString(file, "12345678 head");
        try (var log = ShareLog.open(folder)) {
            log.append(header("again"));
        }
        assertEquals(1, ShareLog.replay(folder).records());
    }

    @Test
    void damageBeforeTheEndIsAnErrorThatNamesFileAndLine() throws IOException {
        write();
        var whole = Files.readAllBytes(file);
        var third = indexOfLine(whole, 3);
        whole[third + 20] ^= 1;
        Files.write(file, whole);
        for (var error : List.of(
                assertThrows(ShareLogException.class, () -> ShareLog.replay(folder)),
                assertThrows(ShareLogException.class, () -> ShareLog.open(folder))))
            assertEquals("share log " + file + ": line 3: damaged: its checksum does not fit", error.getMessage());
        assertEquals(whole.length, Files.size(file), "nothing was cut off");
    }

    @Test
    void anotherKindOfFileIsLeftAlone() throws IOException {
        Files.writeString(file, "my diary\n");
        assertThrows(ShareLogException.class, () -> ShareLog.open(folder));
        assertEquals("my diary\n", Files.readString(file));
    }

    @Test
    void aLineOfAnotherVersionIsAnError() throws IOException {
        write();
        Files.write(file, line("header\t3\tnews"), java.nio.file.StandardOpenOption.APPEND);
        var error = assertThrows(ShareLogException.class, () -> ShareLog.replay(folder));
        assertTrue(error.getMessage()
                .endsWith("line 16: not understood: format 3: this program reads formats 1 to 2 and writes format 2"));
    }

    @Test
    void whatTheSharesDoNotGiveIsReported() throws IOException {
        write();
        var text = Files.readString(file, StandardCharsets.US_ASCII);
        assertDifference(edited(text, 3, "\t1\t", "\t2\t"), "line 3: share 2 of");
        assertDifference(edited(text, 8, "\ta test", "\tb test"), null); // a basis is a statement, not a sum
        assertDifference(
                edited(text, 8, live.getFirst().weighting().weight().toString(), "1/1"), "line 8: interval 1 has");
        assertDifference(
                edited(text, 8, "\t" + live.getFirst().msat().value() + "\t", "\t1\t"), "line 8: interval 1 has");
        // one share less: its user's sequence jumps, and its interval no longer adds up
        var missing = text.lines().collect(Collectors.toCollection(ArrayList::new));
        missing.remove(3);
        assertDifference(String.join("\n", missing) + "\n", "line 5: share 3 of");
    }

    private void assertDifference(String text, String begin) throws IOException {
        Files.writeString(file, text);
        var replay = ShareLog.replay(folder);
        if (begin == null) {
            assertTrue(replay.agrees(), replay.differences().toString());
        } else {
            assertFalse(replay.agrees());
            assertTrue(
                    replay.differences().getFirst().startsWith(begin),
                    replay.differences().toString());
            assertThrows(ShareLogException.class, () -> ShareLog.open(folder));
        }
    }

    @Test
    void aLogHasOneWriter() {
        try (var log = ShareLog.open(folder)) {
            log.append(header("first"));
            var error = assertThrows(ShareLogException.class, () -> ShareLog.open(folder));
            assertTrue(error.getMessage().endsWith("is in use by a pool of this program"), error.getMessage());
        }
    }

    @Test
    void whatIsAppendedCanBeReadAtOnce() {
        try (var log = ShareLog.open(folder)) {
            log.append(header("first"));
            share(log, "a", 1);
            assertEquals(2, ShareLog.replay(folder).records());
        }
    }

    @Test
    void aClosedLogTakesNothing() {
        var log = ShareLog.open(folder);
        log.append(header("first"));
        log.close();
        assertThrows(ShareLogException.class, () -> share(log, "a", 1));
        assertEquals(0, log.accounts().account("a").accepted);
    }

    @Test
    void aUserWithSharesNeedsAWeight() {
        try (var log = ShareLog.open(folder)) {
            log.append(header("first"));
            share(log, "a", 1);
            var error = assertThrows(
                    IllegalArgumentException.class, () -> log.accounts().close(START.plusSeconds(1), user -> null));
            assertEquals("user \"a\" has 1 shares in interval 1 and was given no weight", error.getMessage());
        }
    }

    @Test
    void aClockSetBackEndsAnIntervalWhereItStarted() {
        try (var log = ShareLog.open(folder)) {
            log.append(header("first"));
            share(log, "a", 1);
            var interval = log.accounts().close(START.minusSeconds(1), user -> Weighting.REAL);
            assertEquals(START, interval.end());
        }
    }

    private static int indexOfLine(byte[] bytes, int line) {
        var at = 0;
        for (var i = 1; i < line; i++) {
            while (bytes[at] != '\n') at++;
            at++;
        }
        return at;
    }

    private static byte[] line(String payload) {
        var line = new LogLine()
                .start("")
                .raw(payload.getBytes(StandardCharsets.US_ASCII))
                .seal();
        return Arrays.copyOf(line.bytes(), line.length());
    }

    /** The log with a first occurrence replaced in one line, and a checksum that fits. */
    private static String edited(String text, int number, String what, String by) {
        var lines = text.lines().collect(Collectors.toCollection(ArrayList::new));
        var payload = lines.get(number - 1).substring(LogLine.CHECK);
        assertTrue(payload.contains(what), payload);
        var at = payload.indexOf(what);
        payload = payload.substring(0, at) + by + payload.substring(at + what.length());
        lines.set(number - 1, new String(line(payload), StandardCharsets.US_ASCII).strip());
        return String.join("\n", lines) + "\n";
    }
}
