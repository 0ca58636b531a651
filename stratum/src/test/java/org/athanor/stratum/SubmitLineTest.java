package org.athanor.stratum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the quick reader knows it must read as the JSON parser does; all else it must leave to that. */
class SubmitLineTest {
    private final SubmitLine reader = new SubmitLine();

    private Submission read(String line) {
        // in the middle of other bytes, as in a buffer
        var bytes = ("\"}" + line + "\n{\"").getBytes(StandardCharsets.UTF_8);
        return reader.parse(bytes, 2, bytes.length - 3);
    }

    private void agreesWithTheParser(String line) {
        var quick = read(line);
        if (quick == null) return;
        var message = Json.object(line.getBytes(StandardCharsets.UTF_8)).orElseThrow();
        assertEquals("mining.submit", message.path("method").textValue(), line);
        assertEquals(Submission.parse(message.path("params")), quick, line);
        assertEquals(Json.id(message).toString(), new String(reader.id(), StandardCharsets.UTF_8), line);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"params\": [\"a.b\", \"3f\", \"00000001\", \"65b0c0de\", \"0badcafe\"], \"id\": 4, \"method\": \"mining.submit\"}",
                "{\"id\":4,\"method\":\"mining.submit\",\"params\":[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\"]}\r",
                " {\"method\":\"mining.submit\",\"id\":\"x-7\",\"params\":[\"a\",\"\",\"\",\"\",\"\"]} ",
                "{\"id\":null,\"method\":\"mining.submit\",\"params\":[\"a\",\"b\",\"c\",\"d\",\"e\"]}",
            })
    void theLinesOfCommonMinersAreKnown(String line) {
        assertNotNull(read(line), line);
        agreesWithTheParser(line);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{}",
                "[1]",
                "{\"id\":4,\"method\":\"mining.submit\"}",
                "{\"id\":4,\"method\":\"mining.subscribe\",\"params\":[\"a\",\"b\",\"c\",\"d\",\"e\"]}",
                "{\"id\":04,\"method\":\"mining.submit\",\"params\":[\"a\",\"b\",\"c\",\"d\",\"e\"]}",
                "{\"id\":-4,\"method\":\"mining.submit\",\"params\":[\"a\",\"b\",\"c\",\"d\",\"e\"]}",
                "{\"id\":4.5,\"method\":\"mining.submit\",\"params\":[\"a\",\"b\",\"c\",\"d\",\"e\"]}",
                "{\"id\":4,\"id\":5,\"method\":\"mining.submit\",\"params\":[\"a\",\"b\",\"c\",\"d\",\"e\"]}",
                "{\"id\":4,\"method\":\"mining.submit\",\"params\":[\"a\",\"b\",\"c\",\"d\"]}",
                "{\"id\":4,\"method\":\"mining.submit\",\"params\":[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\"]}",
                "{\"id\":4,\"method\":\"mining.submit\",\"params\":[\"a\",\"b\",\"c\",\"d\",5]}",
                "{\"id\":4,\"method\":\"mining.submit\",\"params\":[\"a\",\"b\",\"c\",\"d\",\"e\"],}",
                "{\"id\":4,\"method\":\"mining.submit\",\"params\":[\"a\",\"b\",\"c\",\"d\",\"e\"]} x",
                "{\"id\":4,\"method\":\"mining.submit\",\"params\":[\"a\",\"b\",\" c\",\"d\",\"e\"]}",
                "{\"id\":4,\"method\":\"mining.submit\",\"params\":[\"\\u0061\",\"b\",\"c\",\"d\",\"e\"]}",
                "{\"id\":4,\"method\":\"mining.submit\",\"params\":[\"\u00e4\",\"b\",\"c\",\"d\",\"e\"]}",
                "{\"id\":4,\"worker\":1,\"method\":\"mining.submit\",\"params\":[\"a\",\"b\",\"c\",\"d\",\"e\"]}",
            })
    void everythingElseIsLeftToTheParser(String line) {
        assertNull(read(line), line);
    }

    @Test
    void aUserIsRememberedButNotMixedUp() {
        var line = "{\"id\":4,\"method\":\"mining.submit\",\"params\":[\"USER\",\"b\",\"c\",\"d\",\"e\"]}";
        for (var user : new String[] {"a", "a", "ab", "b", "a"})
            assertEquals(user, read(line.replace("USER", user)).user());
    }

    @Property(tries = 3000)
    void neverReadsWhatTheParserReadsOtherwise(@ForAll("lines") String line) {
        agreesWithTheParser(line);
    }

    /** Pieces of submits in any order, with anything in between now and then. */
    @Provide
    Arbitrary<String> lines() {
        Arbitrary<String> piece = Arbitraries.of(
                "{",
                "}",
                "[",
                "]",
                ",",
                ":",
                "\"",
                " ",
                "\t",
                "\r",
                "\\",
                "\\\"",
                "\\u0041",
                "null",
                "4",
                "04",
                "-1",
                "1e5",
                "\"id\"",
                "\"method\"",
                "\"params\"",
                "\"mining.submit\"",
                "\"a\"",
                "\"\"",
                "\"x y\"",
                "true",
                "\u00e9",
                "\u0001",
                "\u007f");
        Arbitrary<String> mess = piece.list().ofMaxSize(14).map(pieces -> String.join("", pieces));
        Arbitrary<String> id = Arbitraries.of("4", "\"s\"", "null", "123456789012345", "1234567890123456", "04", "{}");
        Arbitrary<String> text = Arbitraries.strings()
                .ascii()
                .excludeChars('"', '\\')
                .ofMaxLength(6)
                .map(t -> "\"" + t + "\"");
        Arbitrary<String> params =
                text.list().ofMinSize(3).ofMaxSize(7).map(texts -> "[" + String.join(",", texts) + "]");
        Arbitrary<String> blank = Arbitraries.of("", "", "", " ", "\t");
        Arbitrary<String> submit = Combinators.combine(
                        id, params, blank, Arbitraries.integers().between(0, 5))
                .as((i, p, b, order) -> {
                    var parts = new String[] {
                        "\"id\":" + b + i, "\"method\"" + b + ":\"mining.submit\"", "\"params\":" + b + p
                    };
                    int first = order / 2;
                    int second = (first + 1 + order % 2) % 3;
                    return "{" + b + parts[first] + b + "," + parts[second] + "," + b + parts[3 - first - second] + "}"
                            + b;
                });
        Arbitrary<String> broken = Combinators.combine(
                        submit, piece, Arbitraries.integers().between(0, 200))
                .as((line, junk, at) -> {
                    int place = at % (line.length() + 1);
                    return line.substring(0, place) + junk + line.substring(place);
                });
        return Arbitraries.oneOf(submit, broken, mess);
    }
}
