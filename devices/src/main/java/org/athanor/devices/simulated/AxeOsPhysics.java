package org.athanor.devices.simulated;

import java.time.Duration;
import org.athanor.devices.axeos.AxeOsModel;
import org.athanor.devices.axeos.AxeOsModel.Pair;

/** The inside of a simulated AxeOS device: what it does, how warm it gets, and its books. No sockets, no clock. */
final class AxeOsPhysics implements MinerPhysics {
    private static final long STEP_NANOS = 1_000_000_000;
    private static final double BOOT_SECONDS = 12;
    private static final double IDLE_WATTS = 2.7; // seen in a reply 4 s after a start

    /** It winds the frequency up and down rather than jump. */
    private static final double RAMP_SECONDS = 8;

    private static final double TARGET_CELSIUS = 60;
    private static final double FAN_MINIMUM = 0.25;
    private static final double FAN_PROPORTIONAL = 0.05;
    private static final double FAN_INTEGRAL = 0.0008;
    private static final double FAN_POOLS_LOST = 0.3;
    private static final double FAN_STOP_CELSIUS = 35;
    private static final double FAN_MAXIMUM_RPM = 7000;

    private static final double PROTECTED_SECONDS = 30;
    private static final double COOL_CHIP = 45;
    private static final double COOL_REGULATOR = 95;
    private static final double REGULATOR_ABOVE_CHIP = 12; // K at its usual power
    private static final double REGULATOR_ABOVE_CHIP_UNCOOLED = 120;
    private static final int LOWER_BY = 100; // MHz, and mV
    private static final int LEAST_MEGAHERTZ = 200;
    private static final int LEAST_MILLIVOLTS = 800;

    enum State {
        UNPOWERED,
        BOOTING,
        RUNNING,
        /** Overheated and cooling down. */
        COOLING
    }

    private final AxeOsModel model;
    private final ChipsInCase warmth;
    private State state = State.UNPOWERED;
    private double stateSeconds;
    private boolean hashed;
    private int starts;
    private Pair pair;
    private boolean paused;
    private boolean protecting;
    private boolean autoFan = true;
    private double fan;
    private double fanIntegral;
    private double watts;
    private long elapsedNanos;
    private long bootedNanos;

    boolean fanFailed;
    boolean regulatorHot;
    boolean poolsLost;

    AxeOsPhysics(AxeOsModel model) {
        this.model = model;
        this.pair = model.usual();
        // scaled with its power: some 35 K from chip to case and as much from case to air with the fan at half speed
        double usual = model.watts(pair).value();
        this.warmth =
                new ChipsInCase(new ChipsInCase.Constants(1.2 * usual, 6 * usual, usual / 25, usual / 300, usual / 12));
    }

    void advance(Duration step, double ambientCelsius, boolean mains) {
        power(mains);
        for (long left = step.toNanos(); left > 0; left -= STEP_NANOS)
            substep(Math.min(left, STEP_NANOS) / 1e9, ambientCelsius);
        elapsedNanos += step.toNanos();
    }

    private void power(boolean mains) {
        if (!mains) {
            enter(State.UNPOWERED);
            watts = 0;
        } else if (state == State.UNPOWERED) boot();
    }

    void boot() {
        enter(State.BOOTING);
        bootedNanos = elapsedNanos;
        watts = IDLE_WATTS;
    }

    private void enter(State next) {
        if (state == next && next == State.UNPOWERED) return;
        state = next;
        stateSeconds = 0;
    }

    private void substep(double seconds, double ambientCelsius) {
        transitions();
        if (hashing() && !hashed) starts++;
        hashed = hashing();
        double target = hashing() ? model.watts(pair).value() : IDLE_WATTS;
        if (state == State.UNPOWERED) watts = 0;
        else watts = target + (watts - target) * Math.exp(-seconds / (hashing() ? RAMP_SECONDS : 1));
        turnFan(seconds);
        warmth.advance(seconds, watts, fan, ambientCelsius);
        stateSeconds += seconds;
    }

    private void transitions() {
        boolean tooHot = chipCelsius() > AxeOsModel.CHIP_MAXIMUM_CELSIUS
                || (!regulatorHot && regulatorCelsius() > AxeOsModel.REGULATOR_MAXIMUM_CELSIUS);
        switch (state) {
            case BOOTING -> {
                if (stateSeconds >= BOOT_SECONDS) enter(State.RUNNING);
            }
            case RUNNING -> {
                if (tooHot) {
                    enter(State.COOLING);
                    protecting = true;
                    autoFan = false;
                    pair = new Pair(
                            Math.max(LEAST_MEGAHERTZ, pair.megahertz() - LOWER_BY),
                            Math.max(LEAST_MILLIVOLTS, pair.millivolts() - LOWER_BY));
                }
            }
            case COOLING -> {
                if (stateSeconds >= PROTECTED_SECONDS
                        && chipCelsius() < COOL_CHIP
                        && regulatorCelsius() < COOL_REGULATOR) boot();
            }
            case UNPOWERED -> {}
        }
    }

    private void turnFan(double seconds) {
        double error = chipCelsius() - TARGET_CELSIUS;
        if (fanFailed || state == State.UNPOWERED) fan = 0;
        else if (state == State.COOLING || !autoFan) fan = 1;
        else if (hashing() || state == State.BOOTING) {
            fanIntegral = Math.clamp(fanIntegral + FAN_INTEGRAL * error * seconds, 0, 1);
            fan = Math.clamp(fanIntegral + FAN_PROPORTIONAL * error, FAN_MINIMUM, 1);
        } else fan = poolsLost || chipCelsius() > FAN_STOP_CELSIUS ? FAN_POOLS_LOST : 0;
    }

    void set(Pair wanted) {
        pair = wanted;
    }

    void pause(boolean pause) {
        paused = pause;
    }

    void endProtection() {
        protecting = false;
        autoFan = true;
    }

    boolean powered() {
        return state != State.UNPOWERED;
    }

    @Override
    public int starts() {
        return starts;
    }

    @Override
    public boolean hashing() {
        return state == State.RUNNING && !paused && !poolsLost;
    }

    boolean paused() {
        return paused;
    }

    boolean protecting() {
        return protecting;
    }

    boolean autoFan() {
        return autoFan;
    }

    Pair pair() {
        return pair;
    }

    @Override
    public double watts() {
        return watts;
    }

    @Override
    public double chipCelsius() {
        return warmth.chipCelsius;
    }

    /** It sits on the board beside the chips and is warmer by what it loses. */
    double regulatorCelsius() {
        double above = regulatorHot ? REGULATOR_ABOVE_CHIP_UNCOOLED : REGULATOR_ABOVE_CHIP;
        return warmth.chipCelsius + above * watts / model.watts(model.usual()).value();
    }

    double fan() {
        return fan;
    }

    double fanRpm() {
        return fan * FAN_MAXIMUM_RPM;
    }

    double hashrate() {
        return hashing()
                ? model.hashrate(pair).value()
                        * Math.min(1, watts / model.watts(pair).value())
                : 0;
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

    long uptimeSeconds() {
        return (elapsedNanos - bootedNanos) / STEP_NANOS;
    }
}
