package org.athanor.training.engine.libtorch;

import static org.bytedeco.pytorch.global.torch.load;
import static org.bytedeco.pytorch.global.torch.setGraphExecutorOptimize;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.athanor.training.model.TensorSpec;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A module exported from PyTorch. Its parameters are replaced by views of the flat vector; its floating buffers (the running
 * statistics of batch norm) are views of it too, which nothing but the module itself changes. Frozen parameters, whole numbers
 * such as how many batches were seen, and masks with infinities stay in the module.
 */
final class TorchScript implements Model {
    private final JitModule module;
    private final int vocabulary;
    /** As Python's errors are told. */
    private static final Pattern ERROR = Pattern.compile("^\\w*(Error|Exception): ");

    private final List<Slot> slots = new ArrayList<>();
    /** Of the leaf that is bound to each slot. */
    private final List<Long> bound = new ArrayList<>();

    private final List<Unsent> unsent = new ArrayList<>();

    /** A buffer that stays in the module, and what it holds there. */
    private record Unsent(Place place, Tensor first) {}

    /**
     * A tensor of the module and all places at which it hangs: weights may be tied.
     *
     * @param address of its memory, by which it is known again
     */
    private record Slot(long address, TensorSpec tensor, List<Place> places) {}

    /** An attribute of a module. */
    private record Place(JitModule owner, String attribute) {
        Tensor value() {
            return owner.attr(attribute).toTensor();
        }
    }

    /**
     * @param vocabulary tokens of the text, for each of which it must have a score
     * @throws RuntimeException of libtorch when the file holds no module
     */
    TorchScript(Path file, int vocabulary, Hardware hardware) {
        this.vocabulary = vocabulary;
        // what libtorch makes of a module after its first runs rounds otherwise than they did: a round that is
        // done again, or replayed by an engine that has run before, would not be the same
        setGraphExecutorOptimize(false);
        module = load(file.toString());
        module.to(hardware.device());
        module.train(true); // its parts may have come in modes of their own, and the flag below is that of the whole
        collect(module, "");
        if (slots.stream().noneMatch(slot -> slot.tensor().trained())) {
            throw new IllegalArgumentException("the module has no parameter that could be trained");
        }
        slots.sort(Comparator.comparing(Slot::tensor, TensorSpec.FLAT_ORDER));
    }

    /** By the attributes of its class: iterators over a module's parameters end the process (see the README of this module). */
    private void collect(JitModule owner, String prefix) {
        var type = owner.type();
        for (long index = 0; index < type.numAttributes(); index++) {
            var name = type.getAttributeName(index).getString();
            var value = owner.attr(name);
            if (value.isModule()) {
                collect(new JitModule(value.toObject()), prefix + name + ".");
            } else if ((type.is_parameter(index) || type.is_buffer(index)) && value.isTensor()) {
                var tensor = value.toTensor();
                var trained = type.is_parameter(index);
                if (trained && !tensor.requires_grad()) {
                    continue; // frozen: whoever has the module has it
                }
                if (!trained && !isStatistic(tensor)) {
                    unsent.add(new Unsent(new Place(owner, name), tensor.clone()));
                } else if (tensor.scalar_type().intern() == ScalarType.Float) {
                    hang(tensor, new TensorSpec(prefix + name, shape(tensor), trained), new Place(owner, name));
                } else if (trained) {
                    throw new IllegalArgumentException("parameter " + prefix + name + " is not of 32-bit floats");
                }
            }
        }
    }

    /** A mean that workers can have: not what counts in whole numbers, and not a mask of infinities. */
    private static boolean isStatistic(Tensor buffer) {
        return buffer.scalar_type().intern() == ScalarType.Float
                && buffer.isfinite().all().item_bool();
    }

    private void hang(Tensor tensor, TensorSpec spec, Place place) {
        var address = tensor.data_ptr().address();
        for (var slot : slots) {
            if (slot.address() == address && tensor.numel() > 0) {
                var first = slot.places().getFirst().value();
                if (slot.tensor().trained() != spec.trained()
                        || !slot.tensor().shape().equals(spec.shape())
                        || !strides(first).equals(strides(tensor))) {
                    throw new IllegalArgumentException(spec.name() + " shares the memory of "
                            + slot.tensor().name() + ", but is not the same tensor: give it a copy (clone())");
                }
                slot.places().add(place);
                return;
            }
        }
        slots.add(new Slot(address, spec, new ArrayList<>(List.of(place))));
    }

    private static List<Long> strides(Tensor tensor) {
        return LongStream.range(0, tensor.dim()).map(tensor::stride).boxed().toList();
    }

    private static List<Long> shape(Tensor tensor) {
        var shape = new ArrayList<Long>();
        for (long dimension = 0; dimension < tensor.dim(); dimension++) {
            shape.add(tensor.size(dimension));
        }
        return shape;
    }

    @Override
    public List<TensorSpec> tensors() {
        return slots.stream().map(Slot::tensor).toList();
    }

    @Override
    public void bind(List<Tensor> leaves) {
        for (var index = 0; index < slots.size(); index++) {
            var leaf = leaves.get(index);
            var places = slots.get(index).places();
            leaf.detach().copy_(places.getFirst().value().detach());
            bound.add(leaf.data_ptr().address());
            for (var place : places) {
                place.owner().setattr(place.attribute(), new IValue(leaf));
            }
        }
    }

    @Override
    public Tensor logits(Tensor tokens, boolean training) {
        if (module.is_training() != training) {
            module.train(training);
        }
        var arguments = new IValueVector();
        arguments.push_back(new IValue(tokens));
        var scores = forward(arguments);
        requireInPlace();
        if (scores.dim() != 3 || scores.size(0) != tokens.size(0) || scores.size(1) != tokens.size(1)) {
            throw new IllegalArgumentException(
                    "the module must return scores of shape [sequences, length, vocabulary]");
        }
        if (scores.size(2) < vocabulary) {
            throw new IllegalArgumentException(
                    "the module knows " + scores.size(2) + " tokens, but the text has " + vocabulary);
        }
        return scores;
    }

    /** A buffer that the module has put another tensor into is none of the bound weights any more. */
    private void requireInPlace() {
        for (var index = 0; index < slots.size(); index++) {
            var slot = slots.get(index);
            if (!slot.tensor().trained()
                    && slot.places().getFirst().value().data_ptr().address() != bound.get(index)) {
                throw new IllegalArgumentException("the module gives its buffer "
                        + slot.tensor().name()
                        + " another tensor, so that workers could not share it: change it in place (copy_, mul_)");
            }
        }
    }

    /** libtorch tells first where in the module it failed, and last of what. */
    private Tensor forward(IValueVector arguments) {
        try {
            return module.forward(arguments).toTensor();
        } catch (RuntimeException failed) {
            var reason = String.valueOf(failed.getMessage())
                    .lines()
                    .filter(line -> ERROR.matcher(line).find())
                    .reduce((_, last) -> last)
                    .orElseGet(() -> Session.reason(failed));
            throw new IllegalArgumentException("the module failed: " + reason, failed);
        }
    }

    /** It comes with its weights. */
    @Override
    public void initialise() {
        // nothing: they were taken when it was bound
    }

    @Override
    public void startOver() {
        for (var buffer : unsent) {
            buffer.place()
                    .owner()
                    .setattr(
                            buffer.place().attribute(),
                            new IValue(buffer.first().clone()));
        }
    }
}
