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
     * @param miningPerHour expected pay of mining, the pool's fee taken off, currency
     * @param otherPerHour expected pay of other work, currency
     */
    public record Level(
            String name,
            double watts,
            double terahashes,
            OptionalDouble decibels,
            double miningPerHour,
            double otherPerHour) {
        /** Currency per kWh; 0 for off. */
        public double payPerKwh() {
            return watts == 0 ? 0 : (miningPerHour + otherPerHour) / (watts / 1000);
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
     * @param otherPerHour expected pay of other work of one device
     */
    static Machine of(CatalogueDevice device, int count, double perTerahashHour, double otherPerHour) {
        var levels = new ArrayList<Level>();
        levels.add(new Level("off", 0, 0, OptionalDouble.of(0), 0, 0));
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
                    count * otherPerHour));
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
