package org.athanor.training.engine.libtorch;

import static org.bytedeco.pytorch.global.torch.cross_entropy;
import static org.bytedeco.pytorch.global.torch.from_blob;

import org.athanor.training.data.Tokens;
import org.athanor.training.model.AdamW;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The inner loop: one step is a forward and a backward pass for each micro-batch, then the optimiser. */
final class Trainer {
    private final Model model;
    private final Weights weights;
    private final Optimiser optimiser;
    private final int context;
    private final int vocabulary;
    private final Hardware hardware;

    /** Tokens that the model looks back over, and how many there are that differ. */
    record Sizes(int context, int vocabulary) {}

    Trainer(Model model, AdamW settings, Sizes sizes, Hardware hardware) {
        this.model = model;
        context = sizes.context();
        vocabulary = sizes.vocabulary();
        this.hardware = hardware;
        weights = new Weights(model, hardware);
        optimiser = new Optimiser(settings, weights);
    }

    /**
     * One step.
     *
     * @param starts     where each sequence begins in {@code tokens}
     * @param microBatch sequences that pass through the model at a time; divides their number
     * @param rate       learning rate
     * @return mean loss of the tokens before the step, in nats
     */
    double step(Tokens tokens, int[] starts, int microBatch, double rate) {
        double loss = 0;
        for (var first = 0; first < starts.length; first += microBatch) {
            try (var _ = new PointerScope()) {
                var share = (double) microBatch / starts.length;
                var part = loss(tokens, starts, first, microBatch, true);
                part.mul(new Scalar(share)).backward();
                loss += share * part.item_float();
            }
        }
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            optimiser.step(rate);
        }
        return loss;
    }

    /** Mean loss of these sequences in nats a token; nothing is changed. */
    double evaluate(Tokens tokens, int[] starts, int microBatch) {
        double sum = 0;
        for (var first = 0; first < starts.length; first += microBatch) {
            var count = Math.min(microBatch, starts.length - first);
            try (var _ = new PointerScope();
                    var _ = new NoGradGuard()) {
                sum += count
                        * (double) loss(tokens, starts, first, count, false).item_float();
            }
        }
        return sum / starts.length;
    }

    private Tensor loss(Tokens tokens, int[] starts, int first, int count, boolean training) {
        var inputs = new long[count * context];
        var targets = new long[count * context];
        for (var sequence = 0; sequence < count; sequence++) {
            var start = starts[first + sequence];
            for (var position = 0; position < context; position++) {
                inputs[sequence * context + position] = tokens.at(start + position);
                targets[sequence * context + position] = tokens.at(start + position + 1);
            }
        }
        var scores = model.logits(matrix(inputs, count), training);
        return cross_entropy(
                scores.view(-1, scores.size(2)), matrix(targets, count).view(-1));
    }

    /** The token that follows {@code history}, drawn from the {@code topK} likeliest. */
    int next(int[] history, double temperature, int topK, double draw) {
        var length = Math.min(history.length, context);
        var seen = new long[length];
        for (var index = 0; index < length; index++) {
            seen[index] = history[history.length - length + index];
        }
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            var scores = model.logits(matrix(seen, 1), false);
            var last = new float[vocabulary]; // a module may have more: of those no text has any
            scores.narrow(1, length - 1, 1)
                    .narrow(2, 0, vocabulary)
                    .contiguous()
                    .cpu()
                    .data_ptr_float()
                    .get(last);
            return Sampling.draw(last, temperature, topK, draw);
        }
    }

    /** Shape [tokens, vocabulary]. */
    Tensor scores(long[] tokens) {
        var scores = model.logits(matrix(tokens, 1), false);
        return scores.select(0, 0).to(ScalarType.Float).contiguous();
    }

    private Tensor matrix(long[] tokens, int rows) {
        var memory = new LongPointer(tokens);
        var type = new TensorOptions(ScalarType.Long);
        return hardware.take(from_blob(memory, new long[] {rows, tokens.length / rows}, type));
    }

    void initialise() {
        try (var _ = new NoGradGuard()) {
            model.initialise();
        }
    }

    Weights weights() {
        return weights;
    }

    /** Forgets all that earlier rounds left beside the weights. */
    void startOver() {
        optimiser.restart();
        model.startOver();
    }

    Optimiser optimiser() {
        return optimiser;
    }

    int context() {
        return context;
    }
}
