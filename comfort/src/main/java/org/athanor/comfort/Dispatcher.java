package org.athanor.comfort;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.athanor.units.Joules;
import org.athanor.units.Watts;

/**
 * Turns watts into levels of heaters, preferred ones first. What levels and minimum times leave undelivered is owed and made up
 * for later (sigma-delta), within a bound. A pure step.
 */
final class Dispatcher {
    /** The energy owed is meant to be delivered within this time: shorter switches more, longer swings the room more. */
    private static final double WINDOW_SECONDS = 300;

    /** Share of the largest level that may be owed for a window; above it, old wishes would outlive the thermostat's. */
    private static final double DEBT_SHARE = 0.75;

    /** A heater starts when this share of its lowest level is wanted, and stops below the rest: modulation before switching. */
    private static final double START_SHARE = 0.75;

    private final List<HeaterSpec> heaters;
    private final Watts circuitLimit;
    private final double debtBound;

    /** @param heaters in order of preference */
    Dispatcher(List<HeaterSpec> heaters, Watts circuitLimit) {
        this.heaters = List.copyOf(heaters);
        this.circuitLimit = circuitLimit;
        double largest = heaters.stream()
                .mapToDouble(h -> h.levels().getLast().value())
                .max()
                .orElse(0);
        this.debtBound = DEBT_SHARE * largest * WINDOW_SECONDS;
    }

    /** Level of a heater, how long it has been on or off, and how long at this level. */
    record Track(int level, double secondsSinceSwitch, double secondsSinceChange) {
        Track after(double seconds) {
            return new Track(level, secondsSinceSwitch + seconds, secondsSinceChange + seconds);
        }

        Track at(int next) {
            if (next == level) return this;
            return new Track(next, (next > 0) == (level > 0) ? secondsSinceSwitch : 0, 0);
        }
    }

    /**
     * @param owed heat asked for and not delivered; negative when too much was
     * @param asked demand that could be met in the last step
     */
    record State(Joules owed, Watts asked, Map<String, Track> tracks) {
        static final State INITIAL = new State(Joules.ZERO, Watts.ZERO, Map.of());

        public State {
            tracks = Map.copyOf(tracks);
        }
    }

    /**
     * @param plannedBoost present where the demand is already one of levels, whose times were planned: what of it is for plain
     *     elements. Nothing is made up for then, and elements do not wait for what chips could give
     * @param available heaters that answer and that nothing forbids; the others get level 0
     * @param starting heaters that will be available in a moment: nobody else is asked for what they can give
     * @param justHeard heaters that started by themselves, at the level that is read, and were told nothing since
     * @param mayHaveStarted seconds since others may have started by themselves
     * @param circuits what may be drawn on the named circuits
     * @param read levels that heaters report, used for those not known yet
     */
    record Input(
            double secondsSinceLastStep,
            Watts demand,
            Optional<Watts> plannedBoost,
            Optional<Watts> cap,
            Set<String> available,
            Set<String> starting,
            Set<String> justHeard,
            Map<String, Double> mayHaveStarted,
            Map<String, Watts> circuits,
            Map<String, Integer> read) {}

    /**
     * @param state to be completed by {@link #settle} with the levels that the governor let pass
     * @param soonWanted of those that start, the ones whose heat is wanted
     * @param mainsWanted of those that may start, the ones that would be switched on now if they could be told
     * @param crowdedOut those for which a circuit has no room
     * @param lacking nameplates of heaters that were wanted, now or as soon as they have started, and found no place on their named circuit
     */
    record Output(
            State state,
            Map<String, Integer> levels,
            Set<String> soonWanted,
            Set<String> mainsWanted,
            Set<String> crowdedOut,
            Map<String, Watts> lacking) {}

