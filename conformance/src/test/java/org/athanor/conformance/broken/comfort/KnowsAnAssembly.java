package org.athanor.conformance.broken.comfort;

import org.athanor.conformance.broken.edge.Loop;

final class KnowsAnAssembly {
    private KnowsAnAssembly() {}

    static void offend() {
        Loop.use();
    }
}
