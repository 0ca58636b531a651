package org.athanor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class SpansTest {
    @ParameterizedTest
    @CsvSource({"60s,PT1M", "2m,PT2M", "1h30m,PT1H30M", "500ms,PT0.5S", "1.5s,PT1.5S", "1d,PT24H", "1m30s,PT1M30S"})
    void spansAreReadAsPeopleTypeThem(String text, Duration span) {
        assertEquals(span, Spans.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "5", "m", "0s", "-2m", "2m5", "366d", "2 m"})
    void anythingElseIsRefused(String text) {
        assertThrows(TypeConversionException.class, () -> Spans.parse(text));
    }
}
