package org.athanor.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

/** The part of JSON Schema that the report's schema uses. */
final class ReportSchema {
    private final JsonNode root;

    private ReportSchema(JsonNode root) {
        this.root = root;
    }

    static void check(JsonNode schema, JsonNode report) {
        new ReportSchema(schema).check(schema, report, "report");
    }

    private void check(JsonNode schema, JsonNode value, String path) {
        if (schema.has("$ref")) {
            check(root.at(schema.get("$ref").asText().substring(1)), value, path);
            return;
        }
        assertTrue(
                switch (schema.get("type").asText()) {
                    case "object" -> value.isObject();
                    case "number" -> value.isNumber();
                    case "integer" -> value.isIntegralNumber();
                    case "string" -> value.isTextual();
                    case "boolean" -> value.isBoolean();
                    default -> throw new AssertionError("type of " + path + " in the schema");
                },
                path + " is " + value);
        if (schema.has("pattern"))
            assertTrue(value.asText().matches(schema.get("pattern").asText()), path + " is " + value);
        if (schema.has("minimum"))
            assertTrue(value.asDouble() >= schema.get("minimum").asDouble(), path + " is " + value);
        for (var key : schema.path("required")) assertTrue(value.has(key.asText()), path + " lacks " + key);
        value.properties().forEach(entry -> {
            var known = schema.path("properties").path(entry.getKey());
            var others = schema.path("additionalProperties");
            assertTrue(
                    !known.isMissingNode() || others.isObject(), path + "." + entry.getKey() + " is not in the schema");
            check(known.isMissingNode() ? others : known, entry.getValue(), path + "." + entry.getKey());
        });
    }
}
