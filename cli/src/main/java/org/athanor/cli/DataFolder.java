package org.athanor.cli;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.athanor.cli.terminal.UserMistake;

/** Where a command keeps its files: the folder that was named, which stays, or one of its own, deleted at the end. */
final class DataFolder implements AutoCloseable {
    private final Path path;
    private final String option;
    private final boolean temporary;
    private boolean kept;

    private DataFolder(Path path, String option, boolean temporary) {
        this.path = path;
        this.option = option;
        this.temporary = temporary;
    }

    /**
     * @param named null for a temporary folder
     * @param option that names it
     * @throws UserMistake if the folder cannot be made or written
     */
    static DataFolder of(Path named, String purpose, String option) {
        try {
            if (named == null)
                return new DataFolder(Files.createTempDirectory("athanor-" + purpose + "-"), option, true);
            Files.createDirectories(named);
            if (!Files.isWritable(named))
                throw new UserMistake(option + " " + named + ": the folder cannot be written");
            return new DataFolder(named, option, false);
        } catch (IOException e) {
            throw new UserMistake(
                    option + " " + named + ": not a folder that can be made or written (" + e.getMessage() + ")", e);
        }
    }

    /** @throws UserMistake if there is something in the folder already */
    DataFolder requireEmpty() {
        try (var files = Files.list(path)) {
            if (files.findAny().isPresent())
                throw new UserMistake(
                        "--data " + path + ": the folder is not empty; a demo begins its books anew, so name a"
                                + " new folder or an empty one");
        } catch (IOException e) {
            throw new UserMistake("--data " + path + ": cannot be listed (" + e.getMessage() + ")", e);
        }
        return this;
    }

    boolean isTemporary() {
        return temporary;
    }

    /** A temporary folder stays, too. */
    void keep() {
        kept = true;
    }

    Path path() {
        return path;
    }

    @Override
    public String toString() {
        return temporary ? path + " (deleted at the end; keep it with " + option + " DIR)" : path.toString();
    }

    @Override
    public void close() throws IOException {
        if (!temporary || kept) return;
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
                if (failure != null) throw failure;
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
