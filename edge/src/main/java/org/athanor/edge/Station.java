package org.athanor.edge;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.OptionalInt;
import org.athanor.comfort.HeaterCommand;
import org.athanor.comfort.HeaterReading;
import org.athanor.devices.DeviceException;
import org.athanor.devices.Heater;
import org.athanor.devices.HeaterState;
import org.athanor.devices.HeaterState.Phase;
import org.athanor.devices.HeaterState.PowerSource;
import org.athanor.devices.PlugState;
import org.athanor.edge.Lane.Outcome;
import org.athanor.edge.Lane.Pending;
import org.athanor.units.Hashrate;
import org.athanor.units.Joules;
import org.athanor.units.Watts;

/** One heater and its plug in the control loop: how they are read and commanded, and what was commanded last. */
final class Station {
    /** Whatever starts for longer than it takes a rack miner to tune is not at its level for another reason. */
    private static final Duration LONGEST_REFUSAL = Duration.ofHours(1);

    final HeaterPart part;
    private final Lane heaterLane;
    private final Optional<Lane> plugLane;
    private final PoolWatch pool;
    private final TopLevelWatch topLevel;
    private Command last = Command.NONE;
    private Optional<Joules> meter = Optional.empty();
    /** Booked since {@code meter} was read, while the plug was silent: its counter has it too. */
    private Joules estimated = Joules.ZERO;

    /**
     * @param taken false while a device that still starts refuses the level
     * @param nanos when the level was first commanded without a change since, or was taken at last
     */
    private record Command(OptionalInt level, boolean asItStarted, boolean plugOn, boolean taken, long nanos) {
        static final Command NONE = new Command(OptionalInt.empty(), false, false, true, 0);
    }

    Station(HeaterPart part, Duration timeout) {
        this.part = part;
        this.heaterLane = new Lane(part.id(), timeout);
        this.pool = new PoolWatch(part);
        this.topLevel = new TopLevelWatch(part);
        this.plugLane = part.plug().map(plug -> new Lane(part.id() + "'s plug", timeout));
    }

    String id() {
        return part.id();
    }

    private Heater heater() {
        return part.heater();
    }

    /** What one cycle read; {@code mismatch} says that the device does not do what it was last told. */
    record Read(
            Optional<HeaterState> state, Optional<PlugState> plug, Optional<String> fault, Optional<String> mismatch) {
        boolean unpowered() {
            return plug.isPresent() && !plug.get().on();
        }

        /** The best figure first: the plug's meter, then the device's own. */
        Optional<Watts> watts() {
            if (plug.isPresent()) return plug.map(PlugState::power);
            return state.flatMap(HeaterState::power);
        }

        String wattsSource() {
            if (plug.isPresent()) return "metered by its plug";
            return state.map(each -> switch (each.source()) {
                        case METERED -> "metered";
                        case REPORTED -> "reported by the device";
                        case DECLARED -> "declared";
                    })
                    .orElse("unknown");
        }
    }

    /** For whom it works, where that is watched: an alarm if not for its owner. */
    Optional<String> poolAlarm(long nanos) throws InterruptedException {
        var look = pool.look(heaterLane, nanos);
        if (look.isPresent())
            look.get().await().value().ifPresent(pool::seen); // one that does not answer is asked again
        return pool.alarm();
    }

    /** What it draws at its highest level, where that was declared and others are shares of it: an alarm if it is not so. */
    Optional<String> topLevelAlarm(Read read, long nanos) {
        topLevel.seen(read, nanos);
        return topLevel.alarm();
    }

    /** A read under way. */
    interface PendingRead {
        Read await() throws InterruptedException;
    }

    PendingRead read(long nanos) {
        Pending<HeaterState> state = heaterLane.start(() -> heater().read());
        Optional<Pending<PlugState>> plug =
                plugLane.map(lane -> lane.start(() -> part.plug().orElseThrow().read()));
        return () -> {
            Optional<Outcome<PlugState>> plugOutcome =
                    plug.isPresent() ? Optional.of(plug.get().await()) : Optional.empty();
            var stateOutcome = state.await();
            var plugState = plugOutcome.flatMap(Outcome::value);
            boolean unpowered = plugState.isPresent() && !plugState.get().on();
            // a device without mains is silent: that is no fault
            var silent = unpowered ? Optional.<String>empty() : stateOutcome.failure();
            var fault = joined(
                    silent.or(() -> stateOutcome.value().flatMap(HeaterState::fault)),
                    plugOutcome.flatMap(Outcome::failure));
            return new Read(stateOutcome.value(), plugState, fault, mismatch(stateOutcome.value(), plugState, nanos));
        };
    }

    private static Optional<String> joined(Optional<String> first, Optional<String> second) {
        if (first.isEmpty() || second.isEmpty()) return first.or(() -> second);
        return Optional.of(first.get() + "; " + second.get());
    }

