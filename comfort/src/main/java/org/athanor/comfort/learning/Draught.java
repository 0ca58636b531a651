package org.athanor.comfort.learning;

/**
 * How much air goes through a home's leaks, against a usual day's. Wind and the rise of warm air each press on the shell; the
 * pressures add up (Sherman and Grimsrud, 1980), and the flow grows with their sum to a power between 0.5 of a hole and 1 of a
 * fine crack: 0.65 in most homes whose tightness was measured.
 */
final class Draught {
    /** Of a usual day, m/s; and of a place whose wind is not known. */
    static final double USUAL_WIND = 4;

    private static final double USUAL_DIFFERENCE_KELVIN = 20;
    private static final double ROOM_CELSIUS = 20;

    /** Of the pressure on a usual day: that of warm air, the rest is the wind's, in a home with some shelter. */
    private static final double SHARE_OF_DIFFERENCE = 0.6;

    private static final double EXPONENT = 0.65;

    private Draught() {}

    /** 1 on a usual day. The room is taken for one that is lived in, whatever its temperature. */
    static double of(double outdoorCelsius, double windMetresPerSecond) {
        double difference = Math.abs(ROOM_CELSIUS - outdoorCelsius) / USUAL_DIFFERENCE_KELVIN;
        double wind = windMetresPerSecond / USUAL_WIND;
        return Math.pow(SHARE_OF_DIFFERENCE * difference + (1 - SHARE_OF_DIFFERENCE) * wind * wind, EXPONENT);
    }
}
