package org.athanor.devices.simulated;

import java.time.Duration;

/**
 * The inside of a simulated rack miner: it boots, tunes, runs towards a target of power, sleeps with its fans running on, and
 * stops when it is too hot. Its firmware decides what a target means. No sockets, no clock.
 */
final class RackPhysics implements MinerPhysics {
    private static final long STEP_NANOS = 1_000_000_000;
    private static final double TUNING_BEGINS_AT = 0.3;
    private static final double COOLING_SECONDS = 2;
    private static final double FAN_MINIMUM = 0.2;
    private static final double FAN_PROPORTIONAL = 0.04;
    private static final double FAN_INTEGRAL = 0.0006;
    private static final double FAN_RUN_ON = 0.3;
    private static final double FAN_STOP_CELSIUS = 35;

    /**
     * Ours, plausible for the size of the machine.
     *
     * @param bootSeconds until its boards are powered; its network is there after half of them
     * @param tuningSeconds from then until it works
     * @param rampSeconds time constant with which it follows a new target while it works
     * @param targetCelsius which its fans hold
     * @param dangerousCelsius at which its firmware stops it
     */
    record Constants(
            ChipsInCase.Constants warmth,
            double bootSeconds,
            double tuningSeconds,
            double rampSeconds,
            double standbyWatts,
            double targetCelsius,
            double dangerousCelsius,
            double fanMaximumRpm) {}

    enum State {
        UNPOWERED,
        BOOTING,
        TUNING,
        RUNNING,
        /** Too hot: it stays off until it is restarted. */
        FAULT
    }

    private final Constants constants;
    private final ChipsInCase warmth;
    private State state = State.UNPOWERED;
    private double stateSeconds;
    private boolean heated;
    private int starts;
    private boolean asleep;
    private double targetWatts;
    private double joulesPerTerahash;
    private double ambientCelsius = ChipsInCase.START_CELSIUS;
    private double watts;
    private double fan;
    private double fanIntegral;
    private double uptimeSeconds;

    boolean fanFailed;
    /** Without work its boards idle; what real firmwares do then was not seen. */
    boolean poolsLost;
    /** The firmware restarts it by itself every ten minutes. */
    boolean restarts;

    RackPhysics(Constants constants, double targetWatts, double joulesPerTerahash) {
        this.constants = constants;
        this.warmth = new ChipsInCase(constants.warmth());
        target(targetWatts, joulesPerTerahash);
    }

    void advance(Duration step, double ambient, boolean mains) {
        ambientCelsius = ambient;
        if (!mains) {
            state = State.UNPOWERED;
            watts = 0;
        } else if (state == State.UNPOWERED) {
            enter(State.BOOTING);
            uptimeSeconds = 0;
        }
        for (long left = step.toNanos(); left > 0; left -= STEP_NANOS) substep(Math.min(left, STEP_NANOS) / 1e9);
    }

    private void enter(State next) {
        state = next;
        stateSeconds = 0;
    }

    private void substep(double seconds) {
        if (restarts && state != State.UNPOWERED && uptimeSeconds >= 600) {
            enter(State.BOOTING);
            uptimeSeconds = 0;
        }
        switch (state) {
            case BOOTING -> {
                if (stateSeconds >= constants.bootSeconds()) enter(State.TUNING);
            }
            case TUNING -> {
                if (asleep || poolsLost) stateSeconds = 0;
                else if (stateSeconds >= constants.tuningSeconds()) enter(State.RUNNING);
            }
            case RUNNING, FAULT, UNPOWERED -> {}
        }
        if (heats() && warmth.chipCelsius >= constants.dangerousCelsius()) enter(State.FAULT);
        countStart();
        double wanted = wantedWatts();
        watts = state == State.UNPOWERED
                ? 0
                : wanted
                        + (watts - wanted) * Math.exp(-seconds / (heats() ? constants.rampSeconds() : COOLING_SECONDS));
        turnFan(seconds);
        warmth.advance(seconds, watts, fan, ambientCelsius);
        stateSeconds += seconds;
        uptimeSeconds += seconds;
    }

    private void countStart() {
        if (heats() && !heated) starts++;
        heated = heats();
    }

    private double wantedWatts() {
        if (!heats()) return constants.standbyWatts();
        if (state == State.RUNNING) return targetWatts;
        double done = stateSeconds / constants.tuningSeconds();
        return targetWatts * (TUNING_BEGINS_AT + (0.9 - TUNING_BEGINS_AT) * done);
    }

    private boolean heats() {
        return !asleep && !poolsLost && (state == State.TUNING || state == State.RUNNING);
    }

    private void turnFan(double seconds) {
        double error = warmth.chipCelsius - constants.targetCelsius();
        if (fanFailed || state == State.UNPOWERED) fan = 0;
        else if (state == State.FAULT) fan = 1;
        else if (state == State.BOOTING) fan = FAN_MINIMUM; // it tries its fans before it powers its boards
        else if (heats()) {
            fanIntegral = Math.clamp(fanIntegral + FAN_INTEGRAL * error * seconds, 0, 1);
            fan = Math.clamp(fanIntegral + FAN_PROPORTIONAL * error, FAN_MINIMUM, 1);
        } else fan = !asleep || warmth.chipCelsius > FAN_STOP_CELSIUS ? FAN_RUN_ON : 0;
    }

    /** What it goes for while it works; how it gets there is its firmware's: {@link #restartMining} or a ramp. */
    void target(double wanted, double efficiency) {
        targetWatts = wanted;
        joulesPerTerahash = efficiency;
    }

    /** Sleeps from now on, also over a loss of mains. */
    void sleep() {
        asleep = true;
    }

    /** After a sleep it tunes anew. */
    void wake() {
        if (!asleep) return;
        asleep = false;
        if (state == State.RUNNING) enter(State.TUNING);
    }

    /** As its firmware does for some changes: hashing stops, and tuning begins anew. Also ends a fault. */
    void restartMining() {
        if (state != State.RUNNING && state != State.TUNING && state != State.FAULT) return;
        enter(State.TUNING);
        heated = false;
    }

    State state() {
        return state;
    }

    boolean asleep() {
        return asleep;
    }

    boolean tuning() {
        return !asleep && (state == State.TUNING || state == State.BOOTING);
    }

    /** Its network is up. */
    boolean answers() {
        return state != State.UNPOWERED && (state != State.BOOTING || stateSeconds > constants.bootSeconds() / 2);
    }

    @Override
    public int starts() {
        return starts;
    }

    @Override
    public boolean hashing() {
        return state == State.RUNNING && !asleep && !poolsLost;
    }

    @Override
    public double watts() {
        return watts;
    }

    double hashesPerSecond() {
        return hashing() ? watts / joulesPerTerahash * 1e12 : 0;
    }

    @Override
    public double chipCelsius() {
        return warmth.chipCelsius;
    }

    double caseCelsius() {
        return warmth.caseCelsius;
    }

    double ambientCelsius() {
        return ambientCelsius;
    }

    double fan() {
        return fan;
    }

    long fanRpm() {
        return Math.round(fan * constants.fanMaximumRpm());
    }

    long uptimeSeconds() {
        return (long) uptimeSeconds;
    }

    @Override
    public double electricityJoules() {
        return warmth.electricityJoules;
    }

    @Override
    public double heatJoules() {
        return warmth.heatJoules;
    }

    @Override
    public double storedJoules() {
        return warmth.storedJoules();
    }
}
