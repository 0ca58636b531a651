package org.athanor.stratum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class LineReaderTest {
    static final int LIMIT = 3000;

    /** Gives at most so many bytes a read, as a network does. */
    private static InputStream torn(String text, int piece) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
                return super.read(into, offset, Math.min(length, piece));
            }
        };
    }

    private static List<String> lines(InputStream in) throws IOException {
        var reader = new LineReader(in, LIMIT);
        var lines = new ArrayList<String>();
        for (var line = reader.next(); line != null; line = reader.next())
            lines.add(new String(line, StandardCharsets.UTF_8));
        return lines;
    }

    @Property(tries = 300)
    void linesComeOutAsTheyWentInHoweverTheyAreTorn(
            @ForAll @Size(max = 20) List<@AlphaChars @StringLength(min = 1, max = LIMIT) String> lines,
            @ForAll @IntRange(min = 1, max = 5000) int piece)
            throws IOException {
        assertEquals(lines, lines(torn(String.join("\n", lines) + "\n", piece)));
    }

    @Test
    void blankLinesAreSkippedAndATornLastLineIsNone() throws IOException {
        assertEquals(List.of("a", "b\r"), lines(torn("\n \r\na\n\nb\r\n\t\nc", 3)));
    }

    @Test
    void aLineThatIsTooLongIsRefusedWithOrWithoutItsEnd() {
        assertThrows(IOException.class, () -> lines(torn("x".repeat(LIMIT + 1), 100)));
        assertThrows(IOException.class, () -> lines(torn("x".repeat(LIMIT + 1) + "\n", 100_000)));
    }
}