    private Optional<String> mismatch(Optional<HeaterState> state, Optional<PlugState> plug, long nanos) {
        if (last.level().isEmpty()) return Optional.empty();
        if (plug.isPresent() && plug.get().on() != last.plugOn())
            return Optional.of(part.name() + ": plug commanded " + onOff(last.plugOn()) + ", reads "
                    + onOff(plug.get().on()));
        if (last.asItStarted() || (plug.isPresent() && !plug.get().on())) return Optional.empty();
        if (state.isEmpty() || mayStillRefuse(nanos)) return Optional.empty();
        if (state.get().level().isEmpty())
            return state.get().phase() == Phase.WORKING
                            && nanos - last.nanos()
                                    >= heater().capabilities().settle().toNanos()
                    ? Optional.of(part.name() + ": commanded "
                            + levelName(last.level().getAsInt()) + ", works at none of its levels")
                    : Optional.empty();
        int commanded = last.level().getAsInt();
        int reads = state.get().level().getAsInt();
        boolean onItsWay = (state.get().phase() == Phase.STARTING || state.get().phase() == Phase.STOPPING)
                && nanos - last.nanos() < heater().capabilities().settle().toNanos();
        if (reads == commanded || onItsWay) return Optional.empty();
        return Optional.of(part.name() + ": commanded " + levelName(commanded) + ", reads " + levelName(reads));
    }

    /** What refused its level because it starts is told again, and has the first minute of its work for that too. */
    private boolean mayStillRefuse(long nanos) {
        return !last.taken() && nanos - last.nanos() < LONGEST_REFUSAL.toNanos();
    }

    private static String onOff(boolean on) {
        return on ? "on" : "off";
    }

    String levelName(int level) {
        return heater().capabilities().level(level).name();
    }

    static HeaterReading reading(Read read) {
        var state = read.state();
        boolean metered = state.isPresent() && state.get().source() == PowerSource.METERED;
        var power = state.flatMap(HeaterState::power);
        return new HeaterReading(
                state.map(HeaterState::level).orElse(OptionalInt.empty()),
                metered ? Optional.empty() : power,
                read.plug().map(PlugState::power).or(() -> metered ? power : Optional.empty()),
                read.plug().map(PlugState::on),
                state.flatMap(HeaterState::chip),
                state.flatMap(HeaterState::inlet),
                read.fault());
    }

    /** Energy since the reading before: by the plug's counter where it has risen, else by the power over the time. */
    Joules energy(Read read, Duration since) {
        var counter = read.plug().map(PlugState::energy);
        var before = meter;
        if (counter.isPresent()) meter = counter;
        if (counter.isPresent() && before.isPresent() && counter.get().compareTo(before.get()) >= 0) {
            var drawn = counter.get().minus(before.get()).minus(estimated);
            estimated = Joules.ZERO;
            return drawn.compareTo(Joules.ZERO) > 0 ? drawn : Joules.ZERO;
        }
        var estimate = read.watts().orElse(Watts.ZERO).over(since);
        estimated = counter.isPresent() ? Joules.ZERO : estimated.plus(estimate);
        return estimate;
    }

    /** In the home's currency; what is mined for a stranger pays nothing. */
    double expectedPay(Read read, Joules drawn, Duration since) {
        if (part.pay().isEmpty()) return 0;
        var hashrate =
                read.unpowered() ? Optional.<Hashrate>empty() : read.state().flatMap(HeaterState::hashrate);
        double paid = part.pay().get().since(hashrate, drawn, since);
        return pool.alarm().isEmpty() ? paid : 0;
    }

    /**
     * First half of a command: countdowns are renewed, and what must be off is asked to stop by itself.
     *
     * @return failures, in words, when awaited
     */
    Pending<Boolean> renewOrSoftStop(HeaterCommand command, Duration countdown) {
        if (command.plugOn() && plugLane.isPresent())
            return plugLane.get().run(() -> part.plug().orElseThrow().on(countdown));
        boolean cut = !command.plugOn() && plugLane.isPresent();
        // what no command stops would only restart its boards at its least
        if (cut && !part.spec().restsUnpowered() && !isUnpowered()) return heaterLane.off(() -> heater().setLevel(0));
        return NOTHING_TO_DO;
    }

