package org.athanor.comfort.learning;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Arrays;

/**
 * What is usual at each of the 168 hours of a week, Monday's first hour being 0: gains of people and appliances, draws of hot
 * water. Before an hour has been seen often it is taken for like the same hour of the other days, and before those have
 * been seen, for like the prior. What is long ago is forgotten.
 */
public final class HourOfWeek {
    public static final int HOURS = 168;

    private static final int DAY = 24;
    private static final String WHAT = "saved hours of the week";
    private static final String MAGIC = "ATHW";
    private static final int VERSION = 1;

    /** What a value of one's own week counts after another week. */
    private static final double KEPT_PER_WEEK = 0.9;

    /** Days that the prior is worth. */
    private static final double PRIOR_WEIGHT = 2;

    /** Weeks that the mean of all days is worth against an hour's own. */
    private static final double DAILY_WEIGHT = 3;

    private final double priorMean;
    private final double priorSpread;
    private final double[] weight = new double[HOURS];
    private final double[] mean = new double[HOURS];
    /** Weighted sum of squares about {@link #mean}. */
    private final double[] squares = new double[HOURS];

    /**
     * @param mean of every hour, in whatever unit
     * @param spread standard deviation about it
     */
    public HourOfWeek(double mean, double spread) {
        if (!Double.isFinite(mean) || !(spread >= 0) || Double.isInfinite(spread))
            throw new IllegalArgumentException("prior of hours of the week: mean " + mean + ", spread " + spread
                    + " (finite, spread not negative)");
        priorMean = mean;
        priorSpread = spread;
    }

    private HourOfWeek(HourOfWeek other) {
        this(other.priorMean, other.priorSpread);
        System.arraycopy(other.weight, 0, weight, 0, HOURS);
        System.arraycopy(other.mean, 0, mean, 0, HOURS);
        System.arraycopy(other.squares, 0, squares, 0, HOURS);
    }

    public HourOfWeek copy() {
        return new HourOfWeek(this);
    }

    /** By local time, 0 to 167. */
    public static int hour(ZonedDateTime time) {
        return (time.getDayOfWeek().getValue() - 1) * DAY + time.getHour();
    }

    static int hour(Instant time, ZoneId zone) {
        return hour(time.atZone(zone));
    }

    public void observe(int hour, double value) {
        observe(hour, value, 1);
    }

    /** @param worth of the value, 0 to 1, where 1 is a whole hour that was measured well */
    public void observe(int hour, double value, double worth) {
        if (!Double.isFinite(value) || !(worth >= 0 && worth <= 1))
            throw new IllegalArgumentException(
                    "value " + value + " of worth " + worth + " for hour " + hour + " (finite, 0 to 1)");
        double kept = 1 - (1 - KEPT_PER_WEEK) * worth;
        double old = weight[hour] * kept;
        weight[hour] = old + worth;
        if (weight[hour] == 0) return;
        double difference = value - mean[hour];
        mean[hour] += difference * worth / weight[hour];
        squares[hour] = squares[hour] * kept + worth * old / weight[hour] * difference * difference;
    }

    /** What is expected at this hour. */
    public double mean(int hour) {
        double daily = dailyMean(hour % DAY);
        return (weight[hour] * mean[hour] + DAILY_WEIGHT * daily) / (weight[hour] + DAILY_WEIGHT);
    }

    /** Standard deviation of one value of this hour about its mean. */
    public double spread(int hour) {
        double sum = PRIOR_WEIGHT * priorSpread * priorSpread;
        double weights = PRIOR_WEIGHT;
        for (int i = hour % DAY; i < HOURS; i += DAY) {
            double off = weight[i] == 0 ? 0 : mean[i] - mean(i);
            sum += squares[i] + weight[i] * off * off;
            weights += weight[i];
        }
        return Math.sqrt(sum / weights);
    }

    private double dailyMean(int hourOfDay) {
        double sum = PRIOR_WEIGHT * priorMean;
        double weights = PRIOR_WEIGHT;
        for (int i = hourOfDay; i < HOURS; i += DAY) {
            sum += weight[i] * mean[i];
            weights += weight[i];
        }
        return sum / weights;
    }

    /** Of all hours. */
    public double[] means() {
        var means = new double[HOURS];
        Arrays.setAll(means, this::mean);
        return means;
    }

    public byte[] toBytes() {
        var out = new SavedBytes.Writer(MAGIC, VERSION).put(priorMean).put(priorSpread);
        write(out);
        return out.finish();
    }

    /** @throws IllegalArgumentException for bytes that {@link #toBytes} of this version did not make */
    public static HourOfWeek ofBytes(byte[] bytes) {
        var in = new SavedBytes.Reader(WHAT, MAGIC, VERSION, bytes);
        var hours = new HourOfWeek(in.real(), in.real());
        hours.read(in);
        in.end();
        return hours;
    }

    void write(SavedBytes.Writer out) {
        out.put(weight).put(mean).put(squares);
    }

    void read(SavedBytes.Reader in) {
        in.fill(weight);
        in.fill(mean);
        in.fill(squares);
    }
}
