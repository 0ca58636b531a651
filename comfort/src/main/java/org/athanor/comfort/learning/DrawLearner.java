package org.athanor.comfort.learning;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.athanor.comfort.model.HotWaterTank;

/**
 * Learns what is drawn from a hot-water tank at each hour of the week, and what the tank loses, from its temperature and the
 * heat it was given: what neither stayed nor was lost was drawn. Draws are in watts above the cold water, so that nobody needs
 * to know how warm that is.
 *
 * <p>Losses are told from draws by the hours in which least leaves: in six hours of the day in a row, mostly at night, next to
 * nobody draws. Sensors of a layered tank err for as long as a layer passes between them; what one block misses the next one
 * makes good, so that sums over hours and days are right.
 */
public final class DrawLearner {
    private static final String WHAT = "saved draws of a tank";
    private static final String MAGIC = "ATDL";
    private static final int VERSION = 1;
    private static final double NANOS = 1e9;

    private static final double BLOCK_SECONDS = 900;
    /** Nothing is said of what happened in a longer time without a temperature. */
    private static final double LONGEST_GAP_SECONDS = 3600;

    private static final int DAY = 24;
    /** Hours in a row in which nobody draws. */
    private static final int QUIET = 6;

    /** Of a mean temperature at both ends of those hours: steps of the sensors, and layers between them. */
    private static final double SENSOR_KELVINS = 0.3;

    /** From cold water to that at a tap. */
    private static final double DRAWN_KELVINS = 30;

    /** Draws of an hour differ by this share from the day's mean. */
    private static final double SPREAD_OF_HOURS = 1.5;

    /** Meters of heat are off by this share. */
    private static final double METER_SHARE = 0.03;

    /** Standard deviation of what is thought of the loss before it is measured, as a share. */
    private static final double PRIOR_SHARE = 0.8;

    /**
     * What no number of days takes from the error of the measured loss, as a share: heat that sinks from layer to layer at night
     * leaves the sensors and not the tank.
     */
    private static final double LAYERS_SHARE = 0.3;

    /** What an hour counts after a day: insulation ages, in months. */
    private static final double KEPT_PER_DAY = 0.97;

    private final ZoneId zone;
    private final double litres;
    private final double priorLoss;
    private final double priorLitresPerDay;
    private final double capacity;
    private final HourOfWeek draws;

    /** By hour of the day: J that left, K·s above the surroundings, J given, and days, each as far as it still counts. */
    private final double[] left = new double[DAY];

    private final double[] exposure = new double[DAY];
    private final double[] given = new double[DAY];
    private final double[] days = new double[DAY];
    private double loss;
    private double hoursSeen;

    // since the last temperature
    private boolean begun;
    private Instant last = Instant.EPOCH;
    private double celsius;
    private double heatSince;
    private double secondsSince;
    private double ambientSince;

    private final Span block = new Span();

    private final Span hour = new Span();
    /** Of the week. */
    private int hourNumber;

    /**
     * @param litres of the tank
     * @param lossWattsPerKelvin by its label, or a guess: a factor of two is overcome
     * @param litresPerDay drawn at 40 °C, before anything is measured: some 40 a person
     * @param zone of the household's habits
     * @throws IllegalArgumentException naming the field, its value and what is accepted
     */
    public DrawLearner(double litres, double lossWattsPerKelvin, double litresPerDay, ZoneId zone) {
        if (!(litres > 0 && litres <= 100_000))
            throw new IllegalArgumentException("tank of " + litres + " l (above 0, at most 100000)");
        if (!(lossWattsPerKelvin > 0 && lossWattsPerKelvin <= 1000))
            throw new IllegalArgumentException("loss of a tank " + lossWattsPerKelvin + " W/K (above 0, at most 1000)");
        if (!(litresPerDay >= 0 && litresPerDay <= 100_000))
            throw new IllegalArgumentException("hot water of " + litresPerDay + " l a day (0 to 100000)");
        this.zone = zone;
        this.litres = litres;
        priorLoss = lossWattsPerKelvin;
        loss = lossWattsPerKelvin;
        priorLitresPerDay = litresPerDay;
        capacity = litres * HotWaterTank.WATER;
        double watts = litresPerDay * HotWaterTank.WATER * DRAWN_KELVINS / 86_400;
        draws = new HourOfWeek(watts, SPREAD_OF_HOURS * watts);
    }

