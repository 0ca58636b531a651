package org.athanor.stratum;

import org.athanor.hash.Target;

/**
 * A submitted share and its verdict.
 *
 * @param user as submitted, cut to a sane length
 * @param agent what the miner calls itself, empty when it did not say
 * @param jobId as submitted
 * @param hash 64 hex digits in display order; empty when no header could be built from what was submitted
 * @param target what the share had to meet; {@link Target#MAX} when the job is unknown
 */
public record ShareEvent(String user, String agent, String jobId, String hash, Target target, ShareVerdict verdict) {}
