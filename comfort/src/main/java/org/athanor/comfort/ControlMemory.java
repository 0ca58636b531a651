package org.athanor.comfort;

import java.util.Optional;

record ControlMemory(
        Optional<SetpointOverride> override,
        Thermostat.State thermostat,
        Dispatcher.State dispatcher,
        Governor.State governor)
        implements ControlState {
    static final ControlMemory INITIAL = new ControlMemory(
            Optional.empty(), Thermostat.State.INITIAL, Dispatcher.State.INITIAL, Governor.State.INITIAL);

    @Override
    public HeatMemory heatMemory() {
        return new HeatMemory(governor.room().shown(), governor.second().shown());
    }

    @Override
    public ControlState withOverride(SetpointOverride wish) {
        return new ControlMemory(Optional.of(wish), thermostat, dispatcher, governor);
    }

    @Override
    public ControlState withoutOverride() {
        return new ControlMemory(Optional.empty(), thermostat, dispatcher, governor);
    }
}
