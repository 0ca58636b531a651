package org.athanor.stratum;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import org.athanor.stratum.ShareVerdict.Reason;
import org.athanor.stratum.ShareVerdict.Rejected;

/**
 * How pools say no. Three forms are about: {@code "error":[23,"msg",null]} (most), {@code "error":{"code":23,
 * "message":"msg"}} (Miningcore), and {@code "result":false,"error":null,"reject-reason":"msg"} (ckpool).
 */
final class PoolReply {
    private PoolReply() {}

    static boolean accepted(JsonNode reply) {
        var error = reply.path("error");
        boolean noError = error.isMissingNode() || error.isNull() || (error.isBoolean() && !error.asBoolean());
        return noError && reply.path("result").asBoolean(false);
    }

    /** The refusal in a reply that is not {@link #accepted}. */
    static Rejected rejection(JsonNode reply) {
        var error = reply.path("error");
        if (error.isArray()) return ofCode(error.path(0), Json.clean(error.path(1)));
        if (error.isObject()) return ofCode(error.path("code"), Json.clean(error.path("message")));
        var words = error.isTextual() ? Json.clean(error) : Json.clean(reply.path("reject-reason"));
        return words.isEmpty() ? new Rejected(Reason.OTHER, "refused without a reason") : ofWords(words);
    }

    private static Rejected ofCode(JsonNode code, String message) {
        return new Rejected(Reason.ofCode(code.asInt()), message);
    }

    /** ckpool's words, stratifier.c: "Stale", "Duplicate", "Above target", "Invalid JobID", "Worker mismatch". */
    private static Rejected ofWords(String words) {
        var lower = words.toLowerCase(Locale.ROOT);
        var reason = lower.contains("stale") || lower.contains("job")
                ? Reason.JOB_NOT_FOUND
                : lower.contains("dup")
                        ? Reason.DUPLICATE
                        : lower.contains("target") || lower.contains("low diff")
                                ? Reason.LOW_DIFFICULTY
                                : lower.contains("auth") || lower.contains("worker")
                                        ? Reason.UNAUTHORIZED
                                        : lower.contains("subscri") ? Reason.NOT_SUBSCRIBED : Reason.OTHER;
        return new Rejected(reason, words);
    }
}
