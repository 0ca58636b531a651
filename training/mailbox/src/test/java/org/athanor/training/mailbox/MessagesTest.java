package org.athanor.training.mailbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessagesTest {
    private static final String HASH = "0".repeat(64);

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        {"hash": "../../x", "steps": 1, "losses": [1], "cpuSeconds": 1} | hash must be a SHA-256
        {"steps": 1, "losses": [1], "cpuSeconds": 1}                    | hash must be a SHA-256
        {"hash": "HASH", "steps": 1, "losses": ["NaN"], "cpuSeconds": 1} | losses must be finite
        {"hash": "HASH", "steps": 2, "losses": [1, 1e308], "cpuSeconds": 1} | from -1 to 1e39 nats a token, but that of step 1 is 1.0E308
        {"hash": "HASH", "steps": 1, "losses": [-1e30], "cpuSeconds": 1} | but that of step 0 is -1.0E30
        {"hash": "HASH", "steps": 1, "losses": [1], "cpuSeconds": -1}    | cpuSeconds must be 0 or more
        {"hash": "HASH", "steps": 1, "losses": [1], "cpuSeconds": 1e300} | cpuSeconds must be 0 or more, at most 1e11, but are 1.0E300
        {"hash": "HASH", "steps": 1, "losses": [1], "cpuSeconds": 1, "joules": 1e300} | at most 1e12, or null, but are 1.0E300
        {"hash": "HASH", "steps": "many", "losses": [], "cpuSeconds": 1} | is no Update
        {"hash": "HASH", "steps": 1, "losses": [1], "cpuSeconds": 1, "residual": {"before": null, "after": "x"}} | residual.after must be a SHA-256
        null                                                           | is no Update: null
        [1, 2                                                          | is no Update
        """)
    void anUpdateThatMakesNoSenseIsRefused(String text, String reason) {
        var bytes = text.replace("HASH", HASH).getBytes(StandardCharsets.UTF_8);
        var refused = assertThrows(MailboxException.class, () -> Messages.read(bytes, Messages.Update.class));
        assertEquals(MailboxException.Kind.GARBLED, refused.kind());
        assertTrue(refused.getMessage().contains(reason), refused.getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        {}                                        | doing must be one of
        {"doing": "TRAINING", "loss": 1e308}      | loss must be from -1 to 1e39 nats a token, but is 1.0E308
        {"doing": "TRAINING", "watts": 1e300}     | watts must be from 0 to 2e5, or null, but are 1.0E300
        {"doing": "TRAINING", "watts": -1}        | watts must be from 0 to 2e5
        {"doing": "TRAINING", "watts": "NaN"}     | watts must be from 0 to 2e5
        """)
    void aBeatThatMakesNoSenseIsRefused(String text, String reason) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        var refused = assertThrows(MailboxException.class, () -> Messages.read(bytes, Messages.Beat.class));
        assertTrue(refused.getMessage().contains(reason), refused.getMessage());
    }

    private static void refused(String text, Class<?> type, String reason) {
        var bytes = text.replace("HASH", HASH).getBytes(StandardCharsets.UTF_8);
        var refused = assertThrows(MailboxException.class, () -> Messages.read(bytes, type), text);
        assertEquals(MailboxException.Kind.GARBLED, refused.kind());
        assertTrue(refused.getMessage().contains(reason), refused.getMessage());
        assertEquals(1, refused.getMessage().lines().count(), refused.getMessage());
    }

    private static final String SNAPSHOT = "{'round': 3, 'hash': 'HASH', 'bytes': 10, 'codec': 'float32'}";

    private static String change(int round) {
        return SNAPSHOT.replace(": 3", ": " + round);
    }

    private static String state(String round, String phase, String snapshot, String... changes) {
        return "{'round': %s, 'phase': %s, 'snapshot': %s, 'changes': [%s], 'reason': null}"
                .formatted(round, phase, snapshot, String.join(", ", changes))
                .replace('\'', '"');
    }

    @Test
    void aStateThatMakesNoSenseIsRefused() throws MailboxException {
        for (var good : List.of(
                state("3", "'RUNNING'", SNAPSHOT),
                state("3", "'DONE'", SNAPSHOT, change(2)),
                state("5", "'RUNNING'", SNAPSHOT, change(2), change(3), change(4)))) {
            var bytes = good.replace("HASH", HASH).getBytes(StandardCharsets.UTF_8);
            assertEquals(
                    3, Messages.read(bytes, Messages.State.class).snapshot().round());
        }
        var type = Messages.State.class;
        refused(state("3", "null", SNAPSHOT), type, "phase must be one of [RUNNING");
        refused(state("3", "'RUNNING'", SNAPSHOT.replace("'float32'", "null")), type, "codec must be the name of one");
        refused(state("3", "'RUNNING'", SNAPSHOT.replace("float32", "zip")), type, "zip");
        refused(state("3", "'RUNNING'", SNAPSHOT.replace("'HASH'", "null")), type, "hash must be a SHA-256");
        refused(
                state("3", "'RUNNING'", SNAPSHOT.replace("HASH", "a b\\n%zz")),
                type,
                "hash must be a SHA-256 in hexadecimal, but is a b %zz");
        refused(state("3", "'RUNNING'", SNAPSHOT.replace("10", "-1")), type, "bytes must be 0 or more, but is -1");
        refused(state("-1", "'RUNNING'", change(-1)), type, "round must be 0 or more, but is -1");
        refused(state("-1", "'RUNNING'", "null"), type, "round must be 0 or more, but is -1");
        refused(state("4", "'RUNNING'", "null", change(2)), type, "round must be 3, to which");
        refused(
                state("1000000000000000", "'RUNNING'", SNAPSHOT),
                type,
                "round must be 3, to which snapshot and changes lead, but is 1000000000000000");
        refused(state("5", "'RUNNING'", SNAPSHOT, change(4)), type, "must go back to round 3, but begin with round 4");
        refused(
                state("5", "'RUNNING'", SNAPSHOT, change(2), change(4)),
                type,
                "changes must be one of every round, but after round 2 comes 4");
        refused(state("3", "'RUNNING'", SNAPSHOT, "null"), type, "is no State");
    }

    @Test
    void whoHasWhatWasPublishedHearsOnlyOfWhatIsNew() throws MailboxException {
        var told = state("5", "'RUNNING'", SNAPSHOT, change(2), change(3), change(4));
        var state = Messages.read(told.replace("HASH", HASH).getBytes(StandardCharsets.UTF_8), Messages.State.class);
        for (var synced = 2; synced <= 5; synced++) {
            var news = state.since(synced);
            assertNull(news.snapshot());
            assertEquals(state.changes().subList(synced - 2, 3), news.changes());
            assertEquals(news, Messages.read(Messages.bytes(news), Messages.State.class));
            assertEquals(news, news.since(synced));
        }
        for (var never : new long[] {Long.MIN_VALUE, -1, 1, 6, Long.MAX_VALUE}) {
            assertSame(state, state.since(never));
        }
    }

    @Test
    void whereAnObjectBelongsIsAnAddressWithHeaders() {
        var place =
                "{\"here\": false, \"pieces\": [{\"from\": 0, \"bytes\": 1, \"url\": %s, \"headers\": {\"%s\": \"%s\"}}]}";
        var type = Messages.Place.class;
        refused(place.formatted("null", "x-amz-date", "1"), type, "url must be the address of a store");
        for (var restricted : List.of("Connection", "expect", "UPGRADE", "a b", "", "x:y"))
            refused(
                    place.formatted("\"https://s\"", restricted, "1"),
                    type,
                    "headers must be of ASCII, and no connection");
        refused(place.formatted("\"https://s\"", "x", "1\\r\\ny: 2"), type, "headers must be of ASCII");
        refused(
                "{\"pieces\": [{\"url\": \"https://secret\", \"headers\": 7}]}",
                type,
                "of another version, or garbled");
        refused("{\"counts\": true, \"wanted\": [\"../x\"]}", Messages.Verdict.class, "wanted must be a SHA-256");
    }

    @Test
    void strangersWordsAreOneLine() throws MailboxException {
        var hostile = "\\u001b[2Jhello\\u001b]0;pwn\\u0007\\nathanor: fake line\\u202e\\u2028";
        var plain = "[2Jhello ]0;pwn athanor: fake line";
        var state = state("3", "'FAILED'", SNAPSHOT).replace("\"reason\": null", "\"reason\": \"" + hostile + '"');
        var read = Messages.read(state.replace("HASH", HASH).getBytes(StandardCharsets.UTF_8), Messages.State.class);
        assertEquals(plain, read.reason());
        var verdict = "{\"counts\": false, \"round\": 3, \"reason\": \"" + hostile + "\"}";
        assertEquals(
                plain,
                Messages.read(verdict.getBytes(StandardCharsets.UTF_8), Messages.Verdict.class)
                        .reason());
        assertEquals(plain, new Messages.Refusal(plain.replace(" ", "\n\r\t")).error());
        assertEquals(1004, Messages.line("x".repeat(5000)).length());
        refused("{\"hash\": [\n\n\"athanor: fake\"]}", Messages.Update.class, "is no Update: {\"hash\": [ \"athanor");
    }

    /** As far as 32-bit scores go: an honest worker's model may diverge, and a beat may tell of what is no number any more. */
    @Test
    void aModelMayHaveGoneAstray() throws MailboxException {
        var far = List.of((double) Float.MAX_VALUE, 0.0, -1e-6);
        assertEquals(far, new Messages.Update(HASH, far.size(), far, 1, null).losses());
        var beat = new Messages.Beat(3, 1, Messages.Doing.TRAINING, Double.NaN, null);
        assertNull(beat.loss());
        var told = "{\"round\": 3, \"step\": 1, \"doing\": \"TRAINING\", \"loss\": \"Infinity\"}";
        assertEquals(beat, Messages.read(told.getBytes(StandardCharsets.UTF_8), Messages.Beat.class));
    }

    @Test
    void aKeyIsNotShownWithAReplyThatCannotBeRead() {
        var told = "{\"worker\": \"worker-1\", \"key\": \"5ec3e7\", \"job\": 7}".getBytes(StandardCharsets.UTF_8);
        var refused = assertThrows(MailboxException.class, () -> Messages.read(told, Messages.Joined.class));
        assertFalse(refused.getMessage().contains("5ec3e7"), refused.getMessage());
        refused(
                "{\"worker\": \"w\\n\", \"key\": \"5ec3e7\"}",
                Messages.Joined.class,
                "worker must be 1 to 200 characters");
        refused("{\"worker\": \"w\", \"key\": \"5ec3\\r\\ne7\"}", Messages.Joined.class, "key must be 1 to 1000");
        refused(
                "{\"worker\": \"w\", \"key\": \"5ec3e7\"}",
                Messages.Joined.class,
                "job must say its tensors and shards");
    }

    @Test
    void whatALaterVersionAddsIsPassedOver() throws MailboxException {
        var told = "{\"counts\": true, \"round\": 3, \"reason\": null, \"mood\": \"good\"}";
        assertEquals(
                new Messages.Verdict(true, 3, null),
                Messages.read(told.getBytes(StandardCharsets.UTF_8), Messages.Verdict.class));
    }

    @Test
    void aTokenIsReadBackAndShowsItsSecretToNobody() {
        var token = JoinToken.fresh(HASH);
        assertEquals(token, JoinToken.parse(token.text()));
        // one certificate in 64 makes all its tokens begin with a hyphen in Base64
        var hyphen = JoinToken.fresh("f8" + "0".repeat(62));
        assertTrue(hyphen.text().startsWith("t-"), "no option of a command line");
        assertEquals(hyphen, JoinToken.parse(hyphen.text()));
        assertEquals(hyphen, JoinToken.parse(hyphen.text().substring(1)), "as it was printed before");
        assertFalse(token.toString().contains(token.secret()));
        var wrong = assertThrows(IllegalArgumentException.class, () -> JoinToken.parse("abc"));
        assertTrue(wrong.getMessage().contains("64 letters"), wrong.getMessage());
    }
}
