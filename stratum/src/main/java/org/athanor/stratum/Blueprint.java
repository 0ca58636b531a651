package org.athanor.stratum;

import org.athanor.hash.Target;

/** Work before it is cut to a connection: what the jobs of all connections have in common. */
sealed interface Blueprint permits PreparedTemplate, UpstreamWork {
    /** Bytes by which connections' coinbases differ, and that miners count up. */
    int extranonce1Size();

    int extranonce2Size();

    /** Version bits that miners may choose. */
    int versionMask();

    /** What no share has to be harder than: a hash that meets it goes where the work came from. */
    Target hardest();

    /** Latest time to put in a header, seconds since 1970. */
    long maximumTime();

    /** @param number makes the coinbase unlike any other's where the work allows it, and is the id */
    JobBody body(int number);

    /** Whether shares of {@code other} are still worth something now that this is the newest. */
    boolean keeps(Blueprint other);
}
