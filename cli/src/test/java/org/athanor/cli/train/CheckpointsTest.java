package org.athanor.cli.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
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
    void theNewestIsTheOneOfMostRounds() throws IOException {
        Files.createDirectories(folder.resolve("checkpoints"));
        write(new CheckpointName(999_999).file(), 1);
        write(new CheckpointName(1_000_000).file(), 2);
        write("weights.safetensors", 3);
        assertEquals(2, Checkpoints.read(folder).weights().values()[0]);
    }
}
