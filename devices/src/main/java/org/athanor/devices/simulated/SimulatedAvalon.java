package org.athanor.devices.simulated;

import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import org.athanor.devices.Computation;
import org.athanor.devices.avalon.AvalonModel;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;
import org.athanor.units.Watts;

/** A simulated Avalon home heater on a cgminer socket. */
public final class SimulatedAvalon implements SimulatedLoad, AutoCloseable {
    /** What can be wrong with it; several at once. */
    public enum Fault {
        /** Answers OK and does nothing. */
        IGNORES_COMMANDS,
        /** Reports half of what it draws. */
        LIES_ABOUT_WATTS,
        /** Takes the connection and says nothing. */
        SILENT,
        /** Answers with bytes that are no reply. */
        GARBAGE,
        /** Answers in the broken JSON of some firmwares, which a driver repairs. */
        BROKEN_JSON,
        /** Does not close the connection after the NUL. */
        HOLDS_CONNECTION,
        /** The fan stands still: it overheats. */
        FAN_FAILED,
        /** The firmware does not stop when the chips are too hot: only the thermal cut-out is left. */
        PROTECTION_FAILED
    }

    /** @param listen port 0 takes a free one */
    public SimulatedAvalon(AvalonModel model, InetSocketAddress listen, Computation computation, InstantSource clock) {
        throw new UnsupportedOperationException("not built yet");
    }

    public InetSocketAddress address() {
        throw new UnsupportedOperationException("not built yet");
    }

    /** Integral of the nominal hash rate of the levels that it held, over the virtual time in which it hashed. */
    public BigInteger nominalHashes() {
        throw new UnsupportedOperationException("not built yet");
    }

    public void inject(Fault... faults) {
        throw new UnsupportedOperationException("not built yet");
    }

    /** Mends everything that was injected. */
    public void clear() {
        throw new UnsupportedOperationException("not built yet");
    }

    @Override
    public void advance(Duration step, Celsius ambient, boolean mains) {
        throw new UnsupportedOperationException("not built yet");
    }

    @Override
    public Watts power() {
        throw new UnsupportedOperationException("not built yet");
    }

    @Override
    public Joules electricity() {
        throw new UnsupportedOperationException("not built yet");
    }

    @Override
    public Joules heat() {
        throw new UnsupportedOperationException("not built yet");
    }

    @Override
    public Joules stored() {
        throw new UnsupportedOperationException("not built yet");
    }

    /** Estimated from the fan's speed, in dB(A) at one metre. */
    public double noiseDecibels() {
        throw new UnsupportedOperationException("not built yet");
    }

    @Override
    public void close() {}
}
