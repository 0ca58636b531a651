package org.athanor.edge;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.athanor.devices.DeviceException;

/**
 * The way to one device: one operation at a time, each on a virtual thread and waited for within a bound. A device that
 * hangs holds up nobody but itself, and is not asked again before its last operation has ended; only switching off is
 * tried all the same.
 */
final class Lane {
    private static final System.Logger LOGGER = System.getLogger(Lane.class.getName());

    private final String device;
    private final Duration bound;
    private final AtomicBoolean busy = new AtomicBoolean();
    private final AtomicBoolean bugsTold = new AtomicBoolean();

    Lane(String device, Duration bound) {
        this.device = device;
        this.bound = bound;
    }

    /** @param failure what went wrong with the device; empty exactly when there is a value */
    record Outcome<T>(Optional<T> value, Optional<String> failure) {
        static <T> Outcome<T> of(T value) {
            return new Outcome<>(Optional.of(value), Optional.empty());
        }

        static <T> Outcome<T> failed(String why) {
            return new Outcome<>(Optional.empty(), Optional.of(why));
        }
    }

    /** An operation under way. */
    interface Pending<T> {
        /** What the operation threw is trouble of the device, but for an {@link Error} of this program. */
        Outcome<T> await() throws InterruptedException;
    }

    <T> Pending<T> start(Supplier<T> operation) {
        if (!busy.compareAndSet(false, true))
            return () -> Outcome.failed(device + " has not answered the request before yet");
        return launch(operation, () -> busy.set(false));
    }

    /** Switching off waits for nobody, not even for an operation that hangs. */
    Pending<Boolean> off(Runnable operation) {
        return launch(
                () -> {
                    operation.run();
                    return true;
                },
                () -> {});
    }

    private <T> Pending<T> launch(Supplier<T> operation, Runnable ended) {
        long deadline = System.nanoTime() + bound.toNanos();
        var result = new CompletableFuture<T>();
        var thread = Thread.ofVirtual().name("device-" + device).start(() -> {
            T value = null;
            Throwable trouble = null;
            try {
                value = operation.get();
            } catch (RuntimeException | Error e) {
                trouble = e;
            }
            ended.run();
            if (trouble == null) result.complete(value);
            else result.completeExceptionally(trouble);
        });
        return () -> {
            try {
                return Outcome.of(result.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS));
            } catch (TimeoutException e) {
                thread.interrupt();
                return Outcome.failed(device + " gave no answer within " + bound.toMillis() + " ms");
            } catch (InterruptedException e) {
                thread.interrupt();
                throw e;
            } catch (ExecutionException e) {
                return switch (e.getCause()) {
                    case DeviceException trouble -> Outcome.failed(trouble.getMessage());
                    case RuntimeException bug -> {
                        // one device's driver must not end the control of the others
                        if (bugsTold.compareAndSet(false, true))
                            LOGGER.log(System.Logger.Level.ERROR, "the driver of " + device + " failed", bug);
                        yield Outcome.failed(device + ": error of its driver: " + bug);
                    }
                    case Error bug -> throw bug;
                    case null, default -> throw new IllegalStateException("operation on " + device + " failed", e);
                };
            }
        };
    }

    /** For operations without a result. */
    Pending<Boolean> run(Runnable operation) {
        return start(() -> {
            operation.run();
            return true;
        });
    }
}
