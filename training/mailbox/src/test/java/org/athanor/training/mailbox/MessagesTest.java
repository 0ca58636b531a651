package org.athanor.training.mailbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
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
        {"doing": "TRAINING", "watts": 1e300}     | watts must be from 0 to 1e6, or null, but are 1.0E300
        {"doing": "TRAINING", "watts": -1}        | watts must be from 0 to 1e6
        {"doing": "TRAINING", "watts": "NaN"}     | watts must be from 0 to 1e6
        """)
    void aBeatThatMakesNoSenseIsRefused(String text, String reason) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        var refused = assertThrows(MailboxException.class, () -> Messages.read(bytes, Messages.Beat.class));
        assertTrue(refused.getMessage().contains(reason), refused.getMessage());
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
