package org.athanor.comfort;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;
import org.athanor.units.Kelvins;
import org.athanor.units.Watts;

/**
 * The safety governor: it looks first ({@link #observe}) and has the last word ({@link #decide}). It only ever takes heat away,
 * and every bound it uses is a declared maximum, so that no device can talk it into more. A pure step.
 *
 * <p>Two rules do most of the work. The room's: plugs are cut a margin below the maximum, wide enough for the thermometer's lag,
 * a step, and the countdown of a plug that no longer answers. The allowance: since the last trusted change of the thermometer no
 * more heat may be released than would bring the room from there to its maximum, with enough left to survive a dead controller.
 */
final class Governor {
    private static final String TOO_WARM = "what it heats is as warm as its own water gets";
    private static final String NEVER_MOVED = "the thermometer has not been seen to move yet";
    private static final double RESTART_KELVINS = 2;

    /** Within this time the first heat shows on a thermometer, if it warms the air by so much. */
    private static final double FIRST_LOOK_SECONDS = 180;

    private static final double FIRST_MOVE_KELVINS = 0.3;
    /** When so much heat has not moved a thermometer, nobody waits any longer for the rest of it. */
    private static final double LAST_MOVE_KELVINS = 0.5;

    private static final double FROST_HYSTERESIS = 1;
    private static final double HOT_HYSTERESIS = 0.3;

    private final SafetyLimits limits;
    private final Map<String, HeaterWatch> watches = new LinkedHashMap<>();
    private final List<HeaterSpec> heaters;
    private final double unseen;
    private final double stored;
    private final double cutCelsius;
    private final Kelvins margin;

    /** @param heaters in order of preference */
    Governor(List<HeaterSpec> heaters, SafetyLimits limits) {
        this.heaters = List.copyOf(heaters);
        this.limits = limits;
        this.margin = limits.margin(heaters);
        this.cutCelsius = limits.roomMaximum().value() - margin.value();
        for (var heater : heaters) watches.put(heater.id(), new HeaterWatch(heater, limits));
        // heat that the thermometer had not shown yet when it was read
        this.unseen = Units.seconds(limits.sensorLag())
                * heaters.stream().mapToDouble(h -> h.maximumPower().value()).sum();
        this.stored = heaters.stream().mapToDouble(h -> h.storedHeat().value()).sum();
    }

    record State(
            OptionalLong nanos,
            SensorTrack room,
            SensorTrack second,
            boolean hot,
            boolean frost,
            Map<String, HeaterTrack> heaters) {
        static final State INITIAL =
                new State(OptionalLong.empty(), SensorTrack.UNKNOWN, SensorTrack.UNKNOWN, false, false, Map.of());

        State {
            heaters = Map.copyOf(heaters);
        }
    }

    /**
     * @param seconds since the last step, 0 when that is not known
     * @param allowance joules that may still be released
     * @param fullAllowance the same just after the thermometer has moved
     * @param circuits what may be drawn on the named circuits
     * @param toKeepRunning part of it without which the devices that run would be stopped
     */
    record Assessment(
            State state,
            double seconds,
            boolean clockFault,
            boolean cutAll,
            double allowance,
            double fullAllowance,
            double toKeepRunning,
            Map<String, Watts> circuits,
            Map<String, HeaterWatch.Judgement> heaters) {
        Set<String> usable() {
            return those(HeaterWatch.Judgement::usable);
        }

        Set<String> starting() {
            return those(HeaterWatch.Judgement::starting);
        }

        /** Seconds since a miner got its mains back and may have started by itself, where nothing else is known. */
        Map<String, Double> mayHaveStarted() {
            var seconds = new HashMap<String, Double>();
            heaters.forEach((id, judgement) -> {
                if (judgement.spec().switchedByPlug()
                        || judgement.track().mains().untold()) return;
                seconds.put(id, judgement.track().mains().seconds());
            });
            return seconds;
        }

        /** Miners that are heard for the first time since they got their mains back, and were told nothing yet. */
        Set<String> justHeard() {
            return those(judgement -> judgement.usable()
                    && !judgement.spec().switchedByPlug()
                    && judgement.track().mains().untold());
        }

        private Set<String> those(Predicate<HeaterWatch.Judgement> rule) {
            if (clockFault || state.hot()) return Set.of();
            return heaters.values().stream()
                    .filter(rule)
                    .map(judgement -> judgement.spec().id())
                    .collect(Collectors.toSet());
        }

        boolean frost() {
            return state.frost();
        }

        Optional<Celsius> room() {
            return state.room().believed();
        }

        /** 1 just after the thermometer has moved, 0 when the governor is about to stop what runs. */
        double freshness() {
            double usable = fullAllowance - toKeepRunning;
            return usable > 0 ? Math.max(0, allowance - toKeepRunning) / usable : 0;
        }
    }

