package org.athanor.simulation;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Random;

/**
 * Hot water that a household draws: showers in the morning, dishes at noon, a bath now and then in the evening, each day others. The
 * same seed draws the same; a day's draws do not depend on when they are asked for. The shape is a guess,
 * made so that a person takes some 40 l a day at 40 °C.
 */
final class HouseholdDraws {
    private static final int MINUTES = 1440;
    private static final double TAP_LITRES = 6;

    private final int people;
    private final long seed;
    private final ZoneId zone;
    private LocalDate day = LocalDate.MIN;
    private double[] litres = new double[MINUTES];

    /** @param people 1 to 20 */
    HouseholdDraws(int people, long seed, ZoneId zone) {
        if (people < 1 || people > 20) throw new IllegalArgumentException("people " + people + " (1 to 20)");
        this.people = people;
        this.seed = seed;
        this.zone = zone;
    }

    /** Litres at 40 °C that are drawn in the minute of this moment. */
    double litresAtForty(Instant time) {
        var local = time.atZone(zone);
        var date = local.toLocalDate();
        if (!date.equals(day)) {
            day = date;
            litres = drawn(date);
        }
        return litres[
                (int) ChronoUnit.MINUTES.between(date.atStartOfDay(zone).toLocalDateTime(), local.toLocalDateTime())];
    }

    private double[] drawn(LocalDate date) {
        var random = new Random(seed * 1_000_003 + date.toEpochDay());
        random.nextInt(); // the first of neighbouring seeds are alike
        boolean weekend = date.getDayOfWeek().getValue() > 5;
        var minutes = new double[MINUTES];
        for (int person = 0; person < people; person++) {
            boolean showers = random.nextInt(5) > 0;
            int around = weekend ? 9 * 60 + 30 : 6 * 60 + 45;
            if (showers) add(minutes, around + random.nextInt(90) - 30, 20 + 25 * random.nextDouble(), 8);
            for (int hands = 0; hands < 4; hands++)
                add(minutes, 7 * 60 + random.nextInt(15 * 60), 1 + 2 * random.nextDouble(), TAP_LITRES);
        }
        add(minutes, 12 * 60 + 30 + random.nextInt(60), 5 + 5 * random.nextDouble(), TAP_LITRES);
        add(minutes, 19 * 60 + random.nextInt(60), 8 + 8 * random.nextDouble(), TAP_LITRES);
        if (random.nextInt(4) == 0) add(minutes, 20 * 60 + random.nextInt(60), 90, 10);
        return minutes;
    }

    /** @param perMinute that flow at once */
    private static void add(double[] minutes, int from, double litres, double perMinute) {
        double left = litres;
        for (int i = Math.clamp(from, 0, MINUTES - 1); i < MINUTES && left > 0; i++) {
            double now = Math.min(left, perMinute);
            minutes[i] += now;
            left -= now;
        }
    }
}
