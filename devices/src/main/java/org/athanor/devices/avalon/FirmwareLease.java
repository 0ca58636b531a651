package org.athanor.devices.avalon;

import java.time.Duration;
import java.util.OptionalLong;
import org.athanor.devices.Heater.RunsOut;

/**
 * A soft stop that is dated ahead and put off each time that the device is read: when nobody reads it any more, the device stops
 * by itself. That a firmware keeps such a date is plausible, since its command takes one, and was not seen on a real device; nor
 * does it show one that is pending. So the first is not put off, to see whether the device stops then, neither before nor much
 * later.
 *
 * <p>Pure: all times are the device's own, in seconds.
 */
final class FirmwareLease {
    /** How far from its date a stop may be. */
    private static final long EARLY_SECONDS = 2;

    private static final long LATE_SECONDS = 30;

    private enum Trial {
        NONE,
        RUNNING,
        KEPT,
        BROKEN
    }

    private final long seconds;
    private Trial trial = Trial.NONE;
    private long due;
    private boolean stopped;

    FirmwareLease(Duration lease) {
        this.seconds = lease.toSeconds();
    }

    /** It was told to stop: nothing puts that off. */
    void stop() {
        stopped = true;
        if (trial == Trial.RUNNING) trial = Trial.NONE;
    }

    /** It was told to heat. */
    void go() {
        stopped = false;
    }

    /**
     * The device was read.
     *
     * @param off whether it has stopped
     * @return the date to which its stop is to be set now, if it is to be set
     */
    OptionalLong seen(long now, boolean off) {
        if (off) {
            if (trial == Trial.RUNNING) trial = now >= due - EARLY_SECONDS ? Trial.KEPT : Trial.BROKEN;
            return OptionalLong.empty();
        }
        if (stopped) return OptionalLong.empty();
        return switch (trial) {
            case NONE, KEPT -> OptionalLong.of(now + seconds);
            case RUNNING -> {
                if (now > due + LATE_SECONDS) trial = Trial.BROKEN;
                yield OptionalLong.empty();
            }
            case BROKEN -> OptionalLong.empty();
        };
    }

    /** Its stop was set to this date. */
    void set(long date) {
        if (trial == Trial.NONE) trial = Trial.RUNNING;
        due = date;
    }

    RunsOut runsOut() {
        return switch (trial) {
            case NONE, RUNNING -> RunsOut.ON_TRIAL;
            case KEPT -> RunsOut.YES;
            case BROKEN -> RunsOut.NO;
        };
    }
}
