package org.athanor.comfort.model;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * A room as a row of one to three heat capacities: the air, the mass of walls and floors behind it (2R2C), and a slow core
 * behind that. Each of them may lose heat to the outdoors too. Linear, with inputs that are constant between two steps, so
 * that its solution is exact for any length of step. The grey-box structure of Bacher and Madsen, 2011.
 *
 * <p>Temperatures are an array: the air first, then the layers from the inside out, in °C.
 *
 * @param airCapacity J/K of the air and what follows it within minutes
 * @param airToOutdoor W/K, windows and infiltration
 * @param solarAperture m² of window that would admit the same sun as all windows
 * @param solarToAir share of the admitted sun that warms the air at once, the rest warms the first layer
 * @param heatToAir the same for heaters and people
 * @param layers from the inside out, none to two
 */
public record RoomModel(
        double airCapacity,
        double airToOutdoor,
        double solarAperture,
        double solarToAir,
        double heatToAir,
        List<Layer> layers) {
    /** More cannot be told apart from a room's own temperatures. */
    public static final int MOST_LAYERS = 2;

    /**
     * @param capacity J/K
     * @param toInner W/K to the layer before, or to the air
     * @param toOutdoor W/K
     */
    public record Layer(double capacity, double toInner, double toOutdoor) {
        public Layer {
            if (!(capacity > 0) || !(toInner > 0))
                throw new IllegalArgumentException("layer of a room model: capacity " + capacity + " J/K and coupling "
                        + toInner + " W/K (both above 0)");
            if (!(toOutdoor >= 0))
                throw new IllegalArgumentException("layer of a room model: loss " + toOutdoor + " W/K (not negative)");
        }
    }

    /**
     * @param heatWatts of the heaters
     * @param solarWattsPerSquareMetre on the plane of the windows
     * @param gainWatts of people and appliances
     */
    public record Inputs(double outdoorCelsius, double heatWatts, double solarWattsPerSquareMetre, double gainWatts) {
        public Inputs(double outdoorCelsius, double heatWatts, double solarWattsPerSquareMetre) {
            this(outdoorCelsius, heatWatts, solarWattsPerSquareMetre, 0);
        }
    }

    /** @throws IllegalArgumentException for capacities or couplings that are not above 0, or shares outside 0 to 1 */
    public RoomModel {
        layers = List.copyOf(layers);
        if (layers.size() > MOST_LAYERS)
            throw new IllegalArgumentException(
                    "room model: " + layers.size() + " layers (at most " + MOST_LAYERS + ")");
        if (!(airCapacity > 0))
            throw new IllegalArgumentException("room model: capacity of the air " + airCapacity + " J/K (above 0)");
        if (!(airToOutdoor >= 0) || !(solarAperture >= 0))
            throw new IllegalArgumentException("room model: loss " + airToOutdoor + " W/K and aperture " + solarAperture
                    + " m² (neither negative)");
        if (!(solarToAir >= 0) || solarToAir > 1 || !(heatToAir >= 0) || heatToAir > 1)
            throw new IllegalArgumentException(
                    "room model: shares of sun " + solarToAir + " and heat " + heatToAir + " to the air (0 to 1)");
    }

    /** Air and mass, with all heat to the air. */
    public static RoomModel ofTwo(
            double airCapacity,
            double massCapacity,
            double airToMass,
            double massToOutdoor,
            double airToOutdoor,
            double solarAperture,
            double solarToAir) {
        var mass = new Layer(massCapacity, airToMass, massToOutdoor);
        return new RoomModel(airCapacity, airToOutdoor, solarAperture, solarToAir, 1, List.of(mass));
    }

    /** 40 m², well insulated: loses 36 W/K in the steady state, with a time constant of two days. */
    public static RoomModel wellInsulatedFlat() {
        return ofTwo(400_000, 6_000_000, 200, 22, 16.2, 4, 0.3);
    }

    /** 20 m² of a light building from before the rules on insulation: 60 W/K. */
    public static RoomModel lightOldRoom() {
        return ofTwo(250_000, 2_000_000, 120, 45, 27.3, 2, 0.3);
    }

    /** Heat capacities, the air included. */
    public int nodes() {
        return 1 + layers.size();
    }

    /** Heat lost per kelvin between indoors and outdoors, in W/K, in the steady state. */
    public double lossWattsPerKelvin() {
        double behind = 0;
        for (int i = layers.size() - 1; i >= 0; i--) {
            double beyond = layers.get(i).toOutdoor() + behind;
            double inner = layers.get(i).toInner();
            behind = inner * beyond / (inner + beyond);
        }
        return airToOutdoor + behind;
    }

    /** The exact step for this length; make it once and use it again. */
    public Step discretise(Duration step) {
        return new Step(nodes(), MatrixExponential.of(rates(step.toNanos() / 1e9)));
    }

    /** x' = A x + B u as one matrix over temperatures and inputs: its exponential holds both factors. */
    private double[][] rates(double seconds) {
        int nodes = nodes();
        var rates = new double[nodes + Step.INPUTS][nodes + Step.INPUTS];
        for (int i = 0; i < nodes; i++) {
            double capacity = i == 0 ? airCapacity : layers.get(i - 1).capacity();
            double scale = seconds / capacity;
            double toInner = i == 0 ? 0 : layers.get(i - 1).toInner();
            double toOuter = i == nodes - 1 ? 0 : layers.get(i).toInner();
            double toOutdoor = i == 0 ? airToOutdoor : layers.get(i - 1).toOutdoor();
            if (i > 0) rates[i][i - 1] = toInner * scale;
            if (i < nodes - 1) rates[i][i + 1] = toOuter * scale;
            rates[i][i] = -(toInner + toOuter + toOutdoor) * scale;
            rates[i][nodes + Step.OUTDOOR] = toOutdoor * scale;
            rates[i][nodes + Step.HEAT] = share(i, heatToAir) * scale;
            rates[i][nodes + Step.SUN] = share(i, solarToAir) * solarAperture * scale;
            rates[i][nodes + Step.GAIN] = share(i, heatToAir) * scale;
        }
        return rates;
    }

    private double share(int node, double toAir) {
        if (layers.isEmpty()) return 1;
        if (node == 0) return toAir;
        return node == 1 ? 1 - toAir : 0;
    }

    public double[] step(double[] celsius, Inputs inputs, Duration step) {
        return discretise(step).apply(celsius, inputs);
    }

    /**
     * Where the room ends when the inputs stay.
     *
     * @throws IllegalStateException for a room without losses, which has no such state
     */
    public double[] steady(Inputs inputs) {
        if (lossWattsPerKelvin() == 0) throw new IllegalStateException("a room without losses has no steady state");
        // rises over the outdoors: solved from the outermost node in, as a row of conductances
        int nodes = nodes();
        double[] loss = new double[nodes]; // of what is behind and of the node itself, as seen from the node
        double[] flow = new double[nodes]; // heat that reaches the node from itself and from behind, were it held at 0
        for (int i = nodes - 1; i >= 0; i--) {
            loss[i] = i == 0 ? airToOutdoor : layers.get(i - 1).toOutdoor();
            double heat = inputs.heatWatts() + inputs.gainWatts();
            flow[i] = share(i, heatToAir) * heat
                    + share(i, solarToAir) * solarAperture * inputs.solarWattsPerSquareMetre();
            if (i == nodes - 1) continue;
            double inner = layers.get(i).toInner();
            loss[i] += inner * loss[i + 1] / (inner + loss[i + 1]);
            flow[i] += flow[i + 1] * inner / (inner + loss[i + 1]);
        }
        var celsius = new double[nodes];
        double rise = flow[0] / loss[0];
        celsius[0] = inputs.outdoorCelsius() + rise;
        for (int i = 1; i < nodes; i++) {
            double inner = layers.get(i - 1).toInner();
            rise = (inner * rise + flow[i]) / (inner + loss[i]);
            celsius[i] = inputs.outdoorCelsius() + rise;
        }
        return celsius;
    }

    /** One exact step of fixed length. */
    public static final class Step {
        /** Columns of {@link #factor} after those of the nodes. */
        public static final int OUTDOOR = 0;

        public static final int HEAT = 1;
        public static final int SUN = 2;
        public static final int GAIN = 3;
        private static final int INPUTS = 4;

        private final int nodes;
        private final double[][] factors;

        private Step(int nodes, double[][] factors) {
            this.nodes = nodes;
            this.factors = Arrays.copyOf(factors, nodes);
        }

        public int nodes() {
            return nodes;
        }

        /** What node {@code to} gains for each kelvin that node {@code from} was warmer before the step. */
        public double factor(int to, int from) {
            return factors[to][from];
        }

        /** What node {@code to} gains for each unit of an input: {@link #OUTDOOR}, {@link #HEAT}, {@link #SUN}, {@link #GAIN}. */
        public double inputFactor(int to, int input) {
            return factors[to][nodes + input];
        }

        public double[] apply(double[] celsius, Inputs inputs) {
            var next = new double[nodes];
            apply(celsius, inputs, next);
            return next;
        }

        /** The same without garbage; {@code next} is another array. */
        public void apply(double[] celsius, Inputs inputs, double[] next) {
            for (int i = 0; i < nodes; i++) {
                var row = factors[i];
                double sum = row[nodes + OUTDOOR] * inputs.outdoorCelsius()
                        + row[nodes + HEAT] * inputs.heatWatts()
                        + row[nodes + SUN] * inputs.solarWattsPerSquareMetre()
                        + row[nodes + GAIN] * inputs.gainWatts();
                for (int j = 0; j < nodes; j++) sum += row[j] * celsius[j];
                next[i] = sum;
            }
        }
    }
}
