package org.athanor.comfort;

import java.time.Duration;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;
import org.athanor.units.Kelvins;
import org.athanor.units.Watts;

/** Everything that a room's control needs to know before the first reading. */
public record ComfortConfig(
        List<HeaterSpec> heaters, Schedule schedule, ComfortBand band, ThermostatMode mode, SafetyLimits limits) {
    public ComfortConfig {
        heaters = heaters.stream()
                .sorted(Comparator.comparingInt(HeaterSpec::preference))
                .toList();
        if (heaters.stream().map(HeaterSpec::id).distinct().count() != heaters.size())
            throw new IllegalArgumentException("two heaters have the same id: "
                    + heaters.stream().map(HeaterSpec::id).toList());
    }

    public ComfortConfig with(Schedule other) {
        return new ComfortConfig(heaters, other, band, mode, limits);
    }

    public Watts capacity() {
        return new Watts(
                heaters.stream().mapToDouble(h -> h.levels().getLast().value()).sum());
    }

    /**
     * A well-insulated flat of 40 m² (loss about 36 W/K) with this computer, a miner of the 800 W class and a boost element,
     * ids {@code computer}, {@code miner} and {@code boost}.
     */
    public static ComfortConfig wellInsulatedFlat(ZoneId zone, Celsius setpoint) {
        return wellInsulatedFlat(
                zone,
                setpoint,
                List.of(
                        new HeaterSpec(
                                "computer",
                                List.of(Watts.ZERO, new Watts(30), new Watts(60)),
                                new Watts(60),
                                Duration.ZERO,
                                Duration.ZERO,
                                Duration.ZERO,
                                new Joules(2_000),
                                Optional.empty(),
                                Optional.empty(),
                                false,
                                0),
                        new HeaterSpec(
                                "miner",
                                List.of(Watts.ZERO, new Watts(350), new Watts(600), new Watts(800)),
                                new Watts(850),
                                Duration.ofMinutes(5),
                                Duration.ofMinutes(5),
                                Duration.ofMinutes(2),
                                new Joules(220_000),
                                Optional.of(new Celsius(95)),
                                Optional.of(new Celsius(45)),
                                true,
                                1),
                        new HeaterSpec(
                                "boost",
                                List.of(Watts.ZERO, new Watts(1000)),
                                new Watts(1000),
                                Duration.ofMinutes(3),
                                Duration.ofMinutes(3),
                                Duration.ZERO,
                                new Joules(60_000),
                                Optional.empty(),
                                Optional.empty(),
                                true,
                                2)));
    }

    /** The same flat with other heaters. */
    public static ComfortConfig wellInsulatedFlat(ZoneId zone, Celsius setpoint, List<HeaterSpec> heaters) {
        double lossWattsPerKelvin = 36;
        double capacity =
                heaters.stream().mapToDouble(h -> h.levels().getLast().value()).sum();
        return new ComfortConfig(
                heaters,
                Schedule.constant(zone, setpoint),
                ComfortBand.of(1),
                new ThermostatMode.Tpi(0.6, lossWattsPerKelvin / capacity),
                new SafetyLimits(
                        new Celsius(28),
                        new Celsius(7),
                        400_000,
                        new Watts(400),
                        new Watts(2300),
                        Duration.ofSeconds(60),
                        Duration.ofMinutes(2),
                        new Kelvins(0.2),
                        Duration.ofSeconds(150),
                        Duration.ofMinutes(3)));
    }
}
