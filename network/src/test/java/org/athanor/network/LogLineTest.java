package org.athanor.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class LogLineTest {
    private static byte[] withoutLineFeed(LogLine line) {
        return Arrays.copyOf(line.bytes(), line.length() - 1);
    }

    @Test
    void aLineBeginsWithTheCrc32cOfItsPayload() {
        // RFC 3720 B.4 names no text; "123456789" gives e3069283 in every table of CRC-32C check values
        var line = new LogLine().start("123456789").seal();
        assertEquals("e3069283 123456789", new String(withoutLineFeed(line), StandardCharsets.US_ASCII));
    }

    @Property
    void anyTextComesBackAndNeverBreaksTheLine(@ForAll String text) {
        var line = withoutLineFeed(new LogLine().start("x").text(text).seal());
        var written = new String(line, StandardCharsets.US_ASCII);
        assertTrue(written.chars().allMatch(c -> c == '\t' || (c >= ' ' && c <= '~')), written);
        var fields = written.split("\t", -1);
        assertEquals(2, fields.length);
        assertEquals(text, LogLine.unescape(fields[1]));
    }

    @Property
    void anyChangedByteIsFound(@ForAll long number, @ForAll byte place, @ForAll byte change) {
        var line = withoutLineFeed(new LogLine().start("share").plain(number).seal());
        assertTrue(LogLine.intact(line, line.length));
        line[Math.floorMod(place, line.length)] ^= change;
        assertEquals(change == 0, LogLine.intact(line, line.length));
    }

    @Test
    void scrapsAreNoLines() {
        for (var scrap :
                new String[] {"", "e3069283", "e3069283 ", "E3069283 123456789", "e306`283 123456789", "0 123456789"})
            assertFalse(LogLine.intact(scrap.getBytes(StandardCharsets.US_ASCII), scrap.length()), scrap);
    }
}
