package org.athanor.stratum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.HashMap;
import java.util.Map;
import org.athanor.hash.Hex;
import org.athanor.hash.Sha256d;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TraceTest {
    static java.util.stream.Stream<JsonNode> traces() {
        return Traces.all();
    }

    private static Session session(JsonNode trace, int extranonce2Size) {
        var json = JsonNodeFactory.instance;
        var session = new Session();
        session.configured(json.objectNode().put("version-rolling", true).put("version-rolling.mask", "1fffe000"));
        session.subscribed(json.arrayNode()
                .add(json.arrayNode())
                .add(trace.path("extranonce1"))
                .add(extranonce2Size));
        session.told("mining.set_difficulty", json.arrayNode().add(trace.path("difficulty")));
        return session;
    }

    /** With the extranonce2 as long as it was sent: ckpool padded or cut some, which is no part of the hash here. */
    @ParameterizedTest
    @MethodSource("traces")
    void recordedSubmitsGiveTheirRecordedHeadersAndHashes(JsonNode trace) {
        var submission = Submission.parse(trace.path("submit"));
        var job = session(trace, submission.extranonce2().length() / 2).job(trace.path("notify"));
        var problem = submission.problem(job);
        if (submission.versionBits().equals("20000000")) {
            assertEquals("version bits outside the mask 1fffe000", problem.orElseThrow());
            return;
        }
        assertTrue(problem.isEmpty(), () -> problem.toString());
        var header = submission.header(job);
        assertEquals(trace.path("header").asText(), Hex.encode(header));
        assertEquals(trace.path("hash_display").asText(), Hex.display(Sha256d.hash(header)));
        if (trace.has("coinbase_tx_stripped"))
            assertEquals(
                    trace.path("coinbase_tx_stripped").asText(),
                    Hex.encode(job.coinbase(submission.extranonce2Bytes())));
    }

    @ParameterizedTest
    @MethodSource("traces")
    void aJobIsWrittenAsItWasRead(JsonNode trace) {
        var job = session(trace, 8).job(trace.path("notify"));
        assertEquals(trace.path("notify").toString(), job.body().notifyParams(job.clean()));
    }

    @Test
    void anExtranonceOfAnotherLengthThanAgreedIsNoShare() {
        Map<String, String> problems = new HashMap<>();
        for (var trace : Traces.versionRolling()) {
            var submission = Submission.parse(trace.path("submit"));
            submission
                    .problem(session(trace, 8).job(trace.path("notify")))
                    .ifPresent(problem -> problems.put(submission.extranonce2(), problem));
        }
        assertEquals(
                Map.of(
                        "01", "extranonce2 has 16 hex digits",
                        "0123456789abcdef01", "extranonce2 has 16 hex digits",
                        "0000000000000005", "version bits outside the mask 1fffe000"),
                problems);
    }
}
