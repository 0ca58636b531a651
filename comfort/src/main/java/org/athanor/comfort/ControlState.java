package org.athanor.comfort;

import java.util.Optional;

/** Everything that control remembers from one step to the next: immutable, made by {@link ComfortController#start}. */
public sealed interface ControlState permits ControlMemory {
    /** The user's wish in force, if it has not run out. */
    Optional<SetpointOverride> override();

    /** What a restarted controller must be given. */
    HeatMemory heatMemory();

    ControlState withOverride(SetpointOverride wish);

    ControlState withoutOverride();
}
