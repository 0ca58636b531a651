package org.athanor.training.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What decides how an engine rounds: machines of one class do the same steps to within little more than the order of their sums.
 * libtorch and its OpenBLAS and oneDNN choose their kernels by processor family and vector instructions, on a card by its model.
 */
public final class MachineClass {
    private static final Path DESCRIPTION = Path.of("/proc/cpuinfo");
    private static final List<String> IDENTITY = List.of("vendor_id", "cpu family", "model");
    private static final Set<String> VECTORS = Set.of(
            "sse4_2",
            "avx",
            "avx2",
            "fma",
            "avx_vnni",
            "avx512f",
            "avx512bw",
            "avx512vl",
            "avx512_vnni",
            "avx512_bf16",
            "avx512_fp16",
            "amx_tile",
            "amx_int8",
            "amx_bf16",
            "amx_fp16");

    private MachineClass() {}

    /**
     * Of this machine with these libraries, in words that are compared as a whole: processor, vector instructions, versions of the
     * libraries, and models of the cards that may compute. Null where the processor does not say what it is.
     */
    public static String of(EngineLibraries libraries) {
        try {
            var versions =
                    libraries.jars().stream().map(jar -> jar.getFileName().toString());
            var processor = of(Files.readString(DESCRIPTION), versions);
            return processor == null ? null : processor + cards(libraries.graphics());
        } catch (IOException _) {
            return null; // not Linux: there is no engine either
        }
    }

    private static String cards(Optional<Graphics> graphics) throws IOException {
        var models = graphics.isPresent() ? graphics.get().models(Path.of("/")) : List.<String>of();
        return models.isEmpty() ? "" : "; " + String.join(", ", models);
    }

    static String of(String processors, Stream<String> jars) {
        var first = new TreeMap<String, String>();
        for (var line : processors.lines().takeWhile(text -> !text.isBlank()).toList()) {
            var colon = line.indexOf(':');
            if (colon > 0) {
                first.put(
                        line.substring(0, colon).strip(),
                        line.substring(colon + 1).strip());
            }
        }
        if (!first.keySet().containsAll(IDENTITY)) {
            return null;
        }
        var vectors = Arrays.stream(first.getOrDefault("flags", "").split(" "))
                .filter(VECTORS::contains)
                .sorted()
                .collect(Collectors.joining(" "));
        var libraries = jars.filter(name -> name.contains("-linux-"))
                .map(name -> name.replaceFirst("\\.jar$", ""))
                .sorted()
                .collect(Collectors.joining(" "));
        return IDENTITY.stream().map(first::get).collect(Collectors.joining(" ")) + "; " + vectors + "; " + libraries;
    }
}
