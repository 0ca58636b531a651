package org.athanor.comfort;

import java.util.Optional;
import java.util.OptionalInt;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;

/** A heater with a plug (or none), a thermal mass, and everything that can be wrong with it. */
final class TestHeater {
    private static final double STANDBY = 10;
    private static final double THERMAL_LAG_SECONDS = 30;

    final HeaterSpec spec;
    private final double countdownSeconds;

    boolean ignoresCommands;
    boolean liesAboutWatts;
    boolean plugUnreachable;
    boolean unreachable;

    private int level;
    private boolean plugOn;
    private double countdownLeft;
    private double heatWatts;
    double storedJoules;
    int switches;

    TestHeater(HeaterSpec spec, SafetyLimits limits) {
        this.spec = spec;
        this.countdownSeconds = Units.seconds(limits.plugCountdown());
    }

    void command(HeaterCommand command) {
        if (spec.plug() && !plugUnreachable) {
            plugOn = command.plugOn();
            if (plugOn) countdownLeft = countdownSeconds;
        }
        if (spec.switchedByPlug()) {
            level = plugOn ? 1 : 0;
        } else if (!ignoresCommands && !unreachable && powered()) {
            if ((command.level() > 0) != (level > 0)) switches++;
            level = command.level();
        }
    }

    /** The program that commands it and, without a plug, is it has died. */
    void controllerGone() {
        if (!spec.plug()) level = 0;
    }

    private boolean powered() {
        return !spec.plug() || plugOn;
    }

    double watts() {
        if (!powered()) return 0;
        return level > 0 ? spec.watts(level).value() : spec.switchedByPlug() || !spec.plug() ? 0 : STANDBY;
    }

    /** Heat given to the room in this time. */
    double advance(double seconds) {
        double electricity = watts() * seconds;
        storedJoules += electricity;
        double released = Math.min(storedJoules, storedJoules * (1 - Math.exp(-seconds / THERMAL_LAG_SECONDS)));
        storedJoules -= released;
        if (plugOn) {
            countdownLeft -= seconds;
            if (countdownLeft <= 0) {
                plugOn = false;
                if (!ignoresCommands) level = 0;
            }
        }
        heatWatts = released / seconds;
        return electricity;
    }

    double heatWatts() {
        return heatWatts;
    }

    HeaterReading read() {
        boolean plugAnswers = spec.plug() && !plugUnreachable;
        boolean answers = !unreachable && (spec.switchedByPlug() ? plugAnswers : powered());
        Optional<Boolean> plug = plugAnswers ? Optional.of(plugOn) : Optional.empty();
        var metered = plugAnswers ? Optional.of(new Watts(watts())) : Optional.<Watts>empty();
        if (!answers)
            return new HeaterReading(
                    OptionalInt.empty(),
                    Optional.empty(),
                    metered,
                    plug,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of("no answer"));
        return new HeaterReading(
                OptionalInt.of(powered() ? level : 0),
                Optional.of(new Watts(liesAboutWatts ? watts() * 0.3 : watts())),
                metered,
                plug,
                spec.chipMaximum().map(max -> new Celsius(60)),
                spec.inletMaximum().map(max -> new Celsius(22)),
                Optional.empty());
    }
}
