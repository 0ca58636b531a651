package org.athanor.cli.train;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.athanor.training.mailbox.Messages.Phase;

/** Which workers of a job are there when. */
enum Attendance {
    /** All, from the first round to the last. */
    ALL,
    /** One for the first tenth of the rounds, then all. */
    ALONE_AT_FIRST,
    /** All, but half of them, drawn at random, are killed with SIGKILL in the middle of every third round, and back one round later. */
    HALF_KILLED;

    private static final int EVERY = 3;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    /** Until the job is over. */
    void keep(JobParts parts, int workers, int seed) throws IOException, InterruptedException {
        switch (this) {
            case ALL -> {
                for (var worker = 1; worker <= workers; worker++) {
                    parts.worker("worker " + worker);
                }
                awaitRound(parts, Long.MAX_VALUE);
            }
            case ALONE_AT_FIRST -> {
                parts.worker("worker 1");
                awaitRound(parts, parts.coordinator().spec().rounds() / 10);
                for (var worker = 2; worker <= workers; worker++) {
                    parts.worker("worker " + worker);
                }
                awaitRound(parts, Long.MAX_VALUE);
            }
            case HALF_KILLED -> killHalf(parts, workers, new Random(seed));
        }
    }

    private static void killHalf(JobParts parts, int workers, Random random) throws IOException, InterruptedException {
        var names = new ArrayList<String>();
        var programs = new ArrayList<Process>();
        try {
            for (var worker = 1; worker <= workers; worker++) {
                names.add("worker-" + worker);
                programs.add(parts.program(names.getLast()));
            }
            var round = parts.coordinator().state().round();
            while (awaitRound(parts, round + EVERY - 1)) {
                round = parts.coordinator().state().round();
                var victims = victims(workers, random);
                awaitStep(parts, round);
                System.out.println("round " + round + ": killing " + victims);
                for (var victim : victims) {
                    // the engine dies with its parent's pipe, as it does when a machine goes
                    programs.get(victim).destroyForcibly().waitFor();
                }
                if (!awaitRound(parts, round + 1)) {
                    return;
                }
                for (var victim : victims) {
                    programs.set(victim, parts.program(names.get(victim)));
                }
                round++;
            }
        } finally {
            for (var program : programs) {
                program.destroy();
            }
            for (var program : programs) {
                program.waitFor();
            }
        }
    }

    private static List<Integer> victims(int workers, Random random) {
        var all = new ArrayList<Integer>();
        for (var worker = 0; worker < workers; worker++) {
            all.add(worker);
        }
        Collections.shuffle(all, random);
        return List.copyOf(all.subList(0, workers / 2));
    }

    /** Until somebody has done a part of the round's steps, or the round is over. */
    private static void awaitStep(JobParts parts, long round) throws InterruptedException {
        var coordinator = parts.coordinator();
        while (coordinator.state().round() == round
                && coordinator.workers().values().stream()
                        .noneMatch(seen ->
                                seen.beat().round() == round && seen.beat().step() >= 3)) {
            Thread.sleep(BETWEEN_LOOKS.toMillis());
        }
    }

    /** @return false when the job is over */
    private static boolean awaitRound(JobParts parts, long round) throws InterruptedException {
        while (parts.coordinator().state().phase() == Phase.RUNNING) {
            if (parts.coordinator().state().round() >= round) {
                return true;
            }
            if (!parts.stopped().isEmpty()) {
                return false;
            }
            Thread.sleep(BETWEEN_LOOKS.toMillis());
        }
        return false;
    }
}
