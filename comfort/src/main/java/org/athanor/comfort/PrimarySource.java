package org.athanor.comfort;

import java.util.OptionalDouble;
import org.athanor.comfort.money.HeatPump;
import org.athanor.comfort.planning.HeatSource;
import org.athanor.units.Watts;

/**
 * The heating that the room has anyway. Its heat is measured, so that it is not taken for the sun's; with its owner's
 * consent the plan also says what it shall give, so that the two do not fight.
 *
 * @param kind how it makes heat
 * @param capacity of heat
 * @param commanded whether the plan may say what it gives; otherwise it is expected to give what it usually gives at that hour
 */
public record PrimarySource(Kind kind, Watts capacity, boolean commanded) {
    /** How heat is made of what is bought. */
    public sealed interface Kind {
        String title();
    }

    /**
     * @param curve of its coefficient of performance
     * @param soilCelsius for those whose source is the ground
     */
    public record Pump(HeatPump curve, double soilCelsius) implements Kind {
        @Override
        public String title() {
            return "heat pump";
        }
    }

    /** @param efficiency heat per energy of the fuel */
    public record Boiler(double efficiency) implements Kind {
        /** @throws IllegalArgumentException for an efficiency that is not above 0 and at most 1.2 */
        public Boiler {
            if (!(efficiency > 0 && efficiency <= 1.2))
                throw new IllegalArgumentException(
                        "efficiency of the boiler " + efficiency + " (above 0, at most 1.2)");
        }

        @Override
        public String title() {
            return "boiler";
        }
    }

    /** Radiators of resistance. */
    public record Radiators() implements Kind {
        @Override
        public String title() {
            return "radiators";
        }
    }

    public String title() {
        return kind.title();
    }

    boolean burnsFuel() {
        return kind instanceof Boiler;
    }

    /**
     * As the planner sees it.
     *
     * @param outdoorCelsius of each step
     * @param fuelPerKwh known wherever it {@link #burnsFuel}
     */
    HeatSource source(double[] outdoorCelsius, OptionalDouble fuelPerKwh) {
        double watts = capacity.value();
        return switch (kind) {
            case Pump pump -> {
                var cop = new double[outdoorCelsius.length];
                for (int k = 0; k < cop.length; k++) cop[k] = pump.curve().cop(outdoorCelsius[k], pump.soilCelsius());
                yield HeatSource.heatPump(watts, cop);
            }
            case Boiler boiler -> HeatSource.boiler(watts, boiler.efficiency(), fuelPerKwh.orElseThrow());
            case Radiators _ -> HeatSource.resistive(watts);
        };
    }
}
