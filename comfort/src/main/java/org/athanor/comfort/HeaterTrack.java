package org.athanor.comfort;

import java.time.Duration;

/**
 * What the governor remembers of one heater.
 *
 * @param level last command
 * @param plugOn last command
 * @param off whether it was verifiably off at the last reading
 * @param standbyWatts what its plug metered then
 * @param secondsSinceRenewal since the plug's countdown may last have been renewed
 * @param secondsSincePlugOn since the plug was told to come on
 * @param secondsAskedOff since it was told to be off
 * @param secondsBlind since it runs without telling the temperature of its chips
 * @param hotSteps readings in a row at or above the maximum of chip or inlet
 * @param disagreeingSteps readings in a row in which its own figure and the plug's differed
 * @param mains when they came back to it
 * @param rest that its last trouble cost it
 */
record HeaterTrack(
        int level,
        boolean plugOn,
        boolean off,
        double standbyWatts,
        double secondsSinceRenewal,
        double secondsSincePlugOn,
        double secondsAskedOff,
        double secondsBlind,
        int hotSteps,
        int disagreeingSteps,
        Mains mains,
        Lock lock,
        Rest rest) {
    /**
     * Of a heater in trouble: each that follows soon costs twice as long, since every try starts its boards.
     *
     * @param seconds of the last one; 0 if there was none, or it has run well for an hour since
     * @param well seconds that it has run without trouble since then
     */
    record Rest(double seconds, double well) {
        static final Rest NONE = new Rest(0, 0);

        private static final double FORGIVEN = Duration.ofHours(1).toSeconds();

        Rest ranWell(double elapsed) {
            return seconds == 0 || well + elapsed >= FORGIVEN ? NONE : new Rest(seconds, well + elapsed);
        }

        Rest next(double first, double longest) {
            return new Rest(seconds == 0 ? first : Math.min(longest, 2 * seconds), 0);
        }
    }

    /**
     * With them a miner starts by itself.
     *
     * @param seconds since then; infinite if they were never off
     * @param untold whether nothing was told to it since then
     */
    record Mains(double seconds, boolean untold) {
        static final Mains ALWAYS = new Mains(Double.POSITIVE_INFINITY, false);

        Mains after(double elapsed) {
            return new Mains(seconds + elapsed, untold);
        }
    }

    /** A time in which the heater must stay off, with its plug cut or only at level 0. */
    record Lock(double seconds, boolean cut, String reason) {
        static final Lock NONE = new Lock(0, false, "");

        boolean holds() {
            return seconds > 0;
        }

        Lock after(double elapsed) {
            return seconds <= elapsed ? NONE : new Lock(seconds - elapsed, cut, reason);
        }
    }

    /** A controller that ran before may have switched it on a moment ago. */
    static final HeaterTrack UNKNOWN =
            new HeaterTrack(0, false, false, 0, 0, 0, 0, 0, 0, 0, Mains.ALWAYS, Lock.NONE, Rest.NONE);

    HeaterTrack commanded(HeaterCommand command, boolean plugWasOff) {
        int nextLevel = command.level();
        boolean nextPlugOn = command.plugOn();
        boolean starts = nextPlugOn && (plugWasOff || !plugOn);
        return new HeaterTrack(
                nextLevel,
                nextPlugOn,
                off,
                standbyWatts,
                nextPlugOn ? 0 : secondsSinceRenewal,
                starts ? 0 : secondsSincePlugOn,
                starts || nextLevel > 0 || command.asItStarted() ? 0 : secondsAskedOff,
                secondsBlind,
                hotSteps,
                disagreeingSteps,
                nextPlugOn && plugWasOff
                        ? new Mains(0, true)
                        : new Mains(mains.seconds(), mains.untold() && command.asItStarted()),
                lock,
                rest);
    }
}
