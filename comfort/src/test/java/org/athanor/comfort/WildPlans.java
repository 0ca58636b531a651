package org.athanor.comfort;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.athanor.comfort.series.Forecast;
import org.athanor.comfort.series.PriceOutlook;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;

/** A controller that knows the flat, and is told wild things of the hours to come. */
final class WildPlans {
    private static final Duration HOUR = Duration.ofHours(1);

    final PlanningController controller;
    private final ComfortConfig config;
    private final Random random;
    private Outlook outlook = Outlook.UNKNOWN;
    int planned;

    WildPlans(ComfortConfig config, long seed) {
        this.config = config;
        this.random = new Random(~seed);
        var household = switch (random.nextInt(3)) {
            case 0 -> Household.NONE;
            case 1 ->
                Household.NONE.withConnection(new Watts(random.nextInt(4000))).withDemandPrice(random.nextInt(20));
            default ->
                Household.NONE.with(new PrimarySource(
                        new PrimarySource.Radiators(), new Watts(random.nextInt(5000)), random.nextBoolean()));
        };
        controller = PlanningController.ofBytes(LearnedFlat.CONFIG.with(config).with(household), LearnedFlat.bytes());
    }

    void control(TestFlat flat, Optional<Celsius> first, Optional<Celsius> second) {
        if (outlook.forecast().isEmpty() || random.nextInt(30) == 0) outlook = outlook(flat);
        var step = controller.step(flat.readings(first, second).withPrimaryHeat(Watts.ZERO), outlook);
        if (step.standIn().isEmpty()) planned++;
        flat.last = step.control();
        flat.obey(step.control().commands());
    }

    private Outlook outlook(TestFlat flat) {
        if (random.nextInt(10) == 0) return Outlook.UNKNOWN;
        var start = flat.time.truncatedTo(ChronoUnit.HOURS);
        int hours = 2 + random.nextInt(40);
        double offset = random.nextInt(10) == 0 ? 20 * random.nextGaussian() : 0;
        var forecast = new Forecast(
                start.minus(Duration.ofHours(random.nextInt(200))),
                start,
                HOUR,
                some(hours, () -> Math.clamp(flat.outdoor + offset + 3 * random.nextGaussian(), -80, 60)),
                some(hours, () -> Math.max(0, 200 * random.nextGaussian())));
        double price = Math.pow(10, random.nextInt(5) - 3);
        var prices = new PriceOutlook(start, HOUR, some(hours, () -> price * random.nextGaussian()));
        Map<String, List<Double>> revenue = new HashMap<>();
        double pay = Math.pow(10, random.nextInt(5) - 3);
        for (var heater : config.heaters())
            if (random.nextBoolean())
                revenue.put(
                        heater.id(),
                        heater.levels().stream()
                                .map(watts -> watts.value() * pay * random.nextDouble())
                                .toList());
        return new Outlook(Optional.of(forecast), Optional.of(prices), revenue);
    }

    private static double[] some(int count, java.util.function.DoubleSupplier value) {
        return DoubleStream.generate(value).limit(count).toArray();
    }
}
