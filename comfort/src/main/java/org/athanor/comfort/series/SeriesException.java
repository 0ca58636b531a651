package org.athanor.comfort.series;

/** A weather or price series cannot be used. The message names the source, the line, the field and what is wrong. */
public final class SeriesException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String source;
    private final int line;
    private final String field;

    /** @param line counted from 1, as editors do */
    public SeriesException(String source, int line, String field, String what) {
        super(source + ", line " + line + ", " + field + ": " + what);
        this.source = source;
        this.line = line;
        this.field = field;
    }

    public String source() {
        return source;
    }

    public int line() {
        return line;
    }

    public String field() {
        return field;
    }
}
