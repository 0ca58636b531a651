package org.athanor.cli.heater;

import java.io.Serial;
import java.util.List;

/** All that is wrong with a heater file, one sentence each: where, what, and what is accepted. */
final class HeaterMistakes extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    HeaterMistakes(List<String> sentences, Throwable cause) {
        super(String.join(System.lineSeparator(), sentences), cause);
    }
}
