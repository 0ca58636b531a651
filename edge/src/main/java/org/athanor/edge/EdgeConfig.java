package org.athanor.edge;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.athanor.comfort.ComfortBand;
import org.athanor.comfort.ComfortConfig;
import org.athanor.comfort.Household;
import org.athanor.comfort.Outlook;
import org.athanor.comfort.PlanningConfig;
import org.athanor.comfort.SafetyLimits;
import org.athanor.comfort.Schedule;
import org.athanor.comfort.TankSpec;
import org.athanor.comfort.ThermostatMode;
import org.athanor.comfort.learning.RoomPrior;
import org.athanor.devices.Thermometer;
import org.athanor.edge.forecast.OutlookSource;
import org.athanor.ledger.MiningScenario;
import org.athanor.units.Celsius;

/**
 * The parts of a heater's program.
 *
 * @param room the thermometer that control follows
 * @param secondRoom the one that frost protection falls back on
 * @param prior what is known of the room before it is measured
 * @param outlook weather, prices and pay to come; {@link #NO_OUTLOOK} leaves everything to the thermostat
 * @param scenario that turns satoshis into money for display
 * @param world what the assembly knows of the surroundings, asked once a cycle
 * @param fuses that the room's heaters share with those of other rooms
 * @param setpoints that people may choose
 * @param deviceTimeout most that one cycle waits for a device to be read, and again for one to be commanded
 * @param stopTimeout most that the graceful stop waits for a device to read off
 * @param primary the heating that the room has anyway
 * @param tank what is heated, where it is no room
 */
public record EdgeConfig(
        List<HeaterPart> heaters,
        Thermometer room,
        Optional<Thermometer> secondRoom,
        Optional<Thermometer> outdoor,
        Schedule schedule,
        ComfortBand band,
        ThermostatMode mode,
        SafetyLimits limits,
        RoomPrior prior,
        OutlookSource outlook,
        Tariff tariff,
        MiningScenario scenario,
        Supplier<Snapshot.World> world,
        Fuses.Share fuses,
        SetpointRange setpoints,
        Duration deviceTimeout,
        Duration stopTimeout,
        Optional<PrimaryHeating> primary,
        Optional<TankSpec> tank) {
    /** Of those who are told nothing of the hours to come: the thermostat decides. */
    public static final OutlookSource NO_OUTLOOK = _ -> Outlook.UNKNOWN;

    public static final Duration DEVICE_TIMEOUT = Duration.ofSeconds(3);
    public static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

    /**
     * Setpoints that people may choose, as far as the limits can hold them.
     *
     * @param lowest of a room, for example, in which nothing freezes
     */
    public record SetpointRange(Celsius lowest, Celsius highest) {
        public static final SetpointRange OF_ROOMS = new SetpointRange(new Celsius(5), new Celsius(26));

        public SetpointRange {
            if (lowest.compareTo(highest) >= 0)
                throw new IllegalArgumentException("setpoints from " + lowest + " to " + highest);
        }
    }

    /** Of a room without another heating that is measured. */
    public EdgeConfig(
            List<HeaterPart> heaters,
            Thermometer room,
            Optional<Thermometer> secondRoom,
            Optional<Thermometer> outdoor,
            Schedule schedule,
            ComfortBand band,
            ThermostatMode mode,
            SafetyLimits limits,
            RoomPrior prior,
            OutlookSource outlook,
            Tariff tariff,
            MiningScenario scenario,
            Supplier<Snapshot.World> world,
            Fuses.Share fuses,
            SetpointRange setpoints,
            Duration deviceTimeout,
            Duration stopTimeout) {
        this(
                heaters,
                room,
                secondRoom,
                outdoor,
                schedule,
                band,
                mode,
                limits,
                prior,
                outlook,
                tariff,
                scenario,
                world,
                fuses,
                setpoints,
                deviceTimeout,
                stopTimeout,
                Optional.empty(),
                Optional.empty());
    }

    /** Of a room that shares no fuse. */
    public EdgeConfig(
            List<HeaterPart> heaters,
            Thermometer room,
            Optional<Thermometer> secondRoom,
            Optional<Thermometer> outdoor,
            Schedule schedule,
            ComfortBand band,
            ThermostatMode mode,
            SafetyLimits limits,
            RoomPrior prior,
            OutlookSource outlook,
            Tariff tariff,
            MiningScenario scenario,
            Supplier<Snapshot.World> world,
            Duration deviceTimeout,
            Duration stopTimeout) {
        this(
                heaters,
                room,
                secondRoom,
                outdoor,
                schedule,
                band,
                mode,
                limits,
                prior,
                outlook,
                tariff,
                scenario,
                world,
                Fuses.NONE,
                SetpointRange.OF_ROOMS,
                deviceTimeout,
                stopTimeout);
    }

    public EdgeConfig {
        heaters = List.copyOf(heaters);
        if (!deviceTimeout.isPositive() || !stopTimeout.isPositive())
            throw new IllegalArgumentException(
                    "device time-out " + deviceTimeout + ", stop time-out " + stopTimeout + " (both above 0)");
        if (!tariff.currency().equals(scenario.currency()))
            throw new IllegalArgumentException("the tariff is in " + tariff.currency() + ", the mining scenario in "
                    + scenario.currency() + ": net cost needs one currency");
    }

    public EdgeConfig with(PrimaryHeating heating) {
        return new EdgeConfig(
                heaters,
                room,
                secondRoom,
                outdoor,
                schedule,
                band,
                mode,
                limits,
                prior,
                outlook,
                tariff,
                scenario,
                world,
                fuses,
                setpoints,
                deviceTimeout,
                stopTimeout,
                Optional.of(heating),
                tank);
    }

    /** Of a tank, whose thermometer is {@code room} and whose upper one, if there is one, is {@code secondRoom}. */
    public EdgeConfig with(TankSpec heated) {
        return new EdgeConfig(
                heaters,
                room,
                secondRoom,
                outdoor,
                schedule,
                band,
                mode,
                limits,
                prior,
                outlook,
                tariff,
                scenario,
                world,
                fuses,
                setpoints,
                deviceTimeout,
                stopTimeout,
                primary,
                Optional.of(heated));
    }

    /** What control is given: a plan of a day, made anew every five minutes. */
    public PlanningConfig planning() {
        var planning = new PlanningConfig(comfort(), prior);
        return primary.map(heating -> planning.with(Household.NONE.with(heating.source())))
                .orElse(planning);
    }

    ComfortConfig comfort() {
        return new ComfortConfig(heaters.stream().map(HeaterPart::spec).toList(), schedule, band, mode, limits);
    }
}
