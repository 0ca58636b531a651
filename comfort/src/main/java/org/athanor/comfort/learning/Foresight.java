package org.athanor.comfort.learning;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.stream.IntStream;
import org.athanor.comfort.series.Forecast;

/** Looks ahead with one model from where the room is now. */
final class Foresight {
    private static final double NANOS = 1e9;
    private static final double HOUR_SECONDS = 3600;
    private static final double LONGEST_PIECE_SECONDS = 900;
    private static final double EARLIEST_SECONDS = -900;
    private static final double LATEST_SECONDS = 6 * HOUR_SECONDS;

    private final Candidate model;
    private final RoomFilter filter;
    private final Instant now;
    private final ZoneId zone;
    private final double usualWind;
    private final double usualDraught;

    /** @param filter of the model, moved on to {@code now}; used up by a prediction */
    Foresight(Candidate model, RoomFilter filter, Instant now, ZoneId zone, double usualWind, double usualDraught) {
        this.model = model;
        this.filter = filter;
        this.now = now;
        this.zone = zone;
        this.usualWind = usualWind;
        this.usualDraught = usualDraught;
    }

    Prediction prediction(Forecast outlook, double[] heatWatts) {
        check(outlook, heatWatts);
        double ahead = secondsAhead(outlook);
        if (ahead > 0)
            filter.predict(ahead, drive(outlook, 0, heatWatts[0]), model.expectedGain(HourOfWeek.hour(now, zone)));
        int steps = outlook.steps();
        var celsius = new double[steps];
        var deviation = new double[steps];
        double seconds = outlook.step().toNanos() / NANOS;
        int pieces = (int) Math.max(1, Math.ceil(seconds / LONGEST_PIECE_SECONDS));
        for (int i = 0; i < steps; i++) {
            var drive = drive(outlook, i, heatWatts[i]);
            for (int j = 0; j < pieces; j++) {
                int hour = hour(outlook, (i + (j + 0.5) / pieces) * seconds);
                filter.predict(seconds / pieces, drive, model.expectedGain(hour));
            }
            double hours = Math.clamp(Math.rint((i + 1) * seconds / HOUR_SECONDS), 1, TrackRecord.HOURS);
            celsius[i] = filter.state[0];
            deviation[i] = Math.sqrt(filter.readingVariance() * model.record.calibration((int) hours - 1));
        }
        return new Prediction(outlook.start(), outlook.step(), celsius, deviation);
    }

    private void check(Forecast outlook, double[] heatWatts) {
        if (heatWatts.length != outlook.steps())
            throw new IllegalArgumentException(
                    "heat for " + heatWatts.length + " steps of a forecast of " + outlook.steps());
        for (int i = 0; i < heatWatts.length; i++)
            if (!Double.isFinite(heatWatts[i]))
                throw new IllegalArgumentException("heat of step " + i + ": " + heatWatts[i] + " W (a finite number)");
        double ahead = secondsAhead(outlook);
        if (ahead < EARLIEST_SECONDS || ahead > LATEST_SECONDS)
            throw new IllegalArgumentException("an outlook from " + outlook.start() + " does not begin at " + now
                    + ", the time of the last observation (15 minutes before to 6 hours after it)");
    }

    double[] gains(Forecast outlook) {
        double surplus = filter.state[filter.shape.gain()];
        double air = filter.state[0];
        double usualLoss = filter.model(usualDraught).airToOutdoor();
        double seconds = outlook.step().toNanos() / NANOS;
        return IntStream.range(0, outlook.steps())
                .mapToDouble(i -> {
                    double middle = (i + 0.5) * seconds;
                    double kept = Beliefs.gainKept(Math.max(0, secondsAhead(outlook) + middle));
                    var drive = drive(outlook, i, 0);
                    double draught = Draught.of(drive.outdoor(), drive.wind());
                    double leakLoss = filter.model(draught).airToOutdoor() - usualLoss;
                    return model.gain(hour(outlook, middle)) + surplus * kept - leakLoss * (air - drive.outdoor());
                })
                .toArray();
    }

    private Drive drive(Forecast outlook, int step, double heatWatts) {
        double wind = outlook.knowsWind() ? outlook.windMetresPerSecond(step) : usualWind;
        return new Drive(outlook.outdoorCelsius(step), heatWatts, outlook.windowSun(step), wind);
    }

    private int hour(Forecast outlook, double seconds) {
        return HourOfWeek.hour(outlook.start().plusNanos((long) (seconds * NANOS)), zone);
    }

    private double secondsAhead(Forecast outlook) {
        var span = Duration.between(now, outlook.start());
        return span.getSeconds() + span.getNano() / NANOS;
    }
}
