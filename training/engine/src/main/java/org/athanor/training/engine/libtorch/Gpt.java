package org.athanor.training.engine.libtorch;

import static org.bytedeco.pytorch.global.torch.dropout;
import static org.bytedeco.pytorch.global.torch.embedding;
import static org.bytedeco.pytorch.global.torch.gelu;
import static org.bytedeco.pytorch.global.torch.layer_norm;
import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.scaled_dot_product_attention;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.athanor.training.model.GptShape;
import org.athanor.training.model.TensorSpec;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;

/** nanoGPT's model (Karpathy 2022, after Radford et al. 2019) on libtorch's operations. */
final class Gpt implements Model {
    private static final double NORM_EPSILON = 1e-5;
    private static final double INITIAL_SPREAD = 0.02;

    private final GptShape shape;
    private final List<TensorSpec> tensors;
    private final Map<String, Tensor> weights = new HashMap<>();

    Gpt(GptShape shape) {
        this.shape = shape;
        tensors = shape.tensors();
    }

    @Override
    public List<TensorSpec> tensors() {
        return tensors;
    }

    @Override
    public void bind(List<Tensor> leaves) {
        for (var index = 0; index < tensors.size(); index++) {
            weights.put(tensors.get(index).name(), leaves.get(index));
        }
    }

    @Override
    public Tensor logits(Tensor tokens, boolean training) {
        var tokenVectors = embedding(weights.get("transformer.wte.weight"), tokens);
        var positions = weights.get("transformer.wpe.weight").narrow(0, 0, tokens.size(1));
        var x = drop(tokenVectors.add(positions), training);
        for (var layer = 0; layer < shape.layers(); layer++) {
            var block = "transformer.h." + layer + ".";
            x = x.add(attention(norm(x, block + "ln_1"), block + "attn.", training));
            x = x.add(network(norm(x, block + "ln_2"), block + "mlp.", training));
        }
        return linear(norm(x, "transformer.ln_f"), weights.get("transformer.wte.weight"));
    }

    private Tensor attention(Tensor x, String name, boolean training) {
        var parts = dense(x, name + "c_attn").split(shape.width(), 2);
        var mixed = scaled_dot_product_attention(
                heads(parts.get(0)),
                heads(parts.get(1)),
                heads(parts.get(2)),
                new TensorOptional(),
                training ? shape.dropout() : 0,
                true,
                new DoubleOptional(),
                false);
        var joined = mixed.transpose(1, 2).contiguous().view(x.size(0), x.size(1), shape.width());
        return drop(dense(joined, name + "c_proj"), training);
    }

    private Tensor heads(Tensor x) {
        return x.view(x.size(0), x.size(1), shape.heads(), shape.width() / shape.heads())
                .transpose(1, 2);
    }

    private Tensor network(Tensor x, String name, boolean training) {
        return drop(dense(gelu(dense(x, name + "c_fc")), name + "c_proj"), training);
    }

    private Tensor dense(Tensor x, String name) {
        var matrix = weights.get(name + ".weight");
        return shape.bias() ? linear(x, matrix, new TensorOptional(weights.get(name + ".bias"))) : linear(x, matrix);
    }

    private Tensor norm(Tensor x, String name) {
        var bias = shape.bias() ? new TensorOptional(weights.get(name + ".bias")) : new TensorOptional();
        var scale = new TensorOptional(weights.get(name + ".weight"));
        return layer_norm(x, new long[] {shape.width()}, scale, bias, NORM_EPSILON, true);
    }

    private Tensor drop(Tensor x, boolean training) {
        return training && shape.dropout() > 0 ? dropout(x, shape.dropout(), true) : x;
    }

    @Override
    public void initialise() {
        for (var tensor : tensors) {
            var weight = weights.get(tensor.name()).detach();
            if (tensor.decays()) {
                // what is added to the residual stream is made smaller, the more layers add to it
                var spread = tensor.name().endsWith("c_proj.weight")
                        ? INITIAL_SPREAD / Math.sqrt(2.0 * shape.layers())
                        : INITIAL_SPREAD;
                weight.normal_(0, spread, new GeneratorOptional());
            } else {
                weight.fill_(new Scalar(tensor.name().endsWith(".bias") ? 0.0 : 1.0));
            }
        }
    }
}
