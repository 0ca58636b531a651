package org.athanor.edge;

/** A setting that the edge does not take; the message names the field, the value and what is accepted. */
public final class SettingRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    public SettingRefused(String field, Object value, String accepted) {
        super(field + " " + value + ": " + accepted + " is accepted");
    }
}
