package org.athanor.devices.simulated;

import java.math.BigInteger;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.athanor.devices.avalon.AvalonModel;

/**
 * The inside of a simulated Avalon: what it does, how warm it gets, and its books. No sockets, no clock.
 *
 * <p>Explicit steps of at most a second are stable, since the shortest time constant is 5 s; 60 of them cost a few
 * microseconds.
 */
final class AvalonPhysics implements MinerPhysics {
    private static final long STEP_NANOS = 1_000_000_000;

    private static final double BOOT_SECONDS = 30;
    private static final double BOOT_WATTS = 25;
    private static final double RAMP_SECONDS = 15;
    /** Seen on a Q: 146 W just after a soft stop, 17 W settled. How fast it falls is ours. */
    private static final double SOFT_OFF_WATTS = 146;

    private static final double STANDBY_WATTS = 17;
    private static final double SOFT_OFF_DECAY_SECONDS = 90;

    private static final double FAN_MINIMUM = 0.15;
    private static final double FAN_RUN_ON = 0.3;
    private static final double FAN_STOP_CELSIUS = 45;
    /** Proportional and integral gain per kelvin; their ratio is about the body's time constant, so it does not hunt. */
    private static final double FAN_PROPORTIONAL = 0.05;

    private static final double FAN_INTEGRAL = 0.0005;

    /** Ours, plausible for the sizes of the devices; only target, fault and fan figures of the Nano 3S were seen. */
    private record Constants(
            ChipsInCase.Constants warmth,
            double targetCelsius,
            double faultCelsius,
            double cutOutCelsius,
            double cutInCelsius,
            double calibrationSeconds,
            double fanMaximumRpm,
            double decibelsAtHalfSpeed) {
        static Constants of(AvalonModel model) {
            return switch (model) {
                case NANO_3, NANO_3S ->
                    new Constants(new ChipsInCase.Constants(60, 400, 11, 0.25, 6), 90, 113, 108, 65, 120, 4600, 36);
                case MINI_3 ->
                    new Constants(new ChipsInCase.Constants(300, 1800, 40, 1.5, 25), 85, 110, 102, 60, 180, 3200, 38);
                case Q ->
                    new Constants(new ChipsInCase.Constants(600, 3500, 100, 3, 75), 65, 95, 92, 55, 180, 4500, 45);
                case A15 ->
                    new Constants(new ChipsInCase.Constants(2500, 9000, 300, 5, 150), 75, 97, 92, 55, 300, 7000, 68);
            };
        }
    }

    enum State {
        UNPOWERED,
        BOOTING,
        CALIBRATING,
        WORKING,
        SOFT_OFF,
        FAULT
    }

    private final AvalonModel model;
    private final Constants constants;
    /** How long it hashed in each level, the base of {@link #nominalHashes}. */
    private final long[] hashingNanos;

    private State state = State.UNPOWERED;
    private double stateSeconds;
    private int starts;
    private boolean cutOut;
    private int workMode;
    private int workLevel;
    private OptionalLong softOffAt = OptionalLong.empty();
    private OptionalLong softOnAt = OptionalLong.empty();

    private final ChipsInCase warmth;
    private double ambientCelsius = ChipsInCase.START_CELSIUS;
    private double fan;
    private double fanIntegral;
    private double fanFixed = -1;
    private double watts;
    private long elapsedNanos;
    private long bootedNanos;

    boolean fanFailed;
    /** Without work it idles; what the real firmware does then was not seen. */
    boolean poolsLost;

    boolean protectionFailed;

    /** It has never been switched on; its last mode is the middle one. */
    AvalonPhysics(AvalonModel model) {
        this.model = model;
        this.constants = Constants.of(model);
        this.warmth = new ChipsInCase(constants.warmth);
        var levels = model.heatingLevels();
        this.hashingNanos = new long[levels.size()];
        var middle = levels.get(levels.size() / 2);
        this.workMode = middle.workMode().orElse(0);
        this.workLevel = middle.workLevel().orElse(0);
    }

    /** @param clockAtStart its own clock at the start of the step, in seconds since 1970 */
    void advance(Duration step, double ambient, boolean mains, long clockAtStart) {
        ambientCelsius = ambient;
        power(mains);
        long left = step.toNanos();
        long before = elapsedNanos;
        while (left > 0) {
            long nanos = Math.min(left, STEP_NANOS);
            power(mains);
            softSwitch(clockAtStart + (elapsedNanos - before) / STEP_NANOS);
            substep(nanos);
            left -= nanos;
        }
    }

    private void power(boolean mains) {
        if (cutOut ? warmth.caseCelsius <= constants.cutInCelsius : warmth.caseCelsius >= constants.cutOutCelsius)
            cutOut = !cutOut;
        boolean powered = mains && !cutOut;
        if (!powered && state != State.UNPOWERED) {
            enter(State.UNPOWERED);
            softOffAt = OptionalLong.empty();
            softOnAt = OptionalLong.empty();
            fanFixed = -1;
        }
        if (powered && state == State.UNPOWERED) boot();
        if (!powered) watts = 0;
    }

    void boot() {
        enter(State.BOOTING);
        bootedNanos = elapsedNanos;
        watts = BOOT_WATTS;
    }

    private void enter(State next) {
        state = next;
        stateSeconds = 0;
        if (next == State.CALIBRATING) starts++;
    }

    private void softSwitch(long clock) {
        if (softOffAt.isPresent() && clock >= softOffAt.getAsLong()) {
            softOffAt = OptionalLong.empty();
            if (state != State.UNPOWERED && state != State.SOFT_OFF) enter(State.SOFT_OFF);
        }
        if (softOnAt.isPresent() && clock >= softOnAt.getAsLong()) {
            softOnAt = OptionalLong.empty();
            if (state == State.SOFT_OFF) enter(State.CALIBRATING);
        }
    }

