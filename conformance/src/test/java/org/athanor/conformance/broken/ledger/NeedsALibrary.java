package org.athanor.conformance.broken.ledger;

import com.fasterxml.jackson.databind.ObjectMapper;

final class NeedsALibrary {
    private NeedsALibrary() {}

    static Object offend() {
        return new ObjectMapper();
    }
}
