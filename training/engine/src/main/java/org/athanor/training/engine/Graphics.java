package org.athanor.training.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * NVIDIA's cards of a machine, as far as libtorch can use them: it comes with its own kernels, but CUDA's and cuDNN's libraries must be
 * installed beside the driver.
 *
 * @param devices  files in /dev that a program opens to compute on them
 * @param runtimes folders with CUDA's libraries, outside those of the system
 * @param card     UUID of the only one that is to compute; empty where libtorch takes the first
 */
public record Graphics(List<Path> devices, List<Path> runtimes, Optional<String> card) {
    private static final String DRIVER = "proc/driver/nvidia/version";
    private static final String CARDS = "proc/driver/nvidia/gpus";
    private static final String TOOLKIT = "usr/local/cuda";
    private static final List<String> FOLDERS =
            List.of(TOOLKIT + "/lib64", "usr/lib/x86_64-linux-gnu", "usr/lib64", "usr/lib");
    /** What libtorch of {@link EngineLibrary} is linked with. */
    private static final List<String> NEEDED = List.of(
            "libcudart.so.13",
            "libcublas.so.13",
            "libcudnn.so.9",
            "libcusparse.so.12",
            "libcufft.so.12",
            "libcurand.so.10",
            "libnccl.so.2");

    public Graphics {
        devices = List.copyOf(devices);
        runtimes = List.copyOf(runtimes);
    }

    /** The same, of which only this card is to compute. */
    Graphics only(String uuid) {
        return new Graphics(devices, runtimes, Optional.of(uuid));
    }

    /**
     * Models of the cards that may compute, as the driver names them, each once; none where it tells nothing.
     *
     * @param root / but in tests
     */
    List<String> models(Path root) throws IOException {
        if (!Files.isDirectory(root.resolve(CARDS))) {
            return List.of();
        }
        var models = new TreeSet<String>();
        try (var cards = Files.list(root.resolve(CARDS))) {
            for (var each : cards.map(folder -> folder.resolve("information")).toList()) {
                var told = Files.readAllLines(each);
                if (card.isEmpty() || said(told, "GPU UUID").equals(card)) {
                    said(told, "Model").ifPresent(models::add);
                }
            }
        }
        return List.copyOf(models);
    }

    private static Optional<String> said(List<String> lines, String key) {
        return lines.stream()
                .filter(line -> line.startsWith(key + ":"))
                .map(line -> line.substring(key.length() + 1).strip())
                .findFirst();
    }

    /**
     * What was found.
     *
     * @param graphics that can be used
     * @param missing  why there are none, in words; empty when there are
     * @param driver   whether there is a driver, and so a card most likely
     */
    record Found(Optional<Graphics> graphics, Optional<String> missing, boolean driver) {
        /** What the machine's owner should know, when there is a card that cannot be used; null when there is not. */
        String notice() {
            return driver && missing.isPresent() ? missing.get() + ": training uses the processor" : null;
        }
    }

    /** Looks below {@code root}, which is / but in tests. */
    static Found find(Path root) throws IOException {
        if (!Files.exists(root.resolve(DRIVER))) {
            return new Found(Optional.empty(), Optional.of("there is no driver of NVIDIA's (/" + DRIVER + ")"), false);
        }
        var missing = NEEDED.stream()
                .filter(library -> FOLDERS.stream()
                        .noneMatch(folder -> Files.exists(root.resolve(folder).resolve(library))))
                .toList();
        if (!missing.isEmpty()) {
            return new Found(
                    Optional.empty(),
                    Optional.of("there is an NVIDIA card, but not " + String.join(", ", missing)
                            + " (CUDA 13, cuDNN 9 and NCCL 2 bring them)"),
                    true);
        }
        try (var files = Files.list(root.resolve("dev"))) {
            var devices = files.filter(file -> file.getFileName().toString().startsWith("nvidia"))
                    .sorted()
                    .toList();
            var toolkit = root.resolve(TOOLKIT);
            return new Found(
                    Optional.of(new Graphics(
                            devices,
                            Files.exists(toolkit) ? List.of(toolkit.toRealPath(), toolkit) : List.of(),
                            Optional.empty())),
                    Optional.empty(),
                    true);
        }
    }
}
