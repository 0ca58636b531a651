package org.athanor.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.athanor.cli.terminal.UserMistake;
import org.athanor.stratum.StratumException;
import org.athanor.stratum.UpstreamPool;

/** A proxy may start before its pools can be reached, as after a power cut: it tries until one is there. */
final class UpstreamStart {
    private static final Duration GLANCE = Duration.ofMillis(100);
    private static final Duration PAUSE = Duration.ofSeconds(5);
    private static final Executor THREADS =
            task -> Thread.ofVirtual().name("upstream-start").start(task);

    private final UpstreamPool.Config config;
    private final CountDownLatch stop;
    private final Duration span;
    private final PrintStream out;
    private final long start = System.nanoTime();

    UpstreamStart(UpstreamPool.Config config, CountDownLatch stop, Duration span, PrintStream out) {
        this.config = config;
        this.stop = stop;
        this.span = span;
        this.out = out;
    }

    /** @throws UserMistake if the time is over first */
    Optional<UpstreamPool> connect() throws InterruptedException {
        var said = "";
        while (true) {
            var attempt = CompletableFuture.supplyAsync(() -> UpstreamPool.connect(config), THREADS);
            var problem = "no answer yet";
            try {
                while (!attempt.isDone() && !over()) await(attempt);
                if (attempt.isDone()) return Optional.of(attempt.get());
                var _ = attempt.thenAccept(UpstreamPool::close); // too late, if ever
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof StratumException known)) throw new IllegalStateException(e.getCause());
                problem = known.getMessage();
            }
            if (!problem.equals(said) && !over()) out.println("waiting: " + problem);
            said = problem;
            long until = System.nanoTime() + PAUSE.toNanos();
            while (System.nanoTime() - until < 0 && !over())
                if (stop.await(GLANCE.toMillis(), TimeUnit.MILLISECONDS)) return Optional.empty();
            if (stop.getCount() == 0) return Optional.empty();
            if (over()) throw new UserMistake("within --for: " + problem);
        }
    }

    private static void await(CompletableFuture<UpstreamPool> attempt) throws InterruptedException, ExecutionException {
        try {
            attempt.get(GLANCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return; // the caller looks whether there is a reason not to wait longer
        }
    }

    private boolean over() {
        return stop.getCount() == 0 || (span != null && System.nanoTime() - start >= span.toNanos());
    }
}
