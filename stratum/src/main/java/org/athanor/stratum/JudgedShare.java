package org.athanor.stratum;

/**
 * A share that has its verdict, which its miner has not been told yet.
 *
 * @param id of the miner's request, as JSON
 * @param entry the job; null if it is unknown
 * @param hash internal order; null if no header could be built
 * @param rest what an upstream pool must be told if the share meets its target too
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record JudgedShare(
        ServerConnection connection, byte[] id, ShareEvent event, JobBook.Entry entry, byte[] hash, Submission rest) {}
