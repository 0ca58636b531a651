package org.athanor.conformance.broken.stratum;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

final class ReadsAFile {
    private ReadsAFile() {}

    static long offend(Path path) throws IOException {
        return Files.size(path);
    }
}
