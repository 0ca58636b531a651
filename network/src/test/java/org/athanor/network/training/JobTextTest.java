package org.athanor.network.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.athanor.training.data.DataKey;
import org.athanor.training.data.ShardRef;
import org.athanor.training.data.Tokenizer;
import org.athanor.training.data.Tokens;
import org.athanor.training.job.JobSpec;
import org.athanor.training.model.AdamW;
import org.athanor.training.model.GptShape;
import org.athanor.training.model.LearningRate;
import org.athanor.training.model.ModelSpec;
import org.athanor.training.outer.OuterSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobTextTest {
    private static final double HELD = 0.2;
    private static final int SHARDS = 3;

    @TempDir
    Path folder;

    private static byte[] bytes(int[] tokens) {
        var buffer = Tokens.of(tokens).bytes();
        var bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private JobText stored(String text, Tokenizer tokenizer, boolean encrypted) throws IOException {
        var job = new JobFolder(folder);
        var key = DataKey.fresh();
        job.write(key);
        var tokens = tokenizer.encode(text);
        var cut = (int) (tokens.length * (1 - HELD));
        var shards = new ArrayList<ShardRef>();
        for (var shard = 0; shard < SHARDS; shard++) {
            var part = bytes(Arrays.copyOfRange(tokens, cut * shard / SHARDS, cut * (shard + 1) / SHARDS));
            shards.add(new ShardRef(job.objects().put(encrypted ? key.seal(part) : part), part.length / Short.BYTES));
        }
        Files.write(folder.resolve(NewJob.VALIDATION), bytes(Arrays.copyOfRange(tokens, cut, tokens.length)));
        var shape = new GptShape(1, 1, 8, 4, tokenizer.vocabulary(), false, 0);
        return new JobText(
                folder,
                new JobSpec(
                        "a text",
                        new ModelSpec.Gpt(shape),
                        shape.tensors(),
                        tokenizer,
                        shards,
                        AdamW.USUAL,
                        4,
                        4,
                        new LearningRate(1e-3, 1e-4, 1, 100),
                        OuterSettings.diLoCo(2, "int8"),
                        1,
                        1,
                        false,
                        JobSpec.Moments.KEPT,
                        JobSpec.Trust.KNOWN,
                        encrypted));
    }

    /** Longer than what is looked at at a time, with characters of one to four bytes. */
    private static String text() {
        return "warm 20 °C, 温 and 🔥; ".repeat(9000);
    }

    @ParameterizedTest
    @CsvSource({"true, false", "true, true", "false, false", "false, true"})
    void aTextIsTheSameOrDiffersFromItsFirstOtherCharacterOn(boolean characters, boolean encrypted) throws IOException {
        var text = text();
        var stored = stored(text, characters ? Tokenizer.Characters.of(text) : new Tokenizer.Bytes(), encrypted);
        assertEquals(OptionalInt.empty(), stored.difference(text));
        for (var at : new int[] {0, 1, 65_535, 65_536, 65_537, 100_000, text.length() - 2}) {
            var start = Character.isLowSurrogate(text.charAt(at)) ? at - 1 : at;
            var rest = text.substring(start + Character.charCount(text.codePointAt(start)));
            for (var other : List.of("x", "m", "°")) {
                if (text.startsWith(other, start)) continue;
                assertEquals(
                        OptionalInt.of(start),
                        stored.difference(text.substring(0, start) + other + rest),
                        other + " at " + start);
            }
            assertEquals(OptionalInt.of(start), stored.difference(text.substring(0, start)), "cut at " + start);
        }
        assertEquals(OptionalInt.of(text.length()), stored.difference(text + "w"));
        assertEquals(OptionalInt.of(0), stored.difference(""));
    }

    @Test
    void howMuchIsKeptForValidationIsKnown() throws IOException {
        var stored = stored(text(), new Tokenizer.Bytes(), false);
        assertEquals(HELD, stored.held(), 1e-4);
        assertTrue(stored.isCutFor(HELD));
        assertFalse(stored.isCutFor(0.21));
    }

    @Test
    void whatIsMissingIsNamed() throws IOException {
        var text = text();
        var stored = stored(text, new Tokenizer.Bytes(), true);
        Files.delete(folder.resolve("data.key"));
        var keyless = assertThrows(IOException.class, () -> stored.difference(text));
        assertTrue(keyless.getMessage().contains("data.key is missing"), keyless.getMessage());
        new JobFolder(folder).write(DataKey.fresh());
        var other = assertThrows(IOException.class, () -> stored.difference(text));
        assertTrue(other.getMessage().contains("not encrypted with this job's key"), other.getMessage());
        Files.delete(folder.resolve(NewJob.VALIDATION));
        var none = assertThrows(IOException.class, () -> new JobText(folder, null));
        assertTrue(none.getMessage().contains("validation.tokens is missing"), none.getMessage());
    }
}
