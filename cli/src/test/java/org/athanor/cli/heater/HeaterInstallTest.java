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
import java.nio.file.attribute.PosixFilePermissions;
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
        for (var kind : List.of("computer", "gpu"))
            assertEquals(
                    2048,
                    HeaterInstallCommand.trainingMebibytes(setup("kind: " + kind
                            + ", training: {url: 'https://192.0.2.10:8650', memoryMiB: 2048, token: " + "A".repeat(64)
                            + "}")));
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

    private HomeSetup setup(String heater) {
        return setup(heater, "");
    }

    private HomeSetup setup(String heater, String more) {
        return HeaterFile.parse("heater.yaml", """
                tariff: {kind: flat, price: 0.3}
                rooms: [{id: living, floorArea: 30, thermometer: {kind: shelly, address: 127.0.0.1}}]
                heaters: [{id: warm, acceptUnprotected: true, %s}]
                """.formatted(heater) + more, folder);
    }

    @Test
    void whatTheServicesUserCannotReadIsSaidWithWhatToDo() throws IOException {
        var computer = setup("kind: computer");
        var shell = Path.of("/bin/sh");
        var open = Path.of("/etc/passwd");
        assertEquals(List.of(), ServiceAdvice.of(shell, Path.of("/usr/bin"), open, computer));

        var home = Files.createDirectory(folder.resolve("me"));
        var checkout = Files.createDirectory(home.resolve("athanor"));
        var program = Files.createFile(checkout.resolve("athanor"));
        assertTrue(folder.toFile().setExecutable(true, false));
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));
        var said = ServiceAdvice.of(program, checkout, program, computer);
        assertEquals(3, said.size(), said.toString());
        for (var each : said)
            assertTrue(
                    each.startsWith(home.toRealPath() + " is closed to other users (rwx------), so the service"), each);
        assertTrue(said.get(0).contains("such as /opt/athanor"), said.get(0));
        assertTrue(said.get(1).contains("Install a JDK 25 for all users"), said.get(1));
        assertTrue(
                said.get(2).contains("sudo install -D -m 644 " + program + " /etc/athanor/heater.yaml"), said.get(2));

        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rw-------"));
        var file = ServiceAdvice.of(shell, checkout, program, computer);
        assertEquals(1, file.size(), file.toString());
        assertTrue(
                file.getFirst().startsWith(program.toRealPath() + " is closed to other users (rw-------)"),
                file.getFirst());
    }

    @Test
    void whatTheFileNamesIsReadableToTheServiceToo() throws IOException {
        var secret = Files.writeString(folder.resolve("miner.txt"), "quiet\n");
        var token = Files.writeString(folder.resolve("token.txt"), "abc\n");
        var home = setup(
                "kind: axeos, address: 127.0.0.1, passwordFile: miner.txt,"
                        + " plug: {kind: shelly, address: 127.0.0.2, passwordFile: miner.txt, ratingWatts: 2500}",
                """
                s2: {url: "ws://127.0.0.1/s2", tokenFile: token.txt}
                homeAssistant: {discovery: false, address: 127.0.0.1, tokenFile: %s}
                """.formatted(secret));
        assertTrue(folder.toFile().setExecutable(true, false));
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r--r--"));
        var open = Path.of("/etc/passwd");
        var shell = Path.of("/bin/sh");
        assertEquals(List.of(), ServiceAdvice.of(shell, Path.of("/usr/bin"), open, home));

        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r-----"));
        var said = ServiceAdvice.of(shell, Path.of("/usr/bin"), open, home);
        assertEquals(
                List.of("homeAssistant.tokenFile, heaters[0].passwordFile, heaters[0].plug.passwordFile: "
                        + secret.toRealPath() + " is closed to other users (rw-r-----), so the service cannot read "
                        + secret + ". Say: sudo install -D -m 644 " + secret + " /etc/athanor/miner.txt, and name that"
                        + " there; every user of this computer may read it then. docs/install.md says how the service"
                        + " alone does"),
                said);
    }

    @Test
    void aCardsPowerLimitIsBeyondTheServicesUser() {
        var said =
                ServiceAdvice.of(Path.of("/bin/sh"), Path.of("/usr/bin"), Path.of("/etc/passwd"), setup("kind: gpu"));
        assertEquals(1, said.size(), said.toString());
        assertTrue(
                said.getFirst().startsWith("heater warm, kind gpu: setting a card's power limit takes root's rights"));
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
