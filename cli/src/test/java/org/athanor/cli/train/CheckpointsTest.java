package org.athanor.cli.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.athanor.cli.terminal.UserMistake;
import org.athanor.training.checkpoint.CheckpointName;
import org.athanor.training.checkpoint.Safetensors;
import org.athanor.training.data.ShardRef;
import org.athanor.training.data.Tokenizer;
import org.athanor.training.job.JobSpec;
import org.athanor.training.model.AdamW;
import org.athanor.training.model.GptShape;
import org.athanor.training.model.LearningRate;
import org.athanor.training.model.ModelSpec;
import org.athanor.training.outer.OuterSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
    @TempDir
    Path folder;

    private static final GptShape SHAPE = new GptShape(1, 1, 8, 4, 8, false, 0);
    private static final JobSpec JOB = new JobSpec(
            "tiny",
            new ModelSpec.Gpt(SHAPE),
            SHAPE.tensors(),
            Tokenizer.Characters.of("abcdefgh"),
            List.of(new ShardRef("0".repeat(64), 200)),
            AdamW.USUAL,
            4,
            4,
            new LearningRate(1e-3, 1e-4, 1, 100),
            OuterSettings.diLoCo(2, "int8"),
            2_000_000,
            1,
            false,
            JobSpec.Moments.KEPT);

    private void write(String name, float first) throws IOException {
        var weights = new float[JOB.parameters()];
        weights[0] = first;
        var job = Map.of("athanor.job", new ObjectMapper().writeValueAsString(JOB));
        try (var channel = FileChannel.open(
                folder.resolve("checkpoints").resolve(name), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            new Safetensors(JOB.tensors(), job, weights).write(channel);
        }
    }

    @Test
    void oneThatTheHeapDoesNotHoldIsRefusedWithWhatHelps() throws IOException {
        var large = folder.resolve("large.safetensors");
        var most = Runtime.getRuntime().maxMemory();
        try (var file = new RandomAccessFile(large.toFile(), "rw")) {
            file.setLength(most);
        }
        var refused = assertThrows(UserMistake.class, () -> Checkpoints.read(large));
        var message = refused.getMessage();
        assertTrue(message.contains("this program may take " + (most >> 20) + ": ATHANOR_OPTS=-Xmx"), message);
        try (var file = new RandomAccessFile(large.toFile(), "rw")) {
            file.setLength(most / 4);
        }
        message = assertThrows(UserMistake.class, () -> Checkpoints.read(large)).getMessage();
        assertTrue(message.contains("cannot be read"), message);
    }

    @Test
    void theNewestIsTheOneOfMostRounds() throws IOException {
        Files.createDirectories(folder.resolve("checkpoints"));
        write(new CheckpointName(999_999).file(), 1);
        write(new CheckpointName(1_000_000).file(), 2);
        write("weights.safetensors", 3);
        assertEquals(2, Checkpoints.read(folder).weights().values()[0]);
    }
}
