package org.athanor.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.athanor.ledger.Report;

/** A {@link Report} as JSON; written whole or not at all. */
final class ReportFile {
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .setDefaultPropertyInclusion(JsonInclude.Include.NON_NULL);

    private ReportFile() {}

    static String json(Report report) throws IOException {
        return JSON.writeValueAsString(report);
    }

    static void write(Path file, Report report) throws IOException {
        var target = file.toAbsolutePath();
        var draft = Files.createTempFile(target.getParent(), ".report", ".json");
        try {
            Files.writeString(draft, json(report) + "\n");
            Files.move(draft, target, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
    }
}
