package org.athanor.comfort;

import java.util.Optional;
import java.util.OptionalDouble;
import org.athanor.comfort.series.PowerOutlook;
import org.athanor.comfort.series.PriceOutlook;
import org.athanor.units.Watts;

/**
 * What is expected of the rest of the home. Hours of which nothing is said count as none.
 *
 * @param otherLoad drawn by everything that is not commanded here, a heat pump of its own will included
 * @param solar of one's own roof
 * @param export paid for what is left of it; nothing where that is not known
 * @param fuelPerKwh price of a boiler's fuel
 * @param peakReached the month's highest quarter of an hour so far, where demand is charged
 */
public record HouseOutlook(
        Optional<PowerOutlook> otherLoad,
        Optional<PowerOutlook> solar,
        Optional<PriceOutlook> export,
        OptionalDouble fuelPerKwh,
        Watts peakReached) {
    public static final HouseOutlook UNKNOWN =
            new HouseOutlook(Optional.empty(), Optional.empty(), Optional.empty(), OptionalDouble.empty(), Watts.ZERO);

    public HouseOutlook withOtherLoad(PowerOutlook load) {
        return new HouseOutlook(Optional.of(load), solar, export, fuelPerKwh, peakReached);
    }

    public HouseOutlook withSolar(PowerOutlook power, PriceOutlook exportPrice) {
        return new HouseOutlook(otherLoad, Optional.of(power), Optional.of(exportPrice), fuelPerKwh, peakReached);
    }

    public HouseOutlook withFuel(double perKwh) {
        return new HouseOutlook(otherLoad, solar, export, OptionalDouble.of(perKwh), peakReached);
    }

    public HouseOutlook withPeakReached(Watts peak) {
        return new HouseOutlook(otherLoad, solar, export, fuelPerKwh, peak);
    }
}
