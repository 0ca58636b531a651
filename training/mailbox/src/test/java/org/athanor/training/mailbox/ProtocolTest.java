package org.athanor.training.mailbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProtocolTest {
    @ParameterizedTest
    @CsvSource({"v1, 1, 0", "v1.1, 1, 1", "v2.30, 2, 30"})
    void aHeaderSaysAVersion(String text, int major, int minor) {
        assertEquals(Optional.of(new Protocol(major, minor)), Protocol.said(text));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "nonsense", "1.1", "v1.1.1", "v99999"})
    void orNone(String text) {
        assertEquals(Optional.empty(), Protocol.said(text));
    }

    @Test
    void whatIsSaidIsUnderstood() {
        assertEquals(Protocol.SPOKEN, Protocol.said(Protocol.SPOKEN.toString()).orElseThrow());
        assertEquals(
                Optional.of(new Protocol(Protocol.SPOKEN.major(), 0)),
                Protocol.ofPath(Protocol.SPOKEN.root() + "objects/ab"));
        assertEquals(Optional.empty(), Protocol.ofPath("/favicon.ico"));
        assertTrue(Protocol.UNSAID.compareTo(Protocol.SPOKEN) < 0);
        assertTrue(new Protocol(2, 0).compareTo(new Protocol(1, 9)) > 0);
    }
}
