package org.athanor.devices.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * A library of our own in place of NVIDIA's, with one card that takes 100 to 300 W: busy it draws nine tenths of its limit, else 12 W.
 * Tests are skipped where there is no C compiler.
 */
public final class FakeNvml {
    /** Of its card. */
    public static final String UUID = "GPU-1234";

    private static final String SOURCE = """
            #include <fcntl.h>
            #include <stdio.h>
            #include <stdlib.h>
            #include <string.h>
            #include <unistd.h>
            static unsigned limit = 200000;
            static void keep(unsigned value) {
                FILE *file = fopen(LIMIT ".new", "w"); fprintf(file, "%u", value); fclose(file);
                rename(LIMIT ".new", LIMIT);
            }
            int nvmlInit_v2(void) { return START; }
            int nvmlShutdown(void) { FINISH; return 0; }
            const char *nvmlErrorString(int result) {
                return result == 4 ? "Insufficient Permissions" : result == 9 ? "Driver Not Loaded" : "Unknown Error";
            }
            int nvmlDeviceGetCount_v2(unsigned *count) { *count = 1; return 0; }
            int nvmlDeviceGetHandleByIndex_v2(unsigned index, void **device) { *device = &limit; return 0; }
            int nvmlDeviceGetHandleByUUID(const char *uuid, void **device) {
                *device = &limit; return strcmp(uuid, UUID) ? 6 : 0;
            }
            int nvmlDeviceGetUUID(void *device, char *uuid, unsigned length) {
                strncpy(uuid, UUID, length); return 0;
            }
            int nvmlDeviceGetIndex(void *device, unsigned *index) { *index = 0; return 0; }
            int nvmlDeviceGetName(void *device, char *name, unsigned length) {
                strncpy(name, "Athanor Test 4090", length); return 0;
            }
            int nvmlDeviceGetPowerUsage(void *device, unsigned *power) {
                READING; *power = access(BUSY, F_OK) ? 12000 : limit * 9 / 10; return 0;
            }
            int nvmlDeviceGetPowerManagementLimit(void *device, unsigned *value) { *value = limit; return 0; }
            int nvmlDeviceGetPowerManagementLimitConstraints(void *device, unsigned *least, unsigned *most) {
                *least = 100000; *most = 300000; return 0;
            }
            int nvmlDeviceSetPowerManagementLimit(void *device, unsigned value) {
                SETTING; limit = value; keep(value); return 0;
            }
            int nvmlDeviceGetTemperature(void *device, int sensor, unsigned *celsius) { *celsius = 61; return 0; }
            int nvmlDeviceGetTemperatureThreshold(void *device, int kind, unsigned *celsius) {
                *celsius = kind == 1 ? 90 : 95; return 0;
            }
            """;

    private final Path folder;

    /** @param folder for the library, and for what its card is told */
    public FakeNvml(Path folder) {
        this.folder = folder;
    }

    /**
     * Compiles it.
     *
     * @param definitions what differs from a card that works, such as SETTING=return 4
     * @return its path
     */
    public String library(String... definitions) throws IOException, InterruptedException {
        var source = Files.writeString(folder.resolve("nvml.c"), SOURCE);
        var library = folder.resolve("libnvidia-ml-" + definitions.length + ".so");
        var words = new ArrayList<>(List.of("cc", "-shared", "-fPIC", "-o", library.toString(), source.toString()));
        words.add("-DUUID=\"" + UUID + "\"");
        words.add("-DBUSY=\"" + folder.resolve("busy") + "\"");
        words.add("-DLIMIT=\"" + folder.resolve("limit") + "\"");
        for (var name : List.of("START=0", "FINISH=", "READING=", "SETTING=")) {
            var key = name.substring(0, name.indexOf('=') + 1);
            var given = List.of(definitions).stream()
                    .filter(text -> text.startsWith(key))
                    .findFirst();
            words.add("-D" + given.orElse(name));
        }
        try {
            var compiler = new ProcessBuilder(words).redirectErrorStream(true).start();
            var said = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(compiler.waitFor(1, TimeUnit.MINUTES) && compiler.exitValue() == 0, said);
        } catch (IOException noCompiler) {
            assumeTrue(false, "no C compiler: " + noCompiler.getMessage());
        }
        return library.toString();
    }

    /** Whether something computes on the card. */
    public void busy(boolean computes) {
        try {
            var file = folder.resolve("busy");
            if (computes && !Files.exists(file)) Files.createFile(file);
            if (!computes) Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** W that the card was last told as its limit; empty before it was told one. */
    public OptionalInt limit() throws IOException {
        var file = folder.resolve("limit");
        return Files.exists(file)
                ? OptionalInt.of(Integer.parseInt(Files.readString(file)) / 1000)
                : OptionalInt.empty();
    }
}
