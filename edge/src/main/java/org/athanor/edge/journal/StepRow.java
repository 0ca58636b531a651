package org.athanor.edge.journal;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;
import org.athanor.units.Millisatoshis;
import org.athanor.units.Watts;

/**
 * What one control step read and decided.
 *
 * @param price of a kilowatt-hour in the site's currency
 * @param earned by all heaters up to then
 * @param totals up to then
 * @param planned for this time by the first plan of the day, where there was one
 */
public record StepRow(
        Instant time,
        Optional<Celsius> room,
        Celsius setpoint,
        Optional<Celsius> outdoor,
        OptionalDouble price,
        Millisatoshis earned,
        Totals totals,
        Optional<Planned> planned,
        List<HeaterRow> heaters) {
    public StepRow {
        heaters = List.copyOf(heaters);
    }

    /**
     * Sums since the journal began.
     *
     * @param expectedPay of work whose pay no books here can check, in the site's currency
     */
    public record Totals(
            Joules electricity,
            double electricityCost,
            double kelvinHoursBelow,
            double kelvinHoursAbove,
            double expectedPay) {
        public static final Totals ZERO = new Totals(Joules.ZERO, 0, 0, 0, 0);
    }

    /** @param watts of all heaters together */
    public record Planned(Watts watts, Celsius room) {}

    /** One heater in one step; what could not be read is empty. */
    public record HeaterRow(String id, OptionalInt level, OptionalDouble watts, OptionalDouble chipCelsius) {}
}
