package org.athanor.comfort.planning;

import java.time.Duration;
import java.util.Arrays;
import org.athanor.comfort.model.RoomModel;

/**
 * What is to be planned: a room, what the weather, people and prices will be in each step, what comfort is wished, and the
 * machines that can heat. Immutable. There are no moments in it, only steps, and one currency, whichever it is.
 *
 * <p>Comfort is judged at the end of each step. Power, prices and revenue are constant within a step.
 */
public final class HeatProblem {
    private static final int MOST_STEPS = 2000;

    /** How discomfort grows with the kelvins outside the band. */
    public enum Discomfort {
        /** The price is that of one K·h. */
        LINEAR,
        /** The price is that of one K²·h. */
        QUADRATIC
    }

    final RoomModel room;
    final RoomModel.Step modelStep;
    final double[] startCelsius;
    final Duration step;
    final int steps;
    final double hours;
    final double[] outdoorCelsius;
    final double[] windowSun;
    final double[] gainWatts;
    final double[] givenHeatWatts;
    final double[] bandLow;
    final double[] bandHigh;
    final Discomfort discomfort;
    final double discomfortPrice;
    final double hardLow;
    final double hardHigh;
    final double[] electricityPrice;
    final double[] exportPrice;
    final double[] solarWatts;
    final double[] otherWatts;
    final double[] houseLimit;
    final double demandPrice;
    final double reachedWatts;
    final ComputeDevice device;
    final DeviceState deviceState;
    final double[][] revenuePerHour;
    final double[] deviceCap;
    final int[] minimumLevel;
    final double[] boostWatts;
    /** Currency per kWh of the device's heat in another sink that takes it; empty if there is none. */
    final double[] elsewhere;

    final HeatSource source;
    final double replacementPrice;
    /** Whether some heat earns more than it costs, in some step. */
    final boolean heatEarns;

    private HeatProblem(Builder b) {
        room = b.room;
        modelStep = room.discretise(b.step);
        startCelsius = b.celsius;
        step = b.step;
        steps = b.steps;
        hours = step.toNanos() / 3.6e12;
        outdoorCelsius = b.outdoorCelsius;
        windowSun = b.windowSun;
        gainWatts = b.gainWatts;
        givenHeatWatts = b.givenHeatWatts;
        bandLow = b.bandLow;
        bandHigh = b.bandHigh;
        discomfort = b.discomfort;
        discomfortPrice = b.discomfortPrice;
        hardLow = b.hardLow;
        hardHigh = b.hardHigh;
        electricityPrice = b.electricityPrice;
        solarWatts = b.solarWatts;
        exportPrice = b.exportPrice;
        otherWatts = b.otherWatts;
        houseLimit = b.houseLimit;
        demandPrice = b.demandPrice;
        reachedWatts = b.reachedWatts;
        device = b.device;
        deviceState = b.deviceState;
        revenuePerHour = b.revenuePerHour;
        deviceCap = b.deviceCap;
        minimumLevel = b.minimumLevel;
        boostWatts = b.boostWatts;
        elsewhere = b.elsewhere;
        source = b.source;
        double sum = 0;
        boolean earns = false;
        for (int k = 0; k < steps; k++) {
            double cheapest = cheapestHeat(k);
            sum += cheapest == Double.POSITIVE_INFINITY ? marginalPrice(k) : cheapest;
            earns |= cheapest < 0;
        }
        replacementPrice = Double.isNaN(b.replacementPrice) ? Math.max(0, sum / steps) : b.replacementPrice;
        heatEarns = earns;
    }

    /** Currency per kWh of heat by the cheapest of our devices in a step; negative if it earns, infinite if there is none. */
    private double cheapestHeat(int k) {
        double price = marginalPrice(k);
        double cheapest = Double.POSITIVE_INFINITY;
        if (boostWatts.length > 1) cheapest = price;
        if (source.parts() > 0) cheapest = Math.min(cheapest, source.pricePerHeatKwh(k, price));
        for (int level = 1; level < device.levels() && device.heatShare() > 0; level++) {
            if (device.watts(level) > deviceCap[k]) break;
            double net = price + device.wearPerKwh() - revenuePerHour[level][k] * 1000 / device.watts(level);
            cheapest = Math.min(cheapest, net / device.heatShare());
        }
        return cheapest;
    }

