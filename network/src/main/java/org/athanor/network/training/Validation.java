package org.athanor.network.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.athanor.training.engine.EngineCommand;
import org.athanor.training.engine.EngineException;
import org.athanor.training.engine.EngineLibraries;
import org.athanor.training.engine.EngineLimits;
import org.athanor.training.engine.EngineProcess;
import org.athanor.training.engine.EngineReply;
import org.athanor.training.job.JobSpec;

/** How good the weights are on text that nobody trains on: every some rounds a part of it, at the end all. */
public final class Validation implements Coordinator.RoundListener, AutoCloseable {
    private static final int MOST_AT_THE_END = 400_000;

    private final JobSpec spec;
    private final EngineLibraries libraries;
    private final EngineLimits limits;
    private final Path folder;
    private final long every;
    private final int tokens;
    private volatile EngineProcess engine;
    private volatile boolean stopped;

    /**
     * @param job    folder of the job
     * @param every  rounds
     * @param tokens of the text that are asked each time
     */
    public Validation(Path job, JobSpec spec, long every, int tokens, EngineLibraries libraries, EngineLimits limits) {
        this.spec = spec;
        this.libraries = libraries;
        this.limits = limits;
        this.every = every;
        this.tokens = tokens;
        folder = job.resolve("engine");
    }

    @Override
    public Double ended(long round, boolean last, float[] weights) throws InterruptedException {
        if (stopped || (!last && (round + 1) % every != 0)) {
            return null;
        }
        try {
            return loss(weights, last ? MOST_AT_THE_END : tokens);
        } catch (EngineException | IOException failed) {
            if (stopped) {
                return null;
            }
            System.getLogger(Validation.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            "round {0} has no validation loss: {1}",
                            round,
                            failed.getMessage());
            return null;
        }
    }

    @Override
    public void stop() {
        stopped = true;
        var running = engine;
        if (running != null) {
            running.kill();
        }
    }

    /** Mean loss of so many tokens from the beginning of the validation text, in nats. */
    private synchronized double loss(float[] weights, int most)
            throws EngineException, IOException, InterruptedException {
        var text = folder.getParent().resolve(NewJob.VALIDATION);
        var context = spec.model().context();
        var all = (int) (Files.size(text) / Short.BYTES);
        if (engine == null || !engine.alive()) {
            NewJob.placeProgram(new JobFolder(folder.getParent()), spec.model(), folder);
            engine = EngineProcess.start(libraries, folder, limits.around(spec.model()));
            try {
                NewJob.open(engine, spec.model(), spec.optimiser(), limits.threads())
                        .require(spec.tensors());
            } catch (EngineException refused) {
                engine.close(); // the next one is to be asked again
                throw refused;
            }
            Files.copy(text, folder.resolve(NewJob.VALIDATION), StandardCopyOption.REPLACE_EXISTING);
        }
        if (stopped) {
            throw new IOException("the program ends");
        }
        engine.load(weights);
        List<Integer> starts = new ArrayList<>();
        for (var start = 0; start + context < all && start + context <= Math.max(most, context); start += context) {
            starts.add(start);
        }
        var evaluated = (EngineReply.Evaluated)
                engine.ask(new EngineCommand.Evaluate(NewJob.VALIDATION, starts, spec.microBatch()), reply -> {});
        return evaluated.loss();
    }

    @Override
    public synchronized void close() {
        if (engine != null) {
            engine.close();
        }
    }
}
