package org.athanor.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.athanor.stratum.NodeCredentials;
import org.athanor.stratum.NodeException;

/** Bitcoin Core writes a new user and password into this file at each start. */
final class CookieFile implements NodeCredentials {
    private static final int LONGEST = 4096;

    private final Path file;

    CookieFile(Path file) {
        this.file = file;
    }

    @Override
    public String userAndPassword() {
        try (var in = Files.newInputStream(file)) {
            var text = new String(in.readNBytes(LONGEST), StandardCharsets.UTF_8).strip();
            if (text.contains(":") && text.lines().count() == 1) return text;
            throw NodeException.noCredentials(
                    "--node-cookie " + file + ": accepted is one line, USER:PASSWORD, as Bitcoin Core writes it", null);
        } catch (NoSuchFileException e) {
            throw NodeException.noCredentials(
                    "--node-cookie " + file + ": no such file; the node makes it when it starts", e);
        } catch (IOException e) {
            throw NodeException.noCredentials("--node-cookie " + file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public boolean mayChange() {
        return true;
    }
}
