package org.athanor.conformance.broken.units;

import org.athanor.conformance.broken.comfort.Room;

final class KnowsComfort {
    private KnowsComfort() {}

    static void offend() {
        Room.use();
    }
}
