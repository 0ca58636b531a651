package org.athanor.comfort;

import java.util.Optional;
import org.athanor.units.Joules;

record ControlMemory(
        Optional<SetpointOverride> override,
        Thermostat.State thermostat,
        Dispatcher.State dispatcher,
        Governor.State governor)
        implements ControlState {
    static final ControlMemory INITIAL = new ControlMemory(
            Optional.empty(), Thermostat.State.INITIAL, Dispatcher.State.INITIAL, Governor.State.INITIAL);

    ControlMemory resumed(Governor.State governor) {
        return new ControlMemory(override, thermostat, dispatcher, governor);
    }

    @Override
    public Optional<HeatMemory> heatMemory() {
        var room = governor.room();
        return room.believed().map(reading -> new HeatMemory(reading, new Joules(room.heatSince())));
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
