package org.athanor.network.training;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.athanor.training.checkpoint.CheckpointName;
import org.athanor.training.checkpoint.Safetensors;
import org.athanor.training.data.DataKey;
import org.athanor.training.data.ShardRef;
import org.athanor.training.job.JobSpec;
import org.athanor.training.mailbox.ObjectStore;
import org.athanor.training.mailbox.OwnFolder;
import org.athanor.training.update.UpdateException;

/**
 * A job on disk: {@code job.json}, {@code state.json}, {@code deliveries.jsonl} of the open round, {@code rounds.jsonl},
 * {@code objects}, {@code checkpoints}, {@code requests} of the operator.
 */
class JobFolder {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final int KEPT_CHECKPOINTS = 3;
    static final String JOB = "job.json";
    static final String STATE = "state.json";
    private static final String DELIVERIES = "deliveries.jsonl";
    private static final String ROUNDS = "rounds.jsonl";
    private static final String DATA_KEY = "data.key";

    private final Path folder;
    private final ObjectStore objects;

    JobFolder(Path folder) throws IOException {
        this.folder = folder;
        make(folder);
        for (var inside : List.of("objects", "checkpoints")) {
            make(folder.resolve(inside)); // should the folder itself be somebody's
        }
        objects = new ObjectStore(folder.resolve("objects"));
    }

    /** Makes the folder of a job, which only this user looks into; one that a job has is closed to others. */
    static void make(Path folder) throws IOException {
        OwnFolder.make(folder, JOB);
    }

    Path path() {
        return folder;
    }

    ObjectStore objects() {
        return objects;
    }

    Optional<JobSpec> spec() throws IOException {
        return read(JOB, JobSpec.class);
    }

    void write(JobSpec spec) throws IOException {
        replace(JOB, MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(spec));
    }

    Optional<JobState> state() throws IOException {
        return read(STATE, JobState.class);
    }

    void write(JobState state) throws IOException {
        replace(STATE, MAPPER.writeValueAsBytes(state));
    }

