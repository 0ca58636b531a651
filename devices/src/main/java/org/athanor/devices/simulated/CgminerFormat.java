package org.athanor.devices.simulated;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.athanor.devices.Computation;
import org.athanor.devices.PoolSetting;

/** Requests and replies of the cgminer API in both dialects, JSON and plain text. */
final class CgminerFormat {
    private static final ObjectMapper JSON = new ObjectMapper();

    private CgminerFormat() {}

    /** @param commands one, or several that were joined by + */
    record Request(List<String> commands, String parameter, boolean json) {}

    /** @param name of the section after STATUS; empty when there is none */
    record Reply(Map<String, Object> status, String name, List<Map<String, Object>> objects) {
        static Reply of(char status, int code, long when, String message) {
            return of(status, code, when, message, "", List.of());
        }

        static Reply of(
                char status, int code, long when, String message, String name, List<Map<String, Object>> objects) {
            var head = new LinkedHashMap<String, Object>();
            head.put("STATUS", String.valueOf(status));
            head.put("When", when);
            head.put("Code", code);
            head.put("Msg", message);
            head.put("Description", "cgminer 4.11.1");
            return new Reply(head, name, objects);
        }
    }

    /** Empty when it is no request at all. */
    static Optional<Request> parse(String text) {
        var line = text.strip();
        if (!line.startsWith("{")) {
            int bar = line.indexOf('|');
            var command = bar < 0 ? line : line.substring(0, bar);
            if (command.isBlank()) return Optional.empty();
            return Optional.of(new Request(
                    List.of(command.split("\\+", -1)),
                    bar < 0 ? "" : line.substring(bar + 1).strip(),
                    false));
        }
        try {
            var tree = JSON.readTree(line);
            if (!tree.path("command").isTextual()) return Optional.empty();
            return Optional.of(new Request(
                    List.of(tree.path("command").textValue().split("\\+", -1)),
                    tree.path("parameter").asText(""),
                    true));
        } catch (JsonProcessingException e) {
            return Optional.empty(); // the device answers "Invalid JSON"
        }
    }

    static String json(Map<String, Reply> byCommand) {
        if (byCommand.size() == 1)
            return write(tree(byCommand.values().iterator().next()));
        var joined = new LinkedHashMap<String, Object>();
        byCommand.forEach((command, reply) -> joined.put(command, List.of(tree(reply))));
        joined.put("id", 1);
        return write(joined);
    }

    private static Map<String, Object> tree(Reply reply) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("STATUS", List.of(reply.status()));
        if (!reply.name().isEmpty()) tree.put(reply.name(), reply.objects());
        tree.put("id", 1);
        return tree;
    }

    private static String write(Map<String, Object> tree) {
        try {
            return JSON.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("not JSON: " + tree, e);
        }
    }

    /** As some firmwares send it: commas too many and too few, a newline in the text, a number that is none. */
    static String broken(String json) {
        return json.replace("}]", ",}]")
                .replace("[{", "[,{")
                .replace("},{", "}{")
                .replace("\"Code\"", "\"Rate\":inf,\n\"Code\"")
                .replace("cgminer ", "cgminer\n");
    }

    static String plain(Map<String, Reply> byCommand) {
        return byCommand.values().stream().map(CgminerFormat::plain).collect(Collectors.joining());
    }

    private static String plain(Reply reply) {
        var sections = new ArrayList<String>();
        sections.add(fields(reply.status()));
        for (var object : reply.objects()) {
            // as cgminer writes it: STATS=0,... and ASC=0,... carry their name in the first field, others stand before
            // it
            boolean named = object.keySet().iterator().next().equals(reply.name())
                    || reply.name().equals("DEVS");
            sections.add((named ? "" : reply.name() + ",") + fields(object));
        }
        return String.join("|", sections) + "|";
    }

    private static String fields(Map<String, Object> object) {
        return object.entrySet().stream()
                .map(f -> f.getKey() + "=" + String.valueOf(f.getValue()).replaceAll("([\\\\,|=])", "\\\\$1"))
                .collect(Collectors.joining(","));
    }

    /** A JSON object from names and values in turn, in that order. */
    static Map<String, Object> object(Object... namesAndValues) {
        var object = new LinkedHashMap<String, Object>();
        for (int i = 0; i < namesAndValues.length; i += 2)
            object.put((String) namesAndValues[i], namesAndValues[i + 1]);
        return object;
    }

    /**
     * An element of POOLS.
     *
     * @param answers whether it is alive
     */
    static Map<String, Object> pool(PoolSetting pool, Computation.Counters counters, boolean answers) {
        return object(
                "POOL",
                0,
                "URL",
                pool.url(),
                "Status",
                answers ? "Alive" : "Dead",
                "Priority",
                0,
                "Accepted",
                counters.accepted(),
                "Rejected",
                counters.rejected(),
                "User",
                pool.user(),
                "Stratum Active",
                answers);
    }
}
