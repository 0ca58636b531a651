package org.athanor.bench;

import static org.bytedeco.pytorch.global.torch.clip_grad_norm_;
import static org.bytedeco.pytorch.global.torch.cross_entropy;
import static org.bytedeco.pytorch.global.torch.embedding;
import static org.bytedeco.pytorch.global.torch.from_blob;
import static org.bytedeco.pytorch.global.torch.gelu;
import static org.bytedeco.pytorch.global.torch.layer_norm;
import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.manual_seed;
import static org.bytedeco.pytorch.global.torch.randn;
import static org.bytedeco.pytorch.global.torch.scaled_dot_product_attention;
import static org.bytedeco.pytorch.global.torch.set_num_threads;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The rival of {@link EngineBench}: the same GPT in JavaCPP without anything of Athanor, as one would write it for oneself: a tensor a
 * weight, libtorch's own AdamW. For every number on standard input it does so many steps and prints tokens a second of processor.
 */
final class BareLoop {
    private static final int LAYERS = 4;
    private static final int HEADS = 4;
    private static final int WIDTH = 128;
    private static final int CONTEXT = 128;
    private static final int BATCH = 16;
    private static final int VOCABULARY = 96;

    private final List<Tensor> weights = new ArrayList<>();
    private final Tensor tokenTable = weight(0.02, VOCABULARY, WIDTH);
    private final Tensor positionTable = weight(0.02, CONTEXT, WIDTH);
    private final List<Tensor[]> blocks = new ArrayList<>();
    private final Tensor lastNorm = ones();
    private final Random random = new Random(1);

    private BareLoop() {
        for (var layer = 0; layer < LAYERS; layer++) {
            blocks.add(new Tensor[] {
                ones(),
                weight(0.02, 3L * WIDTH, WIDTH),
                weight(0.007, WIDTH, WIDTH),
                ones(),
                weight(0.02, 4L * WIDTH, WIDTH),
                weight(0.007, WIDTH, 4L * WIDTH)
            });
        }
    }

    private Tensor weight(double spread, long... shape) {
        Tensor values;
        try (var _ = new NoGradGuard()) {
            values = randn(shape).mul_(new Scalar(spread));
        }
        return kept(values);
    }

    private Tensor ones() {
        try (var _ = new NoGradGuard()) {
            return kept(randn(WIDTH).fill_(new Scalar(1.0)));
        }
    }

    private Tensor kept(Tensor values) {
        values.requires_grad_(true);
        weights.add(values);
        return values;
    }

    private Tensor loss() {
        var inputs = new long[BATCH * CONTEXT];
        var targets = new long[BATCH * CONTEXT];
        for (var sequence = 0; sequence < BATCH; sequence++) {
            long start = random.nextInt(VOCABULARY);
            for (var position = 0; position < CONTEXT; position++) {
                inputs[sequence * CONTEXT + position] = (start + position) % VOCABULARY;
                targets[sequence * CONTEXT + position] = (start + position + 1) % VOCABULARY;
            }
        }
        var x = embedding(tokenTable, tokens(inputs)).add(positionTable);
        for (var block : blocks) {
            var qkv = linear(norm(x, block[0]), block[1]).split(WIDTH, 2);
            var mixed = scaled_dot_product_attention(
                    heads(qkv.get(0)),
                    heads(qkv.get(1)),
                    heads(qkv.get(2)),
                    new TensorOptional(),
                    0,
                    true,
                    new DoubleOptional(),
                    false);
            x = x.add(linear(mixed.transpose(1, 2).contiguous().view(BATCH, CONTEXT, WIDTH), block[2]));
            x = x.add(linear(gelu(linear(norm(x, block[3]), block[4])), block[5]));
        }
        var scores = linear(norm(x, lastNorm), tokenTable);
        return cross_entropy(scores.view(-1, VOCABULARY), tokens(targets).view(-1));
    }

    private static Tensor norm(Tensor x, Tensor scale) {
        return layer_norm(x, new long[] {WIDTH}, new TensorOptional(scale), new TensorOptional(), 1e-5, true);
    }

    private static Tensor heads(Tensor x) {
        return x.view(BATCH, CONTEXT, HEADS, WIDTH / HEADS).transpose(1, 2);
    }

    private static Tensor tokens(long[] values) {
        return from_blob(new LongPointer(values), new long[] {BATCH, CONTEXT}, new TensorOptions(ScalarType.Long));
    }

    public static void main(String[] arguments) throws IOException {
        set_num_threads(1);
        manual_seed(1);
        var loop = new BareLoop();
        var all = new TensorVector(loop.weights.toArray(Tensor[]::new));
        var settings = new AdamWOptions(1e-3);
        settings.weight_decay().put(0.1);
        var optimiser = new AdamW(all, settings);
        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (var line = input.readLine(); line != null; line = input.readLine()) {
            var steps = Integer.parseInt(line);
            var before = cpuNanos();
            for (var step = 0; step < steps; step++) {
                try (var _ = new PointerScope()) {
                    optimiser.zero_grad();
                    var loss = loop.loss();
                    loss.backward();
                    clip_grad_norm_(all, 1.0);
                    optimiser.step();
                    loss.item_float(); // every loop wants to know
                }
            }
            System.out.println((double) steps * BATCH * CONTEXT / ((cpuNanos() - before) / 1e9));
        }
    }

    private static long cpuNanos() {
        var system = ManagementFactory.getOperatingSystemMXBean();
        return system instanceof com.sun.management.OperatingSystemMXBean process ? process.getProcessCpuTime() : 0;
    }
}
