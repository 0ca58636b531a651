package org.athanor.comfort;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.athanor.comfort.planning.DeviceState;
import org.athanor.units.Watts;

/** What those that compute were told last, and since when: a plan keeps their minimum times. */
final class BankMemory {
    private double watts;
    private long changedNanos;
    private long switchedNanos;
    private boolean seen;

    void remember(List<HeaterSpec> heaters, Map<String, HeaterCommand> commands, long now) {
        double next = 0;
        for (var heater : heaters)
            if (!heater.switchedByPlug())
                next += heater.watts(commands.get(heater.id()).level()).value();
        if (!seen || next != watts) changedNanos = now;
        if (!seen || (next > 0) != (watts > 0)) switchedNanos = now;
        seen = true;
        watts = next;
    }

    DeviceState state(HeaterBank bank, long now) {
        if (!seen) return DeviceState.RESTED;
        // the plan waits in whole steps, rounded and not up: the dispatcher keeps the times to the second
        long rounding = PlanningConfig.STEP.toNanos() / 2;
        return new DeviceState(
                bank.levelNear(watts),
                Duration.ofNanos(Math.max(0, now - changedNanos) + rounding),
                Duration.ofNanos(Math.max(0, now - switchedNanos) + rounding));
    }

    /** W of each heater: metered, else reported, else what its level draws. */
    static Map<String, Double> drawn(List<HeaterSpec> heaters, Readings readings) {
        var drawn = new HashMap<String, Double>();
        for (var heater : heaters) {
            var reading = readings.heaters().get(heater.id());
            if (reading == null) continue;
            reading.metered()
                    .or(reading::reported)
                    .or(() -> reading.level().isPresent()
                            ? Optional.of(
                                    heater.watts(Math.clamp(reading.level().getAsInt(), 0, heater.topLevel())))
                            : Optional.<Watts>empty())
                    .ifPresent(watts -> drawn.put(heater.id(), watts.value()));
        }
        return drawn;
    }
}
