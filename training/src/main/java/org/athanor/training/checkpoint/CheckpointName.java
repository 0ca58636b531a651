package org.athanor.training.checkpoint;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a job's checkpoint is called: {@code round-000120.safetensors}. Names are put in order by their number; as texts a million
 * would come before 999,999.
 *
 * @param rounds after which its weights were so
 */
public record CheckpointName(long rounds) implements Comparable<CheckpointName> {
    private static final Pattern NAME = Pattern.compile("round-(\\d{6,18})\\.safetensors");

    public CheckpointName {
        if (rounds < 0) {
            throw new IllegalArgumentException("rounds must be 0 or more, but are " + rounds);
        }
    }

    /** Empty of a file that is called otherwise: no job wrote it. */
    public static Optional<CheckpointName> of(String file) {
        var matcher = NAME.matcher(file);
        return matcher.matches()
                ? Optional.of(new CheckpointName(Long.parseLong(matcher.group(1))))
                        .filter(name -> name.file().equals(file))
                : Optional.empty();
    }

    /** Six digits at least. */
    public String file() {
        return "round-%06d.safetensors".formatted(rounds);
    }

    @Override
    public int compareTo(CheckpointName other) {
        return Long.compare(rounds, other.rounds);
    }
}
