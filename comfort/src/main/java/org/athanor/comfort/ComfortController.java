package org.athanor.comfort;

/** Thermostat, dispatcher and governor as one pure step: readings and a time in, commands out. */
public final class ComfortController {
    private final ComfortConfig config;

    public ComfortController(ComfortConfig config) {
        this.config = config;
    }

    public ControlState start() {
        throw new UnsupportedOperationException("start " + config);
    }

    public ControlStep step(ControlState state, Readings readings) {
        throw new UnsupportedOperationException("step " + state + readings);
    }
}
