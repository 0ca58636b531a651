package org.athanor.comfort;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.athanor.units.Watts;

/** What is left on each circuit while heaters are given their share of it, by their nameplates. */
final class CircuitRoom {
    private final Map<String, Double> left = new HashMap<>();

    /**
     * @param own limit of the circuit that has no name
     * @param shared what may be drawn on those that have one; on one that is not named here nothing may
     */
    CircuitRoom(Watts own, Map<String, Watts> shared) {
        shared.forEach((name, watts) -> left.put(name, watts.value()));
        left.put(HeaterSpec.OWN_CIRCUIT, own.value());
    }

    boolean fits(HeaterSpec heater, double watts) {
        return watts <= left(heater);
    }

    double left(HeaterSpec heater) {
        return left.getOrDefault(heater.circuit(), 0.0);
    }

    void take(HeaterSpec heater, double watts) {
        left.merge(heater.circuit(), -watts, Double::sum);
    }

    /** Most that these may draw together, at their highest levels. */
    double capacity(List<HeaterSpec> heaters) {
        double sum = 0;
        for (var heater : heaters) {
            if (!fits(heater, heater.maximumPower().value())) continue;
            take(heater, heater.maximumPower().value());
            sum += heater.levels().getLast().value();
        }
        return sum;
    }
}
