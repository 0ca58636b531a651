package org.athanor.comfort.series;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a service replied in JSON (RFC 8259), read strictly: one value, nothing behind it, no member twice. A value knows its
 * name and line, so that every complaint can be found in the text.
 */
final class JsonReply {
    /** Replies of weather and price services are three deep. */
    private static final int DEEPEST = 20;

    private static final int EXCERPT = 60;
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

    private final String source;
    private final int line;
    private final String name;
    private final Value value;

    private sealed interface Value {
        record Members(Map<String, JsonReply> byName) implements Value {}

        record Items(List<JsonReply> inOrder) implements Value {}

        record Text(String text) implements Value {}

        record Real(double number) implements Value {}

        record Truth(boolean holds) implements Value {}

        record Nothing() implements Value {}
    }

    private JsonReply(String source, int line, String name, Value value) {
        this.source = source;
        this.line = line;
        this.name = name;
        this.value = value;
    }

    /** @throws SeriesException for anything but an object */
    static JsonReply read(String source, String text) {
        var reply = new Parser(source, text).whole();
        if (!(reply.value instanceof Value.Members)) throw reply.wrong("is no object");
        return reply;
    }

    boolean has(String member) {
        return members().containsKey(member);
    }

    JsonReply member(String member) {
        var found = members().get(member);
        if (found == null)
            throw new SeriesException(
                    source,
                    line,
                    path(member),
                    "is missing; there are " + String.join(", ", members().keySet()));
        return found;
    }

    String text() {
        if (value instanceof Value.Text(var text)) return text;
        throw wrong("is no text");
    }

    /** Whether it is the word {@code true}. */
    boolean holds() {
        return value instanceof Value.Truth(var holds) && holds;
    }

    double number() {
        if (value instanceof Value.Real(var number)) return number;
        throw wrong("is no number");
    }

    /** Of an array of numbers and nulls; empty for a null. */
    List<Optional<Double>> numbers() {
        if (!(value instanceof Value.Items(var items))) throw wrong("is no array");
        return items.stream()
                .map(item ->
                        item.value instanceof Value.Nothing ? Optional.<Double>empty() : Optional.of(item.number()))
                .toList();
    }

    SeriesException wrong(String what) {
        return new SeriesException(source, line, name.isEmpty() ? "the reply" : name, what);
    }

    private Map<String, JsonReply> members() {
        if (value instanceof Value.Members(var members)) return members;
        throw wrong("is no object");
    }

    private String path(String member) {
        return name.isEmpty() ? member : name + "." + member;
    }

    private static final class Parser {
        private final String source;
        private final String text;
        private int at;
        private int line = 1;

        Parser(String source, String text) {
            this.source = source;
            this.text = text;
        }

        JsonReply whole() {
            var reply = value("", 0);
            space();
            if (at < text.length()) throw unexpected("", "the end");
            return reply;
        }

        private JsonReply value(String name, int depth) {
            space();
            if (depth > DEEPEST) throw wrong(name, "is nested more than " + DEEPEST + " deep");
            int began = line;
            Value value = switch (at < text.length() ? text.charAt(at) : '\0') {
                case '{' -> members(name, depth);
                case '[' -> items(name, depth);
                case '"' -> new Value.Text(string(name));
                case 't' -> word(name, "true", new Value.Truth(true));
                case 'f' -> word(name, "false", new Value.Truth(false));
                case 'n' -> word(name, "null", new Value.Nothing());
                default -> number(name);
            };
            return new JsonReply(source, began, name, value);
        }

        private Value members(String name, int depth) {
            var members = new LinkedHashMap<String, JsonReply>();
            at++;
            if (follows('}')) return new Value.Members(members);
            do {
                space();
                if (at >= text.length() || text.charAt(at) != '"') throw unexpected(name, "a name in quotes");
                var key = string(name);
                var path = name.isEmpty() ? key : name + "." + key;
                if (!follows(':')) throw unexpected(path, "a colon");
                if (members.put(key, value(path, depth + 1)) != null) throw wrong(path, "is there twice");
            } while (follows(','));
            if (!follows('}')) throw unexpected(name, "a comma or }");
            return new Value.Members(members);
        }

        private Value items(String name, int depth) {
            var items = new ArrayList<JsonReply>();
            at++;
            if (follows(']')) return new Value.Items(items);
            do items.add(value(name + "[" + items.size() + "]", depth + 1));
            while (follows(','));
            if (!follows(']')) throw unexpected(name + "[" + items.size() + "]", "a comma or ]");
            return new Value.Items(items);
        }

        private String string(String name) {
            var read = new StringBuilder();
            for (at++; at < text.length(); at++) {
                char c = text.charAt(at);
                if (c == '"') {
                    at++;
                    return read.toString();
                }
                if (c < ' ') throw unexpected(name, "the rest of a text");
                read.append(c == '\\' ? escaped(name) : c);
            }
            throw unexpected(name, "the rest of a text");
        }

        /** Leaves the place at the last character of the escape. */
        private char escaped(String name) {
            if (++at >= text.length()) throw unexpected(name, "the rest of a text");
            return switch (text.charAt(at)) {
                case '"' -> '"';
                case '\\' -> '\\';
                case '/' -> '/';
                case 'b' -> '\b';
                case 'f' -> '\f';
                case 'n' -> '\n';
                case 'r' -> '\r';
                case 't' -> '\t';
                case 'u' -> {
                    int code = 0;
                    for (int i = 0; i < 4; i++) {
                        int digit = ++at < text.length() ? hex(text.charAt(at)) : -1;
                        if (digit < 0) throw unexpected(name, "four hexadecimal digits");
                        code = code * 16 + digit;
                    }
                    yield (char) code;
                }
                default -> throw unexpected(name, "an escape of JSON");
            };
        }

        /** Unlike Character.digit it takes no digits of other scripts. */
        private static int hex(char c) {
            return c < 128 ? Character.digit(c, 16) : -1;
        }

        private Value word(String name, String word, Value value) {
            if (!text.startsWith(word, at)) throw unexpected(name, "a value");
            at += word.length();
            return value;
        }

        private Value number(String name) {
            var matcher = NUMBER.matcher(text).region(at, text.length());
            if (!matcher.lookingAt()) throw unexpected(name, "a value");
            double number = Double.parseDouble(matcher.group());
            if (Double.isInfinite(number)) throw unexpected(name, "a number that a double can hold");
            at = matcher.end();
            return new Value.Real(number);
        }

        private boolean follows(char wanted) {
            space();
            if (at >= text.length() || text.charAt(at) != wanted) return false;
            at++;
            return true;
        }

        private void space() {
            for (; at < text.length(); at++) {
                char c = text.charAt(at);
                if (c == '\n') line++;
                else if (c != ' ' && c != '\t' && c != '\r') return;
            }
        }

        private SeriesException unexpected(String name, String wanted) {
            if (at >= text.length())
                return wrong(name, text.isBlank() ? "is empty" : "ends where " + wanted + " was expected");
            return wrong(name, "is no JSON: \"" + excerpt() + "\" where " + wanted + " was expected");
        }

        private String excerpt() {
            int end = Math.min(text.length(), at + EXCERPT);
            return text.substring(at, end).replaceAll("[\\p{Cntrl}\\p{Cs}]", " ") + (end < text.length() ? "…" : "");
        }

        private SeriesException wrong(String name, String what) {
            return new SeriesException(source, line, name.isEmpty() ? "the reply" : name, what);
        }
    }
}
