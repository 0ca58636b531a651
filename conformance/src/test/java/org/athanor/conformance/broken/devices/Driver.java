package org.athanor.conformance.broken.devices;

/** Something of devices for others to know. */
public final class Driver {
    private Driver() {}

    public static void use() {}
}
