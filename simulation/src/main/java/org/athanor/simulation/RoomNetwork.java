package org.athanor.simulation;

import java.util.Arrays;

/**
 * The home as a network of heat capacities, and its integration in time.
 *
 * <p>Nodes: air, furnishings, three for each wall, two for each window, two for each mass. Each surface exchanges heat with
 * the air by convection and, apart from that, with the other surfaces by radiation through a star whose middle is the mean
 * radiant temperature. Everything is linear but the air exchange, which grows with wind and temperature difference.
 *
 * <p>{@link #step}: Runge-Kutta of fourth order; the fastest node (a pane in a gale) has about 100 s, so that a substep of 10 s
 * is exact to 1e-6 K. {@link #stride}: an implicit rule for minutes at once. Flows across the border are integrated by the
 * same rule but beside the temperatures.
 */
final class RoomNetwork {
    /** 4 ε σ T3 at 20 °C and an emissivity of 0.9, W/(m2 K). */
    static final double RADIATION = 5.13;

    private static final double OUTSIDE_RADIATION = 5;
    private static final int AIR = 0;
    private static final int FURNISHINGS = 1;
    private static final double FURNISHINGS_SUN = 0.2;
    private static final double AIR_SUN = 0.1;

    final HomeSpec spec;
    final double[] capacity;
    private final int[] surface;
    private final double[] surfaceConvection;
    private final double[] surfaceRadiation;
    private final double radiationSum;
    private final int[] linkFrom;
    private final int[] linkTo;
    private final double[] linkConductance;
    private final int[] outer;
    private final double[] outerArea;
    private final double[] outerConductance; // by node
    private final double[] sunShare;

    private final double[] k1;
    private final double[] k2;
    private final double[] k3;
    private final double[] k4;
    private final double[] probe;
    private final double[] stage;
    private final StarSystem system;
    private double transmissionWatts;
    private double airExchangeWatts;
    private double openWindowsWatts;
    /** W/K of the air exchange while it is held; NaN when it follows the temperature. */
    private double heldExchange = Double.NaN;

    // what the system was last made of
    private double systemSeconds;
    private double systemOutside;
    private double systemExchange;

    /** Of the last {@link #step} or {@link #stride}. */
    double transmissionJoules;

    double airExchangeJoules;

    /** Of these, through windows that people opened. */
    double openWindowsJoules;

    /** By which the air exchange is greater while windows are open. */
    double openWindowsWattsPerKelvin;

    RoomNetwork(HomeSpec spec) {
        this.spec = spec;
        int walls = spec.walls().size();
        int windows = spec.windows().size();
        int masses = spec.masses().size();
        int nodes = 2 + 3 * walls + 2 * windows + 2 * masses;
        int surfaces = 1 + walls + windows + masses;
        int links = 2 * walls + windows + masses;
        capacity = new double[nodes];
        sunShare = new double[nodes];
        surface = new int[surfaces];
        surfaceConvection = new double[surfaces];
        surfaceRadiation = new double[surfaces];
        linkFrom = new int[links];
        linkTo = new int[links];
        linkConductance = new double[links];
        outer = new int[walls + windows];
        outerArea = new double[walls + windows];
        outerConductance = new double[nodes];
        k1 = new double[nodes];
        k2 = new double[nodes];
        k3 = new double[nodes];
        k4 = new double[nodes];
        probe = new double[nodes];
        stage = new double[nodes];
        capacity[AIR] = spec.airCapacity();
        capacity[FURNISHINGS] = spec.furnishings().capacity();
        sunShare[AIR] = AIR_SUN;
        sunShare[FURNISHINGS] = FURNISHINGS_SUN;
        int node = 2;
        int s = 0;
        int link = 0;
        int out = 0;
        addSurface(
                s++, FURNISHINGS, spec.furnishings().area(), spec.furnishings().convection());
        for (var wall : spec.walls()) {
            capacity[node] = wall.area() * wall.innerCapacity();
            capacity[node + 1] = wall.area() * wall.insulationCapacity();
            capacity[node + 2] = wall.area() * wall.outerCapacity();
            addSurface(s++, node, wall.area(), wall.convection());
            addLink(link++, node, node + 1, wall.area() / wall.innerResistance());
            addLink(link++, node + 1, node + 2, wall.area() / wall.outerResistance());
            outer[out] = node + 2;
            outerArea[out++] = wall.area();
            node += 3;
        }
        for (var window : spec.windows()) {
            capacity[node] = window.area() * window.paneCapacity();
            capacity[node + 1] = capacity[node];
            addSurface(s++, node, window.area(), window.convection());
            addLink(link++, node, node + 1, window.area() / window.gapResistance());
            outer[out] = node + 1;
            outerArea[out++] = window.area();
            node += 2;
        }
        for (var mass : spec.masses()) {
            capacity[node] = mass.area() * mass.surfaceCapacity();
            capacity[node + 1] = mass.area() * mass.coreCapacity();
            sunShare[node] = mass.sunShare();
            addSurface(s++, node, mass.area(), mass.convection());
            addLink(link++, node, node + 1, mass.area() * mass.coupling());
            node += 2;
        }
        for (int i = 0; i < nodes; i++)
            if (!(capacity[i] > 0))
                throw new IllegalArgumentException("node " + i + " of " + spec.name() + " has no capacity");
        radiationSum = Arrays.stream(surfaceRadiation).sum();
        double sun = Arrays.stream(sunShare).sum();
        for (int i = 0; i < nodes; i++) sunShare[i] /= sun;
        system = new StarSystem(capacity, surface, surfaceConvection, surfaceRadiation, linkFrom, linkConductance);
    }

