package org.athanor.training.engine;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Puts files into an engine's folder. An engine may write there, and what it leaves outlives it: whoever broke out of a model may have
 * planted a link, so nothing is written or read through one.
 */
public final class EngineFiles {
    private static final int READ_BUFFER = 1 << 16;
    /** What a file takes of a disk at least. */
    private static final long LEAST_OF_FILE = 4096;

    private EngineFiles() {}

    /** Where a file grows before it has its name: beside the engine's folder, where an engine does not write. */
    public static Path part(Path file) {
        var folder = file.toAbsolutePath().getParent();
        return folder.resolveSibling(folder.getFileName() + ".part");
    }

    /** Gives what is whole in {@link #part} its name; a link of that name is replaced, and what it led to stays as it is. */
    public static void publish(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.move(part(file), file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Writes a file of an engine's folder, which is made when it is not there. */
    public static void put(Path file, byte[] bytes) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        var part = part(file);
        Files.deleteIfExists(part);
        Files.write(part, bytes, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        publish(file);
    }

    /**
     * What lies in a folder that an engine may write, without following its links: not much more than {@code most} is counted.
     * What cannot be looked into counts as too much.
     */
    public static long bytesIn(Path folder, long most) {
        var sum = new AtomicLong();
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes found) {
                    var all = sum.addAndGet(Math.max(LEAST_OF_FILE, found.size()));
                    return all > most ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult preVisitDirectory(Path inner, BasicFileAttributes found) {
                    return visitFile(inner, found);
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException failed) {
                    if (failed instanceof NoSuchFileException) { // moved meanwhile
                        return FileVisitResult.CONTINUE;
                    }
                    sum.set(Long.MAX_VALUE);
                    return FileVisitResult.TERMINATE;
                }
            });
        } catch (IOException broken) {
            return Long.MAX_VALUE;
        }
        return sum.get();
    }

    /** Deletes a file, or a folder with all that is in it; what links lead to stays. */
    public static void deleteAll(Path place) throws IOException {
        List<Path> deepestFirst;
        try (var all = Files.walk(place)) {
            deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (var path : deepestFirst) {
            Files.deleteIfExists(path);
        }
    }

    /**
     * Whether a file is there, itself and not a link, with this content. It is never held in memory.
     *
     * @param bytes  its size
     * @param sha256 of its content, in hexadecimal
     */
    public static boolean holds(Path file, long bytes, String sha256) throws IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        var found = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!found.isRegularFile() || found.size() != bytes) {
            return false;
        }
        try (var content = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            var digest = MessageDigest.getInstance("SHA-256");
            var buffer = new byte[READ_BUFFER];
            for (var read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                digest.update(buffer, 0, read);
            }
            return HexFormat.of().formatHex(digest.digest()).equals(sha256);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has SHA-256", missing);
        }
    }
}
