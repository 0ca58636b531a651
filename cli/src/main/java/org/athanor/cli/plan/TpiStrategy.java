package org.athanor.cli.plan;

import java.time.Duration;

/**
 * A rule that looks neither ahead nor back: demand for heat by the law of versatile_thermostat (a share of the nominal heat
 * per K below the setpoint, and per K between setpoint and outdoors). Chips come first, a resistive
 * element where it is no dearer than the other heating, and the other heating gives what is left.
 *
 * <p>Levels are held for an hour, since a change restarts the hashing of most miners; what they leave over or give too much is
 * made up for within the next hour.
 */
final class TpiStrategy implements Strategy {
    /**
     * Share of the nominal heat.
     *
     * @param perKelvin below the setpoint
     * @param perKelvinOutdoors between setpoint and outdoors
     */
    record Gains(double perKelvin, double perKelvinOutdoors) {
        /** As versatile_thermostat comes. */
        static final Gains PUBLISHED = new Gains(0.6, 0.01);

        /**
         * For decisions every quarter of an hour: with the published ones, and already with 0.3, some homes swing. Outdoors
         * counts for most of what the heating is laid out for, so that little is left to the droop.
         */
        static final Gains QUARTER_HOURS = new Gains(0.2, 0.014);
    }

    private static final Duration HOLD = Duration.ofHours(1);
    /** Above the setpoint; beyond it a level is not held to its end. */
    private static final double TOO_WARM_KELVIN = 0.8;

    /** Below the setpoint; beyond it what a level leaves over is not put off but given by the other sources. */
    private static final double TOO_COLD_KELVIN = 0.6;

    /** Of the step between two levels: so far beyond the present one must be what is wanted. */
    private static final double CHANGE_SHARE = 0.75;

    private final Machine machine;
    private final Gains gains;
    private final double nominalWatts;
    private final double otherMostWatts;
    private final boolean onlyWhenCheaper;
    private int level;
    private double heldSeconds = Double.POSITIVE_INFINITY;
    private double owedJoules;

    /** @param onlyWhenCheaper leaves the chips off in steps in which the other heating is cheaper */
    TpiStrategy(Setting setting, Gains gains, boolean onlyWhenCheaper) {
        machine = setting.machine();
        nominalWatts = setting.nominalWatts();
        otherMostWatts = setting.otherMostWatts();
        this.gains = gains;
        this.onlyWhenCheaper = onlyWhenCheaper;
    }

    @Override
    public Decision decide(Moment now) {
        double seconds = now.step().toNanos() / 1e9;
        double share = gains.perKelvin * (now.setpointCelsius() - now.roomCelsius())
                + gains.perKelvinOutdoors * (now.setpointCelsius() - now.outdoorCelsius());
        double demand = nominalWatts * Math.clamp(share, 0, 1);
        int highest = highestAllowed(now);
        double fromChips = Math.min(demand, machine.levels().get(highest).watts());
        int next = nextLevel(now, highest, fromChips);
        if (next != level) heldSeconds = 0;
        level = next;
        heldSeconds += seconds;
        double missing = Math.max(0, fromChips - watts(level));
        double filled = now.roomCelsius() < now.setpointCelsius() - TOO_COLD_KELVIN ? missing : 0;
        double most = machine.mostWatts() * HOLD.toSeconds();
        owedJoules = Math.clamp(owedJoules + (fromChips - watts(level) - filled) * seconds, -most, most);

        double rest = demand - fromChips + filled;
        double element = now.electricityPrice() <= now.otherHeatPrice() ? Math.min(rest, machine.elementWatts()) : 0;
        return new Decision(level, element, Math.min(rest - element, otherMostWatts));
    }

    private int highestAllowed(Moment now) {
        int highest = machine.levels().size() - 1;
        while (highest > 0 && !(quietEnough(now, highest) && worthIt(now, highest))) highest--;
        return highest;
    }

    /** A level whose noise nobody states is not quiet. */
    private boolean quietEnough(Moment now, int level) {
        var noise = machine.levels().get(level).decibels();
        return now.mostDecibels().isEmpty()
                || (noise.isPresent()
                        && noise.getAsDouble() <= now.mostDecibels().getAsDouble());
    }

    private boolean worthIt(Moment now, int level) {
        return !onlyWhenCheaper
                || now.electricityPrice() - machine.levels().get(level).payPerKwh() <= now.otherHeatPrice();
    }

    private int nextLevel(Moment now, int highest, double fromChips) {
        if (level > highest) {
            owedJoules = 0;
            return highest;
        }
        boolean tooWarm = level > 0 && now.roomCelsius() > now.setpointCelsius() + TOO_WARM_KELVIN;
        long minimum = (level > 0 ? machine.minimumOn() : machine.minimumOff()).toSeconds();
        if (heldSeconds < (tooWarm ? minimum : Math.max(minimum, HOLD.toSeconds()))) return level;
        if (tooWarm) owedJoules = Math.min(0, owedJoules);
        double wanted = fromChips + owedJoules / HOLD.toSeconds();
        int nearest = nearest(wanted, highest);
        // halfway to another level is no reason to restart the hashing: what is owed grows until it is one
        boolean worthTheChange =
                Math.abs(wanted - watts(level)) > CHANGE_SHARE * Math.abs(watts(nearest) - watts(level));
        return tooWarm || worthTheChange ? nearest : level;
    }

    private int nearest(double wanted, int highest) {
        int nearest = 0;
        for (int i = 1; i <= highest; i++)
            if (Math.abs(watts(i) - wanted) < Math.abs(watts(nearest) - wanted)) nearest = i;
        return nearest;
    }

    private double watts(int level) {
        return machine.levels().get(level).watts();
    }
}
