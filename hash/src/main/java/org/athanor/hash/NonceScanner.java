package org.athanor.hash;

/**
 * Searches nonces. Not sealed: faster scanners may come from modules of their own. Every scanner must find exactly what
 * the plain one finds. Scanners hold no state, so threads may share one.
 */
public interface NonceScanner {
    /** Short and lower-case, for display. */
    String name();

    /**
     * Tries nonces {@code first}, {@code first + 1}, ... in that order, wrapping around after 2³² - 1.
     *
     * @param header 80 bytes; its own nonce is ignored, and it is not written
     * @param count how many, unsigned
     * @param found told of each hash that meets {@code target}, on the calling thread
     * @return nonces tried, always {@code count} read as unsigned
     */
    long scan(byte[] header, Target target, int first, int count, NonceSink found);

    /** Takes what a scan finds. */
    interface NonceSink {
        /** @param hash 32 bytes in internal order, the receiver's to keep */
        void found(int nonce, byte[] hash);
    }
}
