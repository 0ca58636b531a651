package org.athanor.comfort.learning;

import java.util.Arrays;

/**
 * What is believed of a room's joint state before anything was measured, and how fast it is thought to change. Logarithms
 * and logits as {@link Shape} has them, so a spread of 0.6 is a factor of 1.8 either way.
 */
final class Beliefs {
    /** Standard deviation of a reading: 0.1 K steps alone give 0.03, noise and lag the rest. */
    static final double READING_KELVIN = 0.06;

    /** Unmodelled gains (people, wind, sun that strikes otherwise than thought) last about so long. */
    private static final double GAIN_SECONDS = 8 * 3600.0;

    private static final double GAIN_PER_SQUARE_METRE = 2.5;

    private static final double AIR_KELVIN_PER_ROOT_HOUR = 0.05;
    private static final double LAYER_KELVIN_PER_ROOT_HOUR = 0.02;

    /** Of every parameter, as a share of its prior spread: rooms change with seasons and furniture. */
    private static final double PARAMETER_PER_ROOT_DAY = 0.02;

    /** In which a parameter that nothing is learned of returns to its prior. */
    static final double REMEMBERED_HOURS = 100 * 24.0;

    private static final double STOREY_METRES = 2.5;

    /** J/(m³ K). */
    private static final double AIR_HEAT_CAPACITY = 1207;

    /** W/K per m² of floor from the air through surfaces to the mass: ISO 13790, 3.45 x 4.5 and 9.1 x 2.5 in a row. */
    private static final double AIR_TO_MASS = 9;

    private static final double MASS_TO_CORE = 8;

    /** Of glass: transmission, frame, shade and dirt. */
    private static final double APERTURE_PER_GLASS = 0.4;

    private static final double USUAL_GAIN_PER_SQUARE_METRE = 4;

    final Shape shape;
    final double[] mean;
    final double[] spread;
    /** Variance that each hour adds, for all but the two gains. */
    final double[] noisePerHour;

    final double gainWatts;

    Beliefs(RoomPrior room, int nodes) {
        shape = new Shape(nodes);
        mean = new double[shape.size()];
        spread = new double[shape.size()];
        double floor = room.floorArea();
        gainWatts = GAIN_PER_SQUARE_METRE * floor;
        spread[shape.gain()] = gainWatts;
        spread[shape.pastGain()] = gainWatts;

        double[] capacity = capacities(room.construction(), nodes);
        for (int i = 0; i < nodes; i++) believeLog(shape.capacity(i), capacity[i] * floor, i == 0 ? 0.6 : 0.7);
        if (nodes > 1) believeLog(shape.link(0), AIR_TO_MASS * floor, 0.6);
        if (nodes > 2) believeLog(shape.link(1), MASS_TO_CORE * floor, 0.8);
        believeLosses(room, nodes);
        believeLog(shape.aperture(), APERTURE_PER_GLASS * Math.max(room.windowArea(), 0.02 * floor), 0.7);
        if (nodes > 1) {
            believe(shape.sunShare(), logit(0.25), 1);
            believe(shape.heatShare(), logit(0.75), 1.2);
        }
        believe(shape.leakShare(), logit(nodes == 1 ? 0.1 : 0.2), 1);
        believe(shape.usualGain(), USUAL_GAIN_PER_SQUARE_METRE * floor, USUAL_GAIN_PER_SQUARE_METRE * floor);

        noisePerHour = new double[shape.size()];
        Arrays.setAll(noisePerHour, i -> square(PARAMETER_PER_ROOT_DAY * spread[i]) / 24);
        for (int i = 0; i < nodes; i++)
            noisePerHour[i] = square(i == 0 ? AIR_KELVIN_PER_ROOT_HOUR : LAYER_KELVIN_PER_ROOT_HOUR);
        noisePerHour[shape.gain()] = 0;
        noisePerHour[shape.pastGain()] = 0;
        for (int i = 0; i < nodes; i++) spread[i] = i == 0 ? 0.3 : 2;
    }

    /** J/K per m² of floor; the air counts with what follows it within minutes. */
    private static double[] capacities(Construction construction, int nodes) {
        return switch (nodes) {
            case 1 -> new double[] {construction.daily};
            case 2 -> new double[] {15_000, Math.sqrt(construction.daily * construction.lasting)};
            default -> new double[] {12_000, 0.4 * construction.daily, construction.lasting};
        };
    }

    /** Windows and air lose directly; the opaque shell, about as large as the floor, through the outermost node. */
    private void believeLosses(RoomPrior room, int nodes) {
        var insulation = room.insulation();
        double direct = insulation.window * room.windowArea()
                + insulation.airChanges / 3600 * STOREY_METRES * room.floorArea() * AIR_HEAT_CAPACITY;
        double shell = insulation.opaque * room.floorArea();
        switch (nodes) {
            case 1 -> believeLog(shape.loss(0), direct + shell, 0.6);
            case 2 -> {
                believeLog(shape.loss(0), direct, 0.7);
                believeLog(shape.loss(1), shell, 0.9);
            }
            default -> {
                believeLog(shape.loss(0), direct, 0.7);
                believeLog(shape.loss(1), 0.2 * shell, 1);
                believeLog(shape.loss(2), 0.8 * shell, 0.9);
            }
        }
    }

    private void believeLog(int index, double value, double factor) {
        believe(index, Math.log(value), factor);
    }

    private void believe(int index, double value, double deviation) {
        mean[index] = value;
        spread[index] = deviation;
    }

    /** What is left of an unmodelled gain after so long. */
    static double gainKept(double seconds) {
        return Math.exp(-seconds / GAIN_SECONDS);
    }

    static double square(double value) {
        return value * value;
    }

    static double logit(double share) {
        return Math.log(share / (1 - share));
    }

    static double share(double logit) {
        return 1 / (1 + Math.exp(-logit));
    }
}
