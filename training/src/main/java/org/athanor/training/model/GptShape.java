package org.athanor.training.model;

import java.util.ArrayList;
import java.util.List;

/**
 * The sizes of a GPT as nanoGPT builds it: learned positions, pre-norm blocks of causal attention and a GELU network
 * four times as wide, and the token embedding used again as the output layer.
 *
 * @param layers     blocks
 * @param heads      attention heads of a block; divides {@code width}
 * @param width      numbers that stand for a token (d)
 * @param context    tokens that the model looks back over
 * @param vocabulary different tokens
 * @param bias       whether linear layers and norms have biases
 * @param dropout    share of activations that training leaves out, 0 to below 1
 */
public record GptShape(int layers, int heads, int width, int context, int vocabulary, boolean bias, double dropout) {
    public GptShape {
        positive("layers", layers);
        positive("heads", heads);
        positive("width", width);
        positive("context", context);
        positive("vocabulary", vocabulary);
        if (width % heads != 0) {
            throw new IllegalArgumentException(
                    "width must be a multiple of heads, but " + width + " is none of " + heads);
        }
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException("dropout must be from 0 to below 1, but is " + dropout);
        }
    }

    private static void positive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, but is " + value);
        }
    }

    /**
     * The tensors in the order in which they lie in a flat vector of weights: first the matrices, which weight decay
     * shrinks, then the vectors, which it spares. Names are nanoGPT's.
     */
    public List<TensorSpec> tensors() {
        var matrices = new ArrayList<TensorSpec>();
        var vectors = new ArrayList<TensorSpec>();
        matrices.add(TensorSpec.of("transformer.wte.weight", vocabulary, width));
        matrices.add(TensorSpec.of("transformer.wpe.weight", context, width));
        for (var layer = 0; layer < layers; layer++) {
            var block = "transformer.h." + layer + ".";
            norm(vectors, block + "ln_1");
            linear(matrices, vectors, block + "attn.c_attn", 3 * width, width);
            linear(matrices, vectors, block + "attn.c_proj", width, width);
            norm(vectors, block + "ln_2");
            linear(matrices, vectors, block + "mlp.c_fc", 4 * width, width);
            linear(matrices, vectors, block + "mlp.c_proj", width, 4 * width);
        }
        norm(vectors, "transformer.ln_f");
        matrices.addAll(vectors);
        return List.copyOf(matrices);
    }

    private void norm(List<TensorSpec> vectors, String name) {
        vectors.add(TensorSpec.of(name + ".weight", width));
        if (bias) {
            vectors.add(TensorSpec.of(name + ".bias", width));
        }
    }

    private void linear(List<TensorSpec> matrices, List<TensorSpec> vectors, String name, int out, int in) {
        matrices.add(TensorSpec.of(name + ".weight", out, in));
        if (bias) {
            vectors.add(TensorSpec.of(name + ".bias", out));
        }
    }

    /** Numbers that training changes. */
    public long parameters() {
        return tensors().stream().mapToLong(TensorSpec::size).sum();
    }

    /** Floating-point operations of one training step a token: 6 for each parameter, and attention (Chowdhery et al. 2022, appendix B). */
    public double flopsPerToken() {
        var positions = (double) context * width;
        return 6.0 * (parameters() - positions) + 12.0 * layers * width * context;
    }
}