    /**
     * Second half: levels of what may run, and the cut of what must be off, which has been asked to stop by then.
     *
     * @return false, when awaited, from a device that still starts and refuses the level: it is to be told again
     */
    Pending<Boolean> levelOrCut(HeaterCommand command, long nanos) {
        if (plugLane.isPresent()) {
            if (!command.plugOn())
                return plugLane.get().off(() -> part.plug().orElseThrow().off());
            if (part.spec().switchedByPlug() || isUnpowered()) return NOTHING_TO_DO;
        }
        if (command.asItStarted()) return NOTHING_TO_DO;
        if (isStillTaking(command, nanos)) return NOTHING_TO_DO;
        if (latest != null
                && latest.state().isPresent()
                && latest.state().get().level().equals(OptionalInt.of(command.level()))) return NOTHING_TO_DO;
        // a refusal to be off matters at once where no plug could cut
        boolean mayWait = isStarting() && (command.level() > 0 || plugLane.isPresent());
        // where no plug could cut, off waits for no answer that is still to come
        if (command.level() == 0 && plugLane.isEmpty()) return heaterLane.off(() -> heater().setLevel(0));
        Pending<Boolean> sent = heaterLane.start(() -> {
            try {
                heater().setLevel(command.level());
                return true;
            } catch (DeviceException e) {
                if (mayWait && e.kind() == DeviceException.Kind.REFUSED) return false;
                throw e;
            }
        });
        return () -> {
            var outcome = sent.await();
            if (outcome.value().equals(Optional.of(true))) repeats = repeats.taken(command.level(), nanos);
            return outcome;
        };
    }

    /**
     * A level that a device has taken and does not show, such as one that its firmware clamps. Where each telling restarts its
     * hashing it is told again when it should have settled, and ever more seldom: boards wear by starts. Off is told at once.
     *
     * @param times that it was told
     */
    private record Repeats(int level, int times, long nanos) {
        static final Repeats NONE = new Repeats(0, 0, 0);

        Repeats taken(int now, long at) {
            return new Repeats(now, now == level ? times + 1 : 1, at);
        }
    }

    private static final int MOST_DOUBLINGS = 5;
    private Repeats repeats = Repeats.NONE;

    private boolean isStillTaking(HeaterCommand command, long nanos) {
        if (command.level() == 0 || command.level() != repeats.level()) return false;
        if (latest != null
                && latest.state().isPresent()
                && latest.state().get().level().equals(OptionalInt.of(command.level()))) {
            repeats = Repeats.NONE; // it was reached: should it be lost again, it is told at once
            return false;
        }
        var can = heater().capabilities();
        if (!can.changeRestartsHashing()) return false;
        long pause = can.settle().toNanos() << Math.min(repeats.times() - 1, MOST_DOUBLINGS);
        return nanos - repeats.nanos() < pause;
    }

    private boolean isStarting() {
        return latest != null
                && latest.state().map(state -> state.phase() == Phase.STARTING).orElse(false);
    }

    private static final Pending<Boolean> NOTHING_TO_DO = () -> Outcome.of(true);

    private Read latest;

    void remember(Read read) {
        latest = read;
    }

    /** By the last reading, so a plug that is switched on in this cycle still counts: its device needs time to start. */
    private boolean isUnpowered() {
        return latest != null && latest.unpowered();
    }

    /** In words, where it is told otherwise than the last time; the first time always. */
    Optional<String> change(HeaterCommand command) {
        var changes = new ArrayList<String>();
        if (!last.level().equals(OptionalInt.of(command.level())))
            changes.add(
                    last.level().isPresent()
                            ? "from " + levelName(last.level().getAsInt()) + " to " + levelName(command.level())
                            : "at first " + levelName(command.level()));
        boolean plugOn = plugLane.isPresent() && command.plugOn();
        if (plugOn != last.plugOn()) changes.add("plug " + onOff(plugOn));
        return changes.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", changes));
    }

    /** @param taken what {@link #levelOrCut} said */
    void commanded(HeaterCommand command, boolean taken, long nanos) {
        boolean same = last.level().equals(OptionalInt.of(command.level())) && (last.taken() || !taken);
        boolean plugOn = plugLane.isPresent() && command.plugOn();
        last = new Command(
                OptionalInt.of(command.level()), command.asItStarted(), plugOn, taken, same ? last.nanos() : nanos);
    }

    /** Whether the device refused its last level because it still starts. */
    boolean waitsToBeToldAgain() {
        return !last.taken();
    }

    // ---- stopping

    Pending<Boolean> askToStop() {
        if (part.spec().restsUnpowered() && plugLane.isPresent()) return cut();
        return heaterLane.off(() -> heater().setLevel(0));
    }

    /** Whether it reads off, by its own word or because its plug is off. */
    boolean readsOff() throws InterruptedException {
        var state = heaterLane.start(() -> heater().read());
        if (plugLane.isPresent()) {
            var plug =
                    plugLane.get().start(() -> part.plug().orElseThrow().read()).await();
            if (plug.value().isPresent() && !plug.value().get().on()) {
                state.await();
                return true;
            }
        }
        return state.await()
                .value()
                .map(read -> read.level().equals(OptionalInt.of(0)))
                .orElse(false);
    }

    Pending<Boolean> cut() {
        if (plugLane.isEmpty()) return () -> Outcome.failed(part.name() + " has no plug that could cut its power");
        return plugLane.get().off(() -> part.plug().orElseThrow().off());
    }
}
