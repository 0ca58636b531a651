package org.athanor.training.receipts;

import java.nio.charset.StandardCharsets;

/**
 * What a worker says of its round.
 *
 * @param job    the job's {@code id}
 * @param round  from 0
 * @param worker its name in the job
 * @param update hash of the object that it sent
 * @param tokens that it learned from
 * @param joules metered by its heater; null where nothing meters
 */
public record WorkClaim(String job, long round, String worker, String update, long tokens, Double joules) {
    /** What is signed: a line for each field, in this order. */
    public byte[] bytes() {
        return String.join(
                        "\n",
                        "athanor work 1",
                        job,
                        Long.toString(round),
                        worker,
                        update,
                        Long.toString(tokens),
                        joules == null ? "" : Double.toString(joules),
                        "")
                .getBytes(StandardCharsets.UTF_8);
    }
}
