package org.athanor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

/** The part of JSON Schema that the schemas of report, home and job use. */
public final class ReportSchema {
    private final JsonNode root;

    private ReportSchema(JsonNode root) {
        this.root = root;
    }

    public static void check(JsonNode schema, JsonNode report) {
        new ReportSchema(schema).check(schema, report, "report");
    }

    private boolean fits(JsonNode schema, JsonNode value, String path) {
        try {
            check(schema, value, path);
            return true;
        } catch (AssertionError misfit) {
            return false;
        }
    }

    private static boolean contains(JsonNode choices, JsonNode value) {
        for (var choice : choices) if (choice.equals(value)) return true;
        return false;
    }

    private void check(JsonNode schema, JsonNode value, String path) {
        if (schema.has("$ref")) {
            check(root.at(schema.get("$ref").asText().substring(1)), value, path);
            return;
        }
        if (schema.has("oneOf")) {
            int fitting = 0;
            for (var alternative : schema.get("oneOf")) if (fits(alternative, value, path)) fitting++;
            assertEquals(1, fitting, path + " is " + value);
            return;
        }
        if (schema.has("const")) {
            assertEquals(schema.get("const"), value, path);
            return;
        }
        if (schema.has("enum")) {
            assertTrue(contains(schema.get("enum"), value), path + " is " + value);
            return;
        }
        assertTrue(
                switch (schema.get("type").asText()) {
                    case "object" -> value.isObject();
                    case "array" -> value.isArray();
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
        if (schema.has("maximum"))
            assertTrue(value.asDouble() <= schema.get("maximum").asDouble(), path + " is " + value);
        if (schema.has("exclusiveMinimum"))
            assertTrue(value.asDouble() > schema.get("exclusiveMinimum").asDouble(), path + " is " + value);
        if (schema.has("items")) for (var item : value) check(schema.get("items"), item, path + "[]");
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