    record Decision(
            State state, Map<String, HeaterCommand> commands, List<String> interventions, List<String> alarms) {}

    /** What the plugs may have released until they ran out is counted too. */
    State resume(HeatMemory memory) {
        double unwatched = Units.seconds(limits.step()) + Units.seconds(limits.plugCountdown());
        double heat =
                heaters.stream().mapToDouble(h -> h.maximumPower().value()).sum() * unwatched;
        var initial = State.INITIAL;
        return new State(
                initial.nanos(),
                resumed(memory.room(), heat),
                resumed(memory.second(), heat),
                initial.hot(),
                initial.frost(),
                initial.heaters());
    }

    private static SensorTrack resumed(Optional<HeatMemory.Shown> shown, double heat) {
        return shown.map(last -> SensorTrack.resumed(
                        last.reading().value(), last.released().value() + heat))
                .orElse(SensorTrack.UNKNOWN);
    }

    Assessment observe(State before, Readings readings) {
        long now = readings.monotonicNanos();
        boolean clockFault = before.nanos().isPresent() && now - before.nanos().getAsLong() <= 0;
        double seconds = before.nanos().isEmpty() || clockFault
                ? 0
                : (now - before.nanos().getAsLong()) / 1e9;
        // an unknown time is taken for as long as an unattended plug may heat
        double assumed = clockFault ? Units.seconds(limits.plugCountdown()) + Units.seconds(limits.step()) : seconds;
        var judgements = new LinkedHashMap<String, HeaterWatch.Judgement>();
        watches.forEach((id, watch) -> {
            var track = before.heaters().getOrDefault(id, HeaterTrack.UNKNOWN);
            var reading = Optional.ofNullable(readings.heaters().get(id))
                    .orElseGet(() -> HeaterReading.unreachable("it was not read"));
            var judgement = watch.judge(track, reading, assumed);
            var withheld = isTooWarmFor(judgement, readings)
                    ? Optional.of(TOO_WARM)
                    : Optional.ofNullable(readings.withheld().get(id));
            judgements.put(id, withheld.map(judgement::resting).orElse(judgement));
        });
        double heat = judgements.values().stream()
                .mapToDouble(HeaterWatch.Judgement::heat)
                .sum();
        double error = limits.sensorError().value();
        var room = before.room().next(readings.room(), seconds, heat, error, limits.medium());
        var second = before.second().next(readings.secondRoom(), seconds, heat, error, limits.medium());
        var highest = Stream.of(room, second)
                .map(SensorTrack::raw)
                .flatMapToDouble(OptionalDouble::stream)
                .max();
        double softCelsius = cutCelsius - SafetyLimits.SOFT_KELVINS;
        boolean hot = highest.isPresent()
                ? highest.getAsDouble() >= softCelsius - (before.hot() ? HOT_HYSTERESIS : 0)
                : before.hot();
        boolean cutAll = clockFault || (hot && (highest.isEmpty() || highest.getAsDouble() >= cutCelsius));
        boolean roomKnown = room.trusted() == SensorTrack.Trust.GOOD;
        var basis = roomKnown ? room : second;
        boolean frost = frost(before.frost(), basis);
        // frost protection on the second thermometer is the one way to heat beyond what the lost one allows
        var allowanceBasis = frost && !roomKnown ? second : room;
        var state = new State(OptionalLong.of(now), room, second, hot, frost, before.heaters());
        return new Assessment(
                state,
                seconds,
                clockFault,
                cutAll,
                allowance(allowanceBasis, allowanceBasis.heatSince()),
                allowance(allowanceBasis, 0),
                toKeepRunning(judgements.values()),
                readings.circuits(),
                judgements);
    }

