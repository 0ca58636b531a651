package org.athanor.comfort.planning;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.athanor.comfort.model.HotWaterTank;
import org.athanor.comfort.model.HydronicBuffer;
import org.athanor.comfort.model.RoomModel;

/**
 * A store of hot water that is to be planned: a tank from which taps draw, or a buffer from which a heating does. To the planner it
 * is mixed, a room of one node whose gains are the draws, less than nothing. Draws are in watts above the cold water: people mix to
 * the warmth that they want, so what they draw hardly depends on the tank. Arrays hold one value a step; there are no moments in it.
 */
public final class TankProblem {
    /** The water of a source has to be warmer than the tank by this. */
    static final double APPROACH_KELVINS = 1;

    /** For how long what is stored must do if more is drawn than usual: until the sources have made up for it. */
    private static final double RESERVE_HOURS = 2;

    final RoomModel store;
    final Optional<String> coldPart;
    final double celsius;
    final Duration step;
    final int steps;
    final double[] ambientCelsius;
    final double[] drawWatts;
    final double[] lowCelsius;
    final double maximumCelsius;
    final double discomfortPrice;
    final double[] electricityPrice;
    final double[] otherWatts;
    final double[] houseLimit;
    final double[] limitWithoutDevice;
    final ComputeDevice device;
    final DeviceState deviceState;
    final double[][] revenuePerHour;
    final double[] deviceCap;
    final int[] minimumLevel;
    final double deviceCelsius;
    final double[] boostWatts;
    final double boostCelsius;
    final double disinfectionCelsius;
    final int holdSteps;
    final OptionalInt dueInSteps;

    private TankProblem(Builder b) {
        store = b.store;
        coldPart = b.coldPart;
        celsius = b.celsius;
        step = b.step;
        steps = b.steps;
        ambientCelsius = b.ambientCelsius;
        drawWatts = b.drawWatts;
        lowCelsius = b.low();
        maximumCelsius = b.maximumCelsius;
        electricityPrice = b.electricityPrice;
        double mean = 0;
        for (double price : electricityPrice) mean += Math.abs(price) / steps;
        discomfortPrice = Double.isNaN(b.discomfortPrice) ? Builder.DISCOMFORT_KWH * mean : b.discomfortPrice;
        otherWatts = b.otherWatts;
        houseLimit = b.houseLimit;
        limitWithoutDevice = b.limitWithoutDevice == null ? b.houseLimit : b.limitWithoutDevice;
        device = b.device;
        deviceState = b.deviceState;
        revenuePerHour = b.revenuePerHour;
        deviceCap = b.deviceCap;
        minimumLevel = b.minimumLevel;
        deviceCelsius = b.deviceCelsius;
        boostWatts = b.boostWatts;
        boostCelsius = b.boostCelsius;
        disinfectionCelsius = b.disinfectionCelsius;
        holdSteps = b.holdSteps;
        dueInSteps = b.dueInSteps;
    }

    public int steps() {
        return steps;
    }

    boolean hasDevice() {
        return device.levels() > 1;
    }

    boolean hasBoost() {
        return boostWatts.length > 1;
    }

    /** °C to which the hottest source can bring the water, whatever the tank bears. */
    double hottestSource() {
        double hottest = Double.NEGATIVE_INFINITY;
        if (hasDevice()) hottest = deviceCelsius;
        if (hasBoost()) hottest = Math.max(hottest, boostCelsius);
        return hottest;
    }

    /** A tank, of which the mean temperature is known. */
    public static Builder of(HotWaterTank tank, double meanCelsius, Duration step, int steps) {
        var cold = tank.heatedLayer() == 0
                ? Optional.<String>empty()
                : Optional.of("the heat goes into layer " + tank.heatedLayer() + " of 0 to " + (tank.layers() - 1)
                        + ", and what is below never gets hot");
        return new Builder(tank.mixed(), cold, meanCelsius, step, steps);
    }

