package org.athanor.training.engine;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.athanor.training.engine.EngineException.Kind;
import org.athanor.training.model.TensorSpec;

/**
 * An engine that runs in a child process, with a folder of its own through which vectors are exchanged. One thread at a time
 * may {@link #ask}; {@link #tell}, {@link #freeze}, {@link #thaw} and {@link #close} may come from any.
 */
public final class EngineProcess implements AutoCloseable {
    private static final String MAIN = "org.athanor.training.engine.libtorch.EngineMain";
    private static final int KEPT_COMPLAINTS = 20;
    private static final String WEIGHTS = "weights";
    /** An engine that lives and says nothing for longer hangs: a step of the largest models is far from it. */
    private static final Duration LONGEST_STEP = Duration.ofMinutes(30);
    /** The same while it goes through text that it does not learn from: it says nothing before the end. */
    private static final Duration LONGEST_EVALUATION = Duration.ofHours(6);

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    /** Of what is free and what it holds itself, an engine's folder: a heater keeps its books on the same disk. */
    private static final double MOST_OF_DISK = 0.95;

    private static final String HEAP = "-Xmx192m";
    /** Of what an engine says: a model of many tensors is named in one. */
    private static final int LONGEST_LINE = 1 << 20;

    private static final int LONGEST_COMPLAINT = 1000;
    /** Not asked for yet: an engine that says more waits until it is heard. */
    private static final int MOST_REPLIES = 64;
    /**
     * Replies go by a descriptor of their own, so that whatever a model prints is no reply; what it prints comes with the
     * complaints.
     */
    private static final List<String> REPLIES_APART = List.of("/bin/sh", "-c", "exec \"$@\" 3>&1 1>&2", "engine");

    /** As libtorch, CUDA, the C++ library and the JVM say that there is none left. */
    private static final Pattern NO_MEMORY = Pattern.compile(
            "(can't|cannot|failed to|unable to) allocate|out of memory|OutOfMemoryError|bad_alloc|insufficient memory",
            Pattern.CASE_INSENSITIVE);

    private final Process process;
    private final Path folder;
    private final boolean isolated;
    private final long memoryBytes;
    private final BlockingQueue<String> replies = new LinkedBlockingQueue<>(MOST_REPLIES);
    private final Deque<String> complaints = new ArrayDeque<>();
    private volatile long silentSince;
    private volatile boolean frozen;
    private final Thread replyReader;
    private final Thread complaintReader;

    private EngineProcess(Process process, Path folder, boolean isolated, long memoryBytes) {
        this.process = process;
        this.folder = folder;
        this.isolated = isolated;
        this.memoryBytes = memoryBytes;
        replyReader = Thread.ofVirtual().name("engine-replies").start(this::readReplies);
        complaintReader = Thread.ofVirtual().name("engine-complaints").start(this::readComplaints);
    }

    /**
     * Starts an engine that has no model yet.
     *
     * @param folder in which its files lie; made when it is not there
     * @throws EngineException when there is no sandbox where one is required, or the process cannot be started
     */
    public static EngineProcess start(EngineLibraries libraries, Path folder, EngineLimits limits)
            throws EngineException, InterruptedException {
        var sandbox = limits.sandbox() == EngineLimits.Isolation.NONE ? null : Sandbox.find();
        var missing = sandbox == null ? "not wanted" : sandbox.missing();
        if (missing != null && limits.sandbox() == EngineLimits.Isolation.REQUIRED) {
            throw new EngineException(
                    Kind.NOT_STARTED,
                    "a stranger's model runs behind a sandbox only: " + missing
                            + ", or insist with --without-sandbox (withoutSandbox: true in a heater file)");
        }
        var place = folder.toAbsolutePath();
        try {
            Files.createDirectories(place);
            place = place.toRealPath();
            var command = command(libraries);
            if (missing == null) {
                var readable = new ArrayList<>(classPath(libraries));
                var java = Path.of(System.getProperty("java.home")).toRealPath();
                readable.add(java);
                readable.addAll(settings(java));
                command = sandbox.around(command, environment(limits, libraries), readable, libraries, place);
            }
            var limited = new ArrayList<>(REPLIES_APART);
            limited.addAll(List.of(
                    "prlimit", "--data=" + limits.memoryBytes(), "--fsize=" + limits.memoryBytes(), "--core=0", "--"));
            limited.addAll(command);
            var builder = new ProcessBuilder(limited).directory(place.toFile());
            // secrets of this program are not an engine's: inside a sandbox, too, its first process shows its
            // environment
            builder.environment().keySet().removeIf(name -> !needed(name, missing == null));
            builder.environment().putAll(environment(limits, libraries));
            return new EngineProcess(builder.start(), place, missing == null, limits.memoryBytes());
        } catch (IOException failed) {
            throw new EngineException(Kind.NOT_STARTED, "the engine cannot be started: " + failed.getMessage(), failed);
        }
    }