    /** By its coldest thermometer: there the heat goes in. */
    private static boolean isTooWarmFor(HeaterWatch.Judgement judgement, Readings readings) {
        var own = judgement.spec().sinkMaximum();
        var coldest = Stream.of(readings.room(), readings.secondRoom())
                .flatMap(Optional::stream)
                .min(Celsius::compareTo);
        if (own.isEmpty() || coldest.isEmpty()) return false;
        double margin = judgement.track().off() ? RESTART_KELVINS : 0;
        return coldest.get().value() >= own.get().value() - margin;
    }

    private double toKeepRunning(Collection<HeaterWatch.Judgement> judgements) {
        return judgements.stream()
                .filter(judgement ->
                        !judgement.track().off() && !judgement.spec().switchedByPlug())
                .mapToDouble(
                        judgement -> watches.get(judgement.spec().id()).reserve(judgement.bound()) + toStop(judgement))
                .sum();
    }

    /** A planned stop needs time to be obeyed, but not where it is the plug. */
    private double toStop(HeaterWatch.Judgement judgement) {
        return judgement.spec().restsUnpowered() ? 0 : 2 * Units.seconds(limits.step()) * judgement.bound();
    }

    private boolean frost(boolean before, SensorTrack basis) {
        if (basis.trusted() != SensorTrack.Trust.GOOD) return false;
        double limit = limits.frostMinimum().value() + (before ? FROST_HYSTERESIS : 0);
        return basis.anchor().orElseThrow() < limit;
    }

    private double allowance(SensorTrack basis, double heatSince) {
        if (basis.anchor().isEmpty()) return 0;
        double rise = limits.roomMaximum().value()
                - basis.anchor().getAsDouble()
                - limits.sensorError().value();
        double proven = limits.airCapacityJoulesPerKelvin() * rise - unseen - stored;
        double whole = basis.proven()
                ? proven
                : Math.min(proven, limits.medium().unprovenKelvins * limits.airCapacityJoulesPerKelvin());
        return Math.max(0, whole - heatSince);
    }

    /**
     * What is wanted of heaters that cannot be told a level.
     *
     * @param soon of those that start, the ones whose heat is wanted: they go on as they started until they can be judged
     * @param mains of those that rest unpowered, the ones that are to be switched on
     * @param crowdedOut those whose heat is wanted, and for which a circuit has no room
     */
    record Wishes(Set<String> soon, Set<String> mains, Set<String> crowdedOut) {
        static final Wishes NONE = new Wishes(Set.of(), Set.of(), Set.of());
    }

    Decision decide(Assessment assessment, Map<String, Integer> wanted, Wishes wishes) {
        var plan = new Plan(assessment, wishes);
        for (var heater : heaters) plan.decide(heater, wanted.get(heater.id()));
        return plan.decision();
    }

    /** One pass over the heaters in order of preference: what is left of circuit and allowance goes to the next. */
    private final class Plan {
        private final Assessment assessment;
        private final Wishes wishes;
        private final Map<String, HeaterTrack> tracks = new HashMap<>();
        private final Map<String, HeaterCommand> commands = new LinkedHashMap<>();
        private final List<String> interventions = new ArrayList<>();
        private final List<String> alarms = new ArrayList<>();
        /** After all that may draw now: what may start. */
        private final CircuitRoom starting;
        /** After the preferred ones alone: what may go on when a circuit has less for this room than before. */
        private final CircuitRoom goingOn;

        private double committedJoules;
        private double heating;

