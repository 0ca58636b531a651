package org.athanor.stratum;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import org.athanor.hash.Hex;
import org.athanor.hash.Target;

/**
 * What a miner's end knows from the pool's messages. Used by the client and, reading along, by the relay. Not for
 * several threads at once.
 */
final class Session {
    private static final int MOST_EXTRANONCE = 32;

    private MiningJob.Terms terms =
            new MiningJob.Terms(new byte[0], 0, 0, Target.ofDifficulty(BigDecimal.ONE)); // until told otherwise
    private boolean subscribed;

    boolean subscribed() {
        return subscribed;
    }

    /** @throws StratumException if it is no result of {@code mining.subscribe} */
    void subscribed(JsonNode result) {
        setExtranonce(result.path(1), result.path(2));
        subscribed = true;
    }

    /** Result of {@code mining.configure}; a pool that knows no version rolling says false or nothing. */
    void configured(JsonNode result) {
        if (result.path("version-rolling").asBoolean(false)) setMask(result.path("version-rolling.mask"));
    }

    /**
     * A message that the pool sent on its own.
     *
     * @return whether it was one of those that change the session
     * @throws StratumException if it was, but makes no sense
     */
    boolean told(String method, JsonNode params) {
        switch (method) {
            case "mining.set_difficulty" -> setDifficulty(params.path(0));
            case "mining.set_extranonce" -> setExtranonce(params.path(0), params.path(1));
            case "mining.set_version_mask" -> setMask(params.path(0));
            default -> {
                return false;
            }
        }
        return true;
    }

    /** @throws StratumException if it makes no sense */
    MiningJob job(JsonNode params) {
        if (!subscribed) throw new StratumException("the pool sent a job before it answered mining.subscribe");
        return MiningJob.parse(params, terms);
    }

    private void setDifficulty(JsonNode value) {
        var difficulty = Json.number(value)
                .filter(d -> d.signum() > 0)
                .orElseThrow(() -> new StratumException("the pool sent difficulty " + Json.clean(value.toString())));
        terms = new MiningJob.Terms(
                terms.extranonce1(), terms.extranonce2Size(), terms.versionMask(), Target.ofDifficulty(difficulty));
    }

    private void setExtranonce(JsonNode extranonce1, JsonNode size) {
        try {
            var bytes = Hex.decode(extranonce1.asText());
            if (!extranonce1.isTextual() || bytes.length > MOST_EXTRANONCE)
                throw new IllegalArgumentException("extranonce1");
            if (!size.canConvertToInt() || size.asInt() < 1 || size.asInt() > MOST_EXTRANONCE)
                throw new IllegalArgumentException("size of extranonce2");
            terms = new MiningJob.Terms(bytes, size.asInt(), terms.versionMask(), terms.difficulty());
        } catch (IllegalArgumentException e) {
            throw new StratumException(
                    "the pool sent extranonces that cannot be read: " + Json.clean(extranonce1 + ", " + size), e);
        }
    }

    private void setMask(JsonNode mask) {
        try {
            terms = new MiningJob.Terms(
                    terms.extranonce1(),
                    terms.extranonce2Size(),
                    Integer.parseUnsignedInt(mask.asText(), 16),
                    terms.difficulty());
        } catch (NumberFormatException e) {
            throw new StratumException("the pool sent version mask " + Json.clean(mask.toString()), e);
        }
    }
}
