package org.athanor.comfort.money;

/**
 * Coefficients of performance by the fits of when2heat (Ruhnau, Hirth, Praktiknjo 2019: {@code cop_parameters}, field factor
 * 0.85 as in {@code scripts/cop.py}): a quadratic in the lift from source to sink, by kind of source; the sink is the water
 * that the heating wants at that outdoor temperature.
 */
public enum HeatPump {
    AIR_RADIATORS(false, Sink.RADIATORS),
    AIR_FLOOR(false, Sink.FLOOR),
    AIR_HOT_WATER(false, Sink.HOT_WATER),
    GROUND_RADIATORS(true, Sink.RADIATORS),
    GROUND_FLOOR(true, Sink.FLOOR),
    GROUND_HOT_WATER(true, Sink.HOT_WATER);

    /** Water at {@code at0Celsius} when it freezes outdoors, {@code perKelvin} less for each kelvin that it is warmer. */
    private enum Sink {
        RADIATORS(40, 1),
        FLOOR(30, 0.5),
        HOT_WATER(50, 0);

        final double at0Celsius;
        final double perKelvin;

        Sink(double at0Celsius, double perKelvin) {
            this.at0Celsius = at0Celsius;
            this.perKelvin = perKelvin;
        }
    }

    private static final double FIELD_FACTOR = 0.85;
    private static final double SMALLEST_LIFT_KELVIN = 15;
    /** The brine of a ground source is colder than the soil by this. */
    private static final double BRINE_KELVIN = 5;
    /** Vertex of Staffell's parabola: beyond it the fit would rise again. */
    private static final double STAFFELL_VERTEX_KELVIN = 96;

    private final boolean ground;
    private final Sink sink;

    HeatPump(boolean ground, Sink sink) {
        this.ground = ground;
        this.sink = sink;
    }

    /** Whether the source is the ground, so that the soil's temperature counts and not the air's. */
    public boolean ground() {
        return ground;
    }

    /**
     * Heat per electricity. Never below 1, where a heating rod would take over.
     *
     * @param outdoorCelsius of the air; it is the source of an air heat pump and rules the sink of all
     * @param soilCelsius of the ground; air heat pumps do not look at it
     */
    public double cop(double outdoorCelsius, double soilCelsius) {
        double source = ground ? soilCelsius - BRINE_KELVIN : outdoorCelsius;
        double lift = sink.at0Celsius - sink.perKelvin * outdoorCelsius - source;
        return Math.max(1, FIELD_FACTOR * (ground ? groundFit(lift) : airFit(lift)));
    }

    private static double airFit(double liftKelvin) {
        double lift = Math.clamp(liftKelvin, SMALLEST_LIFT_KELVIN, 0.0941 / (2 * 0.0005));
        return 6.0801 - 0.0941 * lift + 0.0005 * lift * lift;
    }

    private static double groundFit(double liftKelvin) {
        double lift = Math.clamp(liftKelvin, SMALLEST_LIFT_KELVIN, 0.2084 / (2 * 0.0012));
        return 10.288 - 0.2084 * lift + 0.0012 * lift * lift;
    }

    /**
     * An independent fit for air-source heat pumps (Staffell et al. 2012, as PyPSA-Eur uses it), to see how much hangs on the
     * choice.
     *
     * @param liftKelvin from source to sink; used from 15 K to the parabola's vertex
     */
    public static double staffellAirCop(double liftKelvin) {
        double lift = Math.clamp(liftKelvin, SMALLEST_LIFT_KELVIN, STAFFELL_VERTEX_KELVIN);
        return Math.max(1, 6.81 - 0.121 * lift + 0.000630 * lift * lift);
    }
}
