package org.athanor.conformance.broken.simulation;

/** Something of simulation for others to know. */
public final class World {
    private World() {}

    public static void use() {}
}
