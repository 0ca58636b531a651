package org.athanor.cli.train;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.athanor.cli.Main;
import org.athanor.cli.terminal.UserMistake;
import org.athanor.network.training.Coordinator;
import org.athanor.training.data.ShardRef;
import org.athanor.training.data.Tokens;
import org.athanor.training.mailbox.ObjectStore;
import org.athanor.training.model.ModelSpec;
import org.athanor.training.model.TensorSpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Job files that were changed since their jobs began; the jobs are made without an engine. */
class JobChangesTest {
    private static final String TEXT = "warm rooms,\ncold nights.\n".repeat(100);

    @TempDir
    Path folder;

    private Path place;

    @BeforeEach
    void texts() throws IOException {
        place = folder.resolve("job.training");
        Files.writeString(folder.resolve("text.txt"), TEXT);
        Files.write(folder.resolve("one.pt"), new byte[] {1, 2, 3, 4});
        Files.write(folder.resolve("two.pt"), new byte[] {1, 2, 3, 5});
    }

    private TrainingFile read(String text, OptionalLong workers) throws IOException {
        return TrainingFile.read(Files.writeString(folder.resolve("job.yaml"), text), workers);
    }

    private void begin(String text) throws Exception {
        begin(read(text, OptionalLong.empty()));
    }

    private void begin(TrainingFile file) throws Exception {
        var objects = new ObjectStore(place.resolve("objects"));
        var tokens = file.job().tokenizer().encode(file.text());
        var cut = (int) (tokens.length * (1 - file.held()));
        var shard = new ShardRef(objects.put(bytes(Arrays.copyOfRange(tokens, 0, cut))), cut);
        Files.write(place.resolve("validation.tokens"), bytes(Arrays.copyOfRange(tokens, cut, tokens.length)));
        var tensors = file.job().model() instanceof ModelSpec.Gpt gpt
                ? gpt.shape().tensors()
                : List.of(new TensorSpec("all", List.of(8L, 8L)));
        var spec = file.job().filled(tensors, List.of(shard));
        Coordinator.create(place, spec, new float[spec.parameters()]);
    }

