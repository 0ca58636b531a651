package org.athanor.comfort;

import java.util.Optional;
import org.athanor.units.Watts;

/**
 * What the home has around the heaters that are commanded here, for a plan to reckon with. Limits of this kind are the
 * plan's; that of the heaters' own circuit is kept by the governor.
 *
 * @param connection what the home may draw altogether
 * @param demandPricePerKw of the month's highest quarter of an hour, in the currency of the prices; 0 where none is charged
 * @param primary the heating that the room has anyway
 */
public record Household(Optional<Watts> connection, double demandPricePerKw, Optional<PrimarySource> primary) {
    /** The heaters alone. */
    public static final Household NONE = new Household(Optional.empty(), 0, Optional.empty());

    /** @throws IllegalArgumentException for a demand price that is negative or not finite */
    public Household {
        if (!(demandPricePerKw >= 0) || Double.isInfinite(demandPricePerKw))
            throw new IllegalArgumentException("demand charge " + demandPricePerKw + " per kW (0 or more)");
    }

    public Household with(PrimarySource source) {
        return new Household(connection, demandPricePerKw, Optional.of(source));
    }

    public Household withConnection(Watts limit) {
        return new Household(Optional.of(limit), demandPricePerKw, primary);
    }

    public Household withDemandPrice(double perKw) {
        return new Household(connection, perKw, primary);
    }
}
