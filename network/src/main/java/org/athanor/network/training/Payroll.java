package org.athanor.network.training;

import java.io.IOException;
import org.athanor.training.receipts.WorkClaim;

/** Who is owed what for work on a job. What is made of it - receipts, entries in a ledger, nothing - is for those who run the job. */
public interface Payroll {
    /**
     * Work that counted.
     *
     * @param claim     what the worker says of its round
     * @param flops     floating-point operations: the claim's tokens times those of the model
     * @param publicKey with which the worker signs; null when it told none
     * @param signature of the claim by that key, found right; null of a worker that wants no receipt
     */
    record Work(WorkClaim claim, double flops, String publicKey, String signature) {}

    /**
     * Credits a worker, before the state after the round is written and told. A coordinator that dies in between ends the round
     * once more and credits the same work again: worker and round of a job are credited once.
     *
     * @throws IOException when it could not be kept: then the round does not end, and the job stops
     */
    void credit(Work work) throws IOException;

    /**
     * A worker was caught: what it was credited for since it was last seen to work is taken back. As with credits, the same may be told again.
     *
     * @param after  the last round that was done again and found right; -1 when none was
     * @param reason for people
     * @throws IOException when it could not be kept: then the round does not end, and the job stops
     */
    void withdraw(String worker, long after, String reason) throws IOException;
}
