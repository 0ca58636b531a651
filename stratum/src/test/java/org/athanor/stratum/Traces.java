package org.athanor.stratum;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Recorded exchanges; each file names its source. */
final class Traces {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Traces() {}

    static Stream<JsonNode> all() {
        return Stream.of(
                        "stratum-trace-slush-testnet3.json",
                        "stratum-trace-minerd.json",
                        "stratum-trace-versionrolling.json")
                .flatMap(name -> {
                    var trace = read(name);
                    return trace.isArray() ? StreamSupport.stream(trace.spliterator(), false) : Stream.of(trace);
                });
    }

    static List<JsonNode> versionRolling() {
        return StreamSupport.stream(read("stratum-trace-versionrolling.json").spliterator(), false)
                .toList();
    }

    private static JsonNode read(String name) {
        try (var in = Traces.class.getResourceAsStream(name)) {
            return MAPPER.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
