package org.athanor.edge.homeassistant;

import java.io.Serial;

/** Home Assistant's broker cannot be reached; the message says which and why. */
public final class HomeAssistantException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    HomeAssistantException(String message) {
        super(message);
    }
}
