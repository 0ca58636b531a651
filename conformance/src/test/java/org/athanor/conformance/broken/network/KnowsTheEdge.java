package org.athanor.conformance.broken.network;

import org.athanor.conformance.broken.edge.Loop;

final class KnowsTheEdge {
    private KnowsTheEdge() {}

    static void offend() {
        Loop.use();
    }
}
