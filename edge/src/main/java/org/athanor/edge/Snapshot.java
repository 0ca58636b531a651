package org.athanor.edge;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.athanor.ledger.Weighting;
import org.athanor.units.Celsius;
import org.athanor.units.Hashrate;
import org.athanor.units.Kelvins;
import org.athanor.units.Millisatoshis;
import org.athanor.units.Money;
import org.athanor.units.PricePerKwh;
import org.athanor.units.Watts;

/** Everything that a screen or a page shows, as it was at the end of one control cycle. */
public record Snapshot(
        long cycle,
        Instant time,
        Room room,
        Optional<Celsius> outdoor,
        List<HeaterView> heaters,
        Watts power,
        Books books,
        Safety safety,
        String explanation,
        List<String> alarms,
        World world) {
    public Snapshot {
        heaters = List.copyOf(heaters);
        alarms = List.copyOf(alarms);
    }

    /** The same with the room's setpoint changed, as it is shown until the next cycle. */
    Snapshot with(Room changed) {
        return new Snapshot(cycle, time, changed, outdoor, heaters, power, books, safety, explanation, alarms, world);
    }

    /**
     * @param temperature empty while no plausible reading is at hand
     * @param overridden whether the user's setpoint stands in for the schedule
     * @param lowestSetpoint that the edge accepts
     * @param highestSetpoint that the edge accepts
     * @param kelvinHoursBelow outside the comfort band since the start
     */
    public record Room(
            Optional<Celsius> temperature,
            Celsius setpoint,
            boolean overridden,
            Kelvins bandBelow,
            Kelvins bandAbove,
            Celsius lowestSetpoint,
            Celsius highestSetpoint,
            double kelvinHoursBelow,
            double kelvinHoursAbove) {}

    /**
     * @param level as the device reports it, empty when it is silent
     * @param wattsSource a word: metered, reported, declared
     * @param guarded whether its power runs out by itself when this program dies
     * @param guard the sentence that says by what, or why not
     * @param weighting what its hashes stand for, where it mines
     */
    public record HeaterView(
            String id,
            String name,
            Optional<String> level,
            Optional<Watts> watts,
            String wattsSource,
            Optional<Hashrate> hashrate,
            long accepted,
            long rejected,
            boolean mines,
            Optional<Celsius> chip,
            boolean guarded,
            String guard,
            Optional<String> fault,
            Optional<Weighting> weighting,
            String reason) {}

    /**
     * Money since the start.
     *
     * @param earned by the edge's own sum
     * @param pays short name and date of the scenario that turns work into money
     */
    public record Books(
            Optional<PricePerKwh> price,
            Millisatoshis earned,
            Money earnedMoney,
            Money electricity,
            Money net,
            double electricityKwh,
            String pays,
            int disputedLines) {}

    /** @param state a word, such as NORMAL */
    public record Safety(String state, boolean limiting, String reason) {}

    /**
     * What the assembly says of the world that the heater stands in.
     *
     * @param simulated whether home and devices are simulated
     * @param speed virtual seconds per wall second reached, empty in real time
     * @param zone of the home, in which its time is shown
     * @param notes honest remarks, such as where weather and prices come from
     */
    public record World(boolean simulated, OptionalDouble speed, ZoneId zone, List<String> notes) {
        /** Real time, real home. */
        public static World real(ZoneId zone) {
            return new World(false, OptionalDouble.empty(), zone, List.of());
        }

        public World {
            notes = List.copyOf(notes);
        }
    }
}
