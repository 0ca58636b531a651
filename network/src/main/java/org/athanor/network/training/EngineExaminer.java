package org.athanor.network.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.athanor.training.data.Assignment;
import org.athanor.training.data.DataKey;
import org.athanor.training.data.ShardRef;
import org.athanor.training.engine.EngineCommand;
import org.athanor.training.engine.EngineException;
import org.athanor.training.engine.EngineLibraries;
import org.athanor.training.engine.EngineLimits;
import org.athanor.training.engine.EngineProcess;
import org.athanor.training.engine.EngineReply;
import org.athanor.training.engine.MachineClass;
import org.athanor.training.job.JobSpec;

/** Reckons with an engine of the coordinator's own, which is started when it is first asked. */
public final class EngineExaminer implements Examiner {
    /** Of the dataset, in the engine's folder: rounds of a job read other ones. */
    private static final int MOST_SHARDS = 8;

    private final JobSpec spec;
    private final JobFolder kept;
    private final DataKey key;
    private final Path folder;
    private final EngineLibraries libraries;
    private final EngineLimits limits;
    private EngineProcess engine;

    /**
     * @param job    folder of the job
     * @param limits of the engine; replays are nearest to what a worker did with as many threads
     */
    public EngineExaminer(Path job, JobSpec spec, EngineLibraries libraries, EngineLimits limits) throws IOException {
        this.spec = spec;
        this.libraries = libraries;
        this.limits = limits;
        kept = new JobFolder(job);
        key = kept.dataKey();
        folder = job.resolve("examiner");
    }

    @Override
    public String machineClass() {
        return MachineClass.of(libraries);
    }

    @Override
    public synchronized double loss(float[] weights, ShardRef shard, List<Integer> starts)
            throws EngineException, IOException, InterruptedException {
        load(weights);
        var evaluated = (EngineReply.Evaluated)
                engine.ask(new EngineCommand.Evaluate(file(shard), starts, spec.microBatch(), key), reply -> {});
        return evaluated.loss();
    }

    @Override
    public synchronized Replayed replay(float[] weights, String worker, long round, long firstStep, int steps)
            throws EngineException, IOException, InterruptedException {
        load(weights);
        engine.ask(new EngineCommand.RestartMoments(), reply -> {});
        var assignment = new Assignment(spec.seed(), round, worker, Assignment.TRAINING);
        var shard = spec.shards().get(assignment.shard(spec.shards().size()));
        var losses = new ArrayList<Double>();
        engine.ask(
                new EngineCommand.Train(
                        file(shard),
                        assignment,
                        0,
                        steps,
                        spec.sequences(),
                        spec.microBatch(),
                        spec.rate(),
                        firstStep,
                        spec.seedOf(round, worker),
                        key),
                reply -> losses.add(((EngineReply.Step) reply).loss()));
        var after = new float[weights.length];
        engine.save(after);
        return new Replayed(after, losses);
    }

    private void load(float[] weights) throws EngineException, IOException, InterruptedException {
        if (engine == null || !engine.alive()) {
            NewJob.placeProgram(kept, spec.model(), folder);
            engine = EngineProcess.start(libraries, folder, limits.around(spec.model()));
            try {
                var open = new EngineCommand.Open(spec.model(), spec.optimiser(), spec.bfloat16(), limits.threads());
                ((EngineReply.Opened) engine.ask(open, _ -> {})).require(spec.tensors());
            } catch (EngineException refused) {
                engine.close(); // the next one is to be asked again
                throw refused;
            }
        }
        engine.load(weights);
    }

    private String file(ShardRef shard) throws IOException {
        var name = "shard-" + shard.hash();
        var file = engine.folder().resolve(name);
        if (!Files.exists(file)) {
            forgetShards(); // a second copy of the whole dataset would fill the disk
            var part = engine.folder().resolve("shard.part");
            Files.copy(kept.objects().file(shard.hash()), part, StandardCopyOption.REPLACE_EXISTING);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        }
        return name;
    }

    private void forgetShards() throws IOException {
        List<Path> shards;
        try (var files = Files.list(engine.folder())) {
            shards = files.filter(file -> file.getFileName().toString().startsWith("shard-"))
                    .toList();
        }
        for (var old : shards.size() < MOST_SHARDS ? List.<Path>of() : shards) {
            Files.delete(old);
        }
    }

    @Override
    public synchronized void close() {
        if (engine != null) {
            engine.close();
        }
    }
}
