package org.athanor.edge.forecast;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * The last good reply of a service in a file, as the service wrote it, below a few lines that say when it came, what had been
 * asked, and the checksum. It may be deleted at any time. A file that cannot be used or written is told, and costs a request.
 */
final class ReplyFile {
    private static final String FIRST_LINE = "athanor reply 1";
    private static final Pattern FORM = Pattern.compile(
            FIRST_LINE + "\nfetched: (\\S+)\nasked: ([^\n]*)\ncrc32: ([0-9a-f]{1,8})\n\n(.*)", Pattern.DOTALL);

    private final Path file;
    private final Consumer<String> notes;

    record Kept(Instant fetched, String text) {}

    /** @param file made when the first reply is kept, its folders too */
    ReplyFile(Path file, Consumer<String> notes) {
        this.file = file;
        this.notes = notes;
    }

    /** @param asked what the reply must be the answer to, on one line */
    Optional<Kept> recall(String asked) {
        if (!Files.exists(file)) return Optional.empty();
        try {
            if (Files.size(file) > 2 * Transport.LARGEST_REPLY) throw new IOException("it is too large");
            var form = FORM.matcher(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
            if (!form.matches()) throw new IOException("it does not begin as \"" + FIRST_LINE + "\" does");
            if (!form.group(2).equals(asked)) throw new IOException("it answers \"" + form.group(2) + "\"");
            if (!form.group(3).equals(checksum(form.group(4)))) throw new IOException("its checksum differs");
            return Optional.of(new Kept(Instant.parse(form.group(1)), form.group(4)));
        } catch (IOException | DateTimeException e) {
            notes.accept(file + " is ignored: " + e.getMessage());
            return Optional.empty();
        }
    }

    /** Replaces the file as a whole: whoever reads, or starts after a power failure, finds the old reply or the new one. */
    void keep(String asked, Kept reply) {
        var text = FIRST_LINE + "\nfetched: " + reply.fetched() + "\nasked: " + asked + "\ncrc32: "
                + checksum(reply.text()) + "\n\n" + reply.text();
        try {
            var folder = file.toAbsolutePath().getParent();
            Files.createDirectories(folder);
            var fresh = Files.createTempFile(folder, file.getFileName().toString(), ".new");
            try {
                // not a channel: the end of the program interrupts the thread, which would close it in the middle
                try (var out = new FileOutputStream(fresh.toFile())) {
                    out.write(text.getBytes(StandardCharsets.UTF_8));
                    out.getFD().sync();
                }
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (IOException e) {
            notes.accept("a reply cannot be kept in " + file + ": " + e + "; it is lost when the program ends");
        }
    }

    private static String checksum(String text) {
        var crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(crc.getValue());
    }
}