    /** Currency per kWh of the cheapest heat in a step, 0 if that earns; the price of electricity if there is no heat. */
    double heatPrice(int k) {
        double cheapest = cheapestHeat(k);
        return Math.max(0, cheapest == Double.POSITIVE_INFINITY ? marginalPrice(k) : cheapest);
    }

    public RoomModel room() {
        return room;
    }

    public Duration step() {
        return step;
    }

    public int steps() {
        return steps;
    }

    public ComputeDevice device() {
        return device;
    }

    /**
     * Currency per kWh of heat that is in the room at the end, the price at which missing heat will have to be made: given, or
     * by default the mean over the horizon of the cheapest heat of each step, 0 if that earns.
     */
    public double replacementPrice() {
        return replacementPrice;
    }

    /** Own solar power that the rest of the home leaves, in W. */
    double surplus(int k) {
        return Math.max(0, solarWatts[k] - otherWatts[k]);
    }

    /** Currency per kWh of the next kWh drawn here: the price, or with own solar left the export price forgone. */
    public double marginalPrice(int k) {
        return surplus(k) > 0 ? exportPrice[k] : electricityPrice[k];
    }

    /** Currency that this draw adds to the bill of a step. */
    double electricityCost(int k, double watts) {
        double own = Math.min(watts, surplus(k));
        return (own * exportPrice[k] + (watts - own) * electricityPrice[k]) * hours / 1000;
    }

    public double outdoorCelsius(int k) {
        return outdoorCelsius[k];
    }

    /** W that our devices may draw together, by the house's limit: no solar is counted on, a cloud must not blow a fuse. */
    double headroom(int k) {
        return Math.max(0, houseLimit[k] - otherWatts[k]);
    }

    /** Currency of a step in which the commanded source gives this heat, and nothing else is drawn. */
    double sourceCost(int k, double heatWatts) {
        return electricityCost(k, heatWatts * source.electricityPerHeat(k))
                + heatWatts * source.fuelPricePerHeatKwh() * hours / 1000;
    }

    /** Currency for one step that ends at this temperature. */
    double discomfortCost(int k, double airCelsius) {
        double outside = Math.max(0, Math.max(bandLow[k] - airCelsius, airCelsius - bandHigh[k]));
        return discomfortPrice * hours * (discomfort == Discomfort.LINEAR ? outside : outside * outside);
    }

    /** Currency that a level's heat of a step is worth in the other sink. */
    double worthElsewhere(int k, int level) {
        return device.watts(level) * device.heatShare() * elsewhere[k] * hours / 1000;
    }

    /** Currency per step of a level that has settled. */
    double revenue(int k, int level) {
        return revenuePerHour[level][k] * hours;
    }

    /** Currency that a change to this level made at this step loses while settling. */
    double lostSettling(int k, int level, boolean start) {
        var settle = start ? device.startSettle() : device.changeSettle();
        double left = settle.toNanos() / (double) step.toNanos();
        double lost = 0;
        for (int n = k; n < steps && left > 0; n++, left--) lost += Math.min(1, left) * revenue(n, level);
        return lost * (1 - device.settlingEarns());
    }

    /** Starts with comfort at 20 to 22 °C, free electricity, no devices: what is not set stays so. */
    public static Builder of(RoomModel room, double[] celsius, Duration step, int steps) {
        return new Builder(room, celsius, step, steps);
    }

    /** Every method checks what it is given and says which field was wrong; arrays hold one value a step. */
    public static final class Builder {
        private final RoomModel room;
        private final double[] celsius;
        private final Duration step;
        private final int steps;
        private double[] outdoorCelsius;
        private double[] windowSun;
        private double[] gainWatts;
        private double[] givenHeatWatts;
        private double[] bandLow;
        private double[] bandHigh;
        private Discomfort discomfort = Discomfort.QUADRATIC;
        private double discomfortPrice = 0.5;
        private double hardLow = 5;
        private double hardHigh = 28;
        private double[] electricityPrice;
        private double[] exportPrice;
        private double[] solarWatts;
        private double[] otherWatts;
        private double[] houseLimit;
        private double demandPrice;
        private double reachedWatts;
        private ComputeDevice device = ComputeDevice.NONE;
        private DeviceState deviceState = DeviceState.RESTED;
        private double[][] revenuePerHour = new double[0][];
        private double[] deviceCap;
        private int[] minimumLevel;
        private double[] boostWatts = {0};
        private double[] elsewhere = {};
        private HeatSource source = HeatSource.none();
        private double replacementPrice = Double.NaN;

