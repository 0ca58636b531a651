package org.athanor.simulation;

import java.time.Duration;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;

/**
 * The second run of a home, in the same weather, sun and gains, and with the same people at its windows: an ideal heater keeps
 * its air at least at the setpoint and never cools. The heat that takes is what the schedule asked for; heat beyond it was not useful.
 */
public final class ReferenceRun {
    private static final double TRIAL_WATTS = 1000;
    private static final double TOLERANCE_KELVIN = 1e-9;
    private static final int MAXIMUM_TRIALS = 8;

    private final HomeSpec spec;
    private final Pace pace;
    private final RoomNetwork network;
    private final Surroundings surroundings;
    private final Windows windows;
    private final double[] start;
    private double[] celsius;
    private double[] next;
    private long nanosSinceYearStart;
    private double heater;
    private double solar;
    private double gains;
    private double transmission;
    private double airExchange;
    private double openWindows;

    /** Begins where {@code home} stands now. The thread that advances the home advances this too. */
    public ReferenceRun(Home home) {
        spec = home.spec();
        pace = home.pace();
        network = new RoomNetwork(spec);
        surroundings = home.surroundings();
        windows = new Windows(network, pace);
        windows.openAbove(home.openWindowsAbove());
        celsius = home.nodesCelsius();
        start = celsius.clone();
        next = new double[network.nodes()];
        nanosSinceYearStart = home.sinceYearStart().toNanos();
    }

    /** @return the heat that holding {@code setpoint} took in this step; a setpoint that jumps up is reached at once */
    public Joules advance(Duration step, Celsius setpoint) {
        double before = heater;
        for (long left = step.toNanos(); left > 0; ) {
            long nanos = Math.min(left, pace.nanos);
            substep(nanos, setpoint.value());
            left -= nanos;
        }
        return new Joules(heater - before);
    }

    private void substep(long nanos, double setpointCelsius) {
        double seconds = nanos / 1e9;
        var boundary = surroundings.at(nanosSinceYearStart + nanos / 2);
        double watts = heatFor(boundary, setpointCelsius, seconds);
        var spare = celsius;
        celsius = next;
        next = spare;
        nanosSinceYearStart += nanos;
        heater += watts * seconds;
        solar += boundary.solarWatts * seconds;
        gains += boundary.gainWatts * seconds;
        transmission += network.transmissionJoules - boundary.shellSunWatts * seconds;
        airExchange += network.airExchangeJoules;
        openWindows += network.openWindowsJoules;
    }

    /** Secants on a nearly straight line: two or three trials, of which the last stands in {@code next}. */
    private double heatFor(Boundary boundary, double setpointCelsius, double seconds) {
        double low = 0;
        double lowError = trial(boundary, low, seconds) - setpointCelsius;
        if (lowError >= 0) {
            if (setpointCelsius + lowError > windows.openAbove()) windows.step(celsius, next, boundary, seconds, 0, 0);
            return low;
        }
        double high = TRIAL_WATTS;
        double error = trial(boundary, high, seconds) - setpointCelsius;
        for (int i = 0; i < MAXIMUM_TRIALS && Math.abs(error) > TOLERANCE_KELVIN; i++) {
            double better = Math.max(0, high - error * (high - low) / (error - lowError));
            low = high;
            lowError = error;
            high = better;
            error = trial(boundary, high, seconds) - setpointCelsius;
        }
        return high;
    }

    private double trial(Boundary boundary, double watts, double seconds) {
        double convective = watts * spec.deviceConvectiveShare();
        pace.step(network, celsius, next, boundary, seconds, convective, watts - convective);
        return RoomNetwork.air(next);
    }

    /** Read it on the thread that advances the run. */
    public double airCelsius() {
        return RoomNetwork.air(celsius);
    }

    /** Heat that has left by windows that people opened. */
    public Joules letOut() {
        return new Joules(openWindows);
    }

    public EnergyBalance balance() {
        return new EnergyBalance(
                new Joules(heater),
                new Joules(solar),
                new Joules(gains),
                new Joules(transmission),
                new Joules(airExchange),
                new Joules(network.stored(celsius, start)));
    }
}