    private static byte[] bytes(int[] tokens) {
        var buffer = Tokens.of(tokens).bytes();
        var bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private void goesOn(String text, OptionalLong workers) throws IOException {
        var now = read(text, workers);
        assertDoesNotThrow(() -> JobChanges.refuse(folder.resolve("job.yaml"), now, place), text);
    }

    private List<String> refused(String text) throws IOException {
        var now = read(text, OptionalLong.empty());
        var refused =
                assertThrows(UserMistake.class, () -> JobChanges.refuse(folder.resolve("job.yaml"), now, place), text);
        var lines = refused.getMessage().lines().toList();
        var advice = lines.getLast();
        assertTrue(advice.contains("The job in " + place + " goes on only with what it began with"), advice);
        assertTrue(advice.contains("--folder DIR") && advice.contains("--fresh"), advice);
        return lines.subList(0, lines.size() - 1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        name: other                  | line 2, name: other: the job began with training
        encrypt: true                | line 2, encrypt: true: the job began with false
        tokenizer: bytes             | line 2, tokenizer: bytes: the job began with characters
        validation: 0.2              | line 2, validation: 0.2: the job began with about 0.1
        rounds: 10                   | line 2, rounds: 10: the job began with 100
        tokens: 1.0e5                | line 2, tokens: 1.0e5: the job began with 100 rounds
        seed: 7                      | line 2, seed: 7: the job began with 1
        precision: bfloat16          | line 2, precision: bfloat16: the job began with float32
        trust: open                  | line 2, trust: open: the job began with known
        model: {kind: torchscript, file: one.pt} | model.kind: torchscript: the job began with gpt
        model: {layers: 3}           | model.layers: 3: the job began with 4
        model: {heads: 2}            | model.heads: 2: the job began with 4
        model: {width: 64}           | model.width: 64: the job began with 128
        model: {context: 32}         | model.context: 32: the job began with 64
        model: {bias: true}          | model.bias: true: the job began with false
        model: {dropout: 0.1}        | model.dropout: 0.1: the job began with 0
        inner: {sequences: 6}        | inner.sequences: 6: the job began with 12
        inner: {microBatch: 6}       | inner.microBatch: 6: the job began with 12
        inner: {rate: 2.0e-3}        | inner.rate: 2.0e-3: the job began with 0.001
        inner: {floor: 1.0e-5}       | inner.floor: 1.0e-5: the job began with 1.0E-4
        inner: {warmup: 7}           | inner.warmup: 7: the job began with 100
        inner: {beta1: 0.8}          | inner.beta1: 0.8: the job began with 0.9
        inner: {beta2: 0.95}         | inner.beta2: 0.95: the job began with 0.99
        inner: {weightDecay: 0}      | inner.weightDecay: 0: the job began with 0.1
        inner: {clip: 2}             | inner.clip: 2: the job began with 1
        outer: {steps: 10}           | outer.steps: 10: the job began with 20
        outer: {up: int4}            | outer.up: int4: the job began with int8
        outer: {down: int4}          | outer.down: int4: the job began with int8
        outer: {rate: 1}             | outer.rate: 1: the job began with 0.7
        outer: {momentum: 0}         | outer.momentum: 0: the job began with 0.9
        outer: {keep: 0.5}           | outer.keep: 0.5: the job began with 1
        outer: {fragments: 2}        | outer.fragments: 2: the job began with 1
        outer: {mix: 0.5}            | outer.mix: 0.5: the job began with 0
        """)
    void whatAJobIsMadeOfStays(String line, String said) throws Exception {
        begin("data: text.txt");
        var lines = refused("data: text.txt\n" + line);
        assertEquals(1, lines.size(), lines.toString());
        assertTrue(lines.getFirst().contains(said), lines.toString());
    }

    @Test
    void everyKeyIsHeldOrFree() throws Exception {
        Method tried = JobChangesTest.class.getDeclaredMethod("whatAJobIsMadeOfStays", String.class, String.class);
        var held = new TreeSet<String>();
        for (var line : tried.getAnnotation(CsvSource.class).textBlock().lines().toList()) {
            held.add(line.replaceFirst(".*line \\d+, |.*\\| ", "")
                    .split(":", 2)[0]
                    .strip());
        }
        held.addAll(List.of("data", "model.file", "outer.scheme", "outer.delay")); // below
        var all = new TreeSet<String>();
        for (var key : TrainingFile.KEYS) {
            if (JobChanges.FREE.contains(key)) continue;
            var group = TrainingFile.GROUPS.get(key);
            if (group == null) all.add(key);
            else group.forEach(each -> all.add(key + "." + each));
        }
        assertEquals(all, held);
    }

    @Test
    void allChangesAreNamedAtOnceAlsoWhatIsNoLongerSaid() throws Exception {
        begin("""
                data: text.txt
                seed: 5
                rounds: 20
                inner: {rate: 1.0e-2, beta1: 0.8}
                outer: {up: int4}
                """);
        var lines = refused("""
                data: text.txt
                rounds: 40
                inner: {rate: 2.0e-2}
                outer: {scheme: streaming}
                """);
        for (var said : List.of(
                "job.yaml, line 2, rounds: 40: the job began with 20",
                "job.yaml, seed: not there, which means 1: the job began with 5",
                "job.yaml, line 3, inner.rate: 2.0e-2: the job began with 0.01",
                "job.yaml, inner.beta1: not there, which means 0.9: the job began with 0.8",
                "job.yaml, outer.down: not there, which means int4 by its scheme: the job began with int8",
                "job.yaml, outer.fragments: not there, which means 2 by its scheme: the job began with 1",
                "job.yaml, outer.delay: not there, which means 1 by its scheme: the job began with 0",
                "job.yaml, outer.mix: not there, which means 0.5 by its scheme: the job began with 0")) {
            assertTrue(lines.stream().anyMatch(line -> line.endsWith(said)), said + " is missing in " + lines);
        }
        assertEquals(8, lines.size(), "what only follows from others is not named: " + lines);
    }

    @Test
    void aModuleIsKnownByWhatIsInItsFile() throws Exception {
        begin("data: text.txt\nmodel: {kind: torchscript, file: one.pt}");
        Files.move(folder.resolve("one.pt"), folder.resolve("moved.pt"));
        goesOn("data: text.txt\nmodel: {kind: torchscript, file: moved.pt}", OptionalLong.empty());
        var lines = refused("data: text.txt\nmodel: {kind: torchscript, file: two.pt}");
        assertEquals(1, lines.size(), lines.toString());
        assertTrue(
                lines.getFirst()
                        .contains("model.file: two.pt: the job began with a module of other content (SHA-256 "
                                + ObjectStore.hash(folder.resolve("moved.pt")) + ")"),
                lines.toString());
    }

    @Test
    void theTextIsKnownByItsContentWhereverItLies() throws Exception {
        begin("data: text.txt");
        Files.writeString(folder.resolve("a.txt"), TEXT.substring(0, 1000));
        Files.writeString(folder.resolve("b.txt"), TEXT.substring(1000));
        goesOn("data: [a.txt, b.txt]", OptionalLong.empty());
        Files.writeString(folder.resolve("b.txt"), TEXT.substring(1000).replaceFirst("(?s)(.*)cold", "$1mild"));
        var changed = refused("data: [a.txt, b.txt]");
        assertEquals(1, changed.size(), changed.toString());
        assertTrue(
                changed.getFirst()
                        .contains("line 1, data: a list: not the text that the job began with, from line 120 of "
                                + folder.resolve("b.txt") + " on"),
                changed.toString());
        Files.writeString(folder.resolve("b.txt"), TEXT.substring(1000, 2000));
        var shorter = refused("data: [a.txt, b.txt]");
        assertTrue(
                shorter.getFirst().contains("which goes on behind the end of " + folder.resolve("b.txt")),
                shorter.toString());
        Files.writeString(folder.resolve("text.txt"), "ß" + TEXT);
        var other = refused("data: text.txt");
        assertTrue(other.getFirst().contains("data: text.txt: not the text"), other.toString());
        assertTrue(other.getFirst().contains("from line 1 of " + folder.resolve("text.txt")), other.toString());
    }

    @Test
    void aLongerJobIsAnotherOne() throws Exception {
        begin("data: text.txt\nrounds: 20");
        var now = read("data: text.txt\nrounds: 40", OptionalLong.empty());
        var refused = assertThrows(UserMistake.class, () -> JobChanges.refuse(folder.resolve("job.yaml"), now, place));
        assertTrue(
                refused.getMessage().contains("its learning rate falls over all of it, from the first round on"),
                refused.getMessage());
    }

    @Test
    void workersRulesAndTheStoreMayChange() throws Exception {
        begin("data: text.txt\nworkers: 3\nround: {quorum: 0.7}");
        goesOn("data: text.txt", OptionalLong.empty());
        goesOn("data: text.txt\nrounds: 100\nworkers: 9", OptionalLong.of(5));
        goesOn("""
                data: text.txt
                round: {leastWorkers: 2, quorum: 0.9, deadlineSeconds: 60, silenceSeconds: 30, late: drop}
                store: {kind: s3, bucket: heat, endpoint: "https://s3.example:9000", region: eu, prefix: p}
                """, OptionalLong.empty());
    }

    @Test
    void aBudgetOfTokensStaysHoweverManyWorkersThereAre() throws Exception {
        var text = "data: text.txt\ntokens: 1.0e6\n";
        begin(read(text, OptionalLong.of(4)));
        goesOn(text, OptionalLong.empty());
        goesOn(text, OptionalLong.of(1));
        goesOn(text + "workers: 3", OptionalLong.empty());
        goesOn(text, OptionalLong.of(1000));
        var more = refused("data: text.txt\ntokens: 2.0e6\n");
        assertEquals(1, more.size(), more.toString());
        assertTrue(more.getFirst().contains("tokens: 2.0e6: the job began with 1000000"), more.toString());
        var rounds = refused("data: text.txt\nrounds: 17\n");
        assertEquals(1, rounds.size(), rounds.toString());
        assertTrue(
                rounds.getFirst().contains("rounds: 17: the job began with a budget of 1000000 tokens"),
                rounds.toString());
    }

    /** Once a budget was the rounds that it came to for the workers there were. */
    @Test
    void aJobOfAnOlderVersionWhoseBudgetBecameRoundsGoesOn() throws Exception {
        begin("data: text.txt\nrounds: 17");
        var now = refused("data: text.txt\ntokens: 1.0e6\n");
        assertTrue(now.getFirst().contains("tokens: 1.0e6: the job began with 17 rounds"), now.toString());
        var spec = place.resolve("job.json");
        var old = (ObjectNode) new ObjectMapper().readTree(spec.toFile());
        old.remove("tokens");
        Files.writeString(spec, old.toString());
        goesOn("data: text.txt\ntokens: 1.0e6\n", OptionalLong.of(1));
        var absurd = refused("data: text.txt\ntokens: 1.0e5\n");
        assertTrue(absurd.getFirst().contains("the job began with 17 rounds"), absurd.toString());
    }

    @Test
    void theCommandRefusesBeforeAnythingElse() throws Exception {
        begin("data: text.txt");
        var job = Files.writeString(
                folder.resolve("job.yaml"),
                "data: text.txt\nmodel: {layers: 100, width: 512}\ninner: {sequences: 65536}\nseed: 3\n");
        var refused = TrainTest.athanor("train", job.toString());
        assertEquals(1, refused.code());
        assertTrue(refused.error().contains("seed: 3: the job began with 1"), refused.error());
        assertFalse(Files.exists(place.resolve("engine")));
        var elsewhere = folder.resolve("elsewhere");
        var untouched = TrainTest.athanor("train", job.toString(), "--folder", elsewhere.toString());
        assertFalse(untouched.error().contains("seed"), untouched.error());
        assertFalse(Files.exists(elsewhere), "looking at it makes no folder");
        Files.delete(place.resolve("validation.tokens"));
        var damaged = TrainTest.athanor("train", job.toString());
        assertTrue(damaged.error().contains("cannot go on: "), damaged.error());
    }

    @Test
    void theHelpSaysWhatMayChange() throws IOException {
        String help;
        try (var in = Main.class.getResourceAsStream("job-file.txt")) {
            help = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        var section = help.substring(help.indexOf("A job that has begun")).split("\n\n", 2)[0];
        JobChanges.FREE.forEach(key -> assertTrue(section.contains(key), key));
    }
}