        private Builder(RoomModel room, double[] celsius, Duration step, int steps) {
            if (steps < 1 || steps > MOST_STEPS)
                throw new IllegalArgumentException("heat problem: " + steps + " steps (1 to " + MOST_STEPS + ")");
            if (!step.isPositive() || step.compareTo(Duration.ofHours(1)) > 0)
                throw new IllegalArgumentException("heat problem: step " + step + " (above 0, at most an hour)");
            this.room = room;
            this.step = step;
            this.steps = steps;
            this.celsius = Require.series("heat problem: temperature of the room's nodes", celsius, room.nodes());
            outdoorCelsius = Require.constant(10, steps);
            windowSun = new double[steps];
            gainWatts = new double[steps];
            givenHeatWatts = new double[steps];
            bandLow = Require.constant(20, steps);
            bandHigh = Require.constant(22, steps);
            electricityPrice = new double[steps];
            exportPrice = electricityPrice;
            solarWatts = new double[steps];
            otherWatts = new double[steps];
            houseLimit = Require.constant(Double.POSITIVE_INFINITY, steps);
            deviceCap = houseLimit;
            minimumLevel = new int[steps];
        }

        /**
         * @param windowSun W/m² on the plane of the windows
         * @param gainWatts of people and appliances
         */
        public Builder weather(double[] outdoorCelsius, double[] windowSun, double[] gainWatts) {
            this.outdoorCelsius = series("outdoor temperature in °C", outdoorCelsius);
            this.windowSun = notNegative("sun on the windows in W/m²", windowSun);
            this.gainWatts = series("gains in W", gainWatts);
            return this;
        }

        /** Heat of a source that is measured but not commanded, in W; its electricity belongs to the other load. */
        public Builder givenHeat(double[] watts) {
            givenHeatWatts = series("heat of the given source in W", watts);
            return this;
        }

        /** @param price currency per K·h (linear) or per K²·h (quadratic) outside the band */
        public Builder comfort(double[] lowCelsius, double[] highCelsius, Discomfort discomfort, double price) {
            bandLow = series("low end of the comfort band in °C", lowCelsius);
            bandHigh = series("high end of the comfort band in °C", highCelsius);
            for (int k = 0; k < steps; k++)
                if (bandLow[k] > bandHigh[k])
                    throw new IllegalArgumentException("heat problem: comfort band of step " + k + " from " + bandLow[k]
                            + " to " + bandHigh[k] + " °C (low not above high)");
            this.discomfort = discomfort;
            this.discomfortPrice = Require.notNegative("heat problem: price of discomfort", price, "");
            return this;
        }

        /** Never planned beyond where that can be avoided. */
        public Builder hardLimits(double lowCelsius, double highCelsius) {
            if (!(lowCelsius < highCelsius))
                throw new IllegalArgumentException("heat problem: hard limits " + lowCelsius + " to " + highCelsius
                        + " °C (the first below the second)");
            hardLow = lowCelsius;
            hardHigh = highCelsius;
            return this;
        }

        /** @param pricePerKwh of electricity from the grid; it may be negative */
        public Builder electricity(double[] pricePerKwh) {
            electricityPrice = series("price of electricity per kWh", pricePerKwh);
            return this;
        }

        /**
         * Own solar covers the other load first, then our devices.
         *
         * @param exportPricePerKwh what is paid for what is left over
         */
        public Builder ownSolar(double[] watts, double[] exportPricePerKwh) {
            solarWatts = notNegative("own solar power in W", watts);
            exportPrice = series("price of export per kWh", exportPricePerKwh);
            return this;
        }

        /**
         * @param otherWatts what the rest of the home draws
         * @param limitWatts of the home's connection, for all together; infinite for none
         */
        public Builder house(double[] otherWatts, double[] limitWatts) {
            this.otherWatts = notNegative("other load in W", otherWatts);
            houseLimit = Require.limits("heat problem: limit of the house in W", limitWatts, steps);
            return this;
        }