    /** A buffer; what a heating draws of it are the draws, the flow temperature that it needs is what is usable. */
    public static Builder of(HydronicBuffer buffer, double meanCelsius, Duration step, int steps) {
        return new Builder(buffer.mixed(), Optional.of("it is a buffer of heating water"), meanCelsius, step, steps);
    }

    /** Every method checks what it is given and says which field was wrong. */
    public static final class Builder {
        /** One K²·h below what is usable is worth as many kWh. */
        private static final double DISCOMFORT_KWH = 2;

        private RoomModel store;
        private final Optional<String> coldPart;
        private final double celsius;
        private final Duration step;
        private final int steps;
        private double[] ambientCelsius;
        private double[] drawWatts;
        private double[] usableCelsius;
        private double[] spreadWatts;
        private double deviations;
        private double maximumCelsius = 65;
        private double discomfortPrice = Double.NaN;
        private double[] electricityPrice;
        private double[] otherWatts;
        private double[] houseLimit;
        private double[] limitWithoutDevice;
        private ComputeDevice device = ComputeDevice.NONE;
        private DeviceState deviceState = DeviceState.RESTED;
        private double[][] revenuePerHour;
        private double[] deviceCap;
        private int[] minimumLevel;
        private double deviceCelsius;
        private double[] boostWatts = {0};
        private double boostCelsius;
        private double disinfectionCelsius = HotWaterTank.DISINFECTED_CELSIUS;
        private int holdSteps = 1;
        private OptionalInt dueInSteps = OptionalInt.empty();

        private Builder(RoomModel store, Optional<String> coldPart, double celsius, Duration step, int steps) {
            if (steps < 1 || steps > 2000)
                throw new IllegalArgumentException("tank problem: " + steps + " steps (1 to 2000)");
            this.store = store;
            this.coldPart = coldPart;
            this.celsius = Require.finite("tank problem: temperature", celsius, "°C");
            this.step = step;
            this.steps = steps;
            ambientCelsius = Require.constant(18, steps);
            drawWatts = new double[steps];
            spreadWatts = new double[steps];
            usableCelsius = Require.constant(48, steps);
            electricityPrice = new double[steps];
            otherWatts = new double[steps];
            houseLimit = Require.constant(Double.POSITIVE_INFINITY, steps);
            deviceCap = houseLimit;
            minimumLevel = new int[steps];
            revenuePerHour = new double[][] {new double[steps]};
        }

        /** @param drawWatts that are usual, above the cold water */
        public Builder surroundings(double[] ambientCelsius, double[] drawWatts) {
            this.ambientCelsius = Require.series("tank problem: temperature around it in °C", ambientCelsius, steps);
            this.drawWatts = Require.notNegative("tank problem: draws in W", drawWatts, steps);
            return this;
        }

        /** @param lossWattsPerKelvin as it was learned, instead of the label's */
        public Builder losing(double lossWattsPerKelvin) {
            store = new RoomModel(
                    store.airCapacity(),
                    Require.notNegative("tank problem: loss", lossWattsPerKelvin, "W/K"),
                    0,
                    1,
                    1,
                    List.of());
            return this;
        }

        /**
         * @param usableCelsius below which the water is no longer what people want, of each step
         * @param maximumCelsius never planned beyond where that can be avoided
         */
        public Builder comfort(double[] usableCelsius, double maximumCelsius) {
            this.usableCelsius = Require.series("tank problem: usable temperature in °C", usableCelsius, steps);
            this.maximumCelsius = Require.finite("tank problem: highest temperature", maximumCelsius, "°C");
            return this;
        }

        /** @param perSquareKelvinHour currency for water that is not warm enough, instead of the default */
        public Builder discomfort(double perSquareKelvinHour) {
            discomfortPrice = Require.notNegative("tank problem: price of discomfort", perSquareKelvinHour, "");
            return this;
        }

        /**
         * Keeps so much more that draws which are larger than usual are met too.
         *
         * @param spreadWatts standard deviation of an hour's draw
         * @param deviations for how many of them, 0 for none
         */
        public Builder reserve(double[] spreadWatts, double deviations) {
            this.spreadWatts = Require.notNegative("tank problem: spread of draws in W", spreadWatts, steps);
            this.deviations = Require.notNegative("tank problem: deviations that are met", deviations, "");
            return this;
        }

