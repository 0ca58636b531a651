package org.athanor.network.training;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Does what an operator asks of a running job from other programs, on a thread of its own: a round may be judged for long. */
final class Operator {
    private static final System.Logger LOGGER = System.getLogger(Operator.class.getName());
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

    private final Requests requests;
    private final Coordinator job;
    private final Thread thread = Thread.ofPlatform().daemon().name("operator").unstarted(this::run);
    private final CountDownLatch closed = new CountDownLatch(1);

    Operator(JobFolder folder, Coordinator job) {
        this.requests = new Requests(folder);
        this.job = job;
    }

    /** What was asked for before is done when this returns. */
    void start() throws IOException {
        requests.open();
        obey();
        thread.start();
    }

    private void obey() throws IOException {
        for (var file : requests.waiting()) {
            var asked = Requests.read(file);
            if (asked.isEmpty()) {
                Requests.putAside(file);
                continue;
            }
            var request = asked.get();
            if (request.excluded() == null) {
                job.readmit(request.worker());
            } else {
                job.exclude(request.worker(), request.excluded());
            }
            Requests.done(file);
        }
    }

    private void run() {
        var trouble = "";
        try {
            while (!closed.await(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    obey();
                    trouble = "";
                } catch (IOException | RuntimeException failed) {
                    if (!trouble.equals(failed.getMessage())) {
                        LOGGER.log(Level.WARNING, "what the operator asks for waits: {0}", failed.getMessage());
                    }
                    trouble = String.valueOf(failed.getMessage());
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends it soon, with what is asked for left as it is. */
    void close() {
        closed.countDown();
    }

    /** Waits until it has ended. */
    void join() throws InterruptedException {
        thread.join();
    }
}
