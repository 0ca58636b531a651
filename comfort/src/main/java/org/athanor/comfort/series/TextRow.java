package org.athanor.comfort.series;

import java.util.List;

/** One line of a series, split into fields; every complaint names where it came from. Fields count from 1. */
record TextRow(String source, int line, List<String> fields) {
    static TextRow of(String source, int line, String text, String separator) {
        return new TextRow(source, line, List.of(text.split(separator, -1)));
    }

    String text(int field) {
        return fields.get(field - 1).strip();
    }

    boolean has(int field) {
        return field <= fields.size();
    }

    double number(int field, String title) {
        if (!has(field)) throw wrong(field, title, "the line has only " + fields.size() + " fields");
        try {
            double value = Double.parseDouble(text(field));
            if (!Double.isFinite(value)) throw wrong(field, title, "not a number: \"" + text(field) + "\"");
            return value;
        } catch (NumberFormatException e) {
            var wrong = wrong(field, title, "not a number: \"" + text(field) + "\"");
            wrong.initCause(e);
            throw wrong;
        }
    }

    SeriesException wrong(int field, String title, String what) {
        return new SeriesException(source, line, "field " + field + " (" + title + ")", what);
    }
}
