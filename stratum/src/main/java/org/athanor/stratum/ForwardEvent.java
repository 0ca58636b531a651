package org.athanor.stratum;

import org.athanor.hash.Target;

/**
 * A share that met the upstream pool's target too, and what that pool said to it.
 *
 * @param user of the miner that found it
 * @param hash 64 hex digits in display order
 * @param upstream the pool's name: its address, without the account's secrets
 * @param target that the upstream pool had asked for
 */
public record ForwardEvent(String user, String hash, String upstream, Target target, ForwardOutcome outcome) {}
