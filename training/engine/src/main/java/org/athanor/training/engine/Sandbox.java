package org.athanor.training.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Bubblewrap around a command: no network, no other processes, no files but the system's libraries and those that are named,
 * and one folder to write in.
 */
final class Sandbox {
    /** What programs need of a Linux system; those that a distribution lacks are left out. */
    private static final List<String> SYSTEM = List.of("/usr/lib", "/usr/lib64", "/lib", "/lib64", "/etc/ld.so.cache");

    private static final int TRIAL_SECONDS = 10;

    private Sandbox() {}

    /** Why there is none on this machine, or null when there is one: it is tried, since kernels forbid it here and there. */
    static String missing() throws InterruptedException {
        var words = beginning(Map.of());
        bind(words, List.of("/usr/bin", "/bin"));
        words.add("/bin/true");
        try {
            var trial = new ProcessBuilder(words).redirectErrorStream(true).start();
            if (!trial.waitFor(TRIAL_SECONDS, TimeUnit.SECONDS)) {
                trial.destroyForcibly();
                return "bubblewrap did not start within " + TRIAL_SECONDS + " s";
            }
            if (trial.exitValue() == 0) {
                return null;
            }
            try (var output = trial.inputReader()) {
                return "bubblewrap cannot isolate a program here: "
                        + output.lines().findFirst().orElse("it ends with " + trial.exitValue());
            }
        } catch (IOException notThere) {
            return "bubblewrap is not installed (Debian: apt-get install bubblewrap)";
        }
    }

    /**
     * @param command     to run inside
     * @param environment all that it sees
     * @param readable    files and folders that it may read, at the same places as outside
     * @param libraries   whose unpacked natives it may read, while what it writes beside them is lost: they look whether they
     *                    could unpack themselves; and whose cards it may open
     * @param folder      in which it starts and may write
     */
    static List<String> around(
            List<String> command,
            Map<String, String> environment,
            List<Path> readable,
            EngineLibraries libraries,
            Path folder)
            throws IOException {
        var words = beginning(environment);
        bind(words, readable.stream().map(Path::toString).toList());
        libraries.graphics().ifPresent(graphics -> {
            bind(words, List.of("/sys"));
            bind(words, graphics.runtimes().stream().map(Path::toString).toList());
            graphics.devices()
                    .forEach(device -> words.addAll(List.of("--dev-bind", device.toString(), device.toString())));
        });
        var layered = libraries.natives();
        words.addAll(List.of("--tmpfs", layered.toString()));
        try (var inside = Files.list(layered)) {
            bind(
                    words,
                    inside.filter(Files::isDirectory)
                            .map(Path::toString)
                            .sorted()
                            .toList());
        }
        words.addAll(List.of("--bind", folder.toString(), folder.toString()));
        words.addAll(List.of("--chdir", folder.toString(), "--"));
        words.addAll(command);
        return words;
    }

    /** What no sandbox is without. */
    private static List<String> beginning(Map<String, String> environment) {
        var words = new ArrayList<>(List.of(
                "bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv"));
        environment.forEach((name, value) -> words.addAll(List.of("--setenv", name, value)));
        bind(words, SYSTEM);
        words.addAll(List.of("--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"));
        return words;
    }

    private static void bind(List<String> words, List<String> places) {
        for (var place : places) {
            if (Files.exists(Path.of(place))) {
                words.addAll(List.of("--ro-bind", place, place));
            }
        }
    }
}
