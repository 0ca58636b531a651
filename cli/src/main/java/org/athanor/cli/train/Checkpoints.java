package org.athanor.cli.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import org.athanor.cli.terminal.UserMistake;
import org.athanor.training.checkpoint.CheckpointName;
import org.athanor.training.checkpoint.Safetensors;
import org.athanor.training.job.JobSpec;
import org.athanor.training.mailbox.ObjectStore;

/** Checkpoints as jobs leave them. */
final class Checkpoints {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final String JOB = "athanor.job";
    /** Of the heap: this program itself. */
    private static final long BESIDE = 48L << 20;

    private Checkpoints() {}

    /** Weights and the job that they are of. */
    record Checkpoint(JobSpec job, Safetensors weights) {}

    /**
     * @param place a checkpoint, or a job's folder for its newest
     * @throws UserMistake when there is none
     */
    static Checkpoint read(Path place) throws IOException {
        var file = Files.isDirectory(place) ? newest(place) : place;
        if (!Files.isRegularFile(file)) {
            throw new UserMistake(place + " is neither a checkpoint (*.safetensors) nor the folder of a job");
        }
        requireHeap(file);
        try (var channel = FileChannel.open(file)) {
            var weights = Safetensors.read(channel);
            var job = weights.metadata().get(JOB);
            if (job == null) {
                throw new UserMistake(file + " does not say of which job it is: it was not written by athanor train");
            }
            return new Checkpoint(MAPPER.readValue(job, JobSpec.class), weights);
        } catch (JsonProcessingException other) {
            throw new UserMistake(file + " is of a job of another version: " + other.getOriginalMessage(), other);
        } catch (IOException wrong) {
            throw new UserMistake(file + " cannot be read: " + wrong.getMessage(), wrong);
        }
    }

    /** For its values, and once more as bytes on their way. */
    private static void requireHeap(Path file) throws IOException {
        var needed = (2 * Files.size(file) + BESIDE) >> 20;
        if (needed > Runtime.getRuntime().maxMemory() >> 20) {
            var enough = needed / 64 * 64 + 64;
            throw new UserMistake(file + " takes about " + needed + " MiB of memory, and this program may take "
                    + (Runtime.getRuntime().maxMemory() >> 20) + ": ATHANOR_OPTS=-Xmx" + enough
                    + "m gives it so much");
        }
    }

    /**
     * Puts the file of a model that somebody programmed where an engine finds it.
     *
     * @param place as it was given to {@link #read}: the program lies with the job
     */
    static void placeProgram(Path place, JobSpec job, Path engine) throws IOException {
        var program = job.model().program();
        if (program.isEmpty()) return;
        var folder = Files.isDirectory(place)
                ? place
                : place.toAbsolutePath().getParent().getParent();
        var objects = folder.resolve("objects");
        if (!Files.isDirectory(objects)
                || !new ObjectStore(objects).has(program.get().file())) {
            throw new UserMistake("the model of " + place
                    + " is a TorchScript module, and that lies with its job: give the" + " folder of the job");
        }
        Files.write(
                engine.resolve(program.get().file()),
                new ObjectStore(objects).read(program.get().file()));
    }

    private static Path newest(Path folder) throws IOException {
        var checkpoints = folder.resolve("checkpoints");
        if (!Files.isDirectory(checkpoints)) {
            throw new UserMistake(folder + " is no folder of a job: it has no checkpoints");
        }
        try (var files = Files.list(checkpoints)) {
            return files.flatMap(file -> CheckpointName.of(file.getFileName().toString()).stream())
                    .max(Comparator.naturalOrder())
                    .map(name -> checkpoints.resolve(name.file()))
                    .orElseThrow(() -> new UserMistake(folder + " has no checkpoint yet"));
        }
    }
}
