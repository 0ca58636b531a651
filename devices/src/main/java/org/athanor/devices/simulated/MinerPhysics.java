package org.athanor.devices.simulated;

/** What every simulated miner's inside tells. */
interface MinerPhysics {
    double watts();

    double electricityJoules();

    double heatJoules();

    double storedJoules();

    /** Of the hottest chip, in truth. */
    double chipCelsius();

    boolean hashing();

    /** How often its hash boards were powered to tune or to hash, also where that came to nothing. */
    int starts();
}
