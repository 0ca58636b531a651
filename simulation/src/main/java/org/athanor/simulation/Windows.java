package org.athanor.simulation;

/**
 * What people do about a room that is too warm: while somebody is at home and it is cooler outdoors, they open windows as far
 * as it takes to keep the air from getting warmer than they like, and shut them when it no longer is. The idealised hand at
 * the window is to the summer what {@link ReferenceRun}'s ideal heater is to the winter.
 *
 * <p>Flow through an open window by de Gids and Phaff (1982): half its area times √(0.001 v² + 0.0035 h ΔT + 0.01).
 */
final class Windows {
    /** Of the glazed area, at most: windows that turn are a part of it, and few stand wide open. Assumed. */
    private static final double OPENED_SHARE = 0.2;

    private static final double HEIGHT_METRES = 1.2;
    private static final double COOLER_KELVIN = 0.5;
    private static final double TOLERANCE_KELVIN = 1e-3;
    private static final int MOST_TRIALS = 8;

    private final RoomNetwork network;
    private final Pace pace;
    private final double area;
    private double tooWarmCelsius = Double.POSITIVE_INFINITY;

    Windows(RoomNetwork network, Pace pace) {
        this.network = network;
        this.pace = pace;
        area = OPENED_SHARE
                * network.spec.windows().stream()
                        .mapToDouble(HomeSpec.Window::area)
                        .sum();
    }

    void openAbove(double celsius) {
        if (Double.isNaN(celsius)) throw new IllegalArgumentException("windows open above a temperature, not NaN");
        tooWarmCelsius = celsius;
    }

    double openAbove() {
        return tooWarmCelsius;
    }

    /** Moves on by {@code seconds} as {@link Pace#step} does, with windows shut or as far open as it takes. */
    void step(
            double[] from,
            double[] to,
            Boundary boundary,
            double seconds,
            double convectiveWatts,
            double radiantWatts) {
        double shut = trial(0, from, to, boundary, seconds, convectiveWatts, radiantWatts);
        double cooler = RoomNetwork.air(from) - boundary.outdoorCelsius;
        if (shut <= tooWarmCelsius || !boundary.peopleAtHome || cooler < COOLER_KELVIN) return;
        double most = wattsPerKelvin(area, cooler, boundary.windMetresPerSecond);
        double open = trial(most, from, to, boundary, seconds, convectiveWatts, radiantWatts);
        double low = 0;
        double lowError = shut - tooWarmCelsius;
        double high = most;
        double highError = open - tooWarmCelsius;
        // regula falsi (Illinois) between shut and open; where fully open is not enough they stay so
        boolean lastWasLow = false;
        double error = highError;
        for (int i = 0; i < MOST_TRIALS && highError < 0 && Math.abs(error) > TOLERANCE_KELVIN; i++) {
            double between = low + (high - low) * lowError / (lowError - highError);
            error = trial(between, from, to, boundary, seconds, convectiveWatts, radiantWatts) - tooWarmCelsius;
            if (error > 0) {
                low = between;
                lowError = error;
                if (i > 0 && lastWasLow) highError /= 2;
                lastWasLow = true;
            } else {
                high = between;
                highError = error;
                if (i > 0 && !lastWasLow) lowError /= 2;
                lastWasLow = false;
            }
        }
    }

    private double trial(
            double wattsPerKelvin,
            double[] from,
            double[] to,
            Boundary boundary,
            double seconds,
            double convectiveWatts,
            double radiantWatts) {
        network.openWindowsWattsPerKelvin = wattsPerKelvin;
        pace.step(network, from, to, boundary, seconds, convectiveWatts, radiantWatts);
        network.openWindowsWattsPerKelvin = 0;
        return RoomNetwork.air(to);
    }

    /** Through an open area in m². */
    static double wattsPerKelvin(double area, double differenceKelvin, double windMetresPerSecond) {
        double squared = 0.001 * windMetresPerSecond * windMetresPerSecond
                + 0.0035 * HEIGHT_METRES * Math.abs(differenceKelvin)
                + 0.01;
        return HomeSpec.AirExchange.AIR_HEAT_CAPACITY * area / 2 * Math.sqrt(squared);
    }
}
