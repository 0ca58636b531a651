package org.athanor.conformance.broken.network;

/** Something of network for others to know. */
public final class Pool {
    private Pool() {}

    public static void use() {}
}
