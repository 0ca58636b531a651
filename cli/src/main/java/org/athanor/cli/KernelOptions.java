package org.athanor.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.athanor.edge.mining.KernelChooser;
import org.athanor.edge.mining.KernelMemory;
import org.athanor.hash.NonceScanners;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** With which kernel the commands hash that hash, and where the choice is kept. */
final class KernelOptions {
    private static final String FILE = "kernels";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--kernel",
            paramLabel = "NAME",
            description =
                    "Hashes with this kernel, such as digest or vector256 (default: the fastest, by measurement).")
    private String kernel;

    @Option(
            names = "--cache",
            paramLabel = "DIR",
            description = {
                "Keeps in this folder which kernel is the fastest here (default: $XDG_CACHE_HOME/athanor",
                "or ~/.cache/athanor)."
            })
    private Path folder;

    boolean given() {
        return kernel != null;
    }

    /** @param notes told in one sentence what a person should know */
    KernelChooser start(Consumer<String> notes) {
        // an AOT cache cannot be made of a run that has loaded the module (docs/decisions/0008)
        if (kernel == null || NonceScanners.own(kernel).isEmpty())
            VectorModule.load().ifPresent(notes);
        if (kernel == null) return KernelChooser.start(memory(notes), Main.version(), notes);
        try {
            return KernelChooser.only(kernel, notes);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--kernel " + e.getMessage(), e);
        }
    }

    private Optional<KernelMemory> memory(Consumer<String> notes) {
        var cache =
                folder != null ? folder : userCache(System.getenv("XDG_CACHE_HOME"), System.getProperty("user.home"));
        return Optional.ofNullable(cache).map(found -> new KernelMemory(found.resolve(FILE), notes));
    }

    /** By the XDG base directory specification, which has relative paths ignored. Null for a user without a home. */
    static Path userCache(String xdg, String home) {
        if (xdg != null && xdg.startsWith("/")) return Path.of(xdg, "athanor");
        return home != null && home.startsWith("/") ? Path.of(home, ".cache", "athanor") : null;
    }
}
