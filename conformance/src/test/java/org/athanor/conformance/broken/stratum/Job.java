package org.athanor.conformance.broken.stratum;

/** Something of stratum for others to know. */
public final class Job {
    private Job() {}

    public static void use() {}
}
