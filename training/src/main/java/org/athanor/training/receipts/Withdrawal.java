package org.athanor.training.receipts;

import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;

/**
 * That receipts of a worker are not to be paid: it was caught, and since the round {@code after} nobody has seen that it worked.
 *
 * @param job         as in its receipts
 * @param after       the last round whose receipt stays good; -1 for none
 * @param reason      for people
 * @param coordinator Ed25519 signature of all before it, in Base64
 */
public record Withdrawal(String job, String worker, long after, String reason, String coordinator) {
    /** Signed. */
    public static Withdrawal of(String job, String worker, long after, String reason, PrivateKey coordinator) {
        var open = new Withdrawal(job, worker, after, reason, "");
        return new Withdrawal(job, worker, after, reason, Ed25519.sign(coordinator, open.bytes()));
    }

    /** @param publicKey of the coordinator, in Base64 */
    public boolean isSignedBy(String publicKey) {
        return Ed25519.signed(publicKey, bytes(), coordinator);
    }

    private byte[] bytes() {
        return String.join("\n", "athanor withdrawal 1", job, worker, Long.toString(after), reason, "")
                .getBytes(StandardCharsets.UTF_8);
    }
}
