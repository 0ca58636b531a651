package org.athanor.stratum;

import java.time.Instant;
import java.util.Optional;

/**
 * How a source of templates stands with its node.
 *
 * @param connected whether the node gave a template when it was asked last; when not, templates may be of an old tip
 * @param problem what is wrong now, in words for people; empty when all is well
 * @param chain as the node names it: main, test, testnet4, signet, regtest; empty before its first answer
 * @param height of the block that is mined now; 0 before the first template
 * @param templateAt when the present template came; empty before the first
 * @param templates that came since the start
 * @param tipChanges among them, of another tip than the one before
 * @param notifications received by ZMQ
 */
public record NodeStatus(
        boolean connected,
        Optional<String> problem,
        Optional<String> chain,
        int height,
        Optional<Instant> templateAt,
        long templates,
        long tipChanges,
        long notifications) {}