    Output step(State state, Input input) {
        var tracks = tracks(state, input);
        var available = heaters.stream()
                .filter(heater -> input.available().contains(heater.id()))
                .toList();
        double capacity = new CircuitRoom(circuitLimit, input.circuits()).capacity(available);
        // a plan may want the element alone where a fuse does not carry both
        if (input.plannedBoost().isPresent())
            capacity =
                    Math.max(capacity, new CircuitRoom(circuitLimit, input.circuits()).capacity(available.reversed()));
        double cap = input.cap().map(Watts::value).orElse(Double.MAX_VALUE);
        double limit = Math.min(cap, capacity);
        double asked = Math.min(input.demand().value(), limit);
        double owed = asked > 0 && input.plannedBoost().isEmpty() ? owed(state, input.secondsSinceLastStep()) : 0;
        double boost = Math.min(asked, input.plannedBoost().map(Watts::value).orElse(0.0));
        double wanted = asked > 0 ? asked - boost + owed / WINDOW_SECONDS : 0;
        // too much heat of an element is no reason to throttle chips, which would stay so for their dwell while it
        // heats
        boolean elementRuns = heaters.stream()
                .anyMatch(heater ->
                        heater.switchedByPlug() && tracks.get(heater.id()).level() > 0);
        double ofChips = elementRuns ? Math.max(wanted, asked - boost) : wanted;
        var levels = new HashMap<String, Integer>();
        double headroom = limit;
        var circuits = new CircuitRoom(circuitLimit, input.circuits());
        var lacking = new HashMap<String, Watts>();
        double unmet = Math.min(cap, input.demand().value());
        var soonWanted = new HashSet<String>();
        var mainsWanted = new HashSet<String>();
        var crowdedOut = new HashSet<String>();
        double open = unmet; // of the demand, by those that start too
        double capLeft = cap;
        for (var heater : heaters) {
            boolean boosts = input.plannedBoost().isPresent() && heater.switchedByPlug();
            int level = 0;
            boolean fits = circuits.fits(heater, heater.maximumPower().value());
            double share = boosts ? boost : heater.switchedByPlug() ? wanted : ofChips;
            if (fits && input.available().contains(heater.id()))
                level = level(
                        heater, tracks.get(heater.id()), input.justHeard().contains(heater.id()), share, headroom);
            if (fits
                    && input.starting().contains(heater.id())
                    && mayStart(heater, tracks.get(heater.id()))
                    && heater.watts(1).value() <= capLeft
                    && Math.max(open, share) >= START_SHARE * heater.watts(1).value()) mainsWanted.add(heater.id());
            if (level > 0) circuits.take(heater, heater.maximumPower().value());
            boolean soon =
                    input.available().contains(heater.id()) || input.starting().contains(heater.id());
            if (!fits && soon && unmet >= START_SHARE * heater.watts(1).value()) {
                lacking.merge(heater.circuit(), heater.maximumPower(), Watts::plus);
                crowdedOut.add(heater.id());
            }
            if (fits && soon) {
                if (input.starting().contains(heater.id())
                        && open >= (1 - START_SHARE) * heater.watts(1).value()) soonWanted.add(heater.id());
                open -= heater.levels().getLast().value();
            }
            if (input.available().contains(heater.id()))
                unmet -= heater.levels().getLast().value();
            // what a preferred heater could give is never asked of the next one, even while the first must wait
            if (fits && soon) {
                if (boosts) boost -= heater.levels().getLast().value();
                else {
                    wanted -= heater.levels().getLast().value();
                    ofChips -= heater.levels().getLast().value();
                }
            }
            headroom -= heater.watts(level).value();
            capLeft -= heater.watts(level).value();
            levels.put(heater.id(), level);
        }
        return new Output(
                new State(new Joules(owed), new Watts(asked), tracks),
                levels,
                soonWanted,
                mainsWanted,
                crowdedOut,
                lacking);
    }

    /** @param overruled whether the governor changed anything: then nothing stays owed, or it would be made up for when it lets go */
    State settle(State state, Map<String, Integer> levels, boolean overruled) {
        var tracks = new HashMap<String, Track>();
        state.tracks().forEach((id, track) -> tracks.put(id, track.at(levels.get(id))));
        return new State(overruled ? Joules.ZERO : state.owed(), state.asked(), tracks);
    }

    private Map<String, Track> tracks(State state, Input input) {
        var tracks = new HashMap<String, Track>();
        for (var heater : heaters) {
            var known = state.tracks().get(heater.id());
            int read = Math.clamp(input.read().getOrDefault(heater.id(), 0), 0, heater.topLevel());
            // at the first step: one that is on may just have started, one that is off may start
            var track = known != null
                    ? known.after(input.secondsSinceLastStep())
                    : new Track(read, read > 0 ? 0 : Double.POSITIVE_INFINITY, 0);
            tracks.put(heater.id(), startedByItself(heater, track, read, input));
        }
        return tracks;
    }

    /** A start that nobody asked for is one of its hash boards all the same: minimum times count from it. */
    private static Track startedByItself(HeaterSpec heater, Track track, int read, Input input) {
        if (track.level() > 0) return track;
        if (input.justHeard().contains(heater.id())) return read > 0 ? new Track(read, 0, 0) : track;
        double rested = Math.min(
                track.secondsSinceSwitch(), input.mayHaveStarted().getOrDefault(heater.id(), Double.POSITIVE_INFINITY));
        return new Track(0, rested, Math.min(track.secondsSinceChange(), rested));
    }

    private double owed(State state, double seconds) {
        double delivered = 0;
        for (var heater : heaters) {
            var track = state.tracks().get(heater.id());
            if (track != null) delivered += heater.watts(track.level()).value();
        }
        return Math.clamp(state.owed().value() + (state.asked().value() - delivered) * seconds, -debtBound, debtBound);
    }

    private static boolean mayStart(HeaterSpec heater, Track track) {
        return track.secondsSinceSwitch() >= Units.seconds(heater.minimumOff());
    }

    private static int level(HeaterSpec heater, Track track, boolean unasked, double wanted, double headroom) {
        boolean on = track.level() > 0;
        if (!on && !mayStart(heater, track)) return 0;
        int highest = heater.topLevel();
        while (highest > 0 && heater.watts(highest).value() > headroom) highest--;
        double lowest = heater.watts(1).value();
        boolean keep = on && !unasked && track.secondsSinceSwitch() < Units.seconds(heater.minimumOn());
        boolean run = keep || wanted >= lowest * (on ? 1 - START_SHARE : START_SHARE);
        if (!run || highest == 0) return 0;
        if (on && track.secondsSinceChange() < Units.seconds(heater.minimumDwell()))
            return Math.min(track.level(), highest);
        int best = 1;
        for (int level = 2; level <= highest; level++)
            if (distance(heater, level, wanted) < distance(heater, best, wanted)) best = level;
        return best;
    }

    private static double distance(HeaterSpec heater, int level, double wanted) {
        return Math.abs(heater.watts(level).value() - wanted);
    }
}
