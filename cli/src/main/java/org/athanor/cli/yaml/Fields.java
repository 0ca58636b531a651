package org.athanor.cli.yaml;

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
import java.util.function.Consumer;
import java.util.function.Function;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * One mapping of a YAML text, read field by field; every complaint names source, line, path, value and what is accepted. The first
 * complaint is thrown, or all are gathered: then a field that is wrong reads as one that is missing.
 */
public final class Fields {
    /** A home file is a page; whatever is longer, or nests aliases, is not one. */
    private static final int MOST_CHARACTERS = 100_000;

    private static final int MOST_ALIASES = 20;
    private static final Set<String> SECRETS = Set.of("token", "password");

    private final String source;
    private final String path;
    private final int line;
    private final Map<String, Node> values;
    private final Consumer<YamlMistake> complaints;

    private Fields(String source, String path, MappingNode node, Set<String> known, Consumer<YamlMistake> complaints) {
        this.complaints = complaints;
        this.source = source;
        this.path = path;
        line = line(node);
        values = new LinkedHashMap<>();
        for (var entry : node.getValue()) {
            if (!(entry.getKeyNode() instanceof ScalarNode key)) {
                complain(new YamlMistake(place(line(entry.getKeyNode()), path) + "a name is accepted as a key"));
                continue;
            }
            var name = key.getValue();
            if (!known.contains(name)) complain(unknown(line(key), name, known));
            else if (values.put(name, entry.getValueNode()) != null)
                complain(new YamlMistake(place(line(key), path(name)) + "stands here for the second time"));
        }
    }

    /**
     * @param source what to call the text, such as its file name
     * @param known keys that may stand at the top
     */
    public static Fields of(String source, String text, Set<String> known) {
        return of(source, text, known, mistake -> {
            throw mistake;
        });
    }

    /**
     * The same with complaints gathered.
     *
     * @param complaints takes them as they are found
     * @throws YamlMistake for a text that is no mapping at all
     */
    public static Fields of(String source, String text, Set<String> known, Consumer<YamlMistake> complaints) {
        if (text.length() > MOST_CHARACTERS)
            throw new YamlMistake(
                    source + ": " + text.length() + " characters; at most " + MOST_CHARACTERS + " are accepted");
        var settings = LoadSettings.builder()
                .setLabel(source)
                .setMaxAliasesForCollections(MOST_ALIASES)
                .build();
        try {
            var root = new Compose(settings).composeString(text);
            if (root.isEmpty()) throw new YamlMistake(source + ": the file is empty");
            if (root.get() instanceof MappingNode mapping) return new Fields(source, "", mapping, known, complaints);
            throw new YamlMistake(source + ": lines of key: value are accepted");
        } catch (StackOverflowError e) {
            // the parser has no limit of its own to how deep a text may nest
            throw new YamlMistake(source + ": nested too deeply", e);
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            throw new YamlMistake(source + ", line " + line + ": not YAML (" + e.getProblem() + ")", e);
        } catch (YamlEngineException e) {
            throw new YamlMistake(source + ": not YAML (" + e.getMessage() + ")", e);
        }
    }

