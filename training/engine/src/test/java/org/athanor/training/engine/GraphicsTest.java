package org.athanor.training.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GraphicsTest {
    @TempDir
    Path root;

    private void file(String name) throws IOException {
        var file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.createFile(file);
    }

    @Test
    void withoutADriverThereIsNothingToSay() throws IOException {
        var found = Graphics.find(root);
        assertTrue(found.graphics().isEmpty());
        assertNull(found.notice());
        assertEquals(Optional.of("there is no driver of NVIDIA's (/proc/driver/nvidia/version)"), found.missing());
    }

    @Test
    void aCardWithoutCudaIsToldAndNotUsed() throws IOException {
        file("proc/driver/nvidia/version");
        file("dev/nvidia0");
        file("usr/lib/x86_64-linux-gnu/libcudart.so.13");
        var found = Graphics.find(root);
        assertTrue(found.graphics().isEmpty());
        assertTrue(found.notice().contains("not libcublas.so.13, libcudnn.so.9"), found.notice());
        assertTrue(found.notice().endsWith("training uses the processor"), found.notice());
        assertTrue(
                found.missing().orElseThrow().endsWith("NCCL 2 bring them)"), "a heater with a card does not use it");
    }

    @Test
    void aCardWithCudaIsUsedWithTheFilesThatItNeeds() throws IOException {
        file("proc/driver/nvidia/version");
        for (var device : List.of("nvidiactl", "nvidia0", "nvidia-uvm", "null")) {
            file("dev/" + device);
        }
        for (var library : List.of("cudart.so.13", "cublas.so.13", "cusparse.so.12", "cufft.so.12", "curand.so.10")) {
            file("usr/local/cuda/lib64/lib" + library);
        }
        file("usr/lib/x86_64-linux-gnu/libcudnn.so.9");
        file("usr/lib/x86_64-linux-gnu/libnccl.so.2");
        var found = Graphics.find(root);
        assertNull(found.notice());
        assertEquals(Optional.empty(), found.missing());
        var graphics = found.graphics().orElseThrow();
        assertEquals(
                List.of("nvidia-uvm", "nvidia0", "nvidiactl"),
                graphics.devices().stream()
                        .map(file -> file.getFileName().toString())
                        .toList());
        assertTrue(graphics.runtimes().contains(root.resolve("usr/local/cuda")), graphics.toString());
    }

    @Test
    void onlyTheHeatersCardIsSeenByItsEngine() {
        var limits = new EngineLimits(1L << 30, 1, EngineLimits.Isolation.WHERE_POSSIBLE);
        var any = new Graphics(List.of(), List.of(), Optional.empty());
        var libraries = new EngineLibraries(List.of(), root, Optional.of(any), null);
        assertEquals(Optional.empty(), libraries.card());
        assertNull(EngineProcess.environment(limits, libraries).get("CUDA_VISIBLE_DEVICES"));
        var one = new EngineLibraries(List.of(), root, Optional.of(any.only("GPU-1234")), null);
        assertEquals(Optional.of("GPU-1234"), one.card());
        assertEquals("GPU-1234", EngineProcess.environment(limits, one).get("CUDA_VISIBLE_DEVICES"));
    }

    @Test
    void whoHeatsWithACardIsNotGivenTheProcessor() throws Exception {
        var nowhere = new EngineLibraries.Places(root, root, URI.create("http://127.0.0.1:1/"), true, Optional.empty());
        var refused = assertThrows(
                EngineException.class,
                () -> EngineLibraries.get(nowhere.onCard("GPU-1234"), (file, bytes, ofAll) -> {}));
        assertEquals(
                "there is no card to train on: ATHANOR_ENGINE=cpu says that the processor is to train",
                refused.getMessage(),
                "before anything is fetched");
        assertEquals(EngineException.Kind.NOT_STARTED, refused.kind());
    }

    @Test
    void theCardsLibrariesAreAnotherJar() throws EngineException {
        var names = EngineLibrary.ofThisMachine(true).stream()
                .map(EngineLibrary::fileName)
                .toList();
        assertTrue(names.contains("pytorch-2.10.0-1.5.13-linux-x86_64-gpu.jar"), names.toString());
        assertTrue(!names.contains("pytorch-2.10.0-1.5.13-linux-x86_64.jar"), names.toString());
    }

    @Test
    void theModelOfTheCardThatComputesIsKnown() throws IOException {
        card("0000:01:00.0", "NVIDIA GeForce RTX 4090", "GPU-1");
        card("0000:02:00.0", "NVIDIA GeForce RTX 3060", "GPU-2");
        card("0000:03:00.0", "NVIDIA GeForce RTX 3060", "GPU-3");
        var any = new Graphics(List.of(), List.of(), Optional.empty());
        assertEquals(List.of("NVIDIA GeForce RTX 3060", "NVIDIA GeForce RTX 4090"), any.models(root));
        assertEquals(List.of("NVIDIA GeForce RTX 4090"), any.only("GPU-1").models(root));
        assertEquals(List.of(), any.models(root.resolve("elsewhere")), "a driver that tells nothing");
    }

    /** As the driver writes it. */
    private void card(String bus, String model, String uuid) throws IOException {
        var folder =
                Files.createDirectories(root.resolve("proc/driver/nvidia/gpus").resolve(bus));
        Files.writeString(
                folder.resolve("information"),
                "Model: \t\t " + model + "\nIRQ:   \t\t 31\nGPU UUID: \t " + uuid + "\nBus Type: \t PCIe\n");
    }
}