    /** Debian's JDK has its settings elsewhere, and does not start to encrypt or to hash without them. */
    private static List<Path> settings(Path java) throws IOException {
        var security = java.resolve("conf/security/java.security");
        if (!Files.exists(security) || security.toRealPath().startsWith(java)) {
            return List.of();
        }
        return List.of(security.toRealPath().getParent().getParent());
    }

    /** Once for each set of libraries, so that a sandboxed engine needs to write nothing there. */
    static void unpack(EngineLibraries libraries) throws EngineException, IOException, InterruptedException {
        var done = libraries.natives().resolve("unpacked");
        if (Files.exists(done)) {
            return;
        }
        Files.createDirectories(libraries.natives());
        var command = new ArrayList<>(java(libraries));
        command.addAll(List.of(MAIN, "--unpack"));
        var unpacking = new ProcessBuilder(command).redirectErrorStream(true).start();
        unpacking.getOutputStream().close();
        String output;
        try (var reader = unpacking.inputReader()) {
            output = String.join("\n", reader.readAllLines());
        }
        if (unpacking.waitFor() != 0) {
            throw new EngineException(Kind.NOT_STARTED, "libtorch does not load on this machine: " + output);
        }
        force(libraries.natives()); // what a power cut left half would never load
        Files.createFile(done);
    }