    private void substep(long nanos) {
        double seconds = nanos / 1e9;
        transitions();
        watts = target(seconds);
        turnFan(seconds);
        warmth.advance(seconds, watts, fan, ambientCelsius);
        if (hashing()) hashingNanos[level() - 1] += nanos;
        stateSeconds += seconds;
        elapsedNanos += nanos;
    }

    private void transitions() {
        switch (state) {
            case BOOTING -> {
                if (stateSeconds >= BOOT_SECONDS) enter(State.CALIBRATING);
            }
            case CALIBRATING -> {
                if (stateSeconds >= constants.calibrationSeconds) enter(State.WORKING);
            }
            case WORKING, SOFT_OFF, FAULT, UNPOWERED -> {}
        }
        boolean heating = state == State.CALIBRATING || state == State.WORKING;
        if (heating && warmth.chipCelsius >= constants.faultCelsius && !protectionFailed) enter(State.FAULT);
    }

    private double target(double seconds) {
        double full = levelData().power().value();
        return switch (state) {
            case UNPOWERED -> 0;
            case BOOTING, FAULT -> BOOT_WATTS;
            case CALIBRATING -> full * (0.3 + 0.5 * stateSeconds / constants.calibrationSeconds);
            case WORKING -> poolsLost ? STANDBY_WATTS : full + (watts - full) * Math.exp(-seconds / RAMP_SECONDS);
            case SOFT_OFF ->
                STANDBY_WATTS + (SOFT_OFF_WATTS - STANDBY_WATTS) * Math.exp(-stateSeconds / SOFT_OFF_DECAY_SECONDS);
        };
    }

    private void turnFan(double seconds) {
        double error = warmth.chipCelsius - constants.targetCelsius;
        fan = switch (state) {
            case UNPOWERED -> 0;
            case FAULT -> 1;
            case SOFT_OFF -> warmth.chipCelsius > FAN_STOP_CELSIUS ? FAN_RUN_ON : 0;
            case BOOTING, CALIBRATING, WORKING -> {
                fanIntegral = Math.clamp(fanIntegral + FAN_INTEGRAL * error * seconds, 0, 1);
                yield fanFixed >= 0 ? fanFixed : Math.clamp(fanIntegral + FAN_PROPORTIONAL * error, FAN_MINIMUM, 1);
            }
        };
        if (fanFailed) fan = 0;
    }

    /** Stores a mode; a change of it interrupts work with a new calibration. */
    void setWork(int mode, int level) {
        int before = level();
        workMode = mode;
        workLevel = level;
        if (level() == before) return;
        fanFixed = -1;
        if (state == State.WORKING) enter(State.CALIBRATING);
    }

    void scheduleSoftOff(long clock) {
        softOffAt = OptionalLong.of(clock);
        softOnAt = OptionalLong.empty();
    }

    void scheduleSoftOn(long clock) {
        softOnAt = OptionalLong.of(clock);
        softOffAt = OptionalLong.empty();
    }

    /** @param speed 0 to 1, negative for automatic */
    void fixFan(double speed) {
        fanFixed = speed;
    }

    private int level() {
        return model.levelOf(OptionalInt.of(workMode), OptionalInt.of(workLevel))
                .orElseThrow(() -> new IllegalStateException("mode " + workMode + ", level " + workLevel));
    }

    AvalonModel.Level levelData() {
        return model.heatingLevels().get(level() - 1);
    }

    State state() {
        return state;
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
        return state == State.WORKING && !poolsLost;
    }

    boolean cutOut() {
        return cutOut;
    }

    int workMode() {
        return workMode;
    }

    int workLevel() {
        return workLevel;
    }

    @Override
    public double watts() {
        return watts;
    }

    @Override
    public double chipCelsius() {
        return warmth.chipCelsius;
    }

    double bodyCelsius() {
        return warmth.caseCelsius;
    }

    double ambientCelsius() {
        return ambientCelsius;
    }

    double targetCelsius() {
        return constants.targetCelsius;
    }

    double fan() {
        return fan;
    }

    double fanRpm() {
        return fan * constants.fanMaximumRpm;
    }

    /** Sound power of a fan goes with the fifth power of its speed. */
    double noiseDecibels() {
        double quietest = 20;
        return fan == 0 ? quietest : Math.max(quietest, constants.decibelsAtHalfSpeed + 50 * Math.log10(fan / 0.5));
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

    long elapsedNanos() {
        return elapsedNanos;
    }

    long uptimeSeconds() {
        return (elapsedNanos - bootedNanos) / STEP_NANOS;
    }

    BigInteger nominalHashes() {
        var sum = BigInteger.ZERO;
        for (int i = 0; i < hashingNanos.length; i++) {
            long perSecond = (long) model.heatingLevels().get(i).hashrate().value();
            sum = sum.add(BigInteger.valueOf(hashingNanos[i]).multiply(BigInteger.valueOf(perSecond)));
        }
        return sum.divide(BigInteger.valueOf(STEP_NANOS));
    }

    /** Mean over the time in which it hashed: the reason why GHSavg stays high when it is idle. */
    double meanHashrate() {
        long nanos = 0;
        for (long each : hashingNanos) nanos += each;
        return nanos == 0 ? 0 : nominalHashes().doubleValue() / (nanos / 1e9);
    }

    double hashrate() {
        return hashing()
                ? levelData().hashrate().value() * watts / levelData().power().value()
                : 0;
    }
}
