package org.athanor.conformance.broken.hash;

import org.athanor.conformance.broken.units.Innocent;

final class KnowsUnits {
    private KnowsUnits() {}

    static void offend() {
        Innocent.half(1);
    }
}
