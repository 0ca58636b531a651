package org.athanor.edge.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.athanor.comfort.Saying;
import org.athanor.edge.ControlledRoom;
import org.athanor.edge.RefusalWords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextsTest {
    private static final Pattern PLACE = Pattern.compile("\\{(\\w+)}");
    /** Keys that are put together from a word of the server's, such as {@code preset-eco}. */
    private static final Pattern USED = Pattern.compile("\\b(?:t|word|parts|has)\\(\\s*'([a-z-]+)'");

    private final Texts texts = new Texts();

    private static Set<String> places(String text) {
        var places = new TreeSet<String>();
        var matcher = PLACE.matcher(text);
        while (matcher.find()) places.add(matcher.group(1));
        return places;
    }

    @Test
    void frenchSaysAllThatEnglishSays() {
        var english = Texts.load("texts.properties");
        var french = Texts.load("texts_fr.properties");
        assertEquals(english.keySet(), french.keySet());
        english.forEach((key, text) -> assertEquals(places(text), places(french.get(key)), key));
    }

    @Test
    void whatTheControllerSaysIsInTheBundlesAsItSaysIt() {
        for (var saying : Saying.values()) {
            var key = "say-" + saying.name().toLowerCase(Locale.ROOT).replace('_', '-');
            assertEquals(saying.english(), texts.of("en").get(key), key);
        }
    }

    @Test
    void whatTheEdgeRefusesIsInTheBundlesAsItRefusesIt() {
        for (var words : RefusalWords.values()) {
            assertEquals(words.english(), texts.of("en").get("say-" + words.key()), words.key());
            assertNotEquals(words.english(), texts.of("fr").get("say-" + words.key()), words.key());
        }
    }

    /** The words around the places: who changes them in the code must change the bundles, or their translation is lost unnoticed. */
    @Test
    void whatIsSaidWithOthersWordsInItIsSaidByTheCode() throws IOException {
        var code = new StringBuilder();
        for (var module : List.of("comfort", "edge"))
            try (var files = Files.walk(Path.of("..", module, "src", "main", "java"))) {
                for (var file :
                        files.filter(each -> each.toString().endsWith(".java")).toList())
                    code.append(Files.readString(file));
            }
        var said = code.toString().replaceAll("\"\\s*\\+\\s*\"", "");
        int found = 0;
        for (var phrase : texts.phrases().entrySet()) {
            if (!phrase.getKey().startsWith("says-")) continue;
            for (var words : PLACE.splitAsStream(phrase.getValue()).toList()) {
                var own = words.replaceAll("^[^a-z]+|[^a-z]+$", "");
                assertTrue(said.contains(own), phrase.getKey() + ": " + own);
            }
            found++;
        }
        assertTrue(found > 40, found + " phrases");
    }

    /** The page finds them by their English, so a changed sentence must not lose its translation unnoticed. */
    @Test
    void fixedSentencesAreFoundByTheirEnglish() {
        var known = texts.of("en").entrySet().stream()
                .filter(each -> each.getKey().startsWith("said-"))
                .toList();
        assertTrue(known.size() > 20);
        for (var each : known)
            assertEquals(
                    each.getKey(),
                    "said-"
                            + each.getValue()
                                    .replaceAll("\\{\\d}", "n")
                                    .toLowerCase(Locale.ROOT)
                                    .replaceAll("[^a-z]+", "-")
                                    .replaceAll("^-|-$", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"page.js", "settings.js", "pairing.js", "charts.js", "format.js"})
    void everyWordOfThePageIsInTheBundles(String file) throws IOException {
        String script;
        try (var stream = Texts.class.getResourceAsStream(file)) {
            script = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
        var used = USED.matcher(script);
        int found = 0;
        while (used.find()) {
            var key = used.group(1);
            boolean known = key.endsWith("-")
                    ? texts.of("en").keySet().stream().anyMatch(each -> each.startsWith(key))
                    : texts.of("en").containsKey(key);
            assertTrue(known, file + ": " + key);
            found++;
        }
        assertTrue(found > 1, found + " words in " + file);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        -   | -                         | en
        -   | fr                        | fr
        -   | fr-CA,fr;q=0.9,en;q=0.8   | fr
        -   | de-DE,de;q=0.9            | en
        -   | de,fr;q=0.5,en;q=0.4      | fr
        -   | en-GB,fr;q=0.9            | en
        -   | *                         | en
        -   | ;;;q=x                    | en
        fr  | en                        | fr
        en  | fr                        | en
        xx  | fr                        | fr
        """)
    void theChosenLanguageGoesBeforeTheBrowsers(String chosen, String accepted, String spoken) {
        assertEquals(spoken, texts.language(chosen, accepted));
    }

    @Test
    void thePageSpeaksTheReadersLanguageFromItsFirstWord() throws IOException {
        try (var server = PageServer.start(
                PageServer.Config.loopback(0),
                List.of(new ControlledRoom("living", "Living room", new FakeRoom())),
                Optional.empty())) {
            var wire = new Wire(server.address().getPort());
            var french = wire.get("/", "Accept-Language: fr-BE\r\n");
            assertTrue(french.body().contains("<html lang=\"fr\">"), french.body());
            assertTrue(french.body().contains("En attente du chauffage"), french.body());
            assertFalse(french.body().contains("{{"), french.body());
            assertTrue(french.head().contains("Vary: Accept-Language, Cookie"), french.head());
            assertTrue(wire.get("/", "").body().contains("<html lang=\"en\">"));
            assertTrue(wire.get("/", "Accept-Language: fr\r\nCookie: language=en\r\n")
                    .body()
                    .contains("Waiting for the heater"));
            var told = wire.get("/api/texts?language=fr", "").body();
            assertTrue(
                    told.startsWith("{\"language\":\"fr\",\"languages\":[{\"tag\":\"en\",\"name\":\"English\"}"), told);
            assertTrue(told.contains("\"save\":\"Enregistrer\""), told);
        }
    }
}