    private void addSurface(int index, int node, double area, double convection) {
        surface[index] = node;
        surfaceConvection[index] = area * convection;
        surfaceRadiation[index] = area * RADIATION;
    }

    private void addLink(int index, int from, int to, double conductance) {
        linkFrom[index] = from;
        linkTo[index] = to;
        linkConductance[index] = conductance;
    }

    int nodes() {
        return capacity.length;
    }

    double[] uniform(double celsius) {
        var state = new double[nodes()];
        Arrays.fill(state, celsius);
        return state;
    }

    /** Everything inside at one temperature, the shell on the straight line to the outdoor air. */
    double[] settledShell(double indoorCelsius, double outdoorCelsius) {
        var state = uniform(indoorCelsius);
        double difference = outdoorCelsius - indoorCelsius;
        for (int i = 0; i < spec.walls().size(); i++) {
            var wall = spec.walls().get(i);
            double resistance = wall.innerResistance() + wall.outerResistance();
            state[outerLayer(i) - 1] += difference * wall.innerResistance() / resistance;
            state[outerLayer(i)] += difference;
        }
        for (int i = 0; i < spec.windows().size(); i++) state[innerPane(i) + 1] += difference;
        return state;
    }

    static double air(double[] celsius) {
        return celsius[AIR];
    }

    /** Mean of air and mean radiant temperature, as at low air speeds (ISO 7730). */
    double operative(double[] celsius) {
        return (celsius[AIR] + meanRadiant(celsius)) / 2;
    }

    private double meanRadiant(double[] celsius) {
        double sum = 0;
        for (int i = 0; i < surface.length; i++) sum += surfaceRadiation[i] * celsius[surface[i]];
        return sum / radiationSum;
    }

    /** Heat held above {@code reference}, in joules. */
    double stored(double[] celsius, double[] reference) {
        double sum = 0;
        for (int i = 0; i < capacity.length; i++) sum += capacity[i] * (celsius[i] - reference[i]);
        return sum;
    }

    /** Spreads sunlight that came in over the nodes that it falls on. */
    void addSunlight(double watts, double[] target) {
        for (int i = 0; i < target.length; i++) target[i] += watts * sunShare[i];
    }

    void addHeat(double convectiveWatts, double radiantWatts, double[] target) {
        target[AIR] += convectiveWatts;
        for (int i = 0; i < surface.length; i++)
            target[surface[i]] += radiantWatts * surfaceRadiation[i] / radiationSum;
    }

    /** First pane of the window of this index; the outer one follows it. */
    int innerPane(int window) {
        return 2 + 3 * spec.walls().size() + 2 * window;
    }

    int outerLayer(int wall) {
        return 2 + 3 * wall + 2;
    }

    /**
     * Moves {@code from} on by {@code seconds} into {@code to}, another array, and leaves the energies lost in
     * {@link #transmissionJoules} and {@link #airExchangeJoules}.
     */
    void step(
            double[] from,
            double[] to,
            Boundary boundary,
            double seconds,
            double convectiveWatts,
            double radiantWatts) {
        int nodes = from.length;
        change(from, boundary, convectiveWatts, radiantWatts, k1);
        double transmission = transmissionWatts;
        double airExchange = airExchangeWatts;
        double openWindows = openWindowsWatts;
        for (int i = 0; i < nodes; i++) probe[i] = from[i] + seconds / 2 * k1[i];
        change(probe, boundary, convectiveWatts, radiantWatts, k2);
        transmission += 2 * transmissionWatts;
        airExchange += 2 * airExchangeWatts;
        openWindows += 2 * openWindowsWatts;
        for (int i = 0; i < nodes; i++) probe[i] = from[i] + seconds / 2 * k2[i];
        change(probe, boundary, convectiveWatts, radiantWatts, k3);
        transmission += 2 * transmissionWatts;
        airExchange += 2 * airExchangeWatts;
        openWindows += 2 * openWindowsWatts;
        for (int i = 0; i < nodes; i++) probe[i] = from[i] + seconds * k3[i];
        change(probe, boundary, convectiveWatts, radiantWatts, k4);
        transmission += transmissionWatts;
        airExchange += airExchangeWatts;
        openWindows += openWindowsWatts;
        for (int i = 0; i < nodes; i++) to[i] = from[i] + seconds / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
        transmissionJoules = seconds / 6 * transmission;
        airExchangeJoules = seconds / 6 * airExchange;
        openWindowsJoules = seconds / 6 * openWindows;
    }