        /**
         * @param pricePerKw of the highest mean of 15 minutes drawn from the grid
         * @param reachedWatts what it already was in this month
         */
        public Builder demandCharge(double pricePerKw, double reachedWatts) {
            demandPrice = Require.notNegative("heat problem: demand charge", pricePerKw, "per kW");
            this.reachedWatts = Require.notNegative("heat problem: peak already reached", reachedWatts, "W");
            return this;
        }

        /** @param revenuePerHour what each level earns in currency per hour when settled: by level, then by step */
        public Builder device(ComputeDevice device, DeviceState state, double[][] revenuePerHour) {
            if (state.level() >= device.levels())
                throw new IllegalArgumentException(
                        "state of the device: level " + state.level() + " (0 to " + (device.levels() - 1) + ")");
            if (revenuePerHour.length != device.levels())
                throw new IllegalArgumentException("heat problem: revenue of " + revenuePerHour.length + " levels ("
                        + device.levels() + ", off included)");
            this.device = device;
            this.deviceState = state;
            this.revenuePerHour = new double[revenuePerHour.length][];
            for (int level = 0; level < revenuePerHour.length; level++)
                this.revenuePerHour[level] = series("revenue of level " + level + " per hour", revenuePerHour[level]);
            return this;
        }

        /** For the device alone, such as quiet hours; infinite for none. The highest level within it may run. */
        public Builder deviceCap(double[] watts) {
            deviceCap = Require.limits("heat problem: cap of the device in W", watts, steps);
            return this;
        }

        /** Work that was promised: the device runs at this level or a higher one wherever caps, timers and hard limits let it. */
        public Builder minimumLevels(int... levels) {
            if (levels.length != steps)
                throw new IllegalArgumentException(
                        "heat problem: minimum level has " + levels.length + " steps (" + steps + ")");
            minimumLevel = levels.clone();
            return this;
        }

        /** @param watts levels of a resistive element that earns nothing, ascending, the first 0 */
        public Builder boost(double... watts) {
            if (watts.length == 0 || watts[0] != 0)
                throw new IllegalArgumentException(
                        "heat problem: boost levels " + Arrays.toString(watts) + " W (off as 0 W first)");
            for (int i = 1; i < watts.length; i++)
                if (!(watts[i] > watts[i - 1]) || Double.isInfinite(watts[i]))
                    throw new IllegalArgumentException(
                            "heat problem: boost levels " + Arrays.toString(watts) + " W do not ascend");
            boostWatts = watts.clone();
            return this;
        }

        /**
         * Another sink that takes all of the device's heat instead of the room, step by step: outdoors, a chiller. The room is then
         * heated by nothing, as long as the work pays for itself that way.
         *
         * @param valuePerKwh what a kWh of heat is worth there, 0 outdoors
         */
        public Builder elsewhere(double[] valuePerKwh) {
            elsewhere = notNegative("worth of heat elsewhere per kWh", valuePerKwh);
            return this;
        }

        public Builder source(HeatSource source) {
            source.requireSteps(steps);
            this.source = source;
            return this;
        }

        /** @param perKwh what heat that is in the room at the end is worth, instead of the default */
        public Builder replacementPrice(double perKwh) {
            replacementPrice = Require.notNegative("heat problem: price of replacement", perKwh, "per kWh");
            return this;
        }

        /** @throws IllegalArgumentException for minimum levels that the device does not have */
        public HeatProblem build() {
            if (revenuePerHour.length == 0) revenuePerHour = new double[][] {new double[steps]};
            for (int k = 0; k < steps; k++)
                if (minimumLevel[k] < 0 || minimumLevel[k] >= device.levels())
                    throw new IllegalArgumentException("heat problem: minimum level of step " + k + " is "
                            + minimumLevel[k] + " (0 to " + (device.levels() - 1) + ")");
            return new HeatProblem(this);
        }

        private double[] series(String name, double[] values) {
            return Require.series("heat problem: " + name, values, steps);
        }

        private double[] notNegative(String name, double[] values) {
            return Require.notNegative("heat problem: " + name, values, steps);
        }
    }
}
