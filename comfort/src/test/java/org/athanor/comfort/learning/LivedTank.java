package org.athanor.comfort.learning;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Random;
import org.athanor.comfort.model.HotWaterTank;

/** A tank of ten layers in a household of three, lived in steps of a minute; its three sensors show tenths of a kelvin. */
public final class LivedTank {
    public static final ZoneId ZONE = ZoneId.of("Europe/Brussels");
    public static final double COLD = 10;
    public static final double AMBIENT = 18;

    public final HotWaterTank tank;
    public final double sourceCelsius;
    private final Random random;
    public double[] celsius;
    public Instant time;

    // sums since they were last looked at
    public double acceptedJoules;
    public double litresBelowForty;
    public double litres;
    public double hottest = Double.NEGATIVE_INFINITY;

    public LivedTank(HotWaterTank tank, double startCelsius, double sourceCelsius, Instant time, long seed) {
        this.tank = tank;
        this.sourceCelsius = sourceCelsius;
        this.time = time;
        random = new Random(seed);
        celsius = new double[tank.layers()];
        Arrays.fill(celsius, startCelsius);
    }

    /** W above cold water that are usual at this hour: showers in the morning, dishes, a bath on Sunday evening. */
    public static double usualWatts(ZonedDateTime local) {
        boolean weekend = local.getDayOfWeek().getValue() > 5;
        double litresAt40 = switch (local.getHour()) {
            case 6 -> weekend ? 0 : 40;
            case 7 -> weekend ? 0 : 45;
            case 9 -> weekend ? 60 : 0;
            case 10 -> weekend ? 30 : 0;
            case 12 -> 10;
            case 18 -> 15;
            case 19 -> 20;
            case 20 -> local.getDayOfWeek().getValue() == 7 ? 90 : 10;
            case 22 -> 6;
            default -> 0;
        };
        return litresAt40 * HotWaterTank.WATER * 30 / 3600;
    }

    /** One minute. */
    public void live(double watts) {
        var local = time.atZone(ZONE);
        // an hour's water flows within a few of its minutes
        double share = random.nextInt(6) == 0 ? 6 * (0.5 + random.nextDouble()) : 0;
        double wanted = usualWatts(local) * 60 * share; // J
        double top = celsius[celsius.length - 1];
        double rise = Math.max(5, Math.min(top, 60) - COLD);
        double taken = wanted / (rise * HotWaterTank.WATER);
        var after = tank.step(celsius, Duration.ofMinutes(1), watts, sourceCelsius, taken, COLD, AMBIENT);
        celsius = after.celsius();
        acceptedJoules += after.accepted();
        litres += taken;
        if (taken > 0 && after.deliveredCelsius() < 40) litresBelowForty += taken;
        hottest = Math.max(hottest, Arrays.stream(celsius).max().orElseThrow());
        time = time.plus(Duration.ofMinutes(1));
    }

    /** Mean of three sensors, at a fifth, half and four fifths of the height. */
    public double shown() {
        int n = celsius.length;
        double sum = 0;
        for (double height : new double[] {0.2, 0.5, 0.8}) sum += Math.rint(celsius[(int) (height * n)] * 10) / 10;
        return sum / 3;
    }

    public double coldest() {
        return Arrays.stream(celsius).min().orElseThrow();
    }
}
