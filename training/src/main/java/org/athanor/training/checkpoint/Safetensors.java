package org.athanor.training.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.athanor.training.model.TensorSpec;

/**
 * The safetensors format (huggingface/safetensors, README "Format"): the length of a JSON header as 8 bytes, the header with name,
 * type, shape and place of every tensor, then the tensors' raw bytes; all little-endian. Only 32-bit floats are known here.
 */
public final class Safetensors {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final String METADATA = "__metadata__";
    private static final String TYPE = "F32";
    private static final int LARGEST_HEADER = 100 << 20;
    private static final int ALIGNMENT = 8;
    private static final int CHUNK = 1 << 18;

    private final List<TensorSpec> tensors;
    private final Map<String, String> metadata;
    private final float[] values;

    /**
     * @param tensors  in the order in which they lie in {@code values}
     * @param metadata texts that go with them
     * @param values   of all tensors; not copied
     */
    public Safetensors(List<TensorSpec> tensors, Map<String, String> metadata, float[] values) {
        this.tensors = List.copyOf(tensors);
        this.metadata = Map.copyOf(metadata);
        this.values = values;
        var size = tensors.stream().mapToLong(TensorSpec::size).sum();
        if (size != values.length) {
            throw new IllegalArgumentException(
                    "the tensors hold " + size + " values, but " + values.length + " are given");
        }
    }

    public List<TensorSpec> tensors() {
        return tensors;
    }

    public Map<String, String> metadata() {
        return metadata;
    }

    /** Of all tensors, in their order; not copied. */
    public float[] values() {
        return values;
    }

    public void write(WritableByteChannel channel) throws IOException {
        var header = MAPPER.createObjectNode();
        if (!metadata.isEmpty()) {
            header.set(METADATA, MAPPER.valueToTree(new TreeMap<>(metadata)));
        }
        long offset = 0;
        for (var tensor : tensors) {
            var end = offset + tensor.size() * Float.BYTES;
            var entry = header.putObject(tensor.name()).put("dtype", TYPE);
            tensor.shape().forEach(entry.putArray("shape")::add);
            entry.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        var text = MAPPER.writeValueAsString(header);
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        var padded = Math.ceilDiv(bytes.length, ALIGNMENT) * ALIGNMENT;
        var head = ByteBuffer.allocate(Long.BYTES + padded).order(ByteOrder.LITTLE_ENDIAN);
        head.putLong(padded).put(bytes);
        while (head.hasRemaining()) {
            head.put((byte) ' ');
        }
        writeAll(channel, head.flip());
        var chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
        for (var value : values) {
            chunk.putFloat(value);
            if (!chunk.hasRemaining()) {
                writeAll(channel, chunk.flip());
                chunk.clear();
            }
        }
        writeAll(channel, chunk.flip());
    }

    private static void writeAll(WritableByteChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /**
     * Reads tensors that lie one behind the other.
     *
     * @throws IOException when the channel holds something else, or ends early
     */
    public static Safetensors read(ReadableByteChannel channel) throws IOException {
        var length = fill(channel, Long.BYTES).getLong();
        if (length < 2 || length > LARGEST_HEADER) {
            throw new IOException("this is no safetensors file: its header would have " + length + " bytes");
        }
        var header = header(fill(channel, (int) length));
        var metadata = new TreeMap<String, String>();
        for (var field : header.path(METADATA).properties()) {
            metadata.put(field.getKey(), field.getValue().asText());
        }
        var places = new ArrayList<Place>();
        for (var field : header.properties()) {
            if (!field.getKey().equals(METADATA)) {
                places.add(place(field.getKey(), field.getValue()));
            }
        }
        places.sort(Comparator.comparingLong(Place::from));
        long end = 0;
        for (var place : places) {
            if (place.from() != end || place.to() - end != place.tensor().size() * Float.BYTES) {
                throw new IOException("tensor " + place.tensor().name() + " does not lie behind the one before it");
            }
            end = place.to();
        }
        if (end / Float.BYTES > Integer.MAX_VALUE - 8) {
            throw new IOException("more than two thousand million values are not read");
        }
        var values = new float[(int) (end / Float.BYTES)];
        for (var read = 0; read < values.length; ) {
            var now = Math.min(values.length - read, CHUNK);
            fill(channel, now * Float.BYTES).asFloatBuffer().get(values, read, now);
            read += now;
        }
        return new Safetensors(places.stream().map(Place::tensor).toList(), metadata, values);
    }

    private record Place(TensorSpec tensor, long from, long to) {}

    private static ObjectNode header(ByteBuffer bytes) throws IOException {
        try {
            if (MAPPER.readTree(StandardCharsets.UTF_8.decode(bytes).toString()) instanceof ObjectNode header) {
                return header;
            }
        } catch (JsonProcessingException wrong) {
            throw new IOException(
                    "the header of this safetensors file is no JSON: " + wrong.getOriginalMessage(), wrong);
        }
        throw new IOException("the header of this safetensors file is no JSON object");
    }

    private static Place place(String name, JsonNode entry) throws IOException {
        var type = entry.path("dtype").asText();
        if (!type.equals(TYPE)) {
            throw new IOException("tensor " + name + " is of type " + type + ", and only F32 is read");
        }
        var shape = new ArrayList<Long>();
        entry.path("shape").forEach(size -> shape.add(size.asLong(-1)));
        var offsets = entry.path("data_offsets");
        try {
            return new Place(
                    new TensorSpec(name, shape),
                    offsets.path(0).asLong(-1),
                    offsets.path(1).asLong(-1));
        } catch (IllegalArgumentException wrong) {
            throw new IOException(wrong.getMessage(), wrong);
        }
    }

    private static ByteBuffer fill(ReadableByteChannel channel, int length) throws IOException {
        var bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes) < 0) {
                throw new IOException("a safetensors file ends early");
            }
        }
        return bytes.flip();
    }
}
