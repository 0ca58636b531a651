package org.athanor.training.engine.libtorch;

import java.util.ArrayList;
import java.util.List;
import org.athanor.training.model.TensorSpec;
import org.bytedeco.pytorch.Tensor;

/**
 * A model's weights and their gradients as two flat vectors, of which its tensors are views: what a worker sends and
 * receives is one copy, and the optimiser is a handful of operations whatever the number of tensors.
 */
final class Weights {
    private final long decayed;
    private final Tensor values;
    private final Tensor gradient;

    Weights(Model model, Hardware hardware) {
        var tensors = model.tensors();
        decayed = sizeOfLeading(tensors);
        var size = tensors.stream().mapToLong(TensorSpec::size).sum();
        values = hardware.zeros(size);
        gradient = hardware.zeros(size);
        var leaves = new ArrayList<Tensor>();
        long offset = 0;
        for (var tensor : tensors) {
            var shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
            var leaf = values.narrow(0, offset, tensor.size()).view(shape).detach();
            if (tensor.trained()) {
                leaf.requires_grad_(true);
                leaf.mutable_grad()
                        .put(gradient.narrow(0, offset, tensor.size()).view(shape));
            }
            leaves.add(leaf);
            offset += tensor.size();
        }
        model.bind(leaves);
    }

    private static long sizeOfLeading(List<TensorSpec> tensors) {
        long size = 0;
        var vectors = false;
        for (var tensor : tensors) {
            if (tensor.decays() && vectors) {
                throw new IllegalArgumentException(
                        "matrices must come before vectors, but " + tensor.name() + " does not");
            }
            vectors |= !tensor.decays();
            size += tensor.decays() ? tensor.size() : 0;
        }
        return size;
    }

    /** All weights, shape [size]. */
    Tensor values() {
        return values;
    }

    /** What backward passes have added up, shape [size]. */
    Tensor gradient() {
        return gradient;
    }

    long size() {
        return values.numel();
    }

    /** The weights that weight decay shrinks: a view. */
    Tensor decayedValues() {
        return values.narrow(0, 0, decayed);
    }
}
