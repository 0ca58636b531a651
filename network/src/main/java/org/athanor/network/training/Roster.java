package org.athanor.network.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.athanor.training.trust.Standing;

/**
 * What a job's folder says of its workers, also while a coordinator works in it.
 *
 * @param standings by name; empty of a job whose workers are known anyway
 * @param rounds    that are over, oldest first
 */
public record Roster(Map<String, Standing> standings, List<RoundRecord> rounds) {
    public Roster {
        standings = Map.copyOf(standings);
        rounds = List.copyOf(rounds);
    }

    /** @throws IOException when the folder cannot be read, or is damaged */
    public static Roster of(Path folder) throws IOException {
        var job = new JobFolder(folder);
        var standings = job.state().map(JobState::standings).orElse(Map.of());
        return new Roster(standings, job.rounds());
    }
}
