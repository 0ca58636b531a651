package org.athanor.training.engine.libtorch;

import java.util.List;
import org.athanor.training.model.TensorSpec;
import org.bytedeco.pytorch.Tensor;

/** Something that predicts the next token and can be trained to do so. */
interface Model {
    /** Its trainable tensors, in the order of the flat vector. */
    List<TensorSpec> tensors();

    /** Takes {@code leaves} as its weights: views of a flat vector, in the order of {@link #tensors}. */
    void bind(List<Tensor> leaves);

    /**
     * Scores of the next token.
     *
     * @param tokens shape [sequences, length], 64-bit
     * @return shape [sequences, length, vocabulary]
     */
    Tensor logits(Tensor tokens, boolean training);

    /** Fills the bound weights as a fresh model has them; reproducible once libtorch's generator has a seed. */
    void initialise();

    /** Forgets what it counted beside its weights, so that what follows depends on them alone. */
    default void startOver() {}
}
