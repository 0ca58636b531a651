package org.athanor.edge;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.athanor.comfort.Sentence;
import org.athanor.ledger.Weighting;
import org.athanor.units.Celsius;
import org.athanor.units.Hashrate;
import org.athanor.units.Kelvins;
import org.athanor.units.Millisatoshis;
import org.athanor.units.Money;
import org.athanor.units.PricePerKwh;
import org.athanor.units.Watts;

/**
 * Everything that a screen or a page shows, as it was at the end of one control cycle.
 *
 * @param explanation what happens and why, in English
 * @param sentence the same for other languages
 * @param primary the heating that the room has anyway, where it is known of
 */
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
        Planning planning,
        List<String> alarms,
        World world,
        Optional<Sentence> sentence,
        Optional<Primary> primary) {
    public Snapshot {
        heaters = List.copyOf(heaters);
        alarms = List.copyOf(alarms);
    }

    /** With an explanation in English alone. */
    public Snapshot(
            long cycle,
            Instant time,
            Room room,
            Optional<Celsius> outdoor,
            List<HeaterView> heaters,
            Watts power,
            Books books,
            Safety safety,
            String explanation,
            Planning planning,
            List<String> alarms,
            World world) {
        this(
                cycle,
                time,
                room,
                outdoor,
                heaters,
                power,
                books,
                safety,
                explanation,
                planning,
                alarms,
                world,
                Optional.empty(),
                Optional.empty());
    }

    /** The same with the room's setpoint changed, as it is shown until the next cycle. */
    Snapshot with(Room changed) {
        return new Snapshot(
                cycle,
                time,
                changed,
                outdoor,
                heaters,
                power,
                books,
                safety,
                explanation,
                planning,
                alarms,
                world,
                sentence,
                primary);
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
     * @param earned by the edge's own sum, of what pools credited
     * @param earnedMoney that, and what is expected
     * @param expected part of it: pay of work that no books here can check, an estimate
     * @param pays short name and date of the scenario that turns work into money
     */
    public record Books(
            Optional<PricePerKwh> price,
            Millisatoshis earned,
            Money earnedMoney,
            Money expected,
            Money electricity,
            Money net,
            double electricityKwh,
            String pays,
            int disputedLines) {}

    /**
     * The heating that the room has anyway.
     *
     * @param title what it is, such as boiler
     * @param watts of heat that it gives, as measured or by what its thermostat says; empty while that is not known
     * @param on whether it would heat if its setpoint were high enough; true while that is not known
     * @param setpoint that its thermostat aims at, where it says so
     * @param commanded whether the plan may hold it back
     * @param heldBack whether it is, as the plan wants none of its heat
     */
    public record Primary(
            String title,
            Optional<Watts> watts,
            boolean on,
            Optional<Celsius> setpoint,
            boolean commanded,
            boolean heldBack) {}

    /** @param state a word, such as NORMAL */
    public record Safety(String state, boolean limiting, String reason) {}

    /**
     * What is planned.
     *
     * @param plan in force; empty while the thermostat decides
     * @param today the first plan of this local day, which the day is compared with
     * @param prices as far as they are known
     * @param standIn why the thermostat decides instead of a plan; empty while a plan does
     * @param note what is to be known of the plan, such as that its forecast is old
     * @param known how well the room is known, in words
     */
    public record Planning(
            Optional<Course> plan,
            Optional<Course> today,
            Optional<Prices> prices,
            Optional<String> standIn,
            Optional<String> note,
            String known) {}

    /**
     * A plan by its steps.
     *
     * @param start of the first step: when it was made
     * @param watts drawn in each step by all heaters together
     * @param roomCelsius expected before each step; the last entry is the end
     */
    public record Course(Instant start, Duration step, List<Double> watts, List<Double> roomCelsius) {
        public Course {
            watts = List.copyOf(watts);
            roomCelsius = List.copyOf(roomCelsius);
            if (watts.isEmpty() || roomCelsius.size() != watts.size() + 1)
                throw new IllegalArgumentException("a course of " + watts.size() + " steps and " + roomCelsius.size()
                        + " temperatures (one more than steps)");
        }

        public Instant end() {
            return start.plus(step.multipliedBy(watts.size()));
        }

        /** The step that holds {@code time}; empty outside the course. */
        public OptionalInt step(Instant time) {
            if (time.isBefore(start) || !time.isBefore(end())) return OptionalInt.empty();
            return OptionalInt.of((int) Duration.between(start, time).dividedBy(step));
        }
    }

    /**
     * Prices of electricity by steps.
     *
     * @param start of the first step, which is the present one
     * @param perKwh in the currency of the books
     */
    public record Prices(Instant start, Duration step, List<Double> perKwh) {
        public Prices {
            perKwh = List.copyOf(perKwh);
        }
    }

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
