package org.athanor.stratum;

/** The message is the reason, in Bitcoin Core's words. */
final class BlockRefused extends Exception {
    private static final long serialVersionUID = 1L;

    BlockRefused(String reason) {
        super(reason);
    }
}
