package org.athanor.network.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.athanor.training.data.Assignment;
import org.athanor.training.data.DataKey;
import org.athanor.training.data.ShardRef;
import org.athanor.training.data.Tokens;
import org.athanor.training.engine.EngineCommand;
import org.athanor.training.engine.EngineException;
import org.athanor.training.engine.EngineFiles;
import org.athanor.training.engine.EngineLibraries;
import org.athanor.training.engine.EngineLimits;
import org.athanor.training.engine.EngineProcess;
import org.athanor.training.engine.EngineReply;
import org.athanor.training.job.JobSpec;
import org.athanor.training.model.AdamW;
import org.athanor.training.model.ModelSpec;
import org.athanor.training.model.TensorSpec;
import org.athanor.training.update.UpdateException;

/** Turns a text and a wish into a job in a folder: shards, validation text, fresh weights. */
public final class NewJob {
    /** Text that nobody trains on, in the job's folder. */
    static final String VALIDATION = "validation.tokens";

    private static final int SHARD_TOKENS = 1 << 20;

    private NewJob() {}

    /**
     * Makes the job. Where that was cut off, the folder is {@link Unfinished}, and the job can be made again in it.
     *
     * @param wish   the job but for its tensors and shards, which are filled in
     * @param module the file of a TorchScript model; null for what is built in
     * @param tokens of the text
     * @param held   share of it, at its end, that is kept for validation
     * @throws IllegalArgumentException when the text is too short
     * @throws EngineException          when the module cannot do a step, with the reason
     */
    public static JobSpec create(
            Path folder,
            JobSpec wish,
            Path module,
            int[] tokens,
            double held,
            EngineLibraries libraries,
            EngineLimits limits)
            throws IOException, EngineException, InterruptedException {
        var cut = cut(tokens.length, held);
        var least = wish.model().context() + 2;
        if (cut < least || tokens.length - cut < least) {
            throw new IllegalArgumentException("the text has " + tokens.length + " tokens; with a context of "
                    + wish.model().context() + " and " + Math.round(100 * held)
                    + " % kept for validation it needs at least "
                    + (int) Math.ceil(least / Math.min(held, 1 - held)));
        }
        var job = new JobFolder(folder);
        if (job.state().isPresent()) {
            throw new IOException(folder + " holds a job already");
        }
        Unfinished.begin(folder);
        job.forgetDataKey();
        var key = wish.encrypted() ? DataKey.fresh() : null;
        if (key != null) {
            job.write(key); // before anything is encrypted with it
        }
        var shards = new ArrayList<ShardRef>();
        var count = Math.max(1, cut / SHARD_TOKENS);
        for (var shard = 0; shard < count; shard++) {
            var part = Arrays.copyOfRange(
                    tokens, (int) ((long) cut * shard / count), (int) ((long) cut * (shard + 1) / count));
            var lying = key == null ? bytes(part) : key.seal(bytes(part));
            shards.add(new ShardRef(job.objects().put(lying), part.length));
        }
        JobFolder.writeSecret(folder.resolve(VALIDATION), bytes(Arrays.copyOfRange(tokens, cut, tokens.length)));
        if (module != null) {
            job.objects().put(Files.readAllBytes(module));
        }
        placeProgram(job, wish.model(), folder.resolve("engine"));
        try (var engine = EngineProcess.start(libraries, folder.resolve("engine"), limits.around(wish.model()))) {
            var tensors = open(engine, wish.model(), wish.optimiser(), limits.threads())
                    .tensors();
            engine.ask(new EngineCommand.Initialise(wish.seed()), reply -> {});
            var initial = new float
                    [Math.toIntExact(
                            tensors.stream().mapToLong(TensorSpec::size).sum())];
            engine.save(initial);
            if (wish.model().program().isPresent()) {
                tryStep(engine, folder, wish);
            }
            var spec = wish.filled(tensors, shards);
            Coordinator.create(folder, spec, initial);
            Unfinished.end(folder);
            return spec;
        } catch (UpdateException impossible) {
            throw new IllegalStateException("fresh weights cannot be published", impossible);
        }
    }

    /** Tokens in front that are trained on. */
    static int cut(int tokens, double held) {
        return (int) (tokens * (1 - held));
    }

    /** Of somebody's module nobody knows what it takes and returns, nor how much memory, before it has done a step. */
    private static void tryStep(EngineProcess engine, Path folder, JobSpec wish)
            throws IOException, EngineException, InterruptedException {
        var text = engine.folder().resolve(VALIDATION);
        Files.copy(folder.resolve(VALIDATION), text, StandardCopyOption.REPLACE_EXISTING);
        var drawn = new Assignment(wish.seed(), 0, "trial", Assignment.TRAINING);
        var micro = wish.microBatch();
        engine.ask(new EngineCommand.Evaluate(VALIDATION, List.of(0), 1), reply -> {});
        engine.ask(new EngineCommand.Train(VALIDATION, drawn, 0, 1, micro, micro, wish.rate(), 0, 1), reply -> {});
        Files.delete(text);
    }

    /** Puts the file of a model that somebody programmed where an engine finds it. */
    static void placeProgram(JobFolder job, ModelSpec model, Path engine) throws IOException {
        var program = model.program();
        if (program.isPresent()) {
            EngineFiles.put(
                    engine.resolve(program.get().file()),
                    job.objects().read(program.get().file()));
        }
    }

    static EngineReply.Opened open(EngineProcess engine, ModelSpec model, AdamW optimiser, int threads)
            throws EngineException, InterruptedException {
        return (EngineReply.Opened) engine.ask(new EngineCommand.Open(model, optimiser, false, threads), reply -> {});
    }

    private static byte[] bytes(int[] tokens) {
        var buffer = Tokens.of(tokens).bytes();
        var bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
