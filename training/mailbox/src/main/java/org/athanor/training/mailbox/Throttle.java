package org.athanor.training.mailbox;

import java.util.concurrent.TimeUnit;

/** Holds back transfers so that they take no more of a household's line than it gave; shared by all transfers of a worker. */
public final class Throttle {
    private static final double BURST_SECONDS = 0.25;
    private static final int LEAST_PIECE = 1 << 14;
    private static final int LARGEST_PIECE = 1 << 20;

    private final double bytesPerSecond;
    private double allowance;
    private long last = System.nanoTime();

    /** @param bytesPerSecond at most; 0 for no limit */
    public Throttle(double bytesPerSecond) {
        if (!(bytesPerSecond >= 0)) {
            throw new IllegalArgumentException(
                    "a line has 0 (no limit) or more bytes a second, but not " + bytesPerSecond);
        }
        this.bytesPerSecond = bytesPerSecond;
    }

    /** Bytes to send at once: about a second's worth, so that short messages get in between. */
    public int piece() {
        return bytesPerSecond == 0
                ? LARGEST_PIECE
                : (int) Math.clamp(bytesPerSecond, (double) LEAST_PIECE, (double) LARGEST_PIECE);
    }

    /** Waits until so many bytes more may pass. */
    public synchronized void pass(long bytes) throws InterruptedException {
        if (bytesPerSecond == 0) {
            return;
        }
        var now = System.nanoTime();
        allowance = Math.min(allowance + (now - last) / 1e9 * bytesPerSecond, BURST_SECONDS * bytesPerSecond) - bytes;
        last = now;
        if (allowance < 0) {
            TimeUnit.NANOSECONDS.sleep((long) (-allowance / bytesPerSecond * 1e9));
        }
    }
}