        Plan(Assessment assessment, Wishes wishes) {
            this.assessment = assessment;
            this.wishes = wishes;
            starting = new CircuitRoom(limits.circuitLimit(), assessment.circuits());
            goingOn = new CircuitRoom(limits.circuitLimit(), assessment.circuits());
            for (var judgement : assessment.heaters().values()) {
                committedJoules += judgement.unavoidable();
                if (!judgement.track().off()) starting.take(judgement.spec(), judgement.bound());
                if (isOn(judgement)) heating += judgement.bound();
                alarms.addAll(judgement.alarms());
            }
            if (assessment.clockFault()) interventions.add("the monotonic time did not advance: everything is off");
            else if (assessment.cutAll()) interventions.add(close() + ": all plugs are off");
            else if (assessment.state().hot()) interventions.add(close() + ": nothing heats");
        }

        void decide(HeaterSpec heater, int wanted) {
            var judgement = assessment.heaters().get(heater.id());
            double reserve = watches.get(heater.id()).reserve(judgement.bound());
            double others = committedJoules - judgement.unavoidable();
            double needed = others + reserve + toStop(judgement);
            var refusal = wanted > 0 ? refusal(judgement, needed) : Optional.<String>empty();
            boolean early = wanted > 0 && refusal.isEmpty() && joinsTooEarly(judgement, needed);
            int level = refusal.isPresent() || early ? 0 : wanted;
            boolean mustCut = assessment.cutAll() || judgement.cut() || others + reserve > assessment.allowance();
            boolean comesUp = comesUp(judgement);
            // with its mains it comes on at whatever it did last, before it can be told anything
            boolean boots = heater.plug()
                    && !heater.switchedByPlug()
                    && judgement.plugWasOff()
                    && (comesUp || !heater.restsUnpowered());
            var waits = boots ? withoutMains(judgement) : Optional.<String>empty();
            boolean plugOn =
                    heater.plug() && !mustCut && waits.isEmpty() && (level > 0 || comesUp || !heater.restsUnpowered());
            if (level > 0 || plugOn) committedJoules = others + reserve;
            if ((level > 0 || (boots && plugOn)) && judgement.track().off()) starting.take(heater, judgement.bound());
            if ((level > 0 || (boots && plugOn)) && !isOn(judgement)) heating += judgement.bound();
            if (level > 0) goingOn.take(heater, judgement.bound());
            var reason = refusal.or(() -> judgement.usable() ? Optional.empty() : Optional.of(judgement.reason()));
            if (early) reason = Optional.of(NEVER_MOVED);
            if (waits.isPresent() && !mustCut) reason = waits;
            else if (heater.restsUnpowered() && judgement.starting() && !comesUp && refusal.isEmpty())
                reason = Optional.empty(); // it would start if it were wanted
            if (refusal.isPresent() || judgement.cut())
                interventions.add(heater.id() + " is off: " + reason.orElseThrow());
            boolean asItStarted = plugOn
                    && (comesUp
                            || (wishes.soon().contains(heater.id())
                                    && assessment.starting().contains(heater.id())
                                    && judgement.track().mains().untold()
                                    && needed <= assessment.allowance()));
            var command = new HeaterCommand(
                    level, asItStarted, plugOn, reason.orElseGet(() -> level > 0 ? "as asked" : unasked(heater)));
            tracks.put(heater.id(), judgement.track().commanded(command, judgement.plugWasOff()));
            commands.put(heater.id(), command);
        }

        /** Of one that rests unpowered, whether it gets its mains, or keeps them until it answers. */
        private boolean comesUp(HeaterWatch.Judgement judgement) {
            var heater = judgement.spec();
            return heater.restsUnpowered()
                    && !heater.switchedByPlug()
                    && assessment.starting().contains(heater.id())
                    && (judgement.plugWasOff() ? wishes.mains() : wishes.soon()).contains(heater.id());
        }

        private String unasked(HeaterSpec heater) {
            return wishes.crowdedOut().contains(heater.id()) ? circuit(heater) : "not needed";
        }

