package org.athanor.training.engine.libtorch;

import static org.bytedeco.pytorch.global.torch.zeros_like;

import org.athanor.training.model.AdamW;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** AdamW with the gradient's length clipped, on flat vectors. */
final class Optimiser {
    private final AdamW settings;
    private final Weights weights;
    private final Tensor mean;
    private final Tensor square;
    private long steps;

    Optimiser(AdamW settings, Weights weights) {
        this.settings = settings;
        this.weights = weights;
        mean = zeros_like(weights.values());
        square = zeros_like(weights.values());
    }

    /** Moves the weights against their gradient and clears it. */
    void step(double rate) {
        var gradient = weights.gradient();
        var length = gradient.norm().item_float();
        if (length > settings.clip()) {
            gradient.mul_(new Scalar(settings.clip() / (length + 1e-6)));
        }
        steps++;
        mean.lerp_(gradient, new Scalar(1 - settings.beta1()));
        square.mul_(new Scalar(settings.beta2())).addcmul_(gradient, gradient, new Scalar(1 - settings.beta2()));
        var correction = Math.sqrt(1 - Math.pow(settings.beta2(), (double) steps));
        var size = rate / (1 - Math.pow(settings.beta1(), (double) steps));
        var spread = square.sqrt().mul_(new Scalar(1 / correction)).add_(new Scalar(settings.epsilon()), new Scalar(1));
        weights.decayedValues().mul_(new Scalar(1 - rate * settings.weightDecay()));
        weights.values().addcdiv_(mean, spread, new Scalar(-size));
        gradient.zero_();
    }

    /** Forgets all gradients seen. */
    void restart() {
        mean.zero_();
        square.zero_();
        weights.gradient().zero_();
        steps = 0;
    }

    Tensor mean() {
        return mean;
    }

    Tensor square() {
        return square;
    }

    long steps() {
        return steps;
    }

    void resumeAt(long stepsDone) {
        steps = stepsDone;
    }
}
