package org.athanor.hash;

/** The scanners of this module. */
public final class NonceScanners {
    private static final NonceScanner PLAIN = new PlainScanner();
    private static final NonceScanner DIGEST = new DigestScanner();

    private NonceScanners() {}

    /** SHA-256 written out in Java: slow, readable, what every other scanner is measured against. */
    public static NonceScanner plain() {
        return PLAIN;
    }

    /** By {@code MessageDigest}, which HotSpot replaces by the processor's SHA instructions where there are any. */
    public static NonceScanner digest() {
        return DIGEST;
    }

    /** The fastest that is here. Without SHA instructions the JDK's own SHA-256 is still no slower than the plain one. */
    public static NonceScanner best() {
        return DIGEST;
    }
}
