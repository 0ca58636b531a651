package org.athanor.training.engine;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The engine's libraries on this machine: found in Maven's local repository or fetched from a repository when training is
 * first used, then kept. Every file is held against its pinned hash before it is used.
 *
 * @param jars    to put on the class path
 * @param natives folder for what the libraries unpack, about 450 MB, with those for a card about 1 GB
 * @param graphics the cards that they compute on
 * @param notice  what the machine's owner should know of them; null when there is nothing
 */
public record EngineLibraries(List<Path> jars, Path natives, Optional<Graphics> graphics, String notice) {
    private static final Object FETCHING = new Object();

    public EngineLibraries {
        jars = List.copyOf(jars);
    }

    /** Hears how a download goes; the sizes are in bytes. */
    @FunctionalInterface
    public interface Progress {
        void fetched(String file, long bytes, long ofAll);
    }

    /**
     * Where libraries come from and go to.
     *
     * @param cache      folder that keeps them
     * @param local      Maven's local repository, looked at first; need not exist
     * @param repository address of a Maven repository
     * @param processor  whether the processor is to compute even where there is a card
     * @param card       UUID of the card that is to compute, and nothing else; empty where any may, or the processor
     */
    public record Places(Path cache, Path local, URI repository, boolean processor, Optional<String> card) {
        /** The same, and no card is used. */
        public Places onProcessor() {
            return new Places(cache, local, repository, true, Optional.empty());
        }

        /**
         * The same, and only this card is used: where it cannot be, nothing is.
         *
         * @param uuid such as GPU-8f6c…
         */
        public Places onCard(String uuid) {
            return new Places(cache, local, repository, processor, Optional.of(uuid));
        }

        /** Why no card of this machine can be trained on, whichever it is; empty where one can be, as far as its files tell. */
        public Optional<String> noCard() throws IOException {
            return processor
                    ? Optional.of("ATHANOR_ENGINE=cpu says that the processor is to train")
                    : Graphics.find(Path.of("/")).missing();
        }

        /** As the environment says: ATHANOR_CACHE or XDG_CACHE_HOME, ATHANOR_MAVEN_REPOSITORY, ATHANOR_ENGINE=cpu. */
        public static Places usual() {
            var environment = System.getenv();
            var home = Path.of(System.getProperty("user.home"));
            var caches = environment.containsKey("XDG_CACHE_HOME")
                    ? Path.of(environment.get("XDG_CACHE_HOME"))
                    : home.resolve(".cache");
            var cache = environment.containsKey("ATHANOR_CACHE")
                    ? Path.of(environment.get("ATHANOR_CACHE"))
                    : caches.resolve("athanor");
            var repository =
                    environment.getOrDefault("ATHANOR_MAVEN_REPOSITORY", "https://repo.maven.apache.org/maven2/");
            return new Places(
                    cache,
                    home.resolve(".m2/repository"),
                    URI.create(repository.endsWith("/") ? repository : repository + "/"),
                    environment.getOrDefault("ATHANOR_ENGINE", "").equals("cpu"),
                    Optional.empty());
        }
    }

    /**
     * Makes them all be there.
     *
     * @throws EngineException when one cannot be fetched or is not what it should be, or there are none for this machine, or a
     *     card is to compute and none can
     */
    public static EngineLibraries get(Places places, Progress progress) throws EngineException, InterruptedException {
        var folder = places.cache().resolve("engine");
        var jars = new ArrayList<Path>();
        try {
            requireCard(places);
            var found = places.processor()
                    ? new Graphics.Found(Optional.empty(), Optional.empty(), false)
                    : Graphics.find(Path.of("/"));
            var graphics =
                    found.graphics().map(all -> places.card().map(all::only).orElse(all));
            var libraries = EngineLibrary.ofThisMachine(graphics.isPresent());
            Files.createDirectories(folder);
            // another heater of this program, or another process, may be fetching the same
            synchronized (FETCHING) {
                try (var channel = FileChannel.open(
                                folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                        var _ = channel.lock()) {
                    for (var library : libraries) {
                        jars.add(get(library, folder, places, progress));
                    }
                    var ready = new EngineLibraries(
                            jars,
                            folder.resolve(graphics.isPresent() ? "natives-gpu" : "natives"),
                            graphics,
                            found.notice());
                    EngineProcess.unpack(ready);
                    return ready;
                }
            }
        } catch (IOException failed) {
            throw new EngineException(
                    EngineException.Kind.NOT_STARTED,
                    "the training engine's libraries cannot be fetched into " + folder + ": " + failed.getMessage()
                            + " (from " + places.repository() + "; ATHANOR_MAVEN_REPOSITORY names another repository)",
                    failed);
        }
    }

    /** Before anything is fetched: who heats with a card is not to train on the processor instead. */
    private static void requireCard(Places places) throws EngineException, IOException {
        if (places.card().isEmpty()) return;
        var missing = places.noCard();
        if (missing.isPresent())
            throw new EngineException(
                    EngineException.Kind.NOT_STARTED, "there is no card to train on: " + missing.get());
    }

    /** UUID of the card that is to compute, and nothing else; empty where any may, or the processor. */
    public Optional<String> card() {
        return graphics.flatMap(Graphics::card);
    }

    private static Path get(EngineLibrary library, Path folder, Places places, Progress progress)
            throws IOException, InterruptedException {
        var kept = folder.resolve(library.fileName());
        if (Files.isRegularFile(kept) && Files.size(kept) == library.bytes()) {
            return kept; // its hash was right when it was put there, under a name that only whole files have
        }
        var part = folder.resolve(library.fileName() + ".part");
        var local = places.local().resolve(library.path());
        if (Files.isRegularFile(local) && hash(local).equals(library.sha256())) {
            Files.copy(local, part, StandardCopyOption.REPLACE_EXISTING);
        } else {
            new Download(places.repository().resolve(library.path()), library.bytes())
                    .into(part, have -> progress.fetched(library.fileName(), have, library.bytes()));
        }
        var found = hash(part);
        if (!found.equals(library.sha256())) {
            Files.delete(part);
            throw new IOException(
                    library.fileName() + " should have SHA-256 " + library.sha256() + ", but has " + found);
        }
        return Files.move(part, kept, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String hash(Path file) throws IOException {
        try (var input = new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
            input.transferTo(java.io.OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(input.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has SHA-256", missing);
        }
    }
}
