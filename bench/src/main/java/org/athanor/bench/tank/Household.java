package org.athanor.bench.tank;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Random;
import org.athanor.comfort.model.HotWaterTank;

/**
 * A tank of ten layers and the three people who draw from it, in steps of a minute. The draws of a minute are the same whatever
 * the tank is like, in heat and not in litres, for people mix. Three sensors show tenths of a kelvin.
 */
final class Household {
    static final ZoneId ZONE = ZoneId.of("Europe/Brussels");
    static final double COLD_CELSIUS = 10;
    static final double AMBIENT_CELSIUS = 18;
    static final Duration MINUTE = Duration.ofMinutes(1);

    /** Nobody calls water warm that is colder than this at the tap. */
    private static final double WARM_CELSIUS = 40;

    /** Litres at 40 °C in an hour of a working day, by hour. */
    private static final double[] WORKDAY = {0, 0, 0, 0, 0, 0, 40, 45, 2, 0, 0, 0, 8, 0, 0, 0, 0, 4, 15, 20, 10, 4, 6, 0
    };

    private static final double[] WEEKEND = {
        0, 0, 0, 0, 0, 0, 0, 4, 10, 60, 30, 5, 12, 5, 0, 0, 4, 4, 15, 20, 10, 6, 6, 0
    };
    /** A bath on Sunday evening, on three of four. */
    private static final double BATH_LITRES = 120;

    private final HotWaterTank tank;
    private final double sourceCelsius;
    private final Random random;
    private double[] celsius;
    private Instant time;
    private boolean bathToday;

    // sums since the beginning, in joules and litres
    double accepted;
    double drawn;
    double litresWarm;
    double litresCold;
    double hottest = Double.NEGATIVE_INFINITY;

    Household(HotWaterTank tank, double sourceCelsius, Instant start, long seed) {
        this.tank = tank;
        this.sourceCelsius = sourceCelsius;
        time = start;
        random = new Random(seed);
        celsius = new double[tank.layers()];
        Arrays.fill(celsius, 54);
    }

    Instant time() {
        return time;
    }

    void live(double heatWatts) {
        double wanted = wantedJoules();
        double rise = Math.max(5, celsius[celsius.length - 1] - COLD_CELSIUS);
        double litres = wanted / (rise * HotWaterTank.WATER);
        var after = tank.step(celsius, MINUTE, heatWatts, sourceCelsius, litres, COLD_CELSIUS, AMBIENT_CELSIUS);
        celsius = after.celsius();
        accepted += after.accepted();
        drawn += after.drawn();
        // as mixed: of 40 °C
        double mixed = wanted / ((WARM_CELSIUS - COLD_CELSIUS) * HotWaterTank.WATER);
        if (litres > 0 && after.deliveredCelsius() < WARM_CELSIUS) litresCold += mixed;
        else litresWarm += mixed;
        hottest = Math.max(hottest, celsius[celsius.length - 1]);
        time = time.plus(MINUTE);
    }

    private double wantedJoules() {
        var local = time.atZone(ZONE);
        boolean weekend = local.getDayOfWeek().getValue() > 5;
        double hourly = (weekend ? WEEKEND : WORKDAY)[local.getHour()];
        // always the same numbers in the same minute
        boolean runs = random.nextInt(8) == 0;
        double size = 0.4 + 1.2 * random.nextDouble();
        double bath = random.nextDouble();
        if (local.getHour() == 0 && local.getMinute() == 0) bathToday = bath < 0.75;
        double litres = runs ? hourly / 60 * 8 * size : 0;
        boolean bathing = local.getDayOfWeek().getValue() == 7 && local.getHour() == 20 && local.getMinute() < 12;
        if (bathing && bathToday) litres += BATH_LITRES / 12;
        return litres * (WARM_CELSIUS - COLD_CELSIUS) * HotWaterTank.WATER;
    }

    /** Mean of the sensors at a fifth, half and four fifths of the height. */
    double shown() {
        double sum = 0;
        for (double height : new double[] {0.2, 0.5, 0.8})
            sum += Math.rint(celsius[(int) (height * celsius.length)] * 10) / 10;
        return sum / 3;
    }

    double coldest() {
        return Arrays.stream(celsius).min().orElseThrow();
    }

    double storedJoules() {
        return tank.stored(celsius, COLD_CELSIUS);
    }

    HotWaterTank tank() {
        return tank;
    }
}
