package org.athanor.conformance.broken.comfort;

/** Something of comfort for others to know. */
public final class Room {
    private Room() {}

    public static void use() {}
}
