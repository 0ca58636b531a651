package org.athanor.devices.simulated;

import java.time.Duration;
import java.util.Set;

/**
 * What a simulated Whatsminer is, whatever its API: a power limit, a change of which restarts mining, a share of it for the time
 * being, half an hour until it is stable, and errors that it numbers. Not safe for several threads: its owner guards it.
 */
final class WhatsminerMachine {
    static final int NAMEPLATE_WATTS = 3400;
    static final int LEAST_WATTS = 1500;
    private static final double JOULES_PER_TERAHASH = 38;
    private static final RackPhysics.Constants CONSTANTS = new RackPhysics.Constants(
            new ChipsInCase.Constants(2500, 9000, 110, 5, 260), 60, 1500, 20, 20, 80, 102, 6500);

    final RackPhysics physics = new RackPhysics(CONSTANTS, NAMEPLATE_WATTS, JOULES_PER_TERAHASH);
    private final Faults faults;
    private int limit = NAMEPLATE_WATTS;
    private int percent = 100;

    WhatsminerMachine(Faults faults) {
        this.faults = faults;
    }

    static Set<Fault> shows() {
        return CgminerWire.with(
                Fault.WRONG_PASSWORD,
                Fault.FORGETS_SESSION,
                Fault.IGNORES_COMMANDS,
                Fault.REFUSES_COMMANDS,
                Fault.CHANGED_FIRMWARE,
                Fault.RESTARTS,
                Fault.POOLS_LOST,
                Fault.FOREIGN_POOL,
                Fault.LIES_ABOUT_WATTS,
                Fault.FAN_FAILED);
    }

    void physicalFaults() {
        physics.poolsLost = faults.contains(Fault.POOLS_LOST);
        physics.fanFailed = faults.contains(Fault.FAN_FAILED);
        physics.restarts = faults.contains(Fault.RESTARTS);
    }

    void advance(Duration step, double ambientCelsius, boolean mains) {
        physics.advance(step, ambientCelsius, mains);
        if (!physics.hashing()) percent = 100; // a share is lost with mining
        target();
    }

    private void target() {
        physics.target(limit * percent / 100.0, JOULES_PER_TERAHASH);
    }

    private boolean obeys() {
        return !faults.contains(Fault.IGNORES_COMMANDS);
    }

    void stop() {
        if (obeys()) physics.sleep();
    }

    void start() {
        if (obeys()) physics.wake();
    }

    /** @return false if it is beyond what it takes */
    boolean limit(int watts) {
        if (watts < LEAST_WATTS || watts > NAMEPLATE_WATTS) return false;
        if (!obeys()) return true;
        limit = watts;
        percent = 100;
        target();
        physics.restartMining();
        return true;
    }

    /** @return false while it is not stable, or for no share */
    boolean percent(int share) {
        if (!physics.hashing() || share < 1 || share > 100) return false;
        if (obeys()) percent = share;
        target();
        return true;
    }

    int limit() {
        return limit;
    }

    boolean off() {
        return physics.asleep();
    }

    boolean stable() {
        return physics.hashing();
    }

    double shownWatts() {
        return physics.watts() * (faults.contains(Fault.LIES_ABOUT_WATTS) ? 0.5 : 1);
    }

    /** Its maker's number for an error of the kind, or nothing. */
    String error() {
        if (physics.state() == RackPhysics.State.FAULT) return "350"; // too hot
        return physics.fanFailed && !off() ? "110" : ""; // a fan's speed cannot be read
    }
}
