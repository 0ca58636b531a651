package org.athanor.devices.simulated;

import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.athanor.devices.Computation;
import org.athanor.devices.avalon.AvalonModel;
import org.athanor.devices.simulated.CgminerFormat.Reply;
import org.athanor.devices.simulated.CgminerServer.Answer;
import org.athanor.units.Celsius;

/**
 * A simulated Avalon home heater that speaks the cgminer protocol on a socket.
 *
 * <p>It has no power until {@link #advance} says so; then it boots in its last mode (at first the middle one), calibrates
 * for some minutes in which it refuses to switch, and hashes: only then does its computation run. Its quirks are those of
 * the real ones: OK for a malformed {@code work_mode_lvl}, no reply to {@code softon}, a soft stop by its own clock, an
 * average hash rate that stays high when idle, -273 °C for a missing sensor (Nano 3S).
 *
 * <p>Its clock is the given one's time at construction and then its own time: it advances by {@link #advance} alone.
 */
public final class SimulatedAvalon extends SimulatedMiner {
    static final Set<Fault> SHOWS = CgminerWire.with(
            Fault.IGNORES_COMMANDS,
            Fault.REFUSES_COMMANDS,
            Fault.CHANGED_FIRMWARE,
            Fault.RESTARTS,
            Fault.POOLS_LOST,
            Fault.FOREIGN_POOL,
            Fault.LIES_ABOUT_WATTS,
            Fault.FAN_FAILED,
            Fault.PROTECTION_FAILED,
            Fault.FORGETS_LEASE);

    private static final long BETWEEN_RESTARTS_SECONDS = 600;

    private final AvalonPhysics physics;
    private final AvalonApi api;
    private final Instant startOfClock;
    private final CgminerServer server;

    /**
     * @param listen port 0 takes a free one
     * @param computation what its chips compute while it hashes; remains its giver's to close
     */
    public SimulatedAvalon(AvalonModel model, InetSocketAddress listen, Computation computation, InstantSource clock) {
        this(model, new AvalonPhysics(model), listen, computation, clock);
    }

    private SimulatedAvalon(
            AvalonModel model,
            AvalonPhysics physics,
            InetSocketAddress listen,
            Computation computation,
            InstantSource clock) {
        super(physics, computation, SHOWS);
        this.physics = physics;
        this.api = new AvalonApi(model, physics, computation, this::pool);
        this.startOfClock = AvalonWords.of(model).dated() ? clock.instant() : Instant.EPOCH;
        this.server = new CgminerServer(listen, this::answer);
    }

    @Override
    public InetSocketAddress address() {
        return server.address();
    }

    /** Integral of the nominal hash rate of the levels that it held, over the virtual time in which it hashed. */
    public synchronized BigInteger nominalHashes() {
        return physics.nominalHashes();
    }

    @Override
    void physicalFaults() {
        physics.poolsLost = faults.contains(Fault.POOLS_LOST);
        physics.fanFailed = faults.contains(Fault.FAN_FAILED);
        physics.protectionFailed = faults.contains(Fault.PROTECTION_FAILED);
    }

    @Override
    public synchronized void advance(Duration step, Celsius ambient, boolean mains) {
        physics.advance(step, ambient.value(), mains, clock());
        if (faults.contains(Fault.RESTARTS) && physics.powered() && physics.uptimeSeconds() >= BETWEEN_RESTARTS_SECONDS)
            physics.boot();
        compute();
    }

    private long clock() {
        return startOfClock.plusNanos(physics.elapsedNanos()).getEpochSecond();
    }

    private synchronized Answer answer(String text) {
        if (!physics.powered()) return new Answer.Reset();
        var answer = CgminerWire.answer(text, faults, new CgminerWire.Firmware() {
            @Override
            public Optional<Reply> reply(String command, String parameter) {
                return api.reply(command, parameter, clock(), faults);
            }

            @Override
            public Reply invalid() {
                return api.invalid(clock());
            }
        });
        compute();
        return answer;
    }

    /** Whether its own thermal cut-out has taken its power. */
    public synchronized boolean cutOut() {
        return physics.cutOut();
    }

    /** Estimated from the fan's speed, in dB(A) at one metre. */
    public synchronized double noiseDecibels() {
        return physics.noiseDecibels();
    }

    @Override
    public void close() {
        server.close();
        super.close();
    }
}
