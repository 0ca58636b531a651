package org.athanor.training.model;

import java.util.List;

/** A tensor of a model: its name and how many entries it has along each dimension. */
public record TensorSpec(String name, List<Long> shape) {
    public TensorSpec {
        shape = List.copyOf(shape);
        if (shape.stream().anyMatch(entries -> entries < 0)) {
            throw new IllegalArgumentException(
                    "no dimension of " + name + " may be negative, but its shape is " + shape);
        }
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
        return shape.size() >= 2;
    }
}
