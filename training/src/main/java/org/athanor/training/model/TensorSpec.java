package org.athanor.training.model;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * A tensor of a model.
 *
 * @param name    in the model
 * @param shape   how many entries it has along each dimension
 * @param trained whether gradients change it; what is not trained are running statistics, which the model changes itself
 */
public record TensorSpec(String name, List<Long> shape, boolean trained) {
    /** How tensors lie in a flat vector: matrices, which weight decay shrinks; other trained tensors; the rest. */
    public static final Comparator<TensorSpec> FLAT_ORDER = Comparator.comparingInt(TensorSpec::group);

    public TensorSpec {
        Objects.requireNonNull(name, "name");
        shape = List.copyOf(shape);
        if (shape.stream().anyMatch(entries -> entries < 0)) {
            throw new IllegalArgumentException(
                    "no dimension of " + name + " may be negative, but its shape is " + shape);
        }
    }

    /** One that is trained. */
    public TensorSpec(String name, List<Long> shape) {
        this(name, shape, true);
    }

    private int group() {
        if (!trained) {
            return 2;
        }
        return decays() ? 0 : 1;
    }

    static TensorSpec of(String name, long... shape) {
        return new TensorSpec(name, java.util.Arrays.stream(shape).boxed().toList());
    }

    /** Numbers in it. */
    public long size() {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }

    /** Whether weight decay shrinks it: matrices and embeddings, neither biases nor norms. */
    public boolean decays() {
        return trained && shape.size() >= 2;
    }
}
