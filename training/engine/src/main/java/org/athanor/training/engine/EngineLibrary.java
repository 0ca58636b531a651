package org.athanor.training.engine;

import java.util.List;
import java.util.Locale;

/**
 * A jar that the engine needs and that no other part of Athanor does, pinned by its hash.
 *
 * @param path   in a Maven repository
 * @param sha256 of its bytes, in hexadecimal
 * @param bytes  its size
 */
record EngineLibrary(String path, String sha256, long bytes) {
    private static final String PYTORCH = "org/bytedeco/pytorch/2.10.0-1.5.13/pytorch-2.10.0-1.5.13";
    private static final String OPENBLAS = "org/bytedeco/openblas/0.3.31-1.5.13/openblas-0.3.31-1.5.13";
    private static final String JAVACPP = "org/bytedeco/javacpp/1.5.13/javacpp-1.5.13";

    private static final List<EngineLibrary> EVERYWHERE = List.of(
            new EngineLibrary(
                    PYTORCH + ".jar", "d6568c04715ba67aa98139310dbaaa5e6d6ed481328a9571eb1071dd5b4bc32a", 2_175_739),
            new EngineLibrary(
                    OPENBLAS + ".jar", "587c44a3b8dc5c0383d829577aa293a799bc2131724fa51b675e4d93e4a5a34e", 338_411),
            new EngineLibrary(
                    JAVACPP + ".jar", "077f27d663cc928adce43e912a90ec06f97f92f120ca02d414735ae0fb1c743c", 526_511));

    private static final EngineLibrary PROCESSOR = new EngineLibrary(
            PYTORCH + "-linux-x86_64.jar",
            "67e9b5b7c2caf2e6ed0e81947f1ff712c9a0755faeff6a0c3436d4432a25cc06",
            90_245_300);
    private static final EngineLibrary CUDA = new EngineLibrary(
            PYTORCH + "-linux-x86_64-gpu.jar",
            "299b5003deb8e01353db2112ce4ccd245205b871f0fce52fb8315d1948ff2ae4",
            457_810_679);

    private static final List<EngineLibrary> LINUX_X86_64 = List.of(
            new EngineLibrary(
                    OPENBLAS + "-linux-x86_64.jar",
                    "7a5e1494e0565b6e06a5d93f8b29993c9ed33239cb9ffab84909360f245b4688",
                    19_701_299),
            new EngineLibrary(
                    JAVACPP + "-linux-x86_64.jar",
                    "b7ebf6240c4025681b5fe868cc2d4cb166cf297824e55f25396f8465d48d8244",
                    47_471));

    /**
     * Those for this machine.
     *
     * @param graphics whether libtorch is to compute on a card of NVIDIA's
     * @throws EngineException where libtorch is published for no such machine
     */
    static List<EngineLibrary> ofThisMachine(boolean graphics) throws EngineException {
        var system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        var processor = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        if (!system.equals("linux") || !(processor.equals("amd64") || processor.equals("x86_64"))) {
            throw new EngineException(
                    EngineException.Kind.NOT_STARTED,
                    "training needs Linux on an x86-64 processor, and this is " + system + " on " + processor
                            + "; everything else of Athanor runs here");
        }
        var all = new java.util.ArrayList<>(EVERYWHERE);
        all.add(graphics ? CUDA : PROCESSOR);
        all.addAll(LINUX_X86_64);
        return List.copyOf(all);
    }

    String fileName() {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
