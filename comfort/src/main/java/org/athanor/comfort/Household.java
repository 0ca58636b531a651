package org.athanor.comfort;

import java.util.Optional;
import org.athanor.comfort.model.Sink;
import org.athanor.units.Watts;

/**
 * What the home has around the heaters that are commanded here, for a plan to reckon with. Limits of this kind are the
 * plan's; that of the heaters' own circuit is kept by the governor.
 *
 * @param connection what the home may draw altogether
 * @param demandPricePerKw of the month's highest quarter of an hour, in the currency of the prices; 0 where none is charged
 * @param primary the heating that the room has anyway
 * @param elsewhere where the heat of those that compute can be sent instead of into the room, where a duct or a valve does that
 */
public record Household(
        Optional<Watts> connection,
        double demandPricePerKw,
        Optional<PrimarySource> primary,
        Optional<OtherSink> elsewhere) {
    /** The heaters alone. */
    public static final Household NONE = new Household(Optional.empty(), 0, Optional.empty(), Optional.empty());

    /** A sink beside the room. */
    public sealed interface OtherSink {
        /** @param electricityPrice per kWh */
        double valuePerKwh(double electricityPrice);
    }

    /** A duct: nobody has any use of the heat. */
    public record Outdoors() implements OtherSink {
        @Override
        public double valuePerKwh(double electricityPrice) {
            return 0;
        }
    }

    /**
     * A sorption chiller whose cold is wanted all the time, fed by a source that is hot enough for it.
     *
     * @param airConditionerCop cold per electricity of the machine that would make the cold otherwise
     */
    public record Chiller(Sink.SorptionChiller chiller, double airConditionerCop) implements OtherSink {
        /** @throws IllegalArgumentException for a source that is not hot enough, or a COP of 0 or less */
        public Chiller(Sink.SorptionChiller chiller, double airConditionerCop, double sourceCelsius) {
            this(chiller, airConditionerCop);
            if (!chiller.takesHeatOf(sourceCelsius))
                throw new IllegalArgumentException("source of the chiller: " + sourceCelsius + " °C ("
                        + chiller.leastSourceCelsius() + " or more)");
        }

        public Chiller {
            chiller.valuePerKwh(0, airConditionerCop); // checks
        }

        /** Nothing while electricity is free: the air conditioner's cold is free then too. */
        @Override
        public double valuePerKwh(double electricityPrice) {
            return Math.max(0, chiller.valuePerKwh(electricityPrice, airConditionerCop));
        }
    }

    /** @throws IllegalArgumentException for a demand price that is negative or not finite */
    public Household {
        if (!(demandPricePerKw >= 0) || Double.isInfinite(demandPricePerKw))
            throw new IllegalArgumentException("demand charge " + demandPricePerKw + " per kW (0 or more)");
    }

    public Household with(PrimarySource source) {
        return new Household(connection, demandPricePerKw, Optional.of(source), elsewhere);
    }

    public Household withConnection(Watts limit) {
        return new Household(Optional.of(limit), demandPricePerKw, primary, elsewhere);
    }

    public Household withDemandPrice(double perKw) {
        return new Household(connection, perKw, primary, elsewhere);
    }

    public Household with(OtherSink sink) {
        return new Household(connection, demandPricePerKw, primary, Optional.of(sink));
    }
}
