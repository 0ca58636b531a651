package org.athanor.comfort;

import java.time.Duration;
import java.util.Optional;
import org.athanor.units.Celsius;

/**
 * A hot-water tank as it is known before anything is measured.
 *
 * @param litres that it holds
 * @param lossWattsPerKelvin through its insulation, by its label or a guess
 * @param litresPerDay drawn at 40 °C, some 40 a person
 * @param surroundings temperature of the place that it stands in
 * @param disinfection against legionella; empty where nobody wants it of us
 */
public record TankSpec(
        double litres,
        double lossWattsPerKelvin,
        double litresPerDay,
        Celsius surroundings,
        Optional<Hygiene> disinfection) {
    /**
     * All of the tank, by its coldest thermometer, is brought to a temperature and held there.
     *
     * @param celsius 60 by WHO, Legionella and the prevention of legionellosis, 2007
     * @param every longest time between two
     */
    public record Hygiene(Celsius celsius, Duration hold, Duration every) {
        /** @throws IllegalArgumentException naming the field, its value and what is accepted */
        public Hygiene {
            if (!(celsius.value() >= 50 && celsius.value() <= 75))
                throw new IllegalArgumentException("temperature of disinfection " + celsius + " (50 to 75 °C)");
            if (!hold.isPositive() || hold.compareTo(Duration.ofHours(12)) > 0)
                throw new IllegalArgumentException("time of disinfection " + hold + " (above 0, at most 12 h)");
            if (every.compareTo(Duration.ofHours(12)) < 0 || every.compareTo(Duration.ofDays(60)) > 0)
                throw new IllegalArgumentException("time between disinfections " + every + " (12 h to 60 days)");
        }
    }

    /** @throws IllegalArgumentException naming the field, its value and what is accepted */
    public TankSpec {
        if (!(litres > 0 && litres <= 100_000))
            throw new IllegalArgumentException("tank of " + litres + " l (above 0, at most 100000)");
        if (!(lossWattsPerKelvin > 0 && lossWattsPerKelvin <= 1000))
            throw new IllegalArgumentException("loss of a tank " + lossWattsPerKelvin + " W/K (above 0, at most 1000)");
        if (!(litresPerDay >= 0 && litresPerDay <= 100_000))
            throw new IllegalArgumentException("hot water of " + litresPerDay + " l a day (0 to 100000)");
    }
}
