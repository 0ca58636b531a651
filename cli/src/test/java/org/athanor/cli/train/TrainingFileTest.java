package org.athanor.cli.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.athanor.cli.Main;
import org.athanor.cli.terminal.UserMistake;
import org.athanor.network.training.S3Settings;
import org.athanor.training.data.Tokenizer;
import org.athanor.training.model.GptShape;
import org.athanor.training.model.ModelSpec;
import org.athanor.training.outer.OuterOptimiser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingFileTest {
    @TempDir
    Path folder;

    @BeforeEach
    void text() throws IOException {
        Files.writeString(folder.resolve("text.txt"), "warm rooms, cold nights. ".repeat(200));
        Files.writeString(folder.resolve("short.txt"), "too short for a context of 64");
        Files.writeString(folder.resolve("empty.txt"), "");
        Files.write(folder.resolve("binary.dat"), new byte[] {(byte) 0xff, (byte) 0xfe, 1});
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("job.yaml"), text);
    }

    private TrainingFile read(String text) throws IOException {
        return TrainingFile.read(file(text), OptionalLong.empty());
    }

    private String mistakes(String text) throws IOException {
        var file = file(text);
        return assertThrows(UserMistake.class, () -> TrainingFile.read(file, OptionalLong.empty()))
                .getMessage();
    }

    @Test
    void severalFilesAreReadOneAfterTheOther() throws IOException {
        var one = read("data: text.txt");
        var two = read("data: [text.txt, text.txt]");
        assertEquals(one.text() + one.text(), two.text());
    }

    @Test
    void dataAloneIsEnough() throws IOException {
        var read = read("data: text.txt");
        var job = read.job();
        assertEquals("training", job.name());
        assertEquals(100, job.rounds());
        assertEquals(2, read.workers());
        assertEquals(
                new ModelSpec.Gpt(new GptShape(4, 4, 128, 64, job.tokenizer().vocabulary(), false, 0)), job.model());
        assertEquals(20, job.outer().innerSteps());
        assertEquals("int8", job.outer().up());
    }

    @Test
    void aTokenBudgetIsPlannedInRoundsOfAllWorkers() throws IOException {
        var read = read("""
                data: text.txt
                tokenizer: bytes
                workers: 4
                tokens: 1.0e6
                model: {context: 32}
                inner: {sequences: 8, microBatch: 4}
                outer: {scheme: sparse, steps: 10}
                """);
        assertEquals(1_000_000, read.job().tokens());
        assertEquals((long) Math.ceil(1e6 / (4 * 8 * 32 * 10)), read.job().rounds());
        assertEquals(new Tokenizer.Bytes(), read.job().tokenizer());
        assertEquals(OuterOptimiser.PLAIN, read.job().outer().optimiser());
        assertEquals(0.95, read.job().outer().keep());
        var twice = TrainingFile.read(folder.resolve("job.yaml"), OptionalLong.of(8));
        assertEquals((read.job().rounds() + 1) / 2, twice.job().rounds());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            data: nowhere.txt            | line 1, data: nowhere.txt: no file can be read at /
            data: binary.dat             | binary.dat is no text in UTF-8
            data: short.txt              | at least 661
            data: empty.txt              | a text that is not empty
            data: [text.txt, nowhere]    | no file can be read at /
            data: {a: b}                 | line 1, data
            name: [a]                    | name: a list: a name is accepted
            tokenizer: words             | tokenizer: words: one of characters, bytes
            validation: 0.9              | validation: 0.9: a number from 0.001 to 0.5
            workers: 0                   | workers: 0: a whole number from 1
            rounds: many                 | rounds: many: a whole number from 1
            tokens: -5                   | tokens: -5: a number from 1
            seed: -1                     | seed: -1: a whole number from 0
            precision: float8            | precision: float8: one of float32, bfloat16
            modle: {}                    | unknown key; did you mean model?
            model: 7                     | model: 7: a group of kind, file, layers
            model: {kind: rnn}           | model.kind: rnn: one of gpt, torchscript
            model: {kind: torchscript}   | model.file: missing; the .pt file
            trust: maybe                 | trust: maybe: one of known, open
            model: {layers: 0}           | model.layers: 0: a whole number from 1 to 1024
            model: {heads: 3}            | model.heads: 3: a width (128) that is a multiple of the heads (3)
            model: {width: 30}           | model.width: 30: a width (30) that is a multiple of the heads (4)
            model: {context: 1}          | model.context: 1: a whole number from 2
            model: {bias: maybe}         | model.bias: maybe: one of true, false
            model: {dropout: 1}          | model.dropout: 1: a number from 0 to 0.9
            model: {width: 65536, layers: 1024} | a model of at most 500000000
            inner: {sequences: 0}        | inner.sequences: 0: a whole number from 1
            inner: {microBatch: 5}       | inner.microBatch: 5: a number that divides the 12 sequences
            inner: {microBatch: 24}      | inner.microBatch: 24: a number that divides the 12 sequences
            inner: {rate: 2}             | inner.rate: 2: a number from
            inner: {floor: 0.1}          | inner.floor: 0.1: a number from 0 to 0.001
            inner: {warmup: -1}          | inner.warmup: -1: a whole number from 0
            inner: {beta1: 1}            | inner.beta1: 1: a number from 0
            inner: {beta2: 1}            | inner.beta2: 1: a number from 0
            inner: {weightDecay: 2}      | inner.weightDecay: 2: a number from 0 to 1
            inner: {clip: 0}             | inner.clip: 0: a number from 0.001
            outer: {scheme: gossip}      | outer.scheme: gossip: one of diloco, streaming, sparse
            outer: {steps: 0}            | outer.steps: 0: a whole number from 1
            outer: {up: int2}            | outer.up: int2: float32, int8, int4, or sparse-K
            outer: {down: sparse-9999}   | outer.down: sparse-9999: float32, int8
            outer: {rate: 0}             | outer.rate: 0: a number from 0.01
            outer: {momentum: 1}         | outer.momentum: 1: a number from 0 to 0.99
            outer: {keep: 2}             | outer.keep: 2: a number from 0 to 1
            outer: {fragments: 0}        | outer.fragments: 0: a whole number from 1
            outer: {fragments: 5}        | outer.fragments: 5: the model has 4 layers
            outer: {delay: 1}            | outer.delay: 1: a delay only where fragments, at least 2
            outer: {delay: 2}            | outer.delay: 2: a whole number from 0 to 1
            outer: {mix: 1}              | outer.mix: 1: a number from 0 to 0.99
            round: {leastWorkers: 0}     | round.leastWorkers: 0: a whole number from 1
            round: {quorum: 0}           | round.quorum: 0: a number from 0.01 to 1
            round: {deadlineSeconds: 0}  | round.deadlineSeconds: 0: a whole number from 1
            round: {silenceSeconds: 1}   | round.silenceSeconds: 1: a whole number from 5
            round: {late: perhaps}       | round.late: perhaps: one of count, drop
            """)
    void eachFieldSaysWhatItTakes(String line, String said) throws IOException {
        var text = line.startsWith("data") ? line : "data: text.txt\n" + line;
        var told = mistakes(text);
        assertTrue(told.contains(said), told);
        assertEquals(1, told.lines().count(), told);
    }

    /** Files of nothing but holes: they are measured, not read. */
    @Test
    void aTextThatTheHeapCannotHoldIsRefusedBeforeItIsRead() throws IOException {
        try (var large = new RandomAccessFile(folder.resolve("large.txt").toFile(), "rw")) {
            large.setLength(1L << 30);
            assertTrue(mistakes("data: large.txt").contains("a text of at most 512 MiB"));
            large.setLength(Runtime.getRuntime().maxMemory() / 4);
            var told = mistakes("data: large.txt");
            assertTrue(told.contains("needs a heap of about") && told.contains("ATHANOR_OPTS=-Xmx"), told);
        }
    }

    @Test
    void allMistakesAreToldAtOnce() throws IOException {
        var told = mistakes("""
                data: nowhere.txt
                workers: 0
                rounds: 5
                tokens: 100
                seed: -1
                colour: red
                model: {layers: 0, width: x}
                inner: {rate: 5}
                outer: {scheme: gossip, quorum: 1}
                round: {late: perhaps}
                """);
        for (var field : new String[] {
            "line 1, data",
            "line 2, workers",
            "line 4, tokens: a job ends by its rounds or by its tokens",
            "line 5, seed",
            "line 6, colour",
            "line 7, model.layers",
            "line 7, model.width",
            "line 8, inner.rate",
            "line 9, outer.scheme",
            "line 9, outer.quorum",
            "line 10, round.late"
        }) {
            assertTrue(told.contains(field), field + " is missing in:\n" + told);
        }
        assertEquals(11, told.lines().count(), told);
        assertTrue(mistakes("rounds: 3").contains("data: missing"));
        assertTrue(mistakes("").contains("the file is empty"));
        var nowhere = assertThrows(
                UserMistake.class, () -> TrainingFile.read(folder.resolve("no.yaml"), OptionalLong.empty()));
        assertTrue(nowhere.getMessage().contains("there is no job file"), nowhere.getMessage());
    }

    @Test
    void aStoreOutsideIsNamedWithoutItsKeys() throws IOException {
        assertNull(read("data: text.txt").store());
        assertNull(read("data: text.txt\nstore: {kind: folder}").store());
        assertEquals(
                new S3Settings("heat", null, "us-east-1", "athanor", false),
                read("data: text.txt\nstore: {kind: s3, bucket: heat}").store());
        assertEquals(
                new S3Settings("heat", URI.create("https://s3.example:9000"), "eu-central-1", "jobs/a", false),
                read("""
                        data: text.txt
                        store: {kind: s3, bucket: heat, endpoint: "https://s3.example:9000", region: eu-central-1, prefix: jobs/a}
                        """).store());
        var told = mistakes("""
                data: text.txt
                store:
                  kind: s3
                  bucket: Not A Bucket
                  endpoint: "http://10.0.0.1:9000"
                  region: "some where"
                  prefix: "a b"
                  secret: word
                """);
        for (var field : new String[] {"bucket", "endpoint", "region", "prefix", "secret"}) {
            assertTrue(told.contains("store." + field), field + " is missing in:\n" + told);
        }
        assertTrue(told.contains("plainHttp: true allows it"), told);
        assertTrue(mistakes("data: text.txt\nstore: {kind: s3}").contains("store.bucket: missing"));
        assertTrue(mistakes("data: text.txt\nstore: {bucket: heat}").contains("store.kind: missing"));
        assertTrue(
                mistakes("data: text.txt\nstore: {kind: folder, bucket: heat}").contains("has no meaning"));
        assertEquals(
                "10.0.0.1",
                read("data: text.txt\nstore: {kind: s3, bucket: heat, endpoint: \"http://10.0.0.1\", plainHttp: true}")
                        .store()
                        .endpoint()
                        .getHost());
    }

    @Test
    void theHelpExplainsEveryKey() throws IOException {
        String help;
        try (var in = Main.class.getResourceAsStream("job-file.txt")) {
            help = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        for (var key : TrainingFile.KEYS) {
            assertTrue(help.lines().anyMatch(line -> line.matches("( {2})?" + key + "[ :,].*")), key);
        }
        TrainingFile.GROUPS.forEach((group, keys) -> {
            var section = help.substring(help.indexOf("\n" + group + ":")).split("\n\n", 2)[0];
            keys.forEach(key -> assertTrue(
                    section.lines().anyMatch(line -> line.matches("  (\\w+, )?" + key + "([ ,].*)?")),
                    group + "." + key + " is not explained in:\n" + section));
        });
        for (var line : help.lines().toList()) assertTrue(line.length() <= 120, line);
    }
}
