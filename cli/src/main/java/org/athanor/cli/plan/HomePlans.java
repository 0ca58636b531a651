package org.athanor.cli.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.athanor.cli.plan.HomePlan.Thoroughness;

/** Several homes at once, each on one core. */
public final class HomePlans {
    private HomePlans() {}

    /**
     * In the order of the homes, whichever is done first.
     *
     * @param progress is told of each day of each home
     * @throws RuntimeException or Error of the first home that fails; those not begun are left
     */
    public static List<HomePlan> of(List<PlannedHome> homes, Thoroughness thoroughness, ProgressBar progress) {
        int threads = Math.min(homes.size(), Runtime.getRuntime().availableProcessors());
        if (threads == 1)
            return homes.stream()
                    .map(home -> HomePlan.of(home, thoroughness, _ -> progress.step()))
                    .toList();
        try (var pool = Executors.newFixedThreadPool(threads)) {
            var running = homes.stream()
                    .map(home -> pool.submit(() -> HomePlan.of(home, thoroughness, _ -> progress.step())))
                    .toList();
            try {
                var plans = new ArrayList<HomePlan>();
                for (var each : running) plans.add(result(each));
                return plans;
            } finally {
                pool.shutdownNow();
            }
        }
    }

    private static HomePlan result(Future<HomePlan> plan) {
        try {
            return plan.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException thrown -> throw thrown;
                case Error thrown -> throw thrown;
                default -> throw new IllegalStateException(e.getCause());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted before all homes were planned", e);
        }
    }
}
