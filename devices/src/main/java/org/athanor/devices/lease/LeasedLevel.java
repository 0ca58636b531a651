package org.athanor.devices.lease;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;

/** A level of something that runs in this computer. When nobody renews it for as long as its lease, a watchdog sets it to 0. */
public final class LeasedLevel implements AutoCloseable {
    private static final int CHECKS_PER_LEASE = 10;

    private final Duration lease;
    private final LongSupplier nanoTime;
    private final IntConsumer apply;
    private final ScheduledExecutorService watchdog;
    private int level;
    private long renewedNanos;

    /**
     * @param lease how long a level goes on by the wall clock
     * @param apply makes a level true; called by whoever sets it, and by the watchdog
     * @throws IllegalArgumentException for a lease that is too short to be watched
     */
    public LeasedLevel(String id, Duration lease, LongSupplier nanoTime, IntConsumer apply) {
        if (lease.compareTo(Duration.ofMillis(CHECKS_PER_LEASE)) < 0)
            throw new IllegalArgumentException(id + ": lease " + lease + " (at least " + CHECKS_PER_LEASE + " ms)");
        this.lease = lease;
        this.nanoTime = nanoTime;
        this.apply = apply;
        this.renewedNanos = nanoTime.getAsLong();
        this.watchdog = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("lease-" + id).factory());
        long millis = lease.toMillis() / CHECKS_PER_LEASE;
        var _ = watchdog.scheduleWithFixedDelay(this::stopIfEnded, millis, millis, TimeUnit.MILLISECONDS);
    }

    private synchronized void stopIfEnded() {
        if (level == 0 || nanoTime.getAsLong() - renewedNanos < lease.toNanos()) return;
        apply.accept(0);
        level = 0;
    }

    /** The level, which goes on for a lease from now unless its lease had ended. */
    public synchronized int renewed() {
        stopIfEnded();
        renewedNanos = nanoTime.getAsLong();
        return level;
    }

    public synchronized void set(int newLevel) {
        apply.accept(newLevel);
        level = newLevel;
        renewedNanos = nanoTime.getAsLong();
    }

    /** Also sets it to 0. */
    @Override
    public void close() {
        watchdog.shutdownNow();
        set(0);
    }
}
