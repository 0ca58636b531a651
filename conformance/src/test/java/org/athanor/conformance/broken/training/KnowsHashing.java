package org.athanor.conformance.broken.training;

import org.athanor.conformance.broken.hash.Header;

final class KnowsHashing {
    private KnowsHashing() {}

    static void offend() {
        Header.use();
    }
}
