package org.athanor.devices.simulated;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.athanor.devices.Computation;
import org.athanor.devices.simulated.RestServer.Answer;
import org.athanor.devices.simulated.RestServer.Answer.Whole;
import org.athanor.devices.simulated.RestServer.Question;
import org.athanor.units.Celsius;

/** What simulated miners with an HTTP API of paths and JSON have in common: a port, and what can be wrong on the wire. */
abstract class SimulatedRestMiner extends SimulatedMiner {
    private static final Duration BETWEEN_RESTARTS = Duration.ofMinutes(10);

    private final RestServer server;
    private Duration untilRestart = BETWEEN_RESTARTS;

    /**
     * @param shows from {@link #showing}
     * @param listen port 0 takes a free one
     */
    SimulatedRestMiner(MinerPhysics physics, Computation computation, Set<Fault> shows, InetSocketAddress listen) {
        super(physics, computation, shows);
        this.server = new RestServer(listen, this::answer);
    }

    /** What all of this kind show, and some more. */
    static Set<Fault> showing(Fault... more) {
        var shows = EnumSet.of(
                Fault.UNREACHABLE,
                Fault.SILENT,
                Fault.LATE,
                Fault.GARBAGE,
                Fault.TRUNCATED,
                Fault.WRONG_REPLY,
                Fault.IGNORES_COMMANDS,
                Fault.REFUSES_COMMANDS,
                Fault.CHANGED_FIRMWARE,
                Fault.RESTARTS,
                Fault.FOREIGN_POOL,
                Fault.FAN_FAILED,
                Fault.LIES_ABOUT_WATTS);
        shows.addAll(List.of(more));
        return Collections.unmodifiableSet(shows);
    }

    /** Whether its web server is up. */
    abstract boolean answers();

    /** Called one at a time. */
    abstract Whole reply(Question question);

    /** A good reply of its API, but to another request than this one. */
    abstract Whole otherReply(Question question);

    /** The field of its replies that a changed firmware calls otherwise. */
    abstract String fieldOfChangedFirmware();

    /** Bytes that mean nothing, as of another server at its address. */
    abstract String garbage();

    /** Its firmware starts anew; what it keeps over that is kept. */
    abstract void restart();

    abstract void run(Duration step, double ambientCelsius, boolean mains);

    @Override
    public final InetSocketAddress address() {
        return server.address();
    }

    @Override
    public final synchronized void advance(Duration step, Celsius ambient, boolean mains) {
        run(step, ambient.value(), mains);
        if (faults.contains(Fault.RESTARTS)) {
            untilRestart = untilRestart.minus(step);
            if (!untilRestart.isPositive()) {
                restart();
                untilRestart = BETWEEN_RESTARTS;
            }
        }
        compute();
    }

    private synchronized Answer answer(Question question) {
        if (!answers() || faults.contains(Fault.UNREACHABLE)) return new Answer.Broken();
        if (faults.contains(Fault.SILENT)) return new Answer.Never();
        if (faults.contains(Fault.GARBAGE)) return new Whole(200, garbage());
        var whole = faults.contains(Fault.WRONG_REPLY) ? otherReply(question) : reply(question);
        compute();
        if (faults.contains(Fault.CHANGED_FIRMWARE)) {
            var field = fieldOfChangedFirmware();
            whole = new Whole(whole.status(), whole.body().replace("\"" + field + "\":", "\"new_" + field + "\":"));
        }
        if (faults.contains(Fault.LATE)) return new Answer.Late(whole);
        return faults.contains(Fault.TRUNCATED) ? new Answer.Half(whole) : whole;
    }

    final boolean obeys() {
        return !faults.contains(Fault.IGNORES_COMMANDS);
    }

    final boolean refuses() {
        return faults.contains(Fault.REFUSES_COMMANDS);
    }

    /** W, as it tells them. */
    final double shownWatts(double watts) {
        return faults.contains(Fault.LIES_ABOUT_WATTS) ? watts / 2 : watts;
    }

    @Override
    public void close() {
        server.close();
        super.close();
    }
}
