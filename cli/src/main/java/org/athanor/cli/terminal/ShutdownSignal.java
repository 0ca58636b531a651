package org.athanor.cli.terminal;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ctrl-C and SIGTERM as an orderly end: the hook asks the running command to stop and holds the JVM until everything
 * has been said ({@link #everythingSaid}), for at most {@link #PATIENCE_SECONDS}.
 */
public final class ShutdownSignal implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 20;
    private static final AtomicBoolean RECEIVED = new AtomicBoolean();

    private static final CountDownLatch SAID = new CountDownLatch(1);

    private final Thread hook;

    private ShutdownSignal(Runnable stop) {
        hook = new Thread(
                () -> {
                    RECEIVED.set(true);
                    stop.run();
                    awaitFinish();
                },
                "shutdown");
    }

    /** Calls {@code stop} once when the process is asked to end, until {@link #close()}. */
    public static ShutdownSignal onStop(Runnable stop) {
        var signal = new ShutdownSignal(stop);
        Runtime.getRuntime().addShutdownHook(signal.hook);
        return signal;
    }

    /** To be called when the program has nothing more to print, errors included: the JVM may end. */
    public static boolean everythingSaid() {
        SAID.countDown();
        return RECEIVED.get();
    }

    private static void awaitFinish() {
        try {
            if (!SAID.await(PATIENCE_SECONDS, TimeUnit.SECONDS))
                System.err.println("athanor: gave up waiting for the orderly end after " + PATIENCE_SECONDS + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        if (!RECEIVED.get()) Runtime.getRuntime().removeShutdownHook(hook);
    }
}
