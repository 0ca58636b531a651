package org.athanor.stratum;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import org.athanor.hash.Hex;

/**
 * Parameters of {@code mining.submit}, as text: what is wrong with them is said later, by {@link #problem}. The server
 * and the relay read them alike, so both see the same share.
 *
 * @param versionBits empty when none were sent
 */
record Submission(String user, String jobId, String extranonce2, String ntime, String nonce, String versionBits) {
    static Submission parse(JsonNode params) {
        return new Submission(
                text(params, 0),
                text(params, 1),
                padded(Json.clean(params.path(2)).stripTrailing()),
                text(params, 3),
                text(params, 4),
                text(params, 5));
    }

    /** With zeros for the spaces that NerdMiner may put before an extranonce. */
    private static String padded(String number) {
        var digits = number.stripLeading();
        return "0".repeat(number.length() - digits.length()) + digits;
    }

    private static String text(JsonNode params, int index) {
        return Json.clean(params.path(index)).strip();
    }

    /** Why no header can be built, if so. */
    Optional<String> problem(MiningJob job) {
        int digits = 2 * job.extranonce2Size();
        if (extranonce2.length() != digits || !hex(extranonce2))
            return Optional.of("extranonce2 has " + digits + " hex digits");
        if (!word(ntime)) return Optional.of("ntime has 8 hex digits");
        if (!word(nonce)) return Optional.of("nonce has 8 hex digits");
        if (!versionBits.isEmpty() && !word(versionBits)) return Optional.of("version bits have 8 hex digits");
        if ((rolledBits() & ~job.versionMask()) != 0)
            return Optional.of("version bits outside the mask " + Hex.encode(job.versionMask()));
        return Optional.empty();
    }

    /** Without leading zeros too: NerdMiner leaves them out of one nonce in 16. */
    private static boolean word(String text) {
        return !text.isEmpty() && text.length() <= 8 && hex(text);
    }

    private static boolean hex(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))) return false;
        }
        return true;
    }

    byte[] header(MiningJob job) {
        return job.header(extranonce2Bytes(), ntimeWord(), rolledBits(), nonceWord());
    }

    byte[] extranonce2Bytes() {
        return Hex.decode(extranonce2);
    }

    int ntimeWord() {
        return Integer.parseUnsignedInt(ntime, 16);
    }

    int nonceWord() {
        return Integer.parseUnsignedInt(nonce, 16);
    }

    int rolledBits() {
        return versionBits.isEmpty() ? 0 : Integer.parseUnsignedInt(versionBits, 16);
    }
}
