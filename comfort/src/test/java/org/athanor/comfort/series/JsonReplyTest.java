package org.athanor.comfort.series;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonReplyTest {
    @Test
    void readsEveryKindOfValue() {
        var reply = JsonReply.read("a service", """
                { "text": "W\\/m\\u00b2 \\"and\\" more\\n", "number": -1.5e3, "yes": true, "no": false,
                  "nothing": null, "numbers": [1, null, 0.25], "empty": [], "object": {"inner": {}} }
                """);
        assertEquals("W/m² \"and\" more\n", reply.member("text").text());
        assertEquals(-1500, reply.member("number").number());
        assertTrue(reply.member("yes").holds());
        assertFalse(reply.member("no").holds());
        assertFalse(reply.member("nothing").holds());
        assertEquals(
                List.of(Optional.of(1.0), Optional.empty(), Optional.of(0.25)),
                reply.member("numbers").numbers());
        assertEquals(List.of(), reply.member("empty").numbers());
        assertTrue(reply.member("object").has("inner"));
        assertFalse(reply.has("inner"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', useHeadersInDisplayName = true, textBlock = """
            text                            | complaint
            ``                              | a service, line 1, the reply: is empty
            <!DOCTYPE html><html>           | a service, line 1, the reply: is no JSON: "<!DOCTYPE html><html>" where a value was expected
            [1]                             | a service, line 1, the reply: is no object
            {"a":[1,2                       | a service, line 1, a[2]: ends where a comma or ] was expected
            {"a":[1,2,                      | a service, line 1, a[2]: ends where a value was expected
            {"a":{"b":[1,Unexpected         | a service, line 1, a.b[1]: is no JSON: "Unexpected" where a value was expected
            {"a":1                          | a service, line 1, the reply: ends where a comma or } was expected
            {"a"                            | a service, line 1, a: ends where a colon was expected
            {"a":1}}                        | a service, line 1, the reply: is no JSON: "}" where the end was expected
            {"a":1,"a":2}                   | a service, line 1, a: is there twice
            {"a":1,}                        | a service, line 1, the reply: is no JSON: "}" where a name in quotes was expected
            {"a":NaN}                       | a service, line 1, a: is no JSON: "NaN}" where a value was expected
            {"a":01}                        | a service, line 1, the reply: is no JSON: "1}" where a comma or } was expected
            {"a":1e999}                     | a service, line 1, a: is no JSON: "1e999}" where a number that a double can hold was expected
            {"a":"b                         | a service, line 1, a: ends where the rest of a text was expected
            {"a":"\\q"}                     | a service, line 1, a: is no JSON: "q"}" where an escape of JSON was expected
            {"a":nul}                       | a service, line 1, a: is no JSON: "nul}" where a value was expected
            """)
    void saysWhereAndWhatIsWrong(String text, String complaint) {
        var wrong = assertThrows(SeriesException.class, () -> JsonReply.read("a service", text));
        assertEquals(complaint, wrong.getMessage());
    }

    @Test
    void countsLinesAndNamesWhatIsMissing() {
        var reply = JsonReply.read("a service", "{\n \"a\": {\n  \"b\": 1\n }\n}");
        var missing =
                assertThrows(SeriesException.class, () -> reply.member("a").member("c"));
        assertEquals("a service, line 2, a.c: is missing; there are b", missing.getMessage());
        var wrong = assertThrows(
                SeriesException.class, () -> reply.member("a").member("b").text());
        assertEquals("a service, line 3, a.b: is no text", wrong.getMessage());
        assertEquals(3, wrong.line());
    }

    @Test
    void nestingIsBounded() {
        var deep = "{\"a\":" + "[".repeat(100_000);
        var wrong = assertThrows(SeriesException.class, () -> JsonReply.read("a service", deep));
        assertTrue(wrong.getMessage().endsWith("is nested more than 20 deep"), wrong.getMessage());
    }

    @Property(tries = 2000)
    void anyDamageIsRefusedOrHarmless(
            @ForAll @IntRange(min = 0, max = 6100) int at,
            @ForAll @IntRange(min = 0, max = 40) int removed,
            @ForAll @CharRange(from = ' ', to = '~') char put) {
        var whole = Replies.OPEN_METEO;
        var damaged = whole.substring(0, at) + put + whole.substring(Math.min(whole.length(), at + removed));
        try {
            JsonReply.read("a service", damaged);
        } catch (SeriesException e) {
            assertTrue(e.getMessage().startsWith("a service, line 1, "), e.getMessage());
        }
    }
}
