package org.athanor.training.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

/** What a stranger's code can do behind the sandbox, against what the same code can do before it. */
@Timeout(60)
class SandboxTest {
    private static final Path HOME = Path.of(System.getProperty("user.home"));
    private static final Path SHADOW = Path.of("/etc/shadow");

    /** Not in /tmp, of which a sandbox has one of its own. */
    @TempDir(factory = Beside.class)
    Path place;

    /** As {@code athanor train} lays them out: a worker of this computer lies within the coordinator's folder. */
    private Path coordinator;

    private Path own;
    private EngineLibraries libraries;

    static final class Beside implements TempDirFactory {
        @Override
        public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext test) throws IOException {
            return Files.createTempDirectory(Path.of("/var/tmp"), "sandbox");
        }
    }

    @BeforeEach
    void folders() throws Exception {
        coordinator = Files.createDirectories(place.toRealPath().resolve("job"));
        Files.writeString(coordinator.resolve("state.json"), "{}");
        own = Files.createDirectories(coordinator.resolve("workers/1/engine"));
        Files.writeString(coordinator.resolve("workers/1/membership.json"), "{}");
        var natives = place.toRealPath().resolve("natives");
        Files.createDirectories(natives.resolve("unpacked-libraries"));
        libraries = new EngineLibraries(List.of(), natives, Optional.empty(), null);
    }

    private List<Path> readable() {
        return List.of(
                SHADOW,
                Path.of("/etc/passwd"),
                HOME,
                coordinator.resolve("state.json"),
                coordinator.resolve("workers/1/membership.json"));
    }

    private List<Path> writable() {
        return List.of(
                own,
                own.getParent(),
                coordinator,
                Path.of("/"),
                Path.of("/usr/lib"),
                Path.of("/dev"),
                Path.of("/dev/shm"),
                Path.of("/tmp"),
                libraries.natives(),
                libraries.natives().resolve("unpacked-libraries"));
    }

    private static Path classes() throws URISyntaxException {
        return Path.of(
                Prober.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private List<String> inside(Sandbox sandbox, int port) throws Exception {
        var java = Path.of(System.getProperty("java.home")).toRealPath();
        var command = List.of(
                java.resolve("bin/java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-cp",
                classes().toString(),
                Prober.class.getName(),
                Integer.toString(port),
                words(readable()),
                words(writable()));
        var words = sandbox.around(command, Map.of("LANG", "C.UTF-8"), List.of(java, classes()), libraries, own);
        var probing = new ProcessBuilder(words).redirectErrorStream(true).start();
        probing.getOutputStream().close();
        var said = new String(probing.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, probing.waitFor(), said);
        assertTrue(said.endsWith("end\n"), said);
        var worked = new ArrayList<>(said.lines().toList());
        worked.removeLast();
        return worked;
    }

    private static String words(List<Path> paths) {
        return paths.stream().map(Path::toString).collect(Collectors.joining(":"));
    }

    @Test
    void aStrangersCodeReachesNothingButItsOwnFolder() throws Exception {
        var sandbox = Sandbox.find();
        assertNull(sandbox.missing(), "this machine has a sandbox");
        try (var listening = new ServerSocket(0)) {
            // the probe can find what it looks for
            var outside = Prober.look(listening.getLocalPort(), readable(), List.of(own, own.getParent(), coordinator));
            for (var found : List.of(
                    "dial loopback",
                    "read /etc/passwd",
                    "read " + HOME,
                    "read " + coordinator.resolve("state.json"),
                    "write to " + coordinator)) {
                assertTrue(outside.contains(found), found + " works outside: " + outside);
            }
            var inside = new ArrayList<>(inside(sandbox, listening.getLocalPort()));
            if (!sandbox.sized()) {
                inside.removeIf(worked -> worked.startsWith("fill ") && !worked.endsWith(own.toString()));
            }
            assertEquals(
                    List.of(
                            "write to " + own,
                            "fill " + own,
                            "write to /dev/shm",
                            "write to /tmp",
                            "write to " + libraries.natives()),
                    inside);
        }
        assertTrue(
                Files.notExists(Path.of("/tmp/probe-of-the-sandbox")),
                "what is written to /tmp is not on this machine");
    }

    @Test
    void anOlderBubblewrapThatKnowsNoSizesIsUsedWithoutThem() throws Exception {
        var old = Files.writeString(place.resolve("old-bwrap"), """
                #!/bin/sh
                for word; do
                  if [ "$word" = --size ]; then echo "bwrap: Unknown option --size" >&2; exit 1; fi
                done
                exec bwrap "$@"
                """);
        Files.setPosixFilePermissions(old, PosixFilePermissions.fromString("rwxr-xr-x"));
        var sandbox = Sandbox.find(old.toString());
        assertNull(sandbox.missing());
        assertFalse(sandbox.sized());
        try (var listening = new ServerSocket(0)) {
            var inside = inside(sandbox, listening.getLocalPort());
            assertFalse(inside.contains("dial loopback"), inside.toString());
            assertFalse(inside.contains("read " + SHADOW), inside.toString());
        }
    }

    @Test
    void whereThereIsNoneTheReasonIsSaid() throws Exception {
        assertTrue(Sandbox.find(place.resolve("none").toString()).missing().contains("apt-get install bubblewrap"));
        var forbidden =
                Files.writeString(place.resolve("forbidden"), "#!/bin/sh\necho no namespaces here >&2\nexit 1\n");
        Files.setPosixFilePermissions(forbidden, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertEquals(
                "bubblewrap cannot isolate a program here: no namespaces here",
                Sandbox.find(forbidden.toString()).missing());
    }
}
