package org.athanor.training.outer;

import java.util.Objects;
import org.athanor.training.update.Codec;

/**
 * One way to train with little talk. The schemes of the literature are settings of it:
 *
 * <ul>
 *   <li>DiLoCo: one fragment, no delay, Nesterov, any codec;
 *   <li>Streaming DiLoCo: several fragments, a delay of one round, mixing 0.5;
 *   <li>SparseLoCo: a sparse codec, plain descent, what was not sent kept at 0.95.
 * </ul>
 *
 * @param innerSteps steps that a worker does between two exchanges, at most {@value #MOST_STEPS}
 * @param up         codec of what workers send
 * @param down       codec of what the coordinator publishes
 * @param optimiser  the outer step
 * @param keep       share of what an update left out that is added to the next one; 0 keeps nothing
 * @param fragments  parts of the model that are exchanged in turn, at most {@value #MOST_FRAGMENTS}
 * @param delay      rounds that a worker goes on before it takes what was published: 0 waits for it, 1 overlaps
 * @param mix        share of its own weights that a worker keeps when it takes what was published
 */
public record OuterSettings(
        int innerSteps,
        String up,
        String down,
        OuterOptimiser optimiser,
        double keep,
        int fragments,
        int delay,
        double mix) {
    /** A worker keeps the loss of each until the round's end. */
    public static final int MOST_STEPS = 100_000;

    public static final int MOST_FRAGMENTS = 1000;

    public OuterSettings {
        if (innerSteps < 1 || innerSteps > MOST_STEPS) {
            throw new IllegalArgumentException("innerSteps must be from 1 to " + MOST_STEPS + ", but is " + innerSteps);
        }
        Codec.named(up);
        Codec.named(down);
        Objects.requireNonNull(optimiser, "optimiser");
        if (!(keep >= 0 && keep <= 1)) {
            throw new IllegalArgumentException("keep must be from 0 to 1, but is " + keep);
        }
        if (fragments < 1 || fragments > MOST_FRAGMENTS) {
            throw new IllegalArgumentException(
                    "fragments must be from 1 to " + MOST_FRAGMENTS + ", but is " + fragments);
        }
        if (delay != 0 && delay != 1) {
            throw new IllegalArgumentException("delay must be 0 or 1, but is " + delay);
        }
        if (!(mix >= 0 && mix < 1)) {
            throw new IllegalArgumentException("mix must be from 0 to below 1, but is " + mix);
        }
    }

    public static OuterSettings diLoCo(int innerSteps, String codec) {
        return new OuterSettings(innerSteps, codec, codec, OuterOptimiser.NESTEROV, 1, 1, 0, 0);
    }

    public static OuterSettings streaming(int innerSteps, String codec, int fragments) {
        return new OuterSettings(innerSteps, codec, codec, OuterOptimiser.NESTEROV, 1, fragments, 1, 0.5);
    }

    public static OuterSettings sparseLoCo(int innerSteps, int keptUp, int keptDown) {
        return new OuterSettings(
                innerSteps, "sparse-" + keptUp, "sparse-" + keptDown, OuterOptimiser.PLAIN, 0.95, 1, 0, 0);
    }

    public Codec upCodec() {
        return Codec.named(up);
    }

    public Codec downCodec() {
        return Codec.named(down);
    }
}
