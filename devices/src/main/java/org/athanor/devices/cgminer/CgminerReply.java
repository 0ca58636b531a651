package org.athanor.devices.cgminer;

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
 * @param when seconds by the device's own clock: since 1970, or since its start where it has no better one
 * @param whole whether it was not cut off in the middle
 */
public record CgminerReply(char status, int code, long when, String message, List<Section> sections, boolean whole) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A comma or a bar that is neither escaped nor within the brackets of a {@code Key[val]}. */
    private static final Pattern COMMA = Pattern.compile("(?<!\\\\),(?![^\\[\\]]*\\])");

    private static final Pattern BAR = Pattern.compile("(?<!\\\\)\\|");

    /** One object of the reply, its values as text. */
    public record Section(String name, Map<String, String> fields) {}

    private record Content(List<Section> sections, boolean whole) {}

    private record Tree(JsonNode node, boolean whole) {}

    /** @throws IllegalArgumentException if it is no reply, saying why */
    public static CgminerReply parse(String text) {
        var trimmed = text.strip();
        var content = switch (trimmed.isEmpty() ? ' ' : trimmed.charAt(0)) {
            case '{' -> json(trimmed);
            case 'S' -> plain(trimmed);
            default -> throw new IllegalArgumentException("neither JSON nor STATUS=");
        };
        var status = content.sections().stream()
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
                content.sections(),
                content.whole());
    }

    /** Value of {@code key} in the first section called {@code section} that has it. */
    public Optional<String> field(String section, String key) {
        return sections.stream()
                .filter(s -> s.name().equals(section) && s.fields().containsKey(key))
                .map(s -> s.fields().get(key))
                .findFirst();
    }

    /** All objects called {@code section}, in their order. */
    public List<Map<String, String>> all(String section) {
        return sections.stream()
                .filter(s -> s.name().equals(section))
                .map(Section::fields)
                .toList();
    }

    public boolean refused() {
        return status == 'E' || status == 'W';
    }

    /** For messages: the device's own words, and its code. */
    public String described() {
        return message + " (code " + code + ")";
    }

    private static long number(Map<String, String> status, String key) {
        var value = status.getOrDefault(key, "");
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("STATUS." + key + " is \"" + value + "\", not a number", e);
        }
    }

    private static Content json(String text) {
        var tree = tree(text);
        var sections = new ArrayList<Section>();
        if (tree.node().path("STATUS").isTextual()) flat(tree.node(), sections);
        else
            for (var member : tree.node().properties())
                for (var object : member.getValue())
                    // others, such as "id": 1 or a list of plain values, are no section
                    if (object.isObject()) sections.add(new Section(member.getKey(), fields(object)));
        return new Content(sections, tree.whole());
    }

    /** As Whatsminers write some of their replies: the status itself is the object, and what it tells is its Msg. */
    private static void flat(JsonNode status, List<Section> sections) {
        sections.add(new Section("STATUS", fields(status)));
        if (status.path("Msg").isObject()) sections.add(new Section("Msg", fields(status.path("Msg"))));
    }

    private static Map<String, String> fields(JsonNode object) {
        var fields = new LinkedHashMap<String, String>();
        object.properties()
                .forEach(f -> fields.put(
                        f.getKey(),
                        f.getValue().isValueNode()
                                ? f.getValue().asText()
                                : f.getValue().toString()));
        return fields;
    }

    private static Tree tree(String text) {
        try {
            return new Tree(JSON.readTree(text), true);
        } catch (JsonProcessingException broken) {
            var mended = JsonRepair.mend(text);
            try {
                return new Tree(JSON.readTree(mended.json()), !mended.cut());
            } catch (JsonProcessingException hopeless) {
                hopeless.addSuppressed(broken);
                throw new IllegalArgumentException("broken beyond repair: " + hopeless.getOriginalMessage(), hopeless);
            }
        }
    }

    /** {@code STATUS=S,When=1,...|STATS=0,ID=AVA100,...|SUMMARY,Elapsed=1,...|}. */
    private static Content plain(String text) {
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
        return new Content(sections, text.endsWith("|"));
    }

    private static String unescape(String text) {
        return text.replaceAll("\\\\(.)", "$1");
    }
}