        /** @param pricePerKwh may be negative */
        public Builder electricity(double[] pricePerKwh) {
            electricityPrice = Require.series("tank problem: price of electricity per kWh", pricePerKwh, steps);
            return this;
        }

        /** As {@link HeatProblem.Builder#house}. */
        public Builder house(double[] otherWatts, double[] limitWatts) {
            this.otherWatts = Require.notNegative("tank problem: other load in W", otherWatts, steps);
            houseLimit = Require.limits("tank problem: limit of the house in W", limitWatts, steps);
            return this;
        }

        /** Instead of that limit while the device must rest: where a fuse carries device or element, the device goes before. */
        public Builder withoutDevice(double[] limitWatts) {
            limitWithoutDevice = Require.limits("tank problem: limit without the device in W", limitWatts, steps);
            return this;
        }

        /**
         * @param revenuePerHour as {@link HeatProblem.Builder#device}
         * @param maximumCelsius to which it can bring the water: 50 or so for one cooled by air, if at all
         */
        public Builder device(
                ComputeDevice device, DeviceState state, double[][] revenuePerHour, double maximumCelsius) {
            this.device = device;
            this.deviceState = state;
            this.revenuePerHour = revenuePerHour;
            deviceCelsius = Require.finite("tank problem: highest temperature of the device", maximumCelsius, "°C");
            return this;
        }

        /** For the device alone, such as quiet hours. */
        public Builder deviceCap(double[] watts) {
            deviceCap = Require.limits("tank problem: cap of the device in W", watts, steps);
            return this;
        }

        /** As {@link HeatProblem.Builder#minimumLevels}, wherever the device can warm the water too. */
        public Builder minimumLevels(int... levels) {
            minimumLevel = levels.clone();
            return this;
        }

        /** @param watts as {@link HeatProblem.Builder#boost} */
        public Builder boost(double maximumCelsius, double... watts) {
            boostWatts = watts.clone();
            boostCelsius = Require.finite("tank problem: highest temperature of the element", maximumCelsius, "°C");
            return this;
        }

        /**
         * Legionella: all of the tank is brought to a temperature and held there, once before it is due.
         *
         * @param celsius 60 by WHO 2007
         * @param hold for how long
         * @param dueInSteps when it must be done at the latest; 0 or less if it is overdue
         */
        public Builder disinfection(double celsius, Duration hold, int dueInSteps) {
            disinfectionCelsius = Require.finite("tank problem: temperature of disinfection", celsius, "°C");
            if (hold.isNegative())
                throw new IllegalArgumentException("tank problem: time of disinfection " + hold + " (not negative)");
            holdSteps = Math.toIntExact(Math.max(1, Math.ceilDiv(hold.toNanos(), step.toNanos())));
            this.dueInSteps = OptionalInt.of(dueInSteps);
            return this;
        }

        /** @throws IllegalArgumentException for a usable temperature that is not below the highest one */
        public TankProblem build() {
            for (int k = 0; k < steps; k++)
                if (!(usableCelsius[k] < maximumCelsius))
                    throw new IllegalArgumentException("tank problem: usable temperature of step " + k + " is "
                            + usableCelsius[k] + " °C (below the highest, " + maximumCelsius + ")");
            return new TankProblem(this);
        }

        private double[] low() {
            double stepHours = step.toNanos() / 3.6e12;
            int reach = (int) Math.max(1, Math.round(RESERVE_HOURS / stepHours));
            var low = new double[steps];
            for (int k = 0; k < steps; k++) {
                double variance = 0;
                int last = Math.min(steps, k + reach);
                for (int j = k; j < last; j++) variance += spreadWatts[j] * spreadWatts[j] / (last - k);
                double joules = deviations * Math.sqrt(variance * RESERVE_HOURS) * 3600;
                low[k] = Math.min(usableCelsius[k] + joules / store.airCapacity(), maximumCelsius);
            }
            return low;
        }
    }
}
