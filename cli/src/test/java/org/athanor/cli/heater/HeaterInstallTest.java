package org.athanor.cli.heater;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.athanor.cli.terminal.UserMistake;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class HeaterInstallTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();

    private int install(String... options) {
        var command = new HeaterInstallCommand();
        new CommandLine(command).setOut(new PrintWriter(out)).parseArgs(options);
        return command.call();
    }

    private Path unit() {
        return folder.resolve("etc/systemd/system/athanor-heater.service");
    }

    private Path program() throws IOException {
        var program = folder.resolve("athanor");
        if (!Files.exists(program)) Files.createFile(program);
        assertTrue(program.toFile().setExecutable(true));
        return program;
    }

    @Test
    void theServiceRunsTheProgramWithItsFileAndKeepsItsStateInOneFolder() throws IOException {
        assertEquals(
                0, install("--root", folder.toString(), "--program", program().toString()));
        var lines = Files.readAllLines(unit());
        assertTrue(
                lines.contains("ExecStart=\"" + program() + "\" heater run --config \"/etc/athanor/heater.yaml\""),
                lines.toString());
        assertTrue(lines.containsAll(List.of("StateDirectory=athanor", "DynamicUser=yes", "ProtectSystem=strict")));
        assertTrue(out.toString().contains("systemctl enable --now athanor-heater"), out.toString());
    }

    /** JAVA_TOOL_OPTIONS would be overruled by the launcher's own -Xmx512m, and MemoryMax then kill the heater. */
    @Test
    void theHeapIsLimitedByWhatWinsOverTheLauncher() {
        var unit = HeaterInstallCommand.unit(Path.of("/opt/athanor"), Path.of("/etc/heater.yaml"), 0);
        assertTrue(unit.contains("Environment=\"_JAVA_OPTIONS=-Xmx96m\"\nMemoryMax=256M\n"), unit);
        assertFalse(unit.contains("JAVA_TOOL_OPTIONS"), unit);
        assertTrue(unit.contains("\nProtectKernelTunables=yes\nProtectControlGroups=yes\n"), unit);
    }

    @Test
    void whatTrainsHasRoomForItsEngine() {
        var unit = HeaterInstallCommand.unit(Path.of("/opt/athanor"), Path.of("/etc/heater.yaml"), 4096);
        assertTrue(
                unit.contains(
                        "_JAVA_OPTIONS=-Xmx2144m\"\nEnvironment=\"ATHANOR_CACHE=/var/lib/athanor/cache\"\nMemoryMax=6700M\n"),
                unit);
        // it would keep the engine's sandbox from starting
        assertFalse(unit.contains("ProtectKernelTunables"), unit);
    }

    @Test
    void calledAgainItReplacesTheUnitAndLeavesNothingElse() throws IOException {
        install("--root", folder.toString(), "--program", program().toString());
        install("--root", folder.toString(), "--program", program().toString(), "--config", "/srv/other.yaml");
        assertTrue(Files.readString(unit()).contains("/srv/other.yaml"));
        try (var files = Files.list(unit().getParent())) {
            assertEquals(1, files.count());
        }
    }

    @Test
    void whatCannotBeRunIsRefused() {
        var missing = folder.resolve("missing");
        var e = assertThrows(
                UserMistake.class, () -> install("--root", folder.toString(), "--program", missing.toString()));
        assertTrue(e.getMessage().startsWith("--program " + missing + ": not a program"), e.getMessage());
        assertFalse(Files.exists(unit()));
    }
}