    private <T> Optional<T> read(String name, Class<T> type) throws IOException {
        var file = folder.resolve(name);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(MAPPER.readValue(Files.readAllBytes(file), type));
        } catch (JacksonException garbled) {
            throw new IOException(
                    file + " is damaged, or of another version: " + garbled.getOriginalMessage(), garbled);
        }
    }

    /** Either the old file is there or the new one, also after a power cut. */
    void replace(String name, byte[] bytes) throws IOException {
        var fresh = folder.resolve(name + ".new");
        try (var channel = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            whole(channel, bytes, 0);
            channel.force(true);
        }
        Files.move(fresh, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** A disk that is nearly full may take a part without an error. */
    private static void whole(FileChannel channel, byte[] bytes, long from) throws IOException {
        var left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
            channel.write(left, from + left.position());
        }
    }

    /** Something that only this program may read; whole on disk before it has its name. */
    static void writeSecret(Path file, String secret) throws IOException {
        writeSecret(file, secret.getBytes(StandardCharsets.UTF_8));
    }

    static void writeSecret(Path file, byte[] secret) throws IOException {
        var fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (var channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            whole(channel, secret, 0);
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    String put(float[] vector) throws IOException {
        var bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return put(bytes.array());
    }

    String put(byte[] object) throws IOException {
        return objects.put(object);
    }

    void delete(String hash) throws IOException {
        objects.delete(hash);
    }

    /**
     * Looks whether all is there that workers will ask for.
     *
     * @throws IOException naming the first file that is missing or damaged
     */
    void check(JobSpec spec, JobState state) throws IOException {
        var needed = new ArrayList<String>(List.of(
                state.exact(),
                state.published(),
                state.moved(),
                state.snapshot().hash()));
        state.changes().forEach(change -> needed.add(change.hash()));
        spec.shards().forEach(shard -> needed.add(shard.hash()));
        if (spec.encrypted()) {
            neededKey();
        }
        for (var hash : needed) {
            needed(hash);
        }
    }

    private byte[] needed(String hash) throws IOException {
        if (!objects.has(hash)) {
            throw new IOException(objects.file(hash) + " is missing, and the job needs it");
        }
        return objects.read(hash);
    }

    private DataKey neededKey() throws IOException {
        var key = dataKey();
        if (key == null) {
            throw new IOException(
                    folder.resolve(DATA_KEY) + " is missing, and the job's data cannot be read without it");
        }
        return key;
    }

    /** A part of the job's data, decrypted where it lies encrypted. */
    byte[] shard(JobSpec spec, ShardRef shard) throws IOException {
        var lying = needed(shard.hash());
        try {
            return spec.encrypted() ? neededKey().open(lying) : lying;
        } catch (IllegalArgumentException otherKey) {
            throw new IOException(folder.resolve(DATA_KEY) + ": " + otherKey.getMessage(), otherKey);
        }
    }

    /** An update that a worker is about to be told counts. */
    void append(Delivery delivery) throws IOException {
        appendLine(folder.resolve(DELIVERIES), MAPPER.writeValueAsString(delivery));
    }

    /** What was delivered while round {@code open} was open. */
    List<Delivery> deliveries(long open) throws IOException {
        var all = new ArrayList<Delivery>();
        for (var line : lines(folder.resolve(DELIVERIES))) {
            try {
                var delivery = MAPPER.readValue(line, Delivery.class);
                if (delivery.open() == open) {
                    all.add(delivery);
                }
            } catch (JacksonException _) {
                // cut short by a crash: nobody was told that it counts
            }
        }
        return all;
    }

    /** A round is over: what was delivered for it is history. */
    void forgetDeliveries() throws IOException {
        Files.deleteIfExists(folder.resolve(DELIVERIES));
    }

    /** None of a file that is not there; what a crash cut in the middle of a letter spoils that letter alone. */
    static List<String> lines(Path file) throws IOException {
        return Files.exists(file)
                ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                        .lines()
                        .toList()
                : List.of();
    }

    /** On the disk when it returns. A line that a crash or a full disk cut short is ended first, so that it spoils only itself. */
    static void appendLine(Path file, String line) throws IOException {
        try (var channel = FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DSYNC)) {
            var end = channel.size();
            var last = ByteBuffer.allocate(1);
            var cut = end > 0 && channel.read(last, end - 1) == 1 && last.get(0) != '\n';
            var bytes = ((cut ? "\n" : "") + line + "\n").getBytes(StandardCharsets.UTF_8);
            whole(channel, bytes, end);
        }
    }

    float[] vector(String hash) throws IOException {
        var bytes = ByteBuffer.wrap(objects.read(hash)).order(ByteOrder.LITTLE_ENDIAN);
        var vector = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(vector);
        return vector;
    }

    /** What an update's bytes say. */
    @FunctionalInterface
    interface Reading {
        float[] of(byte[] update) throws UpdateException;
    }

    /**
     * An update that was taken, and so could be read then.
     *
     * @throws UncheckedIOException when the disk does not give it back as it was
     */
    float[] update(String hash, Reading reading) {
        try {
            return reading.of(objects.read(hash));
        } catch (IOException damaged) {
            throw new UncheckedIOException(damaged.getMessage(), damaged);
        } catch (UpdateException damaged) {
            throw new UncheckedIOException(damaged.getMessage(), new IOException(damaged));
        }
    }

    /** What the coordinator draws from, so that no worker foresees it; the same after a restart. */
    String secret() throws IOException {
        var file = folder.resolve("draws.secret");
        if (!Files.exists(file)) {
            var random = new byte[32];
            new java.security.SecureRandom().nextBytes(random);
            writeSecret(file, java.util.HexFormat.of().formatHex(random));
        }
        return Files.readString(file);
    }

    /** With which the job's shards are encrypted; null when they are not. */
    DataKey dataKey() throws IOException {
        var file = folder.resolve(DATA_KEY);
        return Files.exists(file) ? new DataKey(Files.readString(file).strip()) : null;
    }

    void write(DataKey key) throws IOException {
        writeSecret(folder.resolve(DATA_KEY), key.base64() + "\n");
    }

    /** Of a job that was never made: the one that is need not be encrypted. */
    void forgetDataKey() throws IOException {
        Files.deleteIfExists(folder.resolve(DATA_KEY));
    }

    /** A line of {@code rounds.jsonl}; of several lines of a round the last says what is known of it. */
    void append(RoundRecord ended) throws IOException {
        var line = MAPPER.createObjectNode()
                .put("round", ended.round())
                .put("ended", ended.ended().toString())
                .put("loss", ended.loss())
                .put("validation", ended.validation())
                .put("tokens", ended.tokens())
                .put("cpuSeconds", ended.cpuSeconds())
                .put("joules", ended.joules());
        ended.workers().forEach(line.putArray("workers")::add);
        var dropped = line.putObject("dropped");
        ended.dropped().forEach(dropped::put);
        var metered = line.putObject("metered");
        ended.metered().forEach(metered::put);
        appendLine(folder.resolve(ROUNDS), MAPPER.writeValueAsString(line));
    }

    List<RoundRecord> rounds() throws IOException {
        var byRound = new TreeMap<Long, RoundRecord>();
        for (var line : lines(folder.resolve(ROUNDS))) {
            try {
                var node = MAPPER.readTree(line);
                var workers = new ArrayList<String>();
                node.path("workers").forEach(worker -> workers.add(worker.asText()));
                var dropped = new TreeMap<String, String>();
                for (var field : node.path("dropped").properties()) {
                    dropped.put(field.getKey(), field.getValue().asText());
                }
                var metered = new TreeMap<String, Double>();
                for (var field : node.path("metered").properties()) {
                    metered.put(field.getKey(), field.getValue().asDouble());
                }
                var ended = new RoundRecord(
                        node.path("round").asLong(),
                        java.time.Instant.parse(node.path("ended").asText()),
                        node.path("loss").asDouble(),
                        node.path("validation").isNumber()
                                ? node.path("validation").asDouble()
                                : null,
                        workers,
                        node.path("tokens").asLong(),
                        node.path("cpuSeconds").asDouble(),
                        node.path("joules").asDouble(),
                        metered,
                        dropped);
                byRound.put(ended.round(), ended);
            } catch (JacksonException | java.time.DateTimeException _) {
                // cut short by a crash
            }
        }
        return List.copyOf(byRound.values());
    }

    /** Weights after {@code rounds} rounds, with all that is needed to sample from them; only whole files have their final name. */
    Path checkpoint(JobSpec spec, long rounds, float[] weights) throws IOException {
        var checkpoints = folder.resolve("checkpoints");
        var fresh = checkpoints.resolve("new");
        var metadata = Map.of(
                "athanor.job", MAPPER.writeValueAsString(spec),
                "athanor.rounds", Long.toString(rounds),
                "format", "pt");
        try (var channel = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            new Safetensors(spec.tensors(), metadata, weights).write(channel);
            channel.force(true);
        }
        var file = checkpoints.resolve(new CheckpointName(rounds).file());
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        prune(checkpoints);
        return file;
    }

    private static void prune(Path checkpoints) throws IOException {
        var all = new TreeMap<CheckpointName, Path>();
        try (var files = Files.list(checkpoints)) {
            files.forEach(
                    file -> CheckpointName.of(file.getFileName().toString()).ifPresent(name -> all.put(name, file)));
        }
        while (all.size() > KEPT_CHECKPOINTS) {
            Files.delete(all.pollFirstEntry().getValue());
        }
    }
}
