package org.athanor.comfort.model;

/**
 * Where heat can go, and what it is worth there: {@code h} and {@code v} of the rule c = p + a - h v.
 */
public sealed interface Sink {
    /** Share of the heat that is of use: h. */
    double usefulShare();

    /** °C that a source must have at least to be able to give its heat here. */
    double leastSourceCelsius();

    /** A room, whose planner says what heat is worth. */
    record Room() implements Sink {
        @Override
        public double usefulShare() {
            return 1;
        }

        @Override
        public double leastSourceCelsius() {
            return 25;
        }
    }

    /**
     * A tank or a buffer, whose planner says what heat is worth.
     *
     * @param usableCelsius below which its water is of no use
     */
    record HotWater(double usableCelsius) implements Sink {
        public HotWater {
            if (!(usableCelsius >= 20 && usableCelsius <= 95))
                throw new IllegalArgumentException(
                        "usable temperature of hot water " + usableCelsius + " °C (20 to 95)");
        }

        @Override
        public double usefulShare() {
            return 1;
        }

        @Override
        public double leastSourceCelsius() {
            return usableCelsius;
        }
    }

    /** Blown outdoors: nobody has any use of it. */
    record Outdoors() implements Sink {
        @Override
        public double usefulShare() {
            return 0;
        }

        @Override
        public double leastSourceCelsius() {
            return -50;
        }
    }

    /**
     * A sorption chiller turns heat of liquid-cooled machines into cold.
     *
     * @param cop cold per heat, some 0.4 to 0.7 for adsorption at 60 to 80 °C
     * @param leastSourceCelsius below which it does not work
     */
    record SorptionChiller(double cop, double leastSourceCelsius) implements Sink {
        public SorptionChiller {
            if (!(cop > 0 && cop < 1.8))
                throw new IllegalArgumentException("COP of a sorption chiller: " + cop + " (above 0, below 1.8)");
            if (!(leastSourceCelsius >= 40 && leastSourceCelsius <= 180))
                throw new IllegalArgumentException(
                        "source of a sorption chiller: " + leastSourceCelsius + " °C (40 to 180)");
        }

        @Override
        public double usefulShare() {
            return 1;
        }

        /**
         * Worth of a kWh of heat, in currency: the cold that it makes, at what the air conditioner would take for it.
         *
         * @param electricityPrice per kWh
         * @param airConditionerCop cold per electricity
         */
        public double valuePerKwh(double electricityPrice, double airConditionerCop) {
            if (!(airConditionerCop > 0))
                throw new IllegalArgumentException("COP of the air conditioner: " + airConditionerCop + " (above 0)");
            return cop * electricityPrice / airConditionerCop;
        }
    }

    /** Whether a source of this outlet temperature can give its heat here. */
    default boolean takesHeatOf(double sourceCelsius) {
        return sourceCelsius >= leastSourceCelsius();
    }
}