    private static void force(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .toList()) {
                try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.force(true);
                }
            }
        }
    }

    private static List<String> command(EngineLibraries libraries) {
        var words = new ArrayList<>(java(libraries));
        words.add(MAIN);
        return words;
    }

    private static List<String> java(EngineLibraries libraries) {
        var words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", // nearly all time is spent in libtorch
                "-XX:-UsePerfData",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dorg.bytedeco.javacpp.cachedir=" + libraries.natives(),
                "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
                "-Dorg.bytedeco.javacpp.maxBytes=0",
                "-cp",
                String.join(
                        File.pathSeparator,
                        classPath(libraries).stream().map(Path::toString).toList())));
        if (libraries.graphics().isPresent()) {
            words.add("-Dorg.bytedeco.javacpp.platform.extension=-gpu");
        }
        return words;
    }

    /** Only what the engine needs of Athanor, and its libraries. */
    private static List<Path> classPath(EngineLibraries libraries) {
        var own = Stream.of(
                        EngineCommand.class, TensorSpec.class, JsonMapper.class, JsonFactory.class, JsonInclude.class)
                .map(EngineProcess::placeOf);
        return Stream.concat(own, libraries.jars().stream()).distinct().toList();
    }

    /** By where its class file is found: a class out of an AOT cache knows no code source. */
    private static Path placeOf(Class<?> type) {
        var name = type.getName().replace('.', '/') + ".class";
        var found = String.valueOf(type.getClassLoader().getResource(name));
        var inJar = found.startsWith("jar:") && found.endsWith("!/" + name);
        if (!inJar && !found.endsWith("/" + name)) {
            throw new IllegalStateException("no place of " + type + ": " + found);
        }
        var place = inJar
                ? found.substring("jar:".length(), found.length() - name.length() - "!/".length())
                : found.substring(0, found.length() - name.length());
        return Path.of(URI.create(place));
    }

    static Map<String, String> environment(EngineLimits limits, EngineLibraries libraries) {
        var all = new TreeMap<String, String>();
        all.put("OMP_NUM_THREADS", Integer.toString(limits.threads()));
        all.put("OMP_WAIT_POLICY", "passive"); // waiting threads that spin take the processor from those that work
        all.put("GOMP_SPINCOUNT", "0");
        all.put("MALLOC_ARENA_MAX", "2");
        all.put("LANG", "C.UTF-8");
        // CUDA's first card need not be NVML's
        libraries.card().ifPresent(uuid -> all.put("CUDA_VISIBLE_DEVICES", uuid));
        return all;
    }

    private static boolean needed(String name, boolean sandboxed) {
        return name.equals("PATH")
                || (!sandboxed
                        && (name.startsWith("CUDA") || name.startsWith("NVIDIA") || name.equals("LD_LIBRARY_PATH")));
    }

    /** Where files for {@link EngineCommand} lie. */
    public Path folder() {
        return folder;
    }

    /** Whether it runs behind the sandbox. */
    public boolean isolated() {
        return isolated;
    }

    public boolean alive() {
        return process.isAlive();
    }

    /** Ends it when more lies in its folder, which is the one place where a model can write: whoever asks is told. Once. */
    public void folderMayHold(long bytes) {
        Thread.ofVirtual().name("engine-folder").start(() -> watchFolder(bytes));
    }

    /**
     * Has a command carried out.
     *
     * @param progress hears all replies before the last
     * @return the last reply
     * @throws EngineException when the engine refuses, dies, or says what is no reply (then it is killed)
     */
    public EngineReply ask(EngineCommand command, Consumer<EngineReply> progress)
            throws EngineException, InterruptedException {
        tell(command);
        while (true) {
            var reply = read(command);
            if (reply instanceof EngineReply.Failed failed) {
                throw new EngineException(Kind.REFUSED, explained(failed.reason()));
            }
            if (reply.last()) {
                return reply;
            }
            progress.accept(reply);
        }
    }

    /**
     * Has the model take weights.
     *
     * @throws EngineException as {@link #ask}
     */
    public void load(float[] weights) throws EngineException, IOException, InterruptedException {
        var bytes = ByteBuffer.allocate(weights.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(weights);
        // whoever broke out of a model may have left a link there: nothing outside is written or read through it
        var file = folder.resolve(WEIGHTS);
        Files.deleteIfExists(file);
        try (var channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
        ask(new EngineCommand.Load(WEIGHTS), _ -> {});
    }

    /**
     * Has the model give its weights.
     *
     * @param into as many as it has
     * @throws EngineException as {@link #ask}
     * @throws IOException     when what the engine left is not so many numbers
     */
    public void save(float[] into) throws EngineException, IOException, InterruptedException {
        weights(into.length).get(into);
    }

    /**
     * The same, for who does not know yet whether to take them.
     *
     * @param count of weights that the model has
     */
    public FloatBuffer weights(int count) throws EngineException, IOException, InterruptedException {
        ask(new EngineCommand.Save(WEIGHTS), _ -> {});
        var file = folder.resolve(WEIGHTS);
        var bytes = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        var found = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!found.isRegularFile() || found.size() != bytes.capacity()) {
            throw new IOException("the engine left no " + count + " weights in " + file);
        }
        try (var channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            while (bytes.hasRemaining()) {
                if (channel.read(bytes) < 0) {
                    throw new IOException(file + " has become shorter");
                }
            }
        }
        return bytes.flip().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    }

    private EngineReply read(EngineCommand command) throws EngineException, InterruptedException {
        silentSince = System.nanoTime();
        while (true) {
            var longest = command instanceof EngineCommand.Evaluate ? LONGEST_EVALUATION : LONGEST_STEP;
            if (silent(longest)) {
                complain("it was ended: nothing has come for " + longest.toMinutes() + " minutes");
                kill();
            }
            var line = replies.poll(100, TimeUnit.MILLISECONDS);
            if (line != null) {
                try {
                    return EngineWire.reply(line);
                } catch (IllegalArgumentException garbled) {
                    process.destroyForcibly();
                    throw new EngineException(Kind.DIED, "the engine was ended: " + garbled.getMessage(), garbled);
                }
            }
            if (!process.isAlive() && replies.isEmpty()) {
                throw died(command);
            }
        }
    }

    /** Between commands too: what a module forks goes on after its reply. */
    private void watchFolder(long most) {
        try {
            while (process.isAlive()) {
                if (isOverfull(most)) {
                    process.destroyForcibly();
                    return;
                }
                Thread.sleep(BETWEEN_LOOKS);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isOverfull(long most) {
        var held = EngineFiles.bytesIn(folder, most);
        var free = freeBytes();
        if (held <= most && held <= MOST_OF_DISK * ((double) held + free)) {
            return false;
        }
        complain("it was ended: its folder holds more than " + (Math.min(held, most) >> 20)
                + " MiB, where the job needs " + (most >> 20) + " at most, and " + (free >> 20) + " are free");
        return true;
    }

    /** Nothing where that cannot be told. */
    private long freeBytes() {
        try {
            return Files.getFileStore(folder).getUsableSpace();
        } catch (IOException gone) {
            return 0;
        }
    }

    /** Says something that has no reply: {@link EngineCommand.Threads} or {@link EngineCommand.Halt}. */
    public void tell(EngineCommand command) throws EngineException {
        try {
            var line = EngineWire.line(command) + "\n";
            synchronized (process) {
                process.getOutputStream().write(line.getBytes(StandardCharsets.UTF_8));
                process.getOutputStream().flush();
            }
        } catch (IOException gone) {
            throw died(command);
        }
    }

    private EngineException died(EngineCommand during) {
        try {
            complaintReader.join(Duration.ofMillis(500));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        String last;
        synchronized (complaints) {
            last = complaints.isEmpty() ? "" : ": " + String.join(" | ", complaints);
        }
        var how = process.isAlive() ? "closed its input" : "ended with exit value " + process.exitValue();
        process.destroyForcibly();
        return new EngineException(
                Kind.DIED,
                explained("the engine " + how + " during " + during.getClass().getSimpleName() + last));
    }

    private String explained(String reason) {
        return NO_MEMORY.matcher(reason).find()
                ? "the engine ran out of memory, of which it may take " + (memoryBytes >> 20) + " MiB: " + reason
                : reason;
    }

    /** Stops it in the middle of whatever it does, at once; it draws no power until {@link #thaw}. */
    public void freeze() throws IOException, InterruptedException {
        frozen = true;
        var frozen = Set.<Long>of();
        // one that is just starting may have had a child meanwhile; what is frozen has no more
        for (var all = processes(); !frozen.containsAll(all); all = processes()) {
            signal("STOP", all);
            frozen = all;
        }
    }

    private boolean silent(Duration longest) {
        return !frozen && System.nanoTime() - silentSince > longest.toNanos();
    }

    /** Lets it go on where it was frozen. */
    public void thaw() throws IOException, InterruptedException {
        if (!frozen) {
            return;
        }
        silentSince = System.nanoTime();
        frozen = false;
        signal("CONT", processes());
    }

    private Set<Long> processes() {
        return Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .map(ProcessHandle::pid)
                .collect(Collectors.toUnmodifiableSet());
    }

    private void signal(String name, Set<Long> processes) throws IOException, InterruptedException {
        // the shell's own: not every machine has a program of that name
        var words = new ArrayList<>(List.of("/bin/sh", "-c", "kill -s \"$@\"", "kill", name));
        processes.forEach(id -> words.add(Long.toString(id)));
        var signalling = new ProcessBuilder(words)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (signalling.waitFor() != 0 && process.isAlive()) {
            throw new IOException("the engine could not be sent " + name);
        }
    }

    private void readReplies() {
        try (var reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (var line = line(reader, LONGEST_LINE); line != null; line = line(reader, LONGEST_LINE)) {
                if (line.length() == LONGEST_LINE) {
                    complain("it was ended for a reply of more than " + LONGEST_LINE + " characters");
                    kill();
                    return;
                }
                replies.put(line);
            }
        } catch (IOException _) {
            // the process is gone: whoever asks sees that
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // it was ended, and nobody asks any more
        }
    }

    /** A line, or its first {@code longest} characters: the rest is another line. Null at the end. */
    private static String line(BufferedReader reader, int longest) throws IOException {
        var line = new StringBuilder();
        var next = reader.read();
        if (next < 0) {
            return null;
        }
        for (; next >= 0 && next != '\n'; next = reader.read()) {
            line.append((char) next);
            if (line.length() == longest) {
                break;
            }
        }
        return line.toString();
    }

    private void complain(String line) {
        synchronized (complaints) {
            complaints.addLast(line);
            while (complaints.size() > KEPT_COMPLAINTS) {
                complaints.removeFirst();
            }
        }
    }

    private void readComplaints() {
        try (var reader = new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
            for (var line = line(reader, LONGEST_COMPLAINT); line != null; line = line(reader, LONGEST_COMPLAINT)) {
                complain(line);
            }
        } catch (IOException _) {
            // as above
        }
    }

    /** Ends it at once, also in the middle of a step: whoever asks is told. */
    public void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** Ends it at once; nothing of it is left. */
    @Override
    public void close() {
        kill();
        try {
            process.waitFor();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        replyReader.interrupt();
    }
}
