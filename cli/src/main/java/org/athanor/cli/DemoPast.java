package org.athanor.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.athanor.comfort.HeaterCommand;
import org.athanor.comfort.HeaterReading;
import org.athanor.comfort.HeaterSpec;
import org.athanor.comfort.Outlook;
import org.athanor.comfort.PlanningConfig;
import org.athanor.comfort.PlanningController;
import org.athanor.comfort.Readings;
import org.athanor.comfort.series.Weather;
import org.athanor.edge.forecast.OutlookSource;
import org.athanor.simulation.Climate;
import org.athanor.simulation.Home;
import org.athanor.simulation.HomeSpec;
import org.athanor.simulation.Pace;
import org.athanor.simulation.World;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;

/**
 * The days that the demo's heater has lived in its home before the demo begins, so that it knows the room: the same home in
 * the same weather, kept warm by the same controller's thermostat while it learns; without sockets, at the home's coarse pace,
 * in steps of three minutes, and with heaters whose watts become heat at once.
 */
final class DemoPast {
    static final int DAYS = 10;

    private static final Duration STEP = Duration.ofMinutes(3);

    private static final Celsius CHIP = new Celsius(60);

    private final byte[] learned;
    private final Home home;
    private final String known;

    private DemoPast(byte[] learned, Home home, String known) {
        this.learned = learned;
        this.home = home;
        this.known = known;
    }

    /** What {@code PlanningController} would have saved at the end. */
    byte[] learned() {
        return learned.clone();
    }

    /** As it stands at the end, for finer steps from then on. */
    Home home() {
        return home.copy(Pace.FINE);
    }

    /** How well the room is known at the end. */
    String known() {
        return known;
    }

    /**
     * @param end when the demo begins
     * @param seed of the home
     * @param outlook is asked from {@link #DAYS} before {@code end} on
     */
    static DemoPast live(Weather weather, Instant end, long seed, PlanningConfig config, OutlookSource outlook) {
        return live(weather, end, seed, config, outlook, Optional.empty());
    }

    /** @param aired temperature above which people open windows, in these days and from then on; empty where nobody does */
    static DemoPast live(
            Weather weather,
            Instant end,
            long seed,
            PlanningConfig config,
            OutlookSource outlook,
            Optional<Celsius> aired) {
        var time = end.minus(Duration.ofDays(DAYS));
        var home = new Home(
                HomeSpec.wellInsulatedFlat(),
                Climate.of(weather),
                World.sinceYearStart(time, weather.location()),
                config.comfort().schedule().setpoint(time),
                seed,
                Pace.COARSE);
        aired.ifPresent(home::openWindowsAbove);
        var controller = new PlanningController(config);
        var commands = Map.<String, HeaterCommand>of();
        for (long nanos = 0; time.isBefore(end); nanos += STEP.toNanos()) {
            var heaters = new HashMap<String, HeaterReading>();
            for (var heater : config.comfort().heaters())
                heaters.put(heater.id(), reading(heater, Optional.ofNullable(commands.get(heater.id())), home));
            var readings = new Readings(
                    time,
                    nanos,
                    Optional.of(home.sensor()),
                    Optional.of(home.sensor()),
                    Optional.of(new Celsius(home.outdoorCelsius())),
                    heaters);
            // without prices nothing is planned, which would take longer than all the rest: the thermostat keeps it
            // warm
            var told = new Outlook(outlook.at(time).forecast(), Optional.empty(), Map.of());
            commands = controller.step(readings, told).control().commands();
            advance(home, config, commands);
            time = time.plus(STEP);
        }
        return new DemoPast(controller.toBytes(), home, controller.quality().toString());
    }

    private static HeaterReading reading(HeaterSpec heater, Optional<HeaterCommand> last, Home home) {
        boolean plug = last.map(HeaterCommand::plugOn).orElse(!heater.switchedByPlug());
        int level = last.map(HeaterCommand::level).orElse(0);
        var power = power(heater, level, plug);
        return new HeaterReading(
                OptionalInt.of(level),
                Optional.of(power),
                heater.plug() ? Optional.of(power) : Optional.empty(),
                heater.plug() ? Optional.of(plug) : Optional.empty(),
                heater.chipMaximum().map(_ -> CHIP),
                heater.inletMaximum().map(_ -> home.sensor()),
                Optional.empty());
    }

    private static Watts power(HeaterSpec heater, int level, boolean plugOn) {
        return heater.plug() && !plugOn ? Watts.ZERO : heater.watts(level);
    }

    private static void advance(Home home, PlanningConfig config, Map<String, HeaterCommand> commands) {
        double blown = 0;
        double panel = 0;
        for (var heater : config.comfort().heaters()) {
            var command = commands.get(heater.id());
            double watts = power(heater, command.level(), command.plugOn()).value();
            if (heater.switchedByPlug()) panel += watts;
            else blown += watts;
        }
        double convective = blown * DemoHome.BLOWN + panel * DemoHome.PANEL;
        home.advance(STEP, convective, blown + panel - convective);
    }
}
