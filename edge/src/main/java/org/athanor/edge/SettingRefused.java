package org.athanor.edge;

import java.util.Map;

/** A setting that the edge does not take; the message names the field, the value and what is accepted, in English. */
public final class SettingRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient RefusalReason reason;

    /** @param value a number is written as each language writes numbers */
    public SettingRefused(String field, Object value, RefusalReason accepted) {
        this(new RefusalReason(
                RefusalWords.SETTING,
                Map.of(
                        "field",
                        field,
                        "value",
                        value instanceof Number ? value : String.valueOf(value),
                        "accepted",
                        accepted)));
    }

    /** @param accepted words without values */
    public SettingRefused(String field, Object value, RefusalWords accepted) {
        this(field, value, accepted.alone());
    }

    private SettingRefused(RefusalReason reason) {
        super(reason.toString());
        this.reason = reason;
    }

    /** The same for other languages. */
    public RefusalReason reason() {
        return reason;
    }
}
