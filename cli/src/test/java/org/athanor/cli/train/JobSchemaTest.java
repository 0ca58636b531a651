package org.athanor.cli.train;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.athanor.cli.Main;
import org.athanor.cli.ReportSchema;
import org.athanor.cli.terminal.UserMistake;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The schema of job files says what their reader says. */
class JobSchemaTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Pattern RANGE = Pattern.compile("(a number|a whole number) from (\\S+) to ([-+.E\\d]+)");

    @TempDir
    Path folder;

    private JsonNode schema;

    @BeforeEach
    void read() throws IOException {
        try (var text = Main.class.getResourceAsStream("job.schema.json")) {
            schema = MAPPER.readTree(text);
        }
        Files.writeString(folder.resolve("text.txt"), "warm rooms, cold nights. ".repeat(200));
    }

    private static JsonNode json(String yaml) {
        return MAPPER.valueToTree(new Load(LoadSettings.builder().build()).loadFromString(yaml));
    }

    private String mistakes(String text) throws IOException {
        var file = Files.writeString(folder.resolve("job.yaml"), text);
        return assertThrows(UserMistake.class, () -> TrainingFile.read(file, OptionalLong.empty()), text)
                .getMessage();
    }

    /** What the schema has at a place, of all alternatives. */
    private static Map<String, List<JsonNode>> properties(JsonNode of) {
        var all = new TreeMap<String, List<JsonNode>>();
        var alternatives = of.has("oneOf") ? of.get("oneOf") : List.of(of);
        for (var alternative : alternatives) {
            for (var property : alternative.path("properties").properties()) {
                all.computeIfAbsent(property.getKey(), _ -> new ArrayList<>()).add(property.getValue());
            }
        }
        return all;
    }

    @Test
    void readerAndSchemaTakeTheSameKeys() {
        var top = schema.get("properties");
        assertEquals(new TreeSet<>(TrainingFile.KEYS), properties(schema).keySet());
        TrainingFile.GROUPS.forEach((group, keys) ->
                assertEquals(new TreeSet<>(keys), properties(top.get(group)).keySet(), group));
        for (var key : TrainingFile.KEYS) {
            assertEquals(
                    TrainingFile.GROUPS.containsKey(key),
                    !properties(top.get(key)).isEmpty(),
                    key);
        }
    }

    @Test
    void readerAndSchemaTakeTheSameNumbersAndWords() throws IOException {
        var compared = 0;
        for (var key : TrainingFile.KEYS) {
            compared += compare("data: text.txt\n" + key + ": ", "", schema.at("/properties/" + key));
        }
        for (var group : TrainingFile.GROUPS.keySet()) {
            var beside = Map.of(
                            "store", "kind: s3, ",
                            "inner", "rate: 1, ")
                    .getOrDefault(group, "");
            for (var property : properties(schema.at("/properties/" + group)).entrySet()) {
                var taken = beside.startsWith(property.getKey() + ":") ? "" : beside;
                var before = "data: text.txt\n" + group + ": {" + taken + property.getKey() + ": ";
                if (property.getValue().size() == 1) {
                    compared += compare(before, "}", property.getValue().getFirst());
                } else if (property.getKey().equals("kind")) {
                    var kinds = property.getValue().stream()
                            .map(kind -> kind.get("const").asText())
                            .toList();
                    assertTrue(mistakes(before + "~nonsense}").contains("one of " + String.join(", ", kinds)), before);
                    compared++;
                }
            }
        }
        assertTrue(compared > 38, "compared: " + compared);
    }

    /** How many things were compared. */
    private int compare(String before, String after, JsonNode at) throws IOException {
        var numeric = at.has("minimum");
        if (numeric) {
            var said = mistakes(before + "~nonsense" + after);
            var range = RANGE.matcher(said);
            assertTrue(range.find(), said);
            assertEquals(
                    at.get("type").asText().equals("integer"), range.group(1).contains("whole"), said);
            assertEquals(at.get("minimum").asDouble(), Double.parseDouble(range.group(2)), said);
            if (at.has("maximum")) {
                assertEquals(at.get("maximum").asDouble(), Double.parseDouble(range.group(3)), said);
            }
            return 1;
        }
        var words = new ArrayList<String>();
        at.path("enum").forEach(word -> words.add(word.asText()));
        if (at.path("type").asText().equals("boolean")) {
            words.addAll(List.of("true", "false"));
        }
        if (words.isEmpty()) {
            return 0;
        }
        var said = mistakes(before + "~nonsense" + after);
        var asked = said.replaceAll("(?s).*one of ([^\\n]*) is accepted.*", "$1");
        assertEquals(new TreeSet<>(words), new TreeSet<>(List.of(asked.split(", "))), said);
        return 1;
    }

    @Test
    void everyExampleFitsTheSchema() throws IOException {
        var examples = 0;
        try (var files = Files.newDirectoryStream(Path.of("../examples/jobs"), "*.yaml")) {
            for (var file : files) {
                ReportSchema.check(schema, json(Files.readString(file)));
                assertDoesNotThrow(() -> TrainingFile.read(file, OptionalLong.empty()), file.toString());
                examples++;
            }
        }
        assertTrue(examples >= 3, examples + " examples");
    }

    @Test
    void whatFitsIsReadAndWhatFitsNotIsRefused() throws IOException {
        for (var fits : List.of(
                "data: text.txt",
                "data: [text.txt, text.txt]\nmodel: {kind: gpt, layers: 1, bias: true}\nencrypt: true",
                "data: text.txt\nstore: {kind: folder}\nouter: {up: sparse-128, down: float32}",
                "data: text.txt\nstore: {kind: s3, bucket: heat, endpoint: \"https://store.example:9000\"}")) {
            ReportSchema.check(schema, json(fits));
            var file = Files.writeString(folder.resolve("job.yaml"), fits);
            assertDoesNotThrow(() -> TrainingFile.read(file, OptionalLong.empty()), fits);
        }
        for (var wrong : List.of(
                "name: no data",
                "data: text.txt\nmodle: {}",
                "data: text.txt\nmodel: {kind: torchscript}",
                "data: text.txt\nmodel: {kind: torchscript, file: m.pt, layers: 2}",
                "data: text.txt\nstore: {kind: folder, bucket: heat}",
                "data: text.txt\nstore: {bucket: heat}",
                "data: text.txt\nouter: {up: int2}",
                "data: text.txt\nouter: {up: sparse-0}",
                "data: text.txt\nstore: {kind: s3, bucket: heat, endpoint: \"ftp://store.example\"}")) {
            assertThrows(AssertionError.class, () -> ReportSchema.check(schema, json(wrong)), wrong);
            mistakes(wrong);
        }
    }
}
