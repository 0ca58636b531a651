package org.athanor.comfort.learning;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One order of room model: its filter, what it takes for usual by hour of the week, and how its predictions turned out. */
final class Candidate {
    private static final int NONE = -1;

    /** Of the unmodelled gain's own spread; what is usual differs from hour to hour by less than what happens. */
    private static final double PROFILE_SPREAD = 0.5;

    /** Prediction errors are this many times larger than expected when a room is no longer what it was. */
    private static final double WRONG = 9;

    private static final int WRONG_IN_A_ROW = 2;

    /** Predictions under way at the same time: one every six hours. */
    private static final int MOST_PENDING = 4;

    final RoomFilter filter;
    final TrackRecord record;
    private final HourOfWeek profile;
    private final List<PastPrediction> pending;
    /** Expected gain beside the usual one by hour of the week, W; their mean is 0, for it belongs to the usual one. */
    private double[] expectedGain;

    private int markedHour = NONE;
    private int wrongInARow;

    Candidate(RoomPrior prior, int nodes) {
        var beliefs = new Beliefs(prior, nodes);
        filter = new RoomFilter(beliefs, new RoomDynamics(beliefs.shape));
        record = new TrackRecord();
        profile = new HourOfWeek(0, PROFILE_SPREAD * beliefs.gainWatts);
        pending = new ArrayList<>();
        expectedGain = new double[HourOfWeek.HOURS];
    }

    int nodes() {
        return filter.shape.nodes();
    }

    double expectedGain(int hour) {
        return expectedGain[hour];
    }

    /** People, appliances and what else comes at this hour of the week, W. */
    double gain(int hour) {
        return filter.state[filter.shape.usualGain()] + expectedGain[hour];
    }

    void start(double celsius) {
        filter.start(celsius);
        pending.clear();
        markedHour = NONE;
    }

    void predict(double seconds, Drive drive, int hour) {
        filter.predict(seconds, drive, expectedGain[hour]);
    }

    /** At each half hour: what the hour before needed beside what was expected is known by now. */
    void markHour(int hour) {
        int past = filter.shape.pastGain();
        if (markedHour != NONE) {
            double known = filter.covariance(past, past) / Beliefs.square(filter.beliefs.gainWatts);
            profile.observe(markedHour, expectedGain[markedHour] + filter.state[past], Math.clamp(1 - known, 0, 1));
            centreProfile();
        }
        filter.markGain();
        markedHour = hour;
    }

    void unmark() {
        markedHour = NONE;
    }

    private void centreProfile() {
        expectedGain = profile.means();
        double mean = Arrays.stream(expectedGain).average().orElseThrow();
        for (int i = 0; i < expectedGain.length; i++) expectedGain[i] -= mean;
    }

    void promise(int hour) {
        if (pending.size() < MOST_PENDING) pending.add(new PastPrediction(filter, expectedGain, hour));
    }

    /** @param reading NaN when there is none */
    void compare(double seconds, Drive drive, int hour, double reading) {
        for (var prediction : pending) prediction.advance(seconds, drive, hour, reading, record);
        while (!pending.isEmpty() && pending.getFirst().done()) {
            var done = pending.removeFirst();
            if (!done.meaningful()) continue;
            record.complete(done.meanLogDensity());
            wrongInARow = done.meanRatio() > WRONG ? wrongInARow + 1 : 0;
        }
    }

    /** What happened was not in the weather: predictions under way are not held against the model. */
    void dropPromises() {
        pending.clear();
    }

    boolean keepsBeingWrong() {
        return wrongInARow >= WRONG_IN_A_ROW;
    }

    void doubt(double share) {
        filter.doubt(share);
        record.fade();
        wrongInARow = 0;
        pending.clear();
    }

    void write(SavedBytes.Writer out) {
        filter.write(out);
        record.write(out);
        profile.write(out);
        out.put(expectedGain).put((long) markedHour + 1).put((long) wrongInARow).put((long) pending.size());
        for (var prediction : pending) prediction.write(out);
    }

    void read(SavedBytes.Reader in) {
        filter.read(in);
        record.read(in);
        profile.read(in);
        in.fill(expectedGain);
        markedHour = in.count(HourOfWeek.HOURS) - 1;
        wrongInARow = in.count(Integer.MAX_VALUE);
        int count = in.count(MOST_PENDING);
        pending.clear();
        for (int i = 0; i < count; i++) pending.add(PastPrediction.read(filter, in));
    }
}
