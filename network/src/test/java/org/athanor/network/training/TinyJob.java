package org.athanor.network.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.athanor.training.data.ShardRef;
import org.athanor.training.data.Tokenizer;
import org.athanor.training.data.Tokens;
import org.athanor.training.job.JobSpec;
import org.athanor.training.mailbox.Messages;
import org.athanor.training.mailbox.ObjectStore;
import org.athanor.training.model.AdamW;
import org.athanor.training.model.GptShape;
import org.athanor.training.model.LearningRate;
import org.athanor.training.model.ModelSpec;
import org.athanor.training.outer.OuterSettings;
import org.athanor.training.update.UpdateException;

/** A job without an engine: updates are made up. */
final class TinyJob {
    static final int STEPS = 2;

    private TinyJob() {}

    /** Made in the folder. */
    static JobSpec in(Path folder, long rounds) throws IOException, UpdateException {
        return in(folder, rounds, new GptShape(1, 1, 8, 4, 8, false, 0));
    }

    /** One that is done by its tokens. */
    static JobSpec withBudget(Path folder, long rounds, long tokens) throws IOException, UpdateException {
        return in(folder, rounds, tokens, new GptShape(1, 1, 8, 4, 8, false, 0));
    }

    static JobSpec in(Path folder, long rounds, GptShape shape) throws IOException, UpdateException {
        return in(folder, rounds, 0, shape);
    }

    private static JobSpec in(Path folder, long rounds, long tokens, GptShape shape)
            throws IOException, UpdateException {
        var text = new int[200];
        Arrays.setAll(text, index -> index % 8);
        var bytes = Tokens.of(text).bytes();
        var shard = new byte[bytes.remaining()];
        bytes.get(shard);
        var hash = new JobFolder(folder).objects().put(shard);
        var spec = new JobSpec(
                        "tiny",
                        new ModelSpec.Gpt(shape),
                        shape.tensors(),
                        Tokenizer.Characters.of("abcdefgh"),
                        List.of(new ShardRef(hash, text.length)),
                        AdamW.USUAL,
                        4,
                        4,
                        new LearningRate(1e-3, 1e-4, 1, 100),
                        OuterSettings.diLoCo(STEPS, "int8"),
                        rounds,
                        1,
                        false,
                        JobSpec.Moments.KEPT,
                        JobSpec.Trust.KNOWN)
                .withBudget(tokens);
        var initial = new float[spec.parameters()];
        for (var index = 0; index < initial.length; index++) {
            initial[index] = (float) Math.sin(index);
        }
        Coordinator.create(folder, spec, initial);
        return spec;
    }

    /** What {@code worker} might have found in {@code round}: always the same. */
    static byte[] update(JobSpec spec, String worker, long round) {
        var change = new float[spec.parameters()];
        for (var index = 0; index < change.length; index++) {
            change[index] = (float) Math.cos(index + worker.hashCode() % 100 + 10.0 * round) / 100;
        }
        return spec.outer().upCodec().encode(change);
    }

    static Messages.Update told(byte[] update) {
        return new Messages.Update(ObjectStore.hash(update), STEPS, List.of(2.0, 1.0), 0.5, null);
    }

    static Messages.Beat trains(long round) {
        return new Messages.Beat(round, 0, Messages.Doing.TRAINING, null, null);
    }

    /** Puts the update there and says so, as the server does. */
    static Messages.Verdict deliver(Coordinator coordinator, String worker, long round) throws IOException {
        var update = update(coordinator.spec(), worker, round);
        coordinator.folder().objects().put(update);
        return coordinator.deliver(worker, round, told(update));
    }
}
