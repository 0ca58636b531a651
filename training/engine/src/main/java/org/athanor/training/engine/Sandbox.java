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

    /** Of each place that is in memory: an engine keeps nothing there, and what it did keep would not count as its memory. */
    private static final String MOST_IN_MEMORY = Integer.toString(64 << 20);

    private final String program;
    private final String missing;
    private final boolean sized;

    private Sandbox(String program, String missing, boolean sized) {
        this.program = program;
        this.missing = missing;
        this.sized = sized;
    }

    /** The one on this machine: it is tried, since kernels forbid it here and there. */
    static Sandbox find() throws InterruptedException {
        return find("bwrap");
    }

    static Sandbox find(String program) throws InterruptedException {
        var tried = new Sandbox(program, null, true).tried();
        // older than 0.7 it knows no sizes, and a place in memory may take half of the machine's
        return tried.missing != null && tried.missing.contains("--size")
                ? new Sandbox(program, null, false).tried()
                : tried;
    }

    private Sandbox tried() throws InterruptedException {
        return new Sandbox(program, trial(), sized);
    }

    private String trial() throws InterruptedException {
        var words = beginning(Map.of());
        bind(words, List.of("/usr/bin", "/bin"));
        end(words);
        words.addAll(List.of("--", "/bin/true"));
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

    /** Why there is none on this machine; null when there is one. */
    String missing() {
        return missing;
    }

    /** Whether what is written to memory is bounded. */
    boolean sized() {
        return sized;
    }

    /**
     * @param command     to run inside
     * @param environment all that it sees
     * @param readable    files and folders that it may read, at the same places as outside
     * @param libraries   whose unpacked natives it may read, while what it writes beside them is lost: they look whether they
     *                    could unpack themselves; and whose cards it may open
     * @param folder      in which it starts and may write
     */
    List<String> around(
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
        inMemory(words, layered.toString());
        try (var inside = Files.list(layered)) {
            bind(
                    words,
                    inside.filter(Files::isDirectory)
                            .map(Path::toString)
                            .sorted()
                            .toList());
        }
        words.addAll(List.of("--bind", folder.toString(), folder.toString()));
        end(words);
        words.addAll(List.of("--chdir", folder.toString(), "--"));
        words.addAll(command);
        return words;
    }

    /** What no sandbox is without. */
    private List<String> beginning(Map<String, String> environment) {
        var words = new ArrayList<>(List.of(
                program, "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv"));
        environment.forEach((name, value) -> words.addAll(List.of("--setenv", name, value)));
        bind(words, SYSTEM);
        words.addAll(List.of("--proc", "/proc", "--dev", "/dev"));
        inMemory(words, "/dev/shm");
        inMemory(words, "/tmp");
        return words;
    }

    private void inMemory(List<String> words, String place) {
        if (sized) {
            words.addAll(List.of("--size", MOST_IN_MEMORY));
        }
        words.addAll(List.of("--tmpfs", place));
    }

    /** What holds the places is in memory too, of any size: nothing may be written there. */
    private static void end(List<String> words) {
        words.addAll(List.of("--remount-ro", "/dev", "--remount-ro", "/"));
    }

    private static void bind(List<String> words, List<String> places) {
        for (var place : places) {
            if (Files.exists(Path.of(place))) {
                words.addAll(List.of("--ro-bind", place, place));
            }
        }
    }
}
