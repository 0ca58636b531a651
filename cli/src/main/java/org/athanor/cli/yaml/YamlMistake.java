package org.athanor.cli.yaml;

/** Something in a YAML file that only its writer can put right; the message names file, line, field, value and what is accepted. */
public final class YamlMistake extends RuntimeException {
    private static final long serialVersionUID = 1;

    public YamlMistake(String message) {
        super(message);
    }

    public YamlMistake(String message, Throwable cause) {
        super(message, cause);
    }
}
