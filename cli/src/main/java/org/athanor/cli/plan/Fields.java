package org.athanor.cli.plan;

import java.time.DateTimeException;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** One mapping of a YAML text, read field by field; every complaint names source, line, path, value and what is accepted. */
final class Fields {
    /** A home file is a page; whatever is longer, or nests aliases, is not one. */
    private static final int MOST_CHARACTERS = 100_000;

    private static final int MOST_ALIASES = 20;

    private final String source;
    private final String path;
    private final int line;
    private final Map<String, Node> values;

    private Fields(String source, String path, MappingNode node, Set<String> known) {
        this.source = source;
        this.path = path;
        line = line(node);
        values = new LinkedHashMap<>();
        for (var entry : node.getValue()) {
            if (!(entry.getKeyNode() instanceof ScalarNode key))
                throw new HomeMistake(place(line(entry.getKeyNode()), path) + "a name is accepted as a key");
            var name = key.getValue();
            if (!known.contains(name)) throw unknown(line(key), name, known);
            if (values.put(name, entry.getValueNode()) != null)
                throw new HomeMistake(place(line(key), path(name)) + "stands here for the second time");
        }
    }

    /**
     * @param source what to call the text, such as its file name
     * @param known keys that may stand at the top
     */
    static Fields of(String source, String text, Set<String> known) {
        if (text.length() > MOST_CHARACTERS)
            throw new HomeMistake(source + ": " + text.length() + " characters; at most " + MOST_CHARACTERS
                    + " are accepted in a home file");
        var settings = LoadSettings.builder()
                .setLabel(source)
                .setMaxAliasesForCollections(MOST_ALIASES)
                .build();
        try {
            var root = new Compose(settings).composeString(text);
            if (root.isEmpty()) throw new HomeMistake(source + ": the file is empty");
            if (root.get() instanceof MappingNode mapping) return new Fields(source, "", mapping, known);
            throw new HomeMistake(source + ": lines of key: value are accepted");
        } catch (StackOverflowError e) {
            // the parser has no limit of its own to how deep a text may nest
            throw new HomeMistake(source + ": nested too deeply for a home file", e);
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            throw new HomeMistake(source + ", line " + line + ": not YAML (" + e.getProblem() + ")", e);
        } catch (YamlEngineException e) {
            throw new HomeMistake(source + ": not YAML (" + e.getMessage() + ")", e);
        }
    }

