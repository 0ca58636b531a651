package org.athanor.edge.training;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.athanor.training.data.Assignment;
import org.athanor.training.data.ShardRef;
import org.athanor.training.engine.EngineCommand;
import org.athanor.training.engine.EngineException;
import org.athanor.training.engine.EngineProcess;
import org.athanor.training.engine.EngineReply;
import org.athanor.training.job.JobSpec;
import org.athanor.training.model.ModelSpec;

/**
 * A worker's engine: started when a round needs it, and again when it has died, with the weights and moments of the round's
 * beginning. May be frozen and thawed from any thread.
 */
final class WorkerEngine implements AutoCloseable {
    private static final String WEIGHTS = "weights";
    private static final String MOMENTS = "moments";

    private final WorkerConfig config;
    private final JobSpec job;
    private final Path folder;
    private EngineProcess process;
    private boolean frozen;
    private int threads;
    private long momentSteps;

    WorkerEngine(WorkerConfig config, JobSpec job) {
        this.config = config;
        this.job = job;
        folder = config.folder().resolve("engine");
        threads = config.limits().threads();
    }

    /** Where a shard's file has to lie. */
    Path shardFile(ShardRef shard) {
        return folder.resolve("shard-" + shard.hash());
    }

    /** Where the file of a model that somebody programmed has to lie. */
    Path programFile(ModelSpec.TorchScript program) {
        return folder.resolve(program.file());
    }

    /**
     * A round of the job from {@code weights}, which are those after it when it returns.
     *
     * @param progress hears of every step
     */
    EngineReply.Trained train(
            String worker, long round, float[] weights, ShardRef shard, Consumer<EngineReply.Step> progress)
            throws EngineException, IOException, InterruptedException {
        var engine = running();
        write(WEIGHTS, weights);
        ask(engine, new EngineCommand.Load(WEIGHTS));
        if (job.moments() == JobSpec.Moments.RESTARTED) {
            ask(engine, new EngineCommand.RestartMoments());
        }
        var trained = (EngineReply.Trained) engine.ask(
                new EngineCommand.Train(
                        shardFile(shard).getFileName().toString(),
                        new Assignment(job.seed(), round, worker, Assignment.TRAINING),
                        0,
                        job.outer().innerSteps(),
                        job.sequences(),
                        job.microBatch(),
                        job.rate(),
                        job.firstStep(round),
                        job.seedOf(round, worker)),
                reply -> progress.accept((EngineReply.Step) reply));
        ask(engine, new EngineCommand.Save(WEIGHTS));
        if (job.moments() == JobSpec.Moments.KEPT) {
            ask(engine, new EngineCommand.SaveMoments(MOMENTS));
            momentSteps = trained.momentSteps();
        }
        read(WEIGHTS, weights);
        return trained;
    }

    private EngineProcess running() throws EngineException, InterruptedException {
        if (process != null && process.alive()) {
            return process;
        }
        var engine =
                EngineProcess.start(config.libraries(), folder, config.limits().around(job.model()));
        synchronized (this) {
            process = engine;
        }
        ask(engine, new EngineCommand.Open(job.model(), job.optimiser(), job.bfloat16(), threads));
        if (momentSteps > 0) {
            ask(engine, new EngineCommand.LoadMoments(MOMENTS, momentSteps));
        }
        applyFreeze();
        return engine;
    }

    private static void ask(EngineProcess engine, EngineCommand command) throws EngineException, InterruptedException {
        engine.ask(command, reply -> {});
    }

    private void write(String name, float[] values) throws IOException {
        var bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        Files.write(folder.resolve(name), bytes.array());
    }

    private void read(String name, float[] into) throws IOException {
        ByteBuffer.wrap(Files.readAllBytes(folder.resolve(name)))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(into);
    }

    /** Whether the engine may draw power from now on: stops it in the middle of a step if it must. */
    synchronized void frozen(boolean wanted) throws IOException, InterruptedException {
        frozen = wanted;
        applyFreeze();
    }

    private synchronized void applyFreeze() throws InterruptedException {
        if (process == null || !process.alive()) {
            return;
        }
        try {
            if (frozen) {
                process.freeze();
            } else {
                process.thaw();
            }
        } catch (IOException cannot) {
            process.kill(); // what cannot be stopped gently is ended: the round is done again
        }
    }

    /** The heater's level: threads of a step. */
    synchronized void threads(int count) throws EngineException {
        threads = count;
        if (process != null && process.alive()) {
            process.tell(new EngineCommand.Threads(count));
        }
    }

    /** Ends the process whatever it does. */
    synchronized void kill() {
        if (process != null) {
            process.kill();
        }
    }

    @Override
    public synchronized void close() {
        if (process != null) {
            process.close();
        }
    }
}