        /** Why a miner that would start with its mains does not get them yet. */
        private Optional<String> withoutMains(HeaterWatch.Judgement judgement) {
            var heater = judgement.spec();
            if (assessment.state().hot()) return Optional.of(close());
            if (judgement.track().mains().seconds() < Units.seconds(heater.minimumOff()))
                return Optional.of("it had its mains a moment ago and rests first");
            return starting.fits(heater, judgement.bound()) ? Optional.empty() : Optional.of(circuit(heater));
        }

        private Optional<String> refusal(HeaterWatch.Judgement judgement, double neededJoules) {
            if (assessment.clockFault()) return Optional.of("the monotonic time did not advance");
            if (assessment.state().hot()) return Optional.of(close());
            if (!judgement.usable()) return Optional.of(judgement.reason());
            var circuits = judgement.track().off() ? starting : goingOn;
            if (!circuits.fits(judgement.spec(), judgement.bound())) return Optional.of(circuit(judgement.spec()));
            if (neededJoules > assessment.allowance())
                return Optional.of(
                        switch (assessment.state().room().trusted()) {
                            case GOOD -> unproven() ? NEVER_MOVED : "the thermometer has not moved for too long";
                            case MISSING -> "the thermometer is missing";
                            case IMPLAUSIBLE -> "the thermometer cannot be trusted";
                        });
            return Optional.empty();
        }

        /** Only in air: of a tank a thermometer that fell in an instant is taken for one, too. */
        private boolean unproven() {
            var room = assessment.state().room();
            return limits.medium() == Medium.AIR && room.trusted() == SensorTrack.Trust.GOOD && !room.proven();
        }

        private static boolean isOn(HeaterWatch.Judgement judgement) {
            return judgement.runs() || judgement.track().level() > 0;
        }

        /** Who starts while little may be released must leave what heats already enough to move the thermometer, if it can. */
        private boolean joinsTooEarly(HeaterWatch.Judgement judgement, double neededJoules) {
            if (assessment.frost() || !unproven() || isOn(judgement)) return false;
            double kelvin = limits.airCapacityJoulesPerKelvin();
            double look = FIRST_LOOK_SECONDS * (heating + judgement.bound());
            return FIRST_LOOK_SECONDS * heating >= FIRST_MOVE_KELVINS * kelvin
                    && assessment.state().room().heatSince() < LAST_MOVE_KELVINS * kelvin
                    && neededJoules + look > assessment.allowance();
        }

        private String close() {
            return "the " + limits.medium().noun + " is close to its maximum";
        }

        private String circuit(HeaterSpec heater) {
            if (heater.circuit().equals(HeaterSpec.OWN_CIRCUIT))
                return "the circuit allows only " + limits.circuitLimit();
            var allowed = assessment.circuits().getOrDefault(heater.circuit(), Watts.ZERO);
            return "circuit " + heater.circuit() + " has only " + allowed + " for this room now";
        }

        Decision decision() {
            var before = assessment.state();
            var state = new State(before.nanos(), before.room(), before.second(), before.hot(), before.frost(), tracks);
            return new Decision(state, commands, interventions, alarms);
        }
    }

    SafetyStatus status(Assessment assessment, Decision decision) {
        var thermometer = switch (assessment.state().room().trusted()) {
            case GOOD ->
                assessment.freshness() < ComfortController.UNMOVED_SHARE
                        ? SafetyStatus.Thermometer.UNMOVED
                        : SafetyStatus.Thermometer.TRUSTED;
            case MISSING -> SafetyStatus.Thermometer.MISSING;
            case IMPLAUSIBLE -> SafetyStatus.Thermometer.IMPLAUSIBLE;
        };
        return new SafetyStatus(
                thermometer,
                decision.interventions(),
                decision.alarms(),
                assessment.room(),
                new Joules(assessment.allowance()),
                margin,
                heaters.stream().filter(h -> !h.plug()).map(HeaterSpec::id).toList());
    }
}
