package org.athanor.edge.mining;

/**
 * How a worker's connection and books stand.
 *
 * @param connected whether the pool has let it in
 * @param connection one sentence: to what it is connected, or why it is not and when it tries again
 * @param waiting shares submitted whose verdict has not come yet
 * @param unanswered shares whose connection broke before their verdict came: the pool may have counted them or not
 * @param dropped shares found and never submitted, since their job was stale by then or the pool was too slow
 * @param unpaid hashes tried for the heat alone, while there was no job
 * @param sinkFailures verdicts that the share sink did not take
 * @param lastProblem the last thing that went wrong, empty when nothing did
 */
public record MiningStatus(
        boolean connected,
        String connection,
        long waiting,
        long unanswered,
        long dropped,
        long unpaid,
        long sinkFailures,
        String lastProblem) {}
