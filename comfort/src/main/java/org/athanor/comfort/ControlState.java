package org.athanor.comfort;

import java.util.Optional;

/** Everything that control remembers from one step to the next. */
public record ControlState(Optional<SetpointOverride> override) {
    public ControlState withOverride(SetpointOverride wish) {
        return new ControlState(Optional.of(wish));
    }

    public ControlState withoutOverride() {
        return new ControlState(Optional.empty());
    }
}
