package org.athanor.cli.plan;

import java.time.Duration;

/**
 * Whether a home needs no heat for the time being: after two days without any, while the room is as warm as it should be
 * without, the forecast of the next day is no colder than the last one was, and no work pays for its electricity alone. Asked
 * anew each day, and at an end as soon as the room has cooled down by half a band.
 */
final class Rest {
    private static final Duration WITHOUT_HEAT = Duration.ofDays(2);
    private static final Duration DAY = Duration.ofDays(1);
    private static final int HOURS = 24;

    /** The room keeps most of what a colder day would take for longer than that. */
    private static final double COLDER_KELVIN = 2;

    private final Strategy.Setting setting;
    private Duration heated;
    private Duration asked;
    private boolean resting;
    private double meanOutdoor = Double.NaN;

    Rest(Strategy.Setting setting) {
        this.setting = setting;
    }

    /**
     * Asked once a step.
     *
     * @param lastHeat watts of the step that has passed
     */
    boolean goesOn(Moment now, double lastHeat) {
        var time = now.sinceYearStart();
        if (asked == null) begin(now);
        if (lastHeat > 0) heated = time;
        meanOutdoor +=
                (now.outdoorCelsius() - meanOutdoor) * -Math.expm1(-now.step().toSeconds() / (double) DAY.toSeconds());
        if (mustPlan(now)) {
            resting = false;
        } else if (time.minus(asked).compareTo(DAY) >= 0) {
            asked = time;
            resting = now.roomCelsius() >= now.setpointCelsius() && !somethingPays(now) && !colder(now);
        }
        return resting;
    }

    /** Whoever wants to plan more often than each day wants to see each plan. */
    private boolean mustPlan(Moment now) {
        return setting.planEvery().compareTo(DAY) < 0
                || now.sinceYearStart().minus(heated).compareTo(WITHOUT_HEAT) < 0
                || now.roomCelsius() < now.setpointCelsius() - setting.bandKelvin() / 2;
    }

    private void begin(Moment now) {
        heated = now.sinceYearStart();
        asked = now.sinceYearStart();
        meanOutdoor = now.outdoorCelsius();
    }

    /** Without any use for the heat. */
    private boolean somethingPays(Moment now) {
        double most = 0;
        for (var level : setting.machine().levels()) most = Math.max(most, level.payPerKwh());
        for (int hour = 0; hour < HOURS; hour++)
            if (setting.electricity().at(now.sinceYearStart().plusHours(hour)) <= most) return true;
        return false;
    }

    private boolean colder(Moment now) {
        var forecast = now.forecast().get();
        double sum = 0;
        for (int hour = 0; hour < HOURS; hour++) sum += forecast.outdoorCelsius(hour);
        return sum / HOURS < meanOutdoor - COLDER_KELVIN;
    }
}
