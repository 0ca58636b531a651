package org.athanor.edge.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.athanor.edge.SettingRefused;
import org.athanor.edge.journal.Journal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PairingTest {
    @TempDir
    Path folder;

    private Instant now = Instant.parse("2026-01-15T06:00:00Z");
    private Journal journal;
    private Pairing pairing;

    @BeforeEach
    void open() {
        journal = Journal.open(folder.resolve("edge"));
        pairing = new Pairing(journal, () -> now);
    }

    @AfterEach
    void close() {
        journal.close();
    }

    private String refusal(String code) {
        return assertThrows(SettingRefused.class, () -> pairing.pair(code, "phone"))
                .getMessage();
    }

    private static String other(String code) {
        return code.startsWith("0") ? "1" + code.substring(1) : "0" + code.substring(1);
    }

    @Test
    void aCodeGivesOneDeviceATokenThatOutlivesTheProgram() {
        var code = pairing.open();
        assertTrue(code.digits().matches("[0-9]{8}"));
        var paired = pairing.pair(code.digits(), " Anna's phone ");
        assertEquals(32, Base64.getUrlDecoder().decode(paired.token()).length);
        assertEquals("Anna's phone", paired.device().name());
        assertTrue(refusal(code.digits()).contains("ask the heater's own page for one"), "it is good once");
        pairing = new Pairing(journal, () -> now);
        assertEquals(Optional.of(paired.device()), pairing.device(paired.token()));
        assertEquals(Optional.empty(), pairing.device(other(paired.token())));
        assertEquals(Optional.empty(), pairing.device(""));
    }

    @Test
    void neitherCodeNorTokenIsKeptOrPrinted() {
        var code = pairing.open();
        var paired = pairing.pair(code.digits(), "phone");
        var kept = journal.setting("pairing.devices").orElseThrow();
        assertFalse(kept.contains(paired.token()) || kept.contains(code.digits()), kept);
        assertFalse(code.toString().contains(code.digits()));
        assertFalse(paired.toString().contains(paired.token()));
    }

    @Test
    void aCodeEndsAfterFiveMinutes() {
        var code = pairing.open();
        now = now.plus(Duration.ofMinutes(5)).minusMillis(1);
        assertEquals(Optional.of(code), pairing.code());
        now = now.plusMillis(1);
        assertEquals(Optional.empty(), pairing.code());
        assertTrue(refusal(code.digits()).contains("none at the moment"));
    }

    @Test
    void aCodeEndsAfterFiveWrongTries() {
        var code = pairing.open();
        for (int left = 4; left >= 0; left--)
            assertTrue(refusal(other(code.digits())).contains("(" + left + (left == 1 ? " try left" : " tries left")));
        assertTrue(refusal(code.digits()).contains("none at the moment"));
        assertEquals(List.of(), pairing.devices());
        var next = pairing.open();
        assertNotEquals(code, next);
        pairing.pair(next.digits(), "phone");
        assertEquals(1, pairing.devices().size());
    }

    @Test
    void aRevokedDeviceIsAStranger() {
        var first = pairing.pair(pairing.open().digits(), "first");
        var second = pairing.pair(pairing.open().digits(), "second");
        assertTrue(pairing.revoke(first.device().id()));
        assertFalse(pairing.revoke(first.device().id()));
        pairing = new Pairing(journal, () -> now);
        assertEquals(Optional.empty(), pairing.device(first.token()));
        assertFalse(pairing.isPaired(first.device().id()));
        assertEquals(List.of(second.device()), pairing.devices());
    }

    @Test
    void whenADeviceWasSeenIsKeptByTheHour() {
        var paired = pairing.pair(pairing.open().digits(), "phone");
        now = now.plus(Duration.ofMinutes(59));
        assertEquals(
                paired.device().paired(),
                pairing.device(paired.token()).orElseThrow().seen());
        now = now.plus(Duration.ofMinutes(1));
        assertEquals(now, pairing.device(paired.token()).orElseThrow().seen());
        assertEquals(now, new Pairing(journal, () -> now).devices().getFirst().seen());
    }

    @Test
    void namesAndNumberOfDevicesAreBounded() {
        for (var name : List.of("", "   ", "a\u0007b", "x".repeat(61))) {
            var code = pairing.open().digits();
            var e = assertThrows(SettingRefused.class, () -> pairing.pair(code, name));
            assertTrue(e.getMessage().contains("a name of 1 to 60 characters"), e.getMessage());
            assertEquals(code, pairing.code().orElseThrow().digits(), "no try is lost");
        }
        for (int i = 0; i < Pairing.MOST_DEVICES; i++)
            pairing.pair(pairing.open().digits(), "device " + i);
        assertTrue(refusal(pairing.open().digits()).contains("at most 32: revoke one first"));
    }

    @Test
    void aDamagedListLetsNobodyIn() {
        pairing.pair(pairing.open().digits(), "phone");
        for (var damaged : List.of("[{}]", "nonsense", "[{\"id\": \"1\", \"name\": \"x\", \"paired\": \"now\"}]")) {
            journal.setting("pairing.devices", Optional.of(damaged));
            var e = assertThrows(IllegalStateException.class, () -> new Pairing(journal, () -> now));
            assertEquals("the journal's list of paired devices cannot be read", e.getMessage());
        }
    }
}
