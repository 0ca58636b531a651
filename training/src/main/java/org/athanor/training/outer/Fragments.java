package org.athanor.training.outer;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.athanor.training.model.TensorSpec;
import org.athanor.training.update.Codec;
import org.athanor.training.update.UpdateException;

/**
 * A model cut into parts that are exchanged in turn, a part each round: every n-th layer in a part ("strided" in Streaming
 * DiLoCo, Douillard et al. 2025, arXiv 2501.18512), and what is in no layer in the first.
 *
 * @param parts   one or more, together the whole vector
 * @param trained values in front of the whole that gradients change; the rest are running statistics
 */
public record Fragments(List<Slices> parts, int trained) {
    private static final Pattern LAYER = Pattern.compile("(?:^|\\.)(?:h|layers?|blocks?)\\.(\\d{1,9})\\.");

    public Fragments {
        parts = List.copyOf(parts);
    }

    public static Fragments of(List<TensorSpec> tensors, int count) {
        if (count < 1) {
            throw new IllegalArgumentException("a model is exchanged in 1 or more fragments, but not in " + count);
        }
        var ranges = new ArrayList<List<Slices.Range>>();
        for (var part = 0; part < count; part++) {
            ranges.add(new ArrayList<>());
        }
        long offset = 0;
        for (var tensor : tensors) {
            var end = offset + tensor.size();
            append(ranges.get(partOf(tensor.name(), count)), Math.toIntExact(offset), Math.toIntExact(end));
            offset = end;
        }
        var parts = ranges.stream().map(Slices::new).toList();
        if (parts.stream().anyMatch(part -> part.size() == 0)) {
            throw new IllegalArgumentException(
                    "there are more fragments (" + count + ") than layers of the model, so that one would be empty");
        }
        var trained = tensors.stream()
                .filter(TensorSpec::trained)
                .mapToLong(TensorSpec::size)
                .sum();
        return new Fragments(parts, Math.toIntExact(trained));
    }

    private static int partOf(String name, int count) {
        var layer = LAYER.matcher(name);
        return layer.find() ? Integer.parseInt(layer.group(1)) % count : 0;
    }

    private static void append(List<Slices.Range> ranges, int from, int to) {
        if (!ranges.isEmpty() && ranges.getLast().to() == from) {
            ranges.add(new Slices.Range(ranges.removeLast().from(), to));
        } else {
            ranges.add(new Slices.Range(from, to));
        }
    }

    /** How whole weights are coded. */
    public PartCodec whole(Codec codec) {
        var size = parts.stream().mapToInt(Slices::size).sum();
        return new PartCodec(codec, trained, size);
    }

    /** How what is exchanged at the end of round {@code round} is coded. */
    public PartCodec coding(Codec codec, long round) {
        var part = inRound(round);
        return new PartCodec(codec, trainedIn(part), part.size());
    }

    /**
     * What an update wants taken away from the weights of its part.
     *
     * @param update  of round {@code round}
     * @param weights the whole model's, as the round found them
     * @throws UpdateException when it is no update of that round
     */
    public float[] drift(Codec codec, long round, byte[] update, float[] weights) throws UpdateException {
        var part = inRound(round);
        var drift = coding(codec, round).decode(update);
        var before = part.of(weights);
        for (var index = trainedIn(part); index < drift.length; index++) {
            drift[index] = before[index] - drift[index];
        }
        return drift;
    }

    /** Values in front of a part that gradients change. */
    int trainedIn(Slices part) {
        return part.ranges().stream()
                .mapToInt(range -> Math.clamp(trained - range.from(), 0, range.size()))
                .sum();
    }

    /** What is exchanged at the end of round {@code round}. */
    public Slices inRound(long round) {
        return parts.get((int) (round % parts.size()));
    }
}
