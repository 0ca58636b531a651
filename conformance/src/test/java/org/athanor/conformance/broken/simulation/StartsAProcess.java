package org.athanor.conformance.broken.simulation;

import java.io.IOException;

final class StartsAProcess {
    private StartsAProcess() {}

    static Process offend() throws IOException {
        return new ProcessBuilder("true").start();
    }
}
