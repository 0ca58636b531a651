package org.athanor.stratum;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.regex.Pattern;
import org.athanor.hash.Hex;

/**
 * Parameters of {@code mining.submit}, as text: what is wrong with them is said later, by {@link #problem}. The server
 * and the relay read them alike, so both see the same share.
 *
 * @param versionBits empty when none were sent
 */
record Submission(String user, String jobId, String extranonce2, String ntime, String nonce, String versionBits) {
    /** Without leading zeros too: NerdMiner leaves them out of one nonce in 16. */
    private static final Pattern WORD = Pattern.compile("[0-9a-fA-F]{1,8}");

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
        if (!extranonce2.matches("[0-9a-fA-F]{" + 2 * job.extranonce2Size() + "}"))
            return Optional.of("extranonce2 has " + 2 * job.extranonce2Size() + " hex digits");
        if (!WORD.matcher(ntime).matches()) return Optional.of("ntime has 8 hex digits");
        if (!WORD.matcher(nonce).matches()) return Optional.of("nonce has 8 hex digits");
        if (!versionBits.isEmpty() && !WORD.matcher(versionBits).matches())
            return Optional.of("version bits have 8 hex digits");
        if ((rolledBits() & ~job.versionMask()) != 0)
            return Optional.of("version bits outside the mask " + Hex.encode(job.versionMask()));
        return Optional.empty();
    }

    byte[] header(MiningJob job) {
        return job.header(extranonce2Bytes(), ntimeWord(), rolledBits(), Integer.parseUnsignedInt(nonce, 16));
    }

    byte[] extranonce2Bytes() {
        return Hex.decode(extranonce2);
    }

    int ntimeWord() {
        return Integer.parseUnsignedInt(ntime, 16);
    }

    private int rolledBits() {
        return versionBits.isEmpty() ? 0 : Integer.parseUnsignedInt(versionBits, 16);
    }
}
