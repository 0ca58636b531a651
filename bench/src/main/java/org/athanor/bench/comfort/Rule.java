package org.athanor.bench.comfort;

import org.athanor.simulation.Home;

/** A rule of control: decides the heater's watts for a quarter of an hour, which every heater here gives continuously. */
interface Rule {
    /** @param step counted from the start of the days that count, negative while it may learn */
    double watts(Winter winter, Home home, int step);

    /**
     * Five and ten minutes later in the same step.
     *
     * @param minutes since the step began
     * @param watts as decided last
     * @return what to go on with
     */
    default double within(Winter winter, Home home, int step, int minutes, double watts) {
        return watts;
    }

    /**
     * As {@code home-assistant}'s generic thermostat: full power below the setpoint less the half width, nothing above it plus
     * that. Looks every five minutes.
     */
    final class Hysteresis implements Rule {
        private final double setpoint;
        private final double half;
        private boolean on;

        Hysteresis(double setpoint, double half) {
            this.setpoint = setpoint;
            this.half = half;
        }

        @Override
        public double watts(Winter winter, Home home, int step) {
            double room = home.sensor().value();
            on = on ? room < setpoint + half : room < setpoint - half;
            return on ? winter.maximumWatts() : 0;
        }

        @Override
        public double within(Winter winter, Home home, int step, int minutes, double watts) {
            return watts(winter, home, step);
        }
    }

    /** Time-proportional with an outdoor term, as versatile_thermostat: here with continuous power, which favours it. */
    record Tpi(double setpoint, double perKelvin, double perOutdoorKelvin) implements Rule {
        @Override
        public double watts(Winter winter, Home home, int step) {
            double share = perKelvin * (setpoint - home.sensor().value())
                    + perOutdoorKelvin * (setpoint - home.outdoorCelsius());
            return Math.clamp(share, 0, 1) * winter.maximumWatts();
        }
    }

    /** What was decided before. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Given(double[] watts) implements Rule {
        @Override
        public double watts(Winter winter, Home home, int step) {
            return watts[step];
        }
    }
}
