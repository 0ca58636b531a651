package org.athanor.training.model;

import java.util.ArrayList;
import java.util.List;
import org.athanor.training.data.Tokens;

/**
 * The sizes of a GPT as nanoGPT builds it: learned positions, pre-norm blocks of causal attention and a GELU network
 * four times as wide, and the token embedding used again as the output layer.
 *
 * @param layers     blocks, at most {@value #MOST_LAYERS}
 * @param heads      attention heads of a block, at most {@value #MOST_HEADS}; divides {@code width}
 * @param width      numbers that stand for a token (d), at most {@value #MOST_WIDTH}
 * @param context    tokens that the model looks back over, at most {@value #MOST_CONTEXT}
 * @param vocabulary different tokens, at most {@value Tokens#LARGEST_VOCABULARY}
 * @param bias       whether linear layers and norms have biases
 * @param dropout    share of activations that training leaves out, 0 to below 1
 */
public record GptShape(int layers, int heads, int width, int context, int vocabulary, boolean bias, double dropout) {
    /** A shape may come from a stranger: what is reckoned with it must stay small. */
    public static final int MOST_LAYERS = 1024;

    public static final int MOST_HEADS = 1024;
    public static final int MOST_WIDTH = 1 << 16;
    public static final int MOST_CONTEXT = 1 << 16;

    private static final long MATRICES_OF_LAYER = 12; // in squares of the width: 3 + 1 for attention, 4 + 4 beside it
    private static final long NORMS_OF_LAYER = 2;
    private static final long BIASES_OF_LAYER = 9; // in widths: 3 + 1 and 4 + 1

    public GptShape {
        within("layers", layers, MOST_LAYERS);
        within("heads", heads, MOST_HEADS);
        within("width", width, MOST_WIDTH);
        within("context", context, MOST_CONTEXT);
        within("vocabulary", vocabulary, Tokens.LARGEST_VOCABULARY);
        if (width % heads != 0) {
            throw new IllegalArgumentException(
                    "width must be a multiple of heads, but " + width + " is none of " + heads);
        }
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException("dropout must be from 0 to below 1, but is " + dropout);
        }
    }

    static void within(String name, int value, int most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException(name + " must be from 1 to " + most + ", but is " + value);
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
        var norm = (bias ? 2L : 1L) * width;
        var block = MATRICES_OF_LAYER * width * width + NORMS_OF_LAYER * norm + (bias ? BIASES_OF_LAYER * width : 0);
        return ((long) vocabulary + context) * width + layers * block + norm;
    }

    /** Floating-point operations of one training step a token: 6 for each parameter, and attention (Chowdhery et al. 2022, appendix B). */
    public double flopsPerToken() {
        var positions = (double) context * width;
        return 6.0 * (parameters() - positions) + 12.0 * layers * width * context;
    }
}
