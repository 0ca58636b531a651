package org.athanor.cli.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.athanor.devices.catalogue.CatalogueDevice;

/**
 * The compute heater as a strategy sees it.
 *
 * @param levels level 0 is off
 * @param elementWatts of a resistive element beside the chips, continuous from 0
 * @param settle after a change of level, in which nothing is computed where {@code restarts}
 */
public record Machine(
        String title,
        List<Level> levels,
        double elementWatts,
        Duration settle,
        boolean restarts,
        Duration minimumOn,
        Duration minimumOff) {
    /**
     * @param decibels dB(A) at one metre; empty where nobody states it
     * @param miningPerHour expected pay of mining bitcoin, the pool's fee taken off, currency
     * @param otherMiningPerHour expected pay of mining anything else in hours that are not sold, currency
     * @param rentPerHour expected pay of hours that are sold, currency
     */
    public record Level(
            String name,
            double watts,
            double terahashes,
            OptionalDouble decibels,
            double miningPerHour,
            double otherMiningPerHour,
            double rentPerHour) {
        /** All of it, currency. */
        double payPerHour() {
            return miningPerHour + otherMiningPerHour + rentPerHour;
        }

        /** Currency per kWh; 0 for off. */
        double payPerKwh() {
            return watts == 0 ? 0 : payPerHour() / (watts / 1000);
        }
    }

    public Machine {
        levels = List.copyOf(levels);
        if (levels.size() < 2 || levels.getFirst().watts() != 0)
            throw new IllegalArgumentException("levels of " + title + " begin with off and go on: " + levels);
    }

    /**
     * {@code count} devices that change their levels together.
     *
     * @param perTerahashHour pay of one TH/s for an hour, the pool's fee taken off
     * @param otherMiningPerHour and {@code rentPerHour}: expected pay of one device
     */
    static Machine of(
            CatalogueDevice device, int count, double perTerahashHour, double otherMiningPerHour, double rentPerHour) {
        var levels = new ArrayList<Level>();
        levels.add(new Level("off", 0, 0, OptionalDouble.of(0), 0, 0, 0));
        for (var level : device.levels()) {
            double terahashes = count * level.terahashes().value();
            // equal sources that do not hang together add up by power
            var decibels = level.decibels()
                    .map(noise -> OptionalDouble.of(noise.value() + 10 * Math.log10(count)))
                    .orElse(OptionalDouble.empty());
            levels.add(new Level(
                    level.name(),
                    count * level.watts().value(),
                    terahashes,
                    decibels,
                    terahashes * perTerahashHour,
                    count * otherMiningPerHour,
                    count * rentPerHour));
        }
        return new Machine(
                (count == 1 ? "" : count + " x ") + device.title(),
                levels,
                count * device.element().value(),
                device.settle(),
                device.restartsHashing(),
                device.minimumOn(),
                device.minimumOff());
    }

    double mostWatts() {
        return levels.getLast().watts();
    }
}
