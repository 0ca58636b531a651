package org.athanor.network.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.athanor.training.trust.Standing;

/**
 * What a job's folder says of its workers, also while a coordinator works in it.
 *
 * @param names     of all workers that the job has heard of, with what each calls itself; empty of whom that is not known
 * @param standings by name, without what the operator said; empty of a job whose workers are known anyway
 * @param barred    why the operator excluded workers, by name; what was asked for and waits for a coordinator is in it
 * @param rounds    that are over, oldest first
 */
public record Roster(
        SortedMap<String, String> names,
        Map<String, Standing> standings,
        Map<String, String> barred,
        List<RoundRecord> rounds) {
    public Roster {
        names = Collections.unmodifiableSortedMap(new TreeMap<>(names));
        standings = Map.copyOf(standings);
        barred = Map.copyOf(barred);
        rounds = List.copyOf(rounds);
    }

    /** @throws IOException when the folder holds no job, cannot be read, or is damaged */
    public static Roster of(Path folder) throws IOException {
        var job = job(folder);
        // before the state, in which they are as soon as they are gone
        var asked = new ArrayList<Requests.Request>();
        for (var file : new Requests(job).waiting()) {
            Requests.read(file).ifPresent(asked::add);
        }
        var state = job.state();
        var standings = state.map(JobState::standings).orElse(Map.of());
        var barred = new HashMap<>(state.map(JobState::barred).orElse(Map.of()));
        for (var request : asked) {
            if (request.excluded() == null) {
                barred.remove(request.worker());
            } else {
                barred.put(request.worker(), request.excluded());
            }
        }
        var rounds = job.rounds();
        var names = new TreeMap<String, String>();
        rounds.forEach(round -> Stream.concat(round.workers().stream(), round.dropped().keySet().stream())
                .forEach(update ->
                        names.put(update.split("@", 2)[0], ""))); // what came late has its round behind the name
        standings.keySet().forEach(worker -> names.put(worker, ""));
        names.putAll(TokenMembership.names(folder));
        return new Roster(names, standings, barred, rounds);
    }

    /** What is known of workers, with what the operator said. */
    public Map<String, Standing> known() {
        return JobState.known(standings, barred);
    }

    /**
     * Asks the coordinator of the job in {@code folder} to take nothing more of {@code worker}. It is done at once by one that runs,
     * and otherwise before the next one lets anybody work.
     *
     * @param reason that the worker is told
     * @return a file that is gone as soon as it is done
     */
    public static Path exclude(Path folder, String worker, String reason) throws IOException {
        return new Requests(job(folder)).add(new Requests.Request(worker, reason));
    }

    /** Takes back what an operator said of {@code worker}, in the same way; what its own rounds brought about stays as it is. */
    public static Path readmit(Path folder, String worker) throws IOException {
        return new Requests(job(folder)).add(new Requests.Request(worker, null));
    }

    private static JobFolder job(Path folder) throws IOException {
        if (!Files.exists(folder.resolve(JobFolder.JOB))) { // before anything is made there
            throw new IOException(folder + " holds no job");
        }
        return new JobFolder(folder);
    }
}
