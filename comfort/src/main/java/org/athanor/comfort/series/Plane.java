package org.athanor.comfort.series;

/**
 * How a surface is turned.
 *
 * @param azimuthDegrees of its outward normal, from north over east: 180 is south
 * @param tiltDegrees from the horizontal: 0 is a flat roof, 90 a wall
 */
public record Plane(double azimuthDegrees, double tiltDegrees) {
    public static final Plane SOUTH = new Plane(180, 90);
    public static final Plane WEST = new Plane(270, 90);
    public static final Plane EAST = new Plane(90, 90);
    public static final Plane NORTH = new Plane(0, 90);
    public static final Plane ROOF = new Plane(180, 0);

    /** Share of the global radiation that the ground throws back; snow would be nearer 0.7. */
    private static final double GROUND_ALBEDO = 0.2;

    /**
     * Irradiance of a plane in W/m2, by origin.
     *
     * @param incidence cosine of the angle between sun and normal, 0 when the sun is behind the plane
     */
    public record Irradiance(double direct, double diffuse, double ground, double incidence) {
        public double total() {
            return direct + diffuse + ground;
        }
    }

    /** Direct beam, isotropic sky (Liu and Jordan), isotropic ground. */
    public Irradiance irradiance(SunPosition sun, WeatherSample weather) {
        double tilt = Math.toRadians(tiltDegrees);
        double incidence = 0;
        if (sun.elevation() > 0)
            incidence = Math.max(
                    0,
                    Math.sin(sun.elevation()) * Math.cos(tilt)
                            + Math.cos(sun.elevation())
                                    * Math.sin(tilt)
                                    * Math.cos(sun.azimuth() - Math.toRadians(azimuthDegrees)));
        return new Irradiance(
                weather.directNormal() * incidence,
                weather.diffuseHorizontal() * (1 + Math.cos(tilt)) / 2,
                weather.globalHorizontal() * GROUND_ALBEDO * (1 - Math.cos(tilt)) / 2,
                incidence);
    }
}
