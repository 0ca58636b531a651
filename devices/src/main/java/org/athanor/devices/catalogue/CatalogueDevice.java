package org.athanor.devices.catalogue;

import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * A compute heater as one would buy it.
 *
 * @param id by which files name it
 * @param levels ascending by power, without off
 * @param element watts of a resistive element in the same case; 0 where there is none
 * @param settle from a change of level until power is steady and, where {@code restartsHashing}, until it hashes again
 * @param restartsHashing whether a change of level interrupts the work
 * @param minimumOn and {@code minimumOff}: shortest times between switching
 * @param settleSource where the four before are from
 * @param price when new, in {@code priceCurrency}, on {@code priceDate}
 * @param outletMaximumCelsius hottest that the medium leaves it: an air-blown miner cannot disinfect a hot-water tank
 * @param otherWork that it can sell beside mining, or instead of it
 */
public record CatalogueDevice(
        String id,
        String title,
        List<DeviceLevel> levels,
        Figure element,
        Duration settle,
        boolean restartsHashing,
        Duration minimumOn,
        Duration minimumOff,
        String settleSource,
        Figure price,
        String priceCurrency,
        LocalDate priceDate,
        Medium medium,
        Figure outletMaximumCelsius,
        Optional<OtherWork> otherWork) {
    public CatalogueDevice {
        levels = List.copyOf(levels);
        if (levels.isEmpty()) throw new IllegalArgumentException(id + " has no level");
        for (int i = 1; i < levels.size(); i++)
            if (levels.get(i).watts().value() <= levels.get(i - 1).watts().value())
                throw new IllegalArgumentException(id + ": levels ascend by power, not " + levels);
    }

    public boolean mines() {
        return levels.getLast().terahashes().value() > 0;
    }
}
