package org.athanor.devices.simulated;

import java.time.Duration;

/**
 * The inside of a simulated rack miner that is told watts: an S19j Pro in its nameplate, a power target in place of a mode. No
 * sockets, no clock.
 */
final class TargetPhysics implements MinerPhysics {
    private static final long STEP_NANOS = 1_000_000_000;

    /** Power targets that it takes, W, and the one it starts with. */
    record Limits(int least, int most, int usual) {}

    private static final double BOOT_SECONDS = 60;
    private static final double PREHEAT_SECONDS = 120;
    private static final double PREHEAT_SHARE = 0.3;

    /** How fast the tuner approaches a new target. */
    private static final double TUNING_SECONDS = 90;

    private static final double STANDBY_WATTS = 25;
    private static final double JOULES_PER_TERAHASH = 30.5;

    private static final double TARGET_CELSIUS = 65;
    private static final double DANGEROUS_CELSIUS = 95;
    private static final double FAN_MINIMUM = 0.2;
    private static final double FAN_PROPORTIONAL = 0.04;
    private static final double FAN_INTEGRAL = 0.0006;
    private static final double FAN_RUN_ON = 0.3;
    private static final double FAN_STOP_CELSIUS = 40;
    private static final double FAN_MAXIMUM_RPM = 6000;

    enum State {
        UNPOWERED,
        BOOTING,
        PREHEATING,
        RUNNING,
        /** Too hot: it stays off until it is started again. */
        SUSPENDED
    }

    private final ChipsInCase warmth = new ChipsInCase(new ChipsInCase.Constants(2500, 9000, 130, 4, 130));
    private State state = State.UNPOWERED;
    private double stateSeconds;
    private boolean heated;
    private int starts;
    private boolean paused;
    private boolean stopped;
    private int target;
    private final Limits limits;
    private double watts;
    private double fan;
    private double fanIntegral;

    boolean fanFailed;

    TargetPhysics(Limits limits) {
        this.limits = limits;
        this.target = limits.usual();
    }

    void advance(Duration step, double ambientCelsius, boolean mains) {
        if (!mains) {
            state = State.UNPOWERED;
            watts = 0;
        } else if (state == State.UNPOWERED) enter(State.BOOTING);
        for (long left = step.toNanos(); left > 0; left -= STEP_NANOS)
            substep(Math.min(left, STEP_NANOS) / 1e9, ambientCelsius);
    }

    private void enter(State next) {
        state = next;
        stateSeconds = 0;
    }

    private void substep(double seconds, double ambientCelsius) {
        switch (state) {
            case BOOTING -> {
                if (stateSeconds >= BOOT_SECONDS) enter(State.PREHEATING);
            }
            case PREHEATING -> {
                if (stateSeconds >= PREHEAT_SECONDS) enter(State.RUNNING);
            }
            case RUNNING, SUSPENDED, UNPOWERED -> {}
        }
        boolean heating = heats();
        if (heating && warmth.chipCelsius >= DANGEROUS_CELSIUS) enter(State.SUSPENDED);
        countStart();
        double wanted = wantedWatts();
        watts = state == State.UNPOWERED
                ? 0
                : wanted + (watts - wanted) * Math.exp(-seconds / (heats() ? TUNING_SECONDS : 2));
        turnFan(seconds);
        warmth.advance(seconds, watts, fan, ambientCelsius);
        stateSeconds += seconds;
    }

    private void countStart() {
        if (heats() && !heated) starts++;
        heated = heats();
    }

    private double wantedWatts() {
        if (!heats()) return STANDBY_WATTS;
        return state == State.PREHEATING ? PREHEAT_SHARE * target : target;
    }

    private boolean heats() {
        return !paused && !stopped && (state == State.PREHEATING || state == State.RUNNING);
    }

    private void turnFan(double seconds) {
        double error = warmth.chipCelsius - TARGET_CELSIUS;
        if (fanFailed || state == State.UNPOWERED) fan = 0;
        else if (state == State.SUSPENDED) fan = 1;
        else if (heats()) {
            fanIntegral = Math.clamp(fanIntegral + FAN_INTEGRAL * error * seconds, 0, 1);
            fan = Math.clamp(fanIntegral + FAN_PROPORTIONAL * error, FAN_MINIMUM, 1);
        } else fan = warmth.chipCelsius > FAN_STOP_CELSIUS ? FAN_RUN_ON : 0;
    }

    /** Its firmware starts anew; pause and target are kept. */
    void reboot() {
        if (powered()) enter(State.BOOTING);
    }

    /** Its boards are warmed up again. */
    void restart() {
        if (state != State.RUNNING && state != State.SUSPENDED) return;
        enter(State.PREHEATING);
        heated = false;
    }

    /** @return false if it already was so */
    boolean pause() {
        boolean changed = !paused;
        paused = true;
        return changed;
    }

    /** After a pause its boards are warmed up first. */
    boolean resume() {
        boolean changed = paused;
        paused = false;
        if (changed && state == State.RUNNING) enter(State.PREHEATING);
        return changed;
    }

    /**
     * Mining ends until it is started: a resume does not do that.
     *
     * @return whether it was stopped already
     */
    boolean stop() {
        boolean changed = !stopped;
        stopped = true;
        return !changed;
    }

    /** @return whether it was running already */
    boolean start() {
        boolean changed = stopped;
        stopped = false;
        if (changed && state == State.RUNNING) enter(State.PREHEATING);
        return !changed;
    }

    boolean stopped() {
        return stopped;
    }

    /** As the firmware does: beyond its limits the nearer one is taken. */
    int target(int wanted) {
        target = Math.clamp(wanted, limits.least(), limits.most());
        return target;
    }

    int target() {
        return target;
    }

    State state() {
        return state;
    }

    boolean paused() {
        return paused;
    }

    boolean powered() {
        return state != State.UNPOWERED;
    }

    /** Its web server is up. */
    boolean answers() {
        return powered() && (state != State.BOOTING || stateSeconds > BOOT_SECONDS / 2);
    }

    @Override
    public int starts() {
        return starts;
    }

    @Override
    public boolean hashing() {
        return state == State.RUNNING && !paused && !stopped;
    }

    boolean tuning() {
        return hashing() && Math.abs(watts - target) > 0.03 * target;
    }

    @Override
    public double watts() {
        return watts;
    }

    double hashesPerSecond() {
        return hashing() ? watts / JOULES_PER_TERAHASH * 1e12 : 0;
    }

    @Override
    public double chipCelsius() {
        return warmth.chipCelsius;
    }

    double fan() {
        return fan;
    }

    double fanRpm() {
        return fan * FAN_MAXIMUM_RPM;
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
