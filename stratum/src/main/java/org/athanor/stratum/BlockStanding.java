package org.athanor.stratum;

/** Where a block stands in a node's eyes. */
public sealed interface BlockStanding {
    /** @param confirmations 1 at the tip */
    record InChain(int height, int confirmations) implements BlockStanding {}

    /** Known, and not in the best chain. */
    record Aside(int height) implements BlockStanding {}

    /** The node has never seen it, or has lost it. */
    record Unknown() implements BlockStanding {}
}
