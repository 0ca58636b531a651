package org.athanor.conformance.broken.hash;

/** Something of hash for others to know. */
public final class Header {
    private Header() {}

    public static void use() {}
}
