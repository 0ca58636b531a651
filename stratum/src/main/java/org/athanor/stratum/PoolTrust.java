package org.athanor.stratum;

import java.util.Locale;

/** Which certificate a pool must show when it is reached by TLS. */
public sealed interface PoolTrust {
    /** One that an authority of Java's own store gave to the pool's name. */
    record SystemStore() implements PoolTrust {}

    /**
     * This very one, whoever gave it, whatever its name and however old.
     *
     * @param sha256 of the certificate's DER: 64 hex digits, with or without colons between the bytes
     */
    record Pinned(String sha256) implements PoolTrust {
        /** @throws IllegalArgumentException unless it is a SHA-256 */
        public Pinned {
            sha256 = sha256.replace(":", "").toLowerCase(Locale.ROOT);
            if (!sha256.matches("[0-9a-f]{64}"))
                throw new IllegalArgumentException("certificate \"" + Json.clean(sha256)
                        + "\": accepted is its SHA-256, 64 hex digits with or without colons");
        }
    }
}
