package org.athanor.stratum;

/** What the chain said to a block. */
public sealed interface BlockVerdict {
    /** @param hash display order */
    record Accepted(int height, String hash) implements BlockVerdict {}

    /**
     * @param reason in the words of Bitcoin Core (BIP 22) where it has words for it; {@code inconclusive} for a valid
     *     block that came second, which a reorganisation may still bring into the chain
     */
    record Refused(String reason) implements BlockVerdict {}
}
