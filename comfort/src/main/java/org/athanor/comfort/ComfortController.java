package org.athanor.comfort;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.athanor.units.Watts;

/** Thermostat, dispatcher and governor as one pure step: readings and a time in, commands out. */
public final class ComfortController {
    /** With less of the allowance left than this, heating is halved so that a working thermometer moves. */
    static final double UNMOVED_SHARE = 0.5;

    /** With less than this it is halved again, before the governor must stop it. */
    private static final double LONG_UNMOVED_SHARE = 0.25;

    private final ComfortConfig config;
    private final Thermostat thermostat;
    private final Dispatcher dispatcher;
    private final Governor governor;

    /** @throws IllegalArgumentException if the limits leave no possible setpoint */
    public ComfortController(ComfortConfig config) {
        this.config = config;
        var limits = config.limits();
        this.thermostat = new Thermostat(
                config.schedule(),
                config.band(),
                config.mode(),
                limits.frostMinimum(),
                limits.highestSetpoint(config.heaters()));
        this.dispatcher = new Dispatcher(config.heaters(), limits.circuitLimit());
        this.governor = new Governor(config.heaters(), limits);
    }

    public ControlState start() {
        return ControlMemory.INITIAL;
    }

    /** After a restart, with what {@link ControlState#heatMemory} said before it. */
    public ControlState start(HeatMemory memory) {
        return start(memory, 0);
    }

    /** @param learnedShare what the thermostat's integral had learned */
    ControlState start(HeatMemory memory, double learnedShare) {
        var initial = ControlMemory.INITIAL;
        return new ControlMemory(
                initial.override(),
                new Thermostat.State(false, Optional.empty(), learnedShare),
                initial.dispatcher(),
                governor.resume(memory));
    }

    public ControlStep step(ControlState state, Readings readings) {
        return step(state, readings, (_, _) -> Optional.empty());
    }

    /** Says how much heat is wanted, where it knows better than the thermostat. */
    interface Foresight {
        /** @param usable ids of the heaters that may be used now or in a moment */
        Optional<PlannedDemand> demand(Set<String> usable, Thermostat.Output thermostat);
    }

    ControlStep step(ControlState state, Readings readings, Foresight foresight) {
        var memory = (ControlMemory) state;
        var seen = governor.observe(memory.governor(), readings);
        var simple = thermostat.step(
                memory.thermostat(),
                new Thermostat.Input(
                        readings.time(),
                        seen.seconds(),
                        seen.room(),
                        readings.outdoor(),
                        memory.override(),
                        config.capacity()));
        var planned = seen.frost() ? Optional.<PlannedDemand>empty() : foresight.demand(soonUsable(seen), simple);
        var wish = planned.map(simple::replaced).orElse(simple);
        var demand = demand(seen, wish);
        var dispatched = dispatcher.step(
                memory.dispatcher(),
                new Dispatcher.Input(
                        seen.seconds(),
                        demand,
                        // a plan of even heat must be broken to see whether the thermometer still moves
                        planned.filter(_ -> seen.freshness() >= UNMOVED_SHARE).map(PlannedDemand::boost),
                        seen.frost() ? Optional.empty() : wish.cap(),
                        seen.usable(),
                        seen.starting(),
                        seen.justHeard(),
                        seen.mayHaveStarted(),
                        readings.circuits(),
                        levelsRead(readings)));
        var decision = governor.decide(
                seen,
                dispatched.levels(),
                new Governor.Wishes(dispatched.soonWanted(), dispatched.mainsWanted(), dispatched.crowdedOut()));
        var levels = new HashMap<String, Integer>();
        decision.commands().forEach((id, command) -> levels.put(id, command.level()));
        var next = new ControlMemory(
                memory.override().filter(override -> override.holdsAt(readings.time())),
                wish.state(),
                dispatcher.settle(dispatched.state(), levels, !levels.equals(dispatched.levels())),
                decision.state());
        var safety = governor.status(seen, decision);
        var sentence = Explanation.of(config.heaters(), seen, wish, demand, decision, safety);
        return new ControlStep(
                next, decision.commands(), demand, wish.setpoint(), safety, dispatched.lacking(), sentence);
    }

    private static Set<String> soonUsable(Governor.Assessment seen) {
        var ids = new HashSet<>(seen.usable());
        ids.addAll(seen.starting());
        return ids;
    }

    private Watts demand(Governor.Assessment seen, Thermostat.Output wish) {
        if (seen.frost()) return config.capacity();
        double freshness = seen.freshness();
        if (freshness < LONG_UNMOVED_SHARE) return wish.demand().times(0.25);
        return freshness < UNMOVED_SHARE ? wish.demand().times(0.5) : wish.demand();
    }

    private static Map<String, Integer> levelsRead(Readings readings) {
        var levels = new HashMap<String, Integer>();
        readings.heaters().forEach((id, reading) -> reading.level().ifPresent(level -> levels.put(id, level)));
        return levels;
    }
}