    /** One reading, each 1 to 15 minutes. One that is not later than the last is left out. */
    public void observe(TankReading reading) {
        if (!begun) {
            if (reading.meanCelsius().isPresent()) begin(reading);
            return;
        }
        double seconds = seconds(Duration.between(last, reading.time()));
        if (seconds <= 0) return;
        last = reading.time();
        secondsSince += seconds;
        heatSince += reading.heatWatts() * seconds;
        ambientSince += reading.ambientCelsius() * seconds;
        if (secondsSince > LONGEST_GAP_SECONDS) {
            block.clear();
            begun = false;
            if (reading.meanCelsius().isPresent()) begin(reading);
            return;
        }
        if (reading.meanCelsius().isEmpty()) return;
        double now = reading.meanCelsius().getAsDouble();
        block.add(
                secondsSince,
                heatSince - capacity * (now - celsius),
                (celsius + now) / 2 * secondsSince - ambientSince,
                Math.abs(heatSince));
        celsius = now;
        secondsSince = 0;
        heatSince = 0;
        ambientSince = 0;
        if (block.seconds >= BLOCK_SECONDS) endBlock();
    }

    private void begin(TankReading reading) {
        begun = true;
        last = reading.time();
        celsius = reading.meanCelsius().getAsDouble();
        secondsSince = 0;
        heatSince = 0;
        ambientSince = 0;
    }

    private void endBlock() {
        int now = HourOfWeek.hour(last.minusNanos((long) (block.seconds / 2 * NANOS)), zone);
        if (now != hourNumber && hour.seconds > 0) endHour();
        hourNumber = now;
        hour.add(block.seconds, block.leaving, block.exposure, block.heat);
        block.clear();
    }

    private void endHour() {
        int ofDay = hourNumber % DAY;
        double whole = Math.min(1, hour.seconds / 3600);
        double kept = 1 - (1 - KEPT_PER_DAY) * whole;
        left[ofDay] = kept * left[ofDay] + hour.leaving;
        exposure[ofDay] = kept * exposure[ofDay] + hour.exposure;
        given[ofDay] = kept * given[ofDay] + hour.heat;
        days[ofDay] = kept * days[ofDay] + whole;
        loss = learnedLoss();
        draws.observe(hourNumber, (hour.leaving - loss * hour.exposure) / hour.seconds, whole);
        hoursSeen += hour.seconds / 3600;
        hour.clear();
    }

    private double learnedLoss() {
        double least = Double.POSITIVE_INFINITY;
        double weight = 0;
        for (int from = 0; from < DAY; from++) {
            double leaving = 0;
            double above = 0;
            double heat = 0;
            double count = Double.POSITIVE_INFINITY;
            for (int i = from; i < from + QUIET; i++) {
                leaving += left[i % DAY];
                above += exposure[i % DAY];
                heat += given[i % DAY];
                count = Math.min(count, days[i % DAY]);
            }
            // an hour of the day that was never seen whole
            if (count < 0.5 || above <= 0 || leaving / above >= least) continue;
            least = leaving / above;
            double sensors = Math.sqrt(2 * count) * SENSOR_KELVINS * capacity;
            double meter = METER_SHARE * heat;
            double layers = LAYERS_SHARE * leaving;
            weight = above * above / (sensors * sensors + meter * meter + layers * layers);
        }
        double prior = 1 / (PRIOR_SHARE * priorLoss * PRIOR_SHARE * priorLoss);
        return weight == 0 ? priorLoss : Math.max(0, (prior * priorLoss + weight * least) / (prior + weight));
    }

