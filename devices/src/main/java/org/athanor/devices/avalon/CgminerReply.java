package org.athanor.devices.avalon;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A reply of the cgminer API, whichever of its two dialects it came in.
 *
 * @param status S success, I information, W warning, E error
 * @param when seconds since 1970 by the device's own clock
 */
record CgminerReply(char status, int code, long when, String message, List<Section> sections) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A comma or a bar that is neither escaped nor within the brackets of a {@code Key[val]}. */
    private static final Pattern COMMA = Pattern.compile("(?<!\\\\),(?![^\\[\\]]*\\])");

    private static final Pattern BAR = Pattern.compile("(?<!\\\\)\\|");

    /** One object of the reply, its values as text. */
    record Section(String name, Map<String, String> fields) {}

    /** @throws IllegalArgumentException if it is no reply, saying why */
    static CgminerReply parse(String text) {
        var trimmed = text.strip();
        var sections = switch (trimmed.isEmpty() ? ' ' : trimmed.charAt(0)) {
            case '{' -> json(trimmed);
            case 'S' -> plain(trimmed);
            default -> throw new IllegalArgumentException("neither JSON nor STATUS=");
        };
        var status = sections.stream()
                .filter(s -> s.name().equals("STATUS"))
                .findFirst()
                .map(Section::fields)
                .orElseThrow(() -> new IllegalArgumentException("no STATUS section"));
        var letter = status.getOrDefault("STATUS", "");
        if (letter.length() != 1 || "SIWE".indexOf(letter.charAt(0)) < 0)
            throw new IllegalArgumentException("STATUS is \"" + letter + "\" (S, I, W or E are known)");
        return new CgminerReply(
                letter.charAt(0),
                (int) number(status, "Code"),
                number(status, "When"),
                status.getOrDefault("Msg", ""),
                sections);
    }

    /** Value of {@code key} in the first section called {@code section} that has it. */
    Optional<String> field(String section, String key) {
        return sections.stream()
                .filter(s -> s.name().equals(section) && s.fields().containsKey(key))
                .map(s -> s.fields().get(key))
                .findFirst();
    }

    boolean refused() {
        return status == 'E' || status == 'W';
    }

    private static long number(Map<String, String> status, String key) {
        var value = status.getOrDefault(key, "");
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("STATUS." + key + " is \"" + value + "\", not a number", e);
        }
    }

    private static List<Section> json(String text) {
        var sections = new ArrayList<Section>();
        for (var member : tree(text).properties()) {
            for (var object : member.getValue()) {
                if (!object.isObject()) continue; // such as "id": 1, or a list of plain values: no section
                var fields = new LinkedHashMap<String, String>();
                object.properties()
                        .forEach(f -> fields.put(
                                f.getKey(),
                                f.getValue().isValueNode()
                                        ? f.getValue().asText()
                                        : f.getValue().toString()));
                sections.add(new Section(member.getKey(), fields));
            }
        }
        return sections;
    }

    private static JsonNode tree(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException broken) {
            try {
                return JSON.readTree(JsonRepair.repair(text));
            } catch (JsonProcessingException hopeless) {
                hopeless.addSuppressed(broken);
                throw new IllegalArgumentException("broken beyond repair: " + hopeless.getOriginalMessage(), hopeless);
            }
        }
    }

    /** {@code STATUS=S,When=1,...|STATS=0,ID=AVA100,...|SUMMARY,Elapsed=1,...|}. */
    private static List<Section> plain(String text) {
        var sections = new ArrayList<Section>();
        for (var part : BAR.split(text, -1)) {
            if (part.isBlank()) continue;
            var fields = new LinkedHashMap<String, String>();
            String name = null;
            for (var field : COMMA.split(part, -1)) {
                int equals = field.indexOf('=');
                var key = unescape(equals < 0 ? field : field.substring(0, equals));
                if (name == null) name = key;
                if (equals >= 0) fields.put(key, unescape(field.substring(equals + 1)));
            }
            sections.add(new Section(name, fields));
        }
        return sections;
    }

    private static String unescape(String text) {
        return text.replaceAll("\\\\(.)", "$1");
    }
}
