package org.athanor.training.engine.libtorch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this machine's processor can do. */
final class Processor {
    private static final Path DESCRIPTION = Path.of("/proc/cpuinfo");

    private Processor() {}

    /** Whether it multiplies bfloat16 by itself; elsewhere bfloat16 would be slower than float. */
    static boolean multipliesBfloat16() {
        try {
            var text = Files.readString(DESCRIPTION);
            return text.contains(" avx512_bf16") || text.contains(" amx_bf16") || text.contains(" bf16");
        } catch (IOException _) {
            return false; // not Linux: nothing is known, and float is right everywhere
        }
    }
}
