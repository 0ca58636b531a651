package org.athanor.conformance.broken.edge;

import org.athanor.conformance.broken.network.Pool;

final class KnowsTheNetwork {
    private KnowsTheNetwork() {}

    static void offend() {
        Pool.use();
    }
}
