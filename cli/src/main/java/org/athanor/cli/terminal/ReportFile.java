package org.athanor.cli.terminal;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.athanor.ledger.Report;

/** A {@link Report} as JSON; written whole or not at all. */
public final class ReportFile {
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .setDefaultPropertyInclusion(JsonInclude.Include.NON_NULL);

    private ReportFile() {}

    public static String json(Report report) throws IOException {
        return JSON.writeValueAsString(report);
    }

    /** One object, or an array of several. */
    public static String json(List<Report> reports) throws IOException {
        return reports.size() == 1 ? json(reports.getFirst()) : JSON.writeValueAsString(reports);
    }

    public static void write(Path file, Report report) throws IOException {
        write(file, json(report) + "\n");
    }

    public static void write(Path file, String text) throws IOException {
        var target = file.toAbsolutePath();
        var draft = Files.createTempFile(target.getParent(), ".report", ".tmp");
        try {
            Files.writeString(draft, text);
            Files.move(draft, target, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    /**
     * Found out before the work that the file is of, not after it.
     *
     * @throws UserMistake naming option and file
     */
    public static void requireWritable(String option, Path file) {
        var folder = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file)
                || folder == null
                || !Files.isDirectory(folder)
                || !Files.isWritable(folder)
                || (Files.exists(file) && !Files.isWritable(file)))
            throw new UserMistake(option + " " + file + ": not a file that can be written (does its folder exist?)");
    }
}
