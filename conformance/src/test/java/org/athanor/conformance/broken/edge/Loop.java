package org.athanor.conformance.broken.edge;

/** Something of edge for others to know. */
public final class Loop {
    private Loop() {}

    public static void use() {}
}
