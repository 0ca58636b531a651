package org.athanor.devices.catalogue;

/**
 * Work that is not mining, sold by the hour.
 *
 * @param perHour what the host gets for an hour that is sold, in {@code currency}
 * @param currency ISO 4217
 * @param occupancy share of the hours offered that are sold, 0 to 1
 */
public record OtherWork(String what, Figure perHour, String currency, Figure occupancy) {
    public OtherWork {
        if (!(occupancy.value() >= 0 && occupancy.value() <= 1))
            throw new IllegalArgumentException(what + ": occupancy " + occupancy.value() + " (0 to 1)");
    }

    /** Expected pay of an hour in which the machine is offered. */
    public double expectedPerHour() {
        return perHour.value() * occupancy.value();
    }
}