    /** W/K through the insulation, as it is known by now. */
    public double lossWattsPerKelvin() {
        return loss;
    }

    /** Hours of which the draws have been counted. */
    public double hoursSeen() {
        return hoursSeen;
    }

    /** W drawn above the cold water that are usual in each step, never below 0. */
    public double[] drawWatts(Instant start, Duration step, int steps) {
        return each(start, step, steps, hours -> Math.max(0, draws.mean(hours)));
    }

    /** W: standard deviation of an hour's draw about what is usual, of each step. */
    public double[] drawSpreadWatts(Instant start, Duration step, int steps) {
        return each(start, step, steps, draws::spread);
    }

    private interface OfHour {
        double at(int hour);
    }

    private double[] each(Instant start, Duration step, int steps, OfHour value) {
        if (!step.isPositive() || steps < 1)
            throw new IllegalArgumentException("draws in " + steps + " steps of " + step + " (both above 0)");
        var values = new double[steps];
        for (int k = 0; k < steps; k++) {
            var middle = start.plus(step.multipliedBy(k)).plus(step.dividedBy(2));
            values[k] = value.at(HourOfWeek.hour(middle, zone));
        }
        return values;
    }

    private static double seconds(Duration time) {
        return time.getSeconds() + time.getNano() / NANOS;
    }

    /** All that was learned and what is under way, so that {@link #ofBytes} goes on exactly there. */
    public byte[] toBytes() {
        var out = new SavedBytes.Writer(MAGIC, VERSION)
                .put(litres)
                .put(priorLoss)
                .put(priorLitresPerDay)
                .put(zone.getId())
                .put(left)
                .put(exposure)
                .put(given)
                .put(days)
                .put(loss)
                .put(hoursSeen)
                .put(begun)
                .put(last.getEpochSecond())
                .put((long) last.getNano())
                .put(celsius)
                .put(heatSince)
                .put(secondsSince)
                .put(ambientSince)
                .put((long) hourNumber);
        block.write(out);
        hour.write(out);
        draws.write(out);
        return out.finish();
    }

    /** @throws IllegalArgumentException for bytes that {@link #toBytes} of this version did not make */
    public static DrawLearner ofBytes(byte[] bytes) {
        var in = new SavedBytes.Reader(WHAT, MAGIC, VERSION, bytes);
        var learner = new DrawLearner(in.real(), in.real(), in.real(), ZoneId.of(in.text()));
        in.fill(learner.left);
        in.fill(learner.exposure);
        in.fill(learner.given);
        in.fill(learner.days);
        learner.loss = in.real();
        learner.hoursSeen = in.real();
        learner.begun = in.flag();
        learner.last = Instant.ofEpochSecond(in.whole(), in.whole());
        learner.celsius = in.real();
        learner.heatSince = in.real();
        learner.secondsSince = in.real();
        learner.ambientSince = in.real();
        learner.hourNumber = in.count(HourOfWeek.HOURS - 1);
        learner.block.read(in);
        learner.hour.read(in);
        learner.draws.read(in);
        in.end();
        return learner;
    }

    /** Sums over a time. */
    private static final class Span {
        double seconds;
        /** J of heat given that did not stay. */
        double leaving;
        /** K·s above the surroundings. */
        double exposure;
        /** J given. */
        double heat;

        void add(double moreSeconds, double moreLeaving, double moreExposure, double moreHeat) {
            seconds += moreSeconds;
            leaving += moreLeaving;
            exposure += moreExposure;
            heat += moreHeat;
        }

        void clear() {
            seconds = 0;
            leaving = 0;
            exposure = 0;
            heat = 0;
        }

        void write(SavedBytes.Writer out) {
            out.put(seconds).put(leaving).put(exposure).put(heat);
        }

        void read(SavedBytes.Reader in) {
            seconds = in.real();
            leaving = in.real();
            exposure = in.real();
            heat = in.real();
        }
    }
}