    /** Of the SDIRK rule: 1 - 1/√2 makes it second order and L-stable. */
    private static final double GAMMA = 1 - Math.sqrt(0.5);

    /**
     * {@link #step} for minutes at once: the two-stage diagonally implicit rule of Alexander (1977), with the air exchange held
     * at its value at the start. What is fast against the stride is at its equilibrium then, as it nearly is in truth.
     */
    void stride(
            double[] from,
            double[] to,
            Boundary boundary,
            double seconds,
            double convectiveWatts,
            double radiantWatts) {
        heldExchange = exchange(from[AIR] - boundary.outdoorCelsius, boundary);
        prepare(seconds, outsideCoefficient(boundary.windMetresPerSecond));
        int nodes = from.length;
        change(from, boundary, convectiveWatts, radiantWatts, k1);
        system.solve(k1);
        for (int i = 0; i < nodes; i++) stage[i] = from[i] + GAMMA * seconds * k1[i];
        flows(stage, boundary);
        double transmission = (1 - GAMMA) * transmissionWatts;
        double airExchange = (1 - GAMMA) * airExchangeWatts;
        double openWindows = (1 - GAMMA) * openWindowsWatts;
        for (int i = 0; i < nodes; i++) probe[i] = from[i] + (1 - GAMMA) * seconds * k1[i];
        change(probe, boundary, convectiveWatts, radiantWatts, k2);
        system.solve(k2);
        for (int i = 0; i < nodes; i++) to[i] = probe[i] + GAMMA * seconds * k2[i];
        flows(to, boundary); // the second stage is the end of the stride
        transmissionJoules = seconds * (transmission + GAMMA * transmissionWatts);
        airExchangeJoules = seconds * (airExchange + GAMMA * airExchangeWatts);
        openWindowsJoules = seconds * (openWindows + GAMMA * openWindowsWatts);
        heldExchange = Double.NaN;
    }

    /** 1 - γ h A, whose A is that of {@link #change}. */
    private void prepare(double seconds, double outside) {
        if (seconds == systemSeconds && outside == systemOutside && heldExchange == systemExchange) return;
        systemSeconds = seconds;
        systemOutside = outside;
        systemExchange = heldExchange;
        for (int i = 0; i < outer.length; i++) outerConductance[outer[i]] = outside * outerArea[i];
        system.factorise(GAMMA * seconds, outerConductance, heldExchange);
    }

    /** K/s of every node; leaves the losses in {@link #transmissionWatts} and {@link #airExchangeWatts}. */
    private void change(
            double[] celsius, Boundary boundary, double convectiveWatts, double radiantWatts, double[] rate) {
        System.arraycopy(boundary.watts, 0, rate, 0, rate.length);
        double air = celsius[AIR];
        double radiant = meanRadiant(celsius);
        double intoAir = convectiveWatts;
        for (int i = 0; i < surface.length; i++) {
            int node = surface[i];
            double convection = surfaceConvection[i] * (celsius[node] - air);
            intoAir += convection;
            rate[node] += surfaceRadiation[i] * (radiant - celsius[node] + radiantWatts / radiationSum) - convection;
        }
        for (int i = 0; i < linkFrom.length; i++) {
            double flow = linkConductance[i] * (celsius[linkFrom[i]] - celsius[linkTo[i]]);
            rate[linkFrom[i]] -= flow;
            rate[linkTo[i]] += flow;
        }
        flows(celsius, boundary);
        double outside = outsideCoefficient(boundary.windMetresPerSecond);
        for (int i = 0; i < outer.length; i++)
            rate[outer[i]] -= outside * outerArea[i] * (celsius[outer[i]] - boundary.outdoorCelsius);
        rate[AIR] += intoAir - airExchangeWatts;
        for (int i = 0; i < rate.length; i++) rate[i] /= capacity[i];
    }

    private void flows(double[] celsius, Boundary boundary) {
        double outside = outsideCoefficient(boundary.windMetresPerSecond);
        transmissionWatts = 0;
        for (int i = 0; i < outer.length; i++)
            transmissionWatts += outside * outerArea[i] * (celsius[outer[i]] - boundary.outdoorCelsius);
        double difference = celsius[AIR] - boundary.outdoorCelsius;
        double exchange = Double.isNaN(heldExchange) ? exchange(difference, boundary) : heldExchange;
        airExchangeWatts = difference * exchange;
        openWindowsWatts = difference * openWindowsWattsPerKelvin;
    }

    /** W/K. */
    private double exchange(double differenceKelvin, Boundary boundary) {
        return spec.airExchange().wattsPerKelvin(differenceKelvin, boundary.windMetresPerSecond)
                + openWindowsWattsPerKelvin;
    }

    /** ISO 6946: 4 + 4 v for convection, and radiation to surroundings at air temperature (a clear sky would be colder). */
    static double outsideCoefficient(double windMetresPerSecond) {
        return OUTSIDE_RADIATION + 4 + 4 * windMetresPerSecond;
    }
}
