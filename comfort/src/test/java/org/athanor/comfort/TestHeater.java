package org.athanor.comfort;

import java.util.Optional;
import java.util.OptionalInt;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;

/** A heater with a plug (or none), a thermal mass, and everything that can be wrong with it. */
final class TestHeater {
    private static final double STANDBY = 10;
    private static final double THERMAL_LAG_SECONDS = 30;
    private static final double BOOT_SECONDS = 60;

    final HeaterSpec spec;
    private final double countdownSeconds;

    boolean ignoresCommands;
    boolean liesAboutWatts;
    boolean plugUnreachable;
    boolean unreachable;

    private int level;
    private double bootLeft;
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
            boolean boots = command.plugOn() && !plugOn && !spec.switchedByPlug() && spec.restsUnpowered();
            plugOn = command.plugOn();
            if (plugOn) countdownLeft = countdownSeconds;
            if (boots) {
                bootLeft = BOOT_SECONDS;
                if (level == 0) level = 1; // it knows no rest
                switches++;
            }
        }
        if (spec.switchedByPlug()) {
            level = plugOn ? 1 : 0;
        } else if (!ignoresCommands && !unreachable && powered()) {
            if (spec.restsUnpowered()) {
                if (bootLeft <= 0 && !command.asItStarted()) level = Math.max(1, command.level());
            } else {
                if ((command.level() > 0) != (level > 0)) switches++;
                level = command.level();
            }
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
        if (bootLeft > 0) return STANDBY;
        return level > 0 ? spec.watts(level).value() : spec.switchedByPlug() || !spec.plug() ? 0 : STANDBY;
    }

    /** Heat given to the room in this time. */
    double advance(double seconds) {
        double electricity = watts() * seconds;
        storedJoules += electricity;
        double released = Math.min(storedJoules, storedJoules * (1 - Math.exp(-seconds / THERMAL_LAG_SECONDS)));
        storedJoules -= released;
        if (plugOn) {
            bootLeft -= seconds;
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
        boolean answers = !unreachable && (spec.switchedByPlug() ? plugAnswers : powered() && bootLeft <= 0);
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
