package org.athanor.comfort.learning;

/** A prediction of 24 h that is under way: what was known when it was made, carried on by the weather and heat that came. */
final class PastPrediction {
    private static final double HOUR_SECONDS = 3600;

    private final RoomFilter filter;
    private final double[] expectedGain;
    private final int firstHour;
    private final Inputs gathered;
    private int hours;
    private double ratios;
    private double logDensities;
    private int compared;

    /**
     * @param profile expected gain by hour of the week, of which the next 25 are kept
     * @param hour of the week now
     */
    PastPrediction(RoomFilter filter, double[] profile, int hour) {
        this.filter = filter.copy();
        firstHour = hour;
        gathered = new Inputs();
        expectedGain = new double[TrackRecord.HOURS + 1];
        for (int i = 0; i < expectedGain.length; i++) expectedGain[i] = profile[(hour + i) % HourOfWeek.HOURS];
    }

    private PastPrediction(PastPrediction other) {
        filter = other.filter.copy();
        firstHour = other.firstHour;
        gathered = other.gathered.copy();
        expectedGain = other.expectedGain.clone();
        hours = other.hours;
        ratios = other.ratios;
        logDensities = other.logDensities;
        compared = other.compared;
    }

    PastPrediction copy() {
        return new PastPrediction(this);
    }

    /** @param reading NaN when there is none; {@code hour} of the week */
    void advance(double seconds, Drive drive, int hour, double reading, TrackRecord record) {
        int ahead = Math.floorMod(hour - firstHour, HourOfWeek.HOURS);
        gathered.add(seconds, drive, expectedGain[Math.min(ahead, TrackRecord.HOURS)]);
        if (gathered.seconds() < HOUR_SECONDS - 1) return;
        filter.predict(gathered.seconds(), gathered.mean(), gathered.expectedGain());
        gathered.clear();
        if (!Double.isNaN(reading)) {
            var innovation = filter.innovation(reading);
            double logDensity =
                    record.logDensity(innovation.squares() / record.calibration(hours), hours, innovation.variance());
            ratios += record.add(hours, innovation.kelvin(), innovation.variance());
            logDensities += logDensity;
            compared++;
        }
        hours++;
    }

    boolean done() {
        return hours == TrackRecord.HOURS;
    }

    /** Whether enough of its hours had a reading to say something of the whole. */
    boolean meaningful() {
        return 2 * compared >= TrackRecord.HOURS;
    }

    double meanLogDensity() {
        return logDensities / compared;
    }

    /** Mean squared error over the variance that was expected. */
    double meanRatio() {
        return ratios / compared;
    }

    void write(SavedBytes.Writer out) {
        filter.write(out);
        gathered.write(out);
        out.put(expectedGain).put((long) firstHour).put((long) hours);
        out.put(ratios).put(logDensities).put((long) compared);
    }

    static PastPrediction read(RoomFilter likeness, SavedBytes.Reader in) {
        var filter = likeness.copy();
        filter.read(in);
        var gathered = new Inputs();
        gathered.read(in);
        var gains = new double[TrackRecord.HOURS + 1];
        in.fill(gains);
        return new PastPrediction(filter, gathered, gains, in);
    }

    private PastPrediction(RoomFilter filter, Inputs gathered, double[] expectedGain, SavedBytes.Reader in) {
        this.filter = filter;
        this.gathered = gathered;
        this.expectedGain = expectedGain;
        firstHour = in.count(HourOfWeek.HOURS - 1);
        hours = in.count(TrackRecord.HOURS - 1);
        ratios = in.real();
        logDensities = in.real();
        compared = in.count(TrackRecord.HOURS);
    }
}