    private static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
    }

    private String path(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private String place(int line, String path) {
        return source + ", line " + line + ", " + (path.isEmpty() ? "top" : path) + ": ";
    }

    private HomeMistake unknown(int line, String name, Set<String> known) {
        var nearest = known.stream()
                .min(Comparator.comparingInt((String key) -> distance(name, key))
                        .thenComparing(key -> key))
                .filter(key -> distance(name, key) <= 1 + key.length() / 2);
        return new HomeMistake(place(line, path(name)) + "unknown key"
                + nearest.map(key -> "; did you mean " + key + "?").orElse(".") + " Accepted here: "
                + String.join(", ", new TreeSet<>(known)));
    }

    /** Levenshtein's, case ignored. */
    static int distance(String a, String b) {
        var from = a.toLowerCase(Locale.ROOT);
        var to = b.toLowerCase(Locale.ROOT);
        var row = new int[to.length() + 1];
        for (int j = 0; j < row.length; j++) row[j] = j;
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int changed = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    /** Of the key, or of the mapping where the key is missing. */
    private String place(String key) {
        return place(has(key) ? line(values.get(key)) : line, path(key));
    }

    HomeMistake missing(String key, String accepted) {
        // what is missing at the top is missing in no line
        var where = path.isEmpty() && !has(key) ? source + ", " + key + ": " : place(key);
        return new HomeMistake(where + "missing; " + accepted + " is accepted");
    }

    HomeMistake wrong(String key, String accepted) {
        return new HomeMistake(place(key) + shown(values.get(key)) + ": " + accepted + " is accepted");
    }

    HomeMistake notTogether(String key, String why) {
        return new HomeMistake(place(key) + why);
    }

    private static String shown(Node node) {
        return switch (node) {
            case ScalarNode scalar -> scalar.getValue().isEmpty() ? "nothing" : scalar.getValue();
            case SequenceNode _ -> "a list";
            default -> "a group of keys";
        };
    }

    Optional<String> text(String key, String accepted) {
        if (!has(key)) return Optional.empty();
        if (values.get(key) instanceof ScalarNode scalar && !scalar.getValue().isBlank())
            return Optional.of(scalar.getValue().strip());
        throw wrong(key, accepted);
    }

    /** A value that {@code parse} understands; what it throws becomes a complaint. */
    <T> Optional<T> value(String key, String accepted, Function<String, T> parse) {
        return text(key, accepted).map(text -> {
            try {
                return parse.apply(text);
            } catch (IllegalArgumentException | DateTimeException e) {
                var wrong = wrong(key, accepted);
                wrong.initCause(e);
                throw wrong;
            }
        });
    }

    OptionalDouble number(String key, double lowest, double highest, String unit) {
        var accepted = "a number from " + plain(lowest) + " to " + plain(highest) + (unit.isEmpty() ? "" : " " + unit);
        var value = value(key, accepted, text -> {
            double number = Double.parseDouble(text);
            if (!(number >= lowest && number <= highest)) throw new IllegalArgumentException(text);
            return number;
        });
        return value.map(OptionalDouble::of).orElse(OptionalDouble.empty());
    }

    int whole(String key, int lowest, int highest, int otherwise) {
        return value(key, "a whole number from " + lowest + " to " + highest, text -> {
                    int number = Integer.parseInt(text);
                    if (number < lowest || number > highest) throw new IllegalArgumentException(text);
                    return number;
                })
                .orElse(otherwise);
    }

    Optional<LocalTime> time(String key) {
        return value(key, "a time of day such as \"06:30\"", LocalTime::parse);
    }

    /** @param choices what is accepted, in the order in which to name it */
    <T> Optional<T> choice(String key, Map<String, T> choices) {
        var accepted = "one of " + String.join(", ", choices.keySet());
        return value(key, accepted, text -> {
            var chosen = choices.get(text.toLowerCase(Locale.ROOT));
            if (chosen == null) throw new IllegalArgumentException(text);
            return chosen;
        });
    }

    Optional<Fields> group(String key, String... known) {
        if (!has(key)) return Optional.empty();
        if (values.get(key) instanceof MappingNode mapping)
            return Optional.of(new Fields(source, path(key), mapping, Set.of(known)));
        throw wrong(key, "a group of " + String.join(", ", known));
    }

    List<Fields> list(String key, String... known) {
        if (!has(key)) return List.of();
        var accepted = "a list of " + String.join(", ", known);
        if (!(values.get(key) instanceof SequenceNode sequence)) throw wrong(key, accepted);
        var items = new ArrayList<Fields>();
        for (var item : sequence.getValue()) {
            var itemPath = path(key) + "[" + items.size() + "]";
            if (!(item instanceof MappingNode mapping))
                throw new HomeMistake(place(line(item), itemPath) + shown(item) + ": a group of "
                        + String.join(", ", known) + " is accepted");
            items.add(new Fields(source, itemPath, mapping, Set.of(known)));
        }
        return items;
    }

    /** Refuses keys that mean nothing beside what {@code because} says. */
    void onlyWhere(String because, String... allowed) {
        for (var key : values.keySet())
            if (!List.of(allowed).contains(key))
                throw new HomeMistake(place(key) + "has no meaning with " + because + "; accepted beside it: "
                        + String.join(", ", allowed));
    }

    private static String plain(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e9
                ? Long.toString(Math.round(number))
                : Double.toString(number);
    }
}
