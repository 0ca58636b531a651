package org.athanor.training.receipts;

import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;

/**
 * Work that counted: the worker's claim under its signature, and the coordinator's under that.
 *
 * @param claim     by the worker
 * @param flops     floating-point operations of the work: the claim's tokens times those of the model
 * @param workerKey public key of the worker, as it told it at joining
 * @param worker    its signature of the claim
 * @param coordinator signature of all of the above
 */
public record Receipt(WorkClaim claim, double flops, String workerKey, String worker, String coordinator) {
    /** Countersigns a claim. */
    public static Receipt of(WorkClaim claim, double flops, String workerKey, String worker, PrivateKey coordinator) {
        var open = new Receipt(claim, flops, workerKey, worker, "");
        return new Receipt(claim, flops, workerKey, worker, Ed25519.sign(coordinator, open.bytes()));
    }

    private byte[] bytes() {
        var claimed = new String(claim.bytes(), StandardCharsets.UTF_8);
        return (claimed + String.join("\n", "athanor receipt 1", Double.toString(flops), workerKey, worker, ""))
                .getBytes(StandardCharsets.UTF_8);
    }

    /**
     * What is wrong with it; null when nothing is.
     *
     * @param knownWorkerKey that the worker told at joining
     * @param coordinatorKey public
     */
    public String problem(String knownWorkerKey, String coordinatorKey) {
        if (!workerKey.equals(knownWorkerKey)) {
            return claim.worker() + " joined with another key";
        }
        if (!Ed25519.signed(workerKey, claim.bytes(), worker)) {
            return claim.worker() + " did not sign this claim";
        }
        return Ed25519.signed(coordinatorKey, bytes(), coordinator) ? null : "the coordinator did not sign this";
    }
}
