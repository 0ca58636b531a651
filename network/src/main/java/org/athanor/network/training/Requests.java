package org.athanor.network.training;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What an operator asks of a job from another program: a file each in {@code requests} of the job's folder, whole when it has its
 * name. The coordinator does them in the order of their names, and takes each away when it is done; nobody else writes the state.
 */
final class Requests {
    private static final System.Logger LOGGER = System.getLogger(Requests.class.getName());
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final String PLACE = "requests";
    private static final String ENDING = ".json";
    private static final String ASIDE = ".not-understood";
    private static final int LARGEST = 1 << 16;

    private final JobFolder folder;
    private final Path place;

    Requests(JobFolder folder) {
        this.folder = folder;
        place = folder.path().resolve(PLACE);
    }

    /**
     * Something that is asked for.
     *
     * @param worker   whom it is about
     * @param excluded why nothing of it is wanted any more; null to let it work again
     */
    record Request(String worker, String excluded) {}

    /** The coordinator's own place, from which it can take away what others put there. */
    void open() throws IOException {
        Files.createDirectories(place);
    }

    /** Adds one, to be done after all that wait. */
    Path add(Request request) throws IOException {
        open();
        var waiting = waiting();
        var last = waiting.isEmpty() ? "" : waiting.getLast().getFileName().toString();
        var number = last.matches("\\d{8}-.*") ? Long.parseLong(last.substring(0, 8)) + 1 : 1;
        var name = "%08d-%s%s".formatted(number, UUID.randomUUID(), ENDING);
        folder.replace(PLACE + "/" + name, MAPPER.writeValueAsBytes(request));
        return place.resolve(name);
    }

    /** Those that wait, the first one first. */
    List<Path> waiting() throws IOException {
        if (!Files.isDirectory(place)) {
            return List.of();
        }
        try (var files = Files.list(place)) {
            return files.filter(file -> file.getFileName().toString().endsWith(ENDING))
                    .sorted()
                    .toList();
        }
    }

    /** Empty when it cannot be understood, as one of another version or written by hand, or was just done. */
    static Optional<Request> read(Path file) throws IOException {
        try {
            if (Files.size(file) > LARGEST) {
                return Optional.empty();
            }
            var request = MAPPER.readValue(Files.readAllBytes(file), Request.class);
            return Optional.of(request)
                    .filter(one -> one.worker() != null && !one.worker().isBlank());
        } catch (JacksonException | NoSuchFileException _) {
            return Optional.empty();
        }
    }

    /** So that it is not read again and again. */
    static void putAside(Path file) throws IOException {
        var aside = file.resolveSibling(file.getFileName() + ASIDE);
        Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
        LOGGER.log(Level.WARNING, "{0} asks for nothing that is known here; it is now {1}", file, aside.getFileName());
    }

    /** It was done. */
    static void done(Path request) throws IOException {
        Files.deleteIfExists(request);
    }
}
