package org.athanor.comfort;

import java.util.List;
import java.util.stream.Collectors;
import org.athanor.units.Watts;

/** One sentence that tells the user what happens and why. */
final class Explanation {
    private Explanation() {}

    static String of(
            List<HeaterSpec> heaters,
            Governor.Assessment seen,
            Thermostat.Output wish,
            Watts demand,
            Governor.Decision decision,
            SafetyStatus safety) {
        var action = action(heaters, decision);
        if (!decision.interventions().isEmpty())
            return "Safety first: " + String.join("; ", decision.interventions()) + "; " + action + ".";
        if (seen.frost())
            return "Frost protection: below " + wish.setpoint() + " everything that can heats; " + action + ".";
        var cause = switch (safety.thermometer()) {
            case TRUSTED -> wish.reason();
            case UNMOVED ->
                wish.reason() + ", and less heat than the " + wish.demand()
                        + " needed, to see whether the thermometer still moves";
            case MISSING ->
                "the thermometer is missing, so at most " + safety.heatAllowance()
                        + " more heat is released on its last reading; " + wish.reason();
            case IMPLAUSIBLE ->
                "the thermometer's readings cannot be trusted, so at most " + safety.heatAllowance()
                        + " more heat is released on its last good one; " + wish.reason();
        };
        return capitalised(action) + " for " + whole(demand) + " wanted: " + cause + ".";
    }

    private static String action(List<HeaterSpec> heaters, Governor.Decision decision) {
        var running = heaters.stream()
                .filter(heater -> decision.commands().get(heater.id()).level() > 0)
                .map(heater -> heater.id() + " "
                        + heater.watts(decision.commands().get(heater.id()).level()))
                .collect(Collectors.joining(" and "));
        return running.isEmpty() ? "all heaters off" : running;
    }

    private static String capitalised(String sentence) {
        return Character.toUpperCase(sentence.charAt(0)) + sentence.substring(1);
    }

    private static Watts whole(Watts watts) {
        return new Watts(Math.round(watts.value()));
    }
}
