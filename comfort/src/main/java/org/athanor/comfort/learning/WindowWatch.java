package org.athanor.comfort.learning;

/**
 * Tells an open window by warmth that is missing faster than any model of the room can explain, and a closed one by the air
 * that no longer falls behind its model.
 */
final class WindowWatch {
    /** How long a shortfall is remembered. */
    static final double MEMORY_SECONDS = 1200;

    private static final double SHORTFALL_KELVIN = 0.5;
    private static final double SHORTFALL_DEVIATIONS = 3;

    /** Beyond so many deviations below what was expected a reading is not learned from until it is clear what it means. */
    private static final double SUSPICIOUS_DEVIATIONS = 3;

    /** An open window does nothing worth the name when it is as warm outdoors. */
    private static final double LEAST_DIFFERENCE = 4;

    private static final double CALM_KELVIN = 0.12;
    private static final double CALM_SECONDS = 900;

    /** After this it is not a window but another room. */
    private static final double LONGEST_SECONDS = 6 * 3600.0;

    private static final double LONGEST_SUSPICION_SECONDS = 900;

    private double shortfall;
    private double suspiciousSeconds;
    private double calmSeconds;
    private double openSeconds;
    private boolean open;

    boolean open() {
        return open;
    }

    /** Whether to wait with learning from this reading; not for long, or a wrong model would never be put right. */
    boolean suspicious(double kelvin, double deviation, double seconds) {
        suspiciousSeconds = kelvin < -SUSPICIOUS_DEVIATIONS * deviation ? suspiciousSeconds + seconds : 0;
        return suspiciousSeconds > 0 && suspiciousSeconds <= LONGEST_SUSPICION_SECONDS;
    }

    /**
     * @param kelvin by which the reading is above what the most forgiving model expected
     * @param deviation that is usual for it
     * @param excuse K that the model may be off for reasons of its own: heat that has just gone
     * @param indoorLessOutdoor K
     * @return whether the window was found open for longer than windows are: it has been closed now
     */
    boolean judge(double kelvin, double deviation, double excuse, double seconds, double indoorLessOutdoor) {
        if (!open) {
            shortfall = Math.min(0, shortfall * Math.exp(-seconds / MEMORY_SECONDS) + kelvin);
            open = indoorLessOutdoor >= LEAST_DIFFERENCE
                    && kelvin < 0
                    && shortfall < -(SHORTFALL_KELVIN + SHORTFALL_DEVIATIONS * deviation + excuse);
            calmSeconds = 0;
            openSeconds = 0;
            return false;
        }
        openSeconds += seconds;
        calmSeconds = kelvin > -CALM_KELVIN ? calmSeconds + seconds : 0;
        if (calmSeconds < CALM_SECONDS && openSeconds < LONGEST_SECONDS) return false;
        open = false;
        shortfall = 0;
        return calmSeconds < CALM_SECONDS;
    }

    void reset() {
        open = false;
        shortfall = 0;
        suspiciousSeconds = 0;
        calmSeconds = 0;
        openSeconds = 0;
    }

    void write(SavedBytes.Writer out) {
        out.put(shortfall)
                .put(suspiciousSeconds)
                .put(calmSeconds)
                .put(openSeconds)
                .put(open);
    }

    void read(SavedBytes.Reader in) {
        shortfall = in.real();
        suspiciousSeconds = in.real();
        calmSeconds = in.real();
        openSeconds = in.real();
        open = in.flag();
    }
}
