package org.athanor.comfort;

import java.util.List;
import java.util.Map;
import org.athanor.units.Watts;

/** One sentence that tells the user what happens and why. */
final class Explanation {
    private Explanation() {}

    static Sentence of(
            List<HeaterSpec> heaters,
            Governor.Assessment seen,
            Thermostat.Output wish,
            Watts demand,
            Governor.Decision decision,
            SafetyStatus safety) {
        var action = action(heaters, decision);
        if (!decision.interventions().isEmpty())
            return new Sentence(
                    Saying.SAFETY_FIRST,
                    Map.of("interventions", String.join("; ", decision.interventions()), "action", action));
        if (seen.frost()) return new Sentence(Saying.FROST, Map.of("setpoint", wish.setpoint(), "action", action));
        return new Sentence(
                Saying.WANTED, Map.of("action", action, "demand", whole(demand), "cause", cause(wish, safety)));
    }

    private static Sentence cause(Thermostat.Output wish, SafetyStatus safety) {
        var cause = wish.reason();
        return switch (safety.thermometer()) {
            case TRUSTED -> cause;
            case UNMOVED -> new Sentence(Saying.UNMOVED, Map.of("cause", cause, "demand", wish.demand()));
            case MISSING -> new Sentence(Saying.MISSING, Map.of("allowance", safety.heatAllowance(), "cause", cause));
            case IMPLAUSIBLE ->
                new Sentence(Saying.IMPLAUSIBLE, Map.of("allowance", safety.heatAllowance(), "cause", cause));
        };
    }

    private static Sentence action(List<HeaterSpec> heaters, Governor.Decision decision) {
        return heaters.reversed().stream()
                .filter(heater -> decision.commands().get(heater.id()).level() > 0)
                .map(heater -> new Sentence(
                        Saying.HEATER,
                        Map.of(
                                "heater",
                                heater.id(),
                                "watts",
                                heater.watts(
                                        decision.commands().get(heater.id()).level()))))
                .reduce((rest, first) -> new Sentence(Saying.AND, Map.of("first", first, "rest", rest)))
                .orElseGet(() -> Sentence.of(Saying.ALL_OFF));
    }

    private static Watts whole(Watts watts) {
        return new Watts(Math.round(watts.value()));
    }
}