    private static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
    }

    /** Where a key stands, from the top: such as heaters[0].passwordFile. */
    public String path(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private String place(int line, String path) {
        return source + ", line " + line + ", " + (path.isEmpty() ? "top" : path) + ": ";
    }

    private YamlMistake unknown(int line, String name, Set<String> known) {
        var nearest = known.stream()
                .min(Comparator.comparingInt((String key) -> distance(name, key))
                        .thenComparing(key -> key))
                .filter(key -> distance(name, key) <= 1 + key.length() / 2);
        return new YamlMistake(place(line, path(name)) + "unknown key"
                + nearest.map(key -> "; did you mean " + key + "?").orElse(".") + " Accepted here: "
                + String.join(", ", new TreeSet<>(known)));
    }

    /** Levenshtein's, case ignored. */
    public static int distance(String a, String b) {
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

    /** Of what cannot be said of a field alone, such as two that do not fit together. */
    public void complain(YamlMistake mistake) {
        complaints.accept(mistake);
    }

    public boolean has(String key) {
        return values.containsKey(key);
    }

    /** Of the key, or of the mapping where the key is missing. */
    private String place(String key) {
        return place(has(key) ? line(values.get(key)) : line, path(key));
    }

    /** Whether nothing stands there, or a list of nothing. */
    public boolean lacks(String key) {
        return !has(key)
                || (values.get(key) instanceof SequenceNode sequence
                        && sequence.getValue().isEmpty());
    }

    /** Of the key, or of the mapping where the key is missing: for what another mistake says of it. */
    public String where(String key) {
        return "line " + (has(key) ? line(values.get(key)) : line) + ", " + path(key);
    }

    public YamlMistake missing(String key, String accepted) {
        // what is missing at the top is missing in no line
        var where = path.isEmpty() && !has(key) ? source + ", " + key + ": " : place(key);
        return new YamlMistake(where + "missing; " + accepted + " is accepted");
    }

    public YamlMistake wrong(String key, String accepted) {
        return new YamlMistake(place(key) + shown(key) + ": " + accepted + " is accepted");
    }

    /** Of a value that is written as it must be, and of no use for another reason. */
    public YamlMistake useless(String key, String why) {
        return new YamlMistake(place(key) + shown(key) + ": " + why);
    }

    public YamlMistake notTogether(String key, String why) {
        return new YamlMistake(place(key) + why);
    }

    /** What opens a door is not shown: mistakes stand in logs. */
    private String shown(String key) {
        return SECRETS.contains(key) ? "what stands there" : shown(values.get(key));
    }

    /** On one line. */
    private static String shown(Node node) {
        return switch (node) {
            case ScalarNode scalar ->
                scalar.getValue().isEmpty() ? "nothing" : scalar.getValue().replaceAll("\\p{Cntrl}", "?");
            case SequenceNode _ -> "a list";
            default -> "a group of keys";
        };
    }

    public Optional<String> text(String key, String accepted) {
        if (!has(key)) return Optional.empty();
        if (values.get(key) instanceof ScalarNode scalar && !scalar.getValue().isBlank())
            return Optional.of(scalar.getValue().strip());
        complain(wrong(key, accepted));
        return Optional.empty();
    }

    /** A value that {@code parse} understands; what it throws becomes a complaint. */
    public <T> Optional<T> value(String key, String accepted, Function<String, T> parse) {
        return text(key, accepted).flatMap(text -> {
            try {
                return Optional.of(parse.apply(text));
            } catch (IllegalArgumentException | DateTimeException e) {
                var wrong = wrong(key, accepted);
                wrong.initCause(e);
                complain(wrong);
                return Optional.empty();
            }
        });
    }

    public OptionalDouble number(String key, double lowest, double highest, String unit) {
        var accepted = "a number from " + plain(lowest) + " to " + plain(highest) + (unit.isEmpty() ? "" : " " + unit);
        var value = value(key, accepted, text -> {
            double number = Double.parseDouble(text);
            if (!(number >= lowest && number <= highest)) throw new IllegalArgumentException(text);
            return number;
        });
        return value.map(OptionalDouble::of).orElse(OptionalDouble.empty());
    }

    public int whole(String key, int lowest, int highest, int otherwise) {
        return value(key, "a whole number from " + lowest + " to " + highest, text -> {
                    int number = Integer.parseInt(text);
                    if (number < lowest || number > highest) throw new IllegalArgumentException(text);
                    return number;
                })
                .orElse(otherwise);
    }

    public Optional<LocalTime> time(String key) {
        return value(key, "a time of day such as \"06:30\"", LocalTime::parse);
    }

    /** @param choices what is accepted, in the order in which to name it */
    public <T> Optional<T> choice(String key, Map<String, T> choices) {
        var accepted = "one of " + String.join(", ", choices.keySet());
        return value(key, accepted, text -> {
            var chosen = choices.get(text.toLowerCase(Locale.ROOT));
            if (chosen == null) throw new IllegalArgumentException(text);
            return chosen;
        });
    }

    public Optional<Fields> group(String key, String... known) {
        if (!has(key)) return Optional.empty();
        if (values.get(key) instanceof MappingNode mapping)
            return Optional.of(new Fields(source, path(key), mapping, Set.of(known), complaints));
        complain(wrong(key, "a group of " + String.join(", ", known)));
        return Optional.empty();
    }

    public List<Fields> list(String key, String... known) {
        if (!has(key)) return List.of();
        var accepted = "a list of " + String.join(", ", known);
        if (!(values.get(key) instanceof SequenceNode sequence)) {
            complain(wrong(key, accepted));
            return List.of();
        }
        var items = new ArrayList<Fields>();
        for (var item : sequence.getValue()) {
            var itemPath = path(key) + "[" + items.size() + "]";
            if (item instanceof MappingNode mapping)
                items.add(new Fields(source, itemPath, mapping, Set.of(known), complaints));
            else
                complain(new YamlMistake(place(line(item), itemPath) + shown(item) + ": a group of "
                        + String.join(", ", known) + " is accepted"));
        }
        return items;
    }

    /** Whether a list stands there. */
    public boolean isList(String key) {
        return has(key) && values.get(key) instanceof SequenceNode;
    }

    /** A list of scalars that {@code parse} understands. */
    public <T> List<T> values(String key, String accepted, Function<String, T> parse) {
        if (!has(key)) return List.of();
        if (!(values.get(key) instanceof SequenceNode sequence)) {
            complain(wrong(key, "a list of " + accepted));
            return List.of();
        }
        var items = new ArrayList<T>();
        for (var item : sequence.getValue()) {
            var itemPath = path(key) + "[" + items.size() + "]";
            try {
                if (!(item instanceof ScalarNode scalar)) throw new IllegalArgumentException(shown(item));
                items.add(parse.apply(scalar.getValue().strip()));
            } catch (IllegalArgumentException | DateTimeException e) {
                complain(new YamlMistake(
                        place(line(item), itemPath) + shown(item) + ": " + accepted + " is accepted", e));
            }
        }
        return items;
    }

    /** Refuses keys that mean nothing beside what {@code because} says. */
    public void onlyWhere(String because, String... allowed) {
        for (var key : values.keySet())
            if (!List.of(allowed).contains(key))
                complain(new YamlMistake(place(key) + "has no meaning with " + because + "; accepted beside it: "
                        + String.join(", ", allowed)));
    }

    private static String plain(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e9
                ? Long.toString(Math.round(number))
                : Double.toString(number);
    }
}
