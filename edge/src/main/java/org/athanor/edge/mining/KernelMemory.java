package org.athanor.edge.mining;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Which scanner was the fastest, by processor, Java machine and version of this program: a small text file that may be
 * deleted at any time. One that cannot be read or written costs the next start some seconds, no more, so that is told
 * and nothing fails.
 */
public final class KernelMemory {
    private static final String FIRST_LINE = "athanor kernels 1";
    /** Old Java machines and versions of the program are forgotten. */
    private static final int MOST_LINES = 50;

    private static final Pattern LINE = Pattern.compile("([a-z0-9-]{1,40})\t([0-9]{1,15})\t([^\t\n]{1,2000})");

    private final Path file;
    private final Consumer<String> notes;

    /**
     * @param name of the scanner
     * @param hashesPerCpuSecond of one thread, when it was measured
     */
    public record Choice(String name, long hashesPerCpuSecond) {}

    private record Entry(Choice choice, String key) {
        @Override
        public String toString() {
            return choice.name + "\t" + choice.hashesPerCpuSecond + "\t" + key;
        }
    }

    /**
     * @param file made when the first choice is remembered, its folders too
     * @param notes told in one sentence of a file that cannot be used
     */
    public KernelMemory(Path file, Consumer<String> notes) {
        this.file = file;
        this.notes = notes;
    }

    /** @param key of what the choice holds for, on one line */
    public Optional<Choice> recall(String key) {
        return entries().stream()
                .filter(entry -> entry.key.equals(clean(key)))
                .map(Entry::choice)
                .findFirst();
    }

    /** Replaces the file as a whole: a reader sees the old one or the new one. */
    public void remember(String key, Choice choice) {
        var lines = new ArrayList<String>(List.of(FIRST_LINE, new Entry(choice, clean(key)).toString()));
        entries().stream()
                .filter(entry -> !entry.key.equals(clean(key)))
                .limit(MOST_LINES - 1)
                .forEach(entry -> lines.add(entry.toString()));
        try {
            var folder = file.toAbsolutePath().getParent();
            Files.createDirectories(folder);
            var fresh = Files.createTempFile(folder, "kernels", ".new");
            try {
                Files.write(fresh, lines);
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (IOException e) {
            notes.accept("the choice of " + choice.name + " cannot be kept in " + file + ": " + e
                    + "; the next start measures again");
        }
    }

    private List<Entry> entries() {
        if (!Files.exists(file)) return List.of();
        try {
            // bytes that are no text become replacement characters, and then no line fits
            var lines = new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            if (lines.isEmpty() || !lines.getFirst().equals(FIRST_LINE))
                throw new IOException("its first line is not \"" + FIRST_LINE + "\"");
            var entries = new ArrayList<Entry>();
            for (var line : lines.subList(1, lines.size())) {
                var matcher = LINE.matcher(line);
                if (!matcher.matches()) throw new IOException("line " + (entries.size() + 2) + " is damaged");
                entries.add(
                        new Entry(new Choice(matcher.group(1), Long.parseLong(matcher.group(2))), matcher.group(3)));
            }
            return entries;
        } catch (IOException e) {
            notes.accept(file + " is ignored and made anew: " + e.getMessage());
            return List.of();
        }
    }

    private static String clean(String key) {
        return key.replaceAll("\\p{Cntrl}", " ").strip();
    }
}
