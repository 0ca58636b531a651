package org.athanor.bench.tank;

import java.time.Duration;
import java.time.Instant;
import org.athanor.comfort.learning.DisinfectionWatch;
import org.athanor.comfort.planning.ComputeDevice;

/** What decides the device's level, a minute at a time. */
interface Rule {
    Duration DISINFECT_EVERY = Duration.ofDays(7);
    Duration HOLD = Duration.ofHours(1);

    /** @param shown °C, what the sensors show */
    int level(Instant time, double shown, DisinfectionWatch watch);

    /** Between two temperatures, others at night, and once a week hot, at night too. */
    final class Thermostat implements Rule {
        private static final double HYSTERESIS_KELVINS = 6;
        private static final double DISINFECT_TO = 63;

        private final double low;
        private final double nightLow;
        private final int top;
        private boolean on;

        Thermostat(ComputeDevice device, double lowCelsius) {
            this(device, lowCelsius, lowCelsius);
        }

        Thermostat(ComputeDevice device, double lowCelsius, double nightLowCelsius) {
            low = lowCelsius;
            nightLow = nightLowCelsius;
            top = device.levels() - 1;
        }

        @Override
        public int level(Instant time, double shown, DisinfectionWatch watch) {
            var local = time.atZone(Household.ZONE);
            boolean due = watch.last()
                    .map(last -> Duration.between(last, time).compareTo(DISINFECT_EVERY.minusHours(20)) > 0)
                    .orElse(true);
            boolean night = local.getHour() >= 1 && local.getHour() < 6;
            boolean disinfect = due && night;
            double usual = night ? nightLow : low;
            double from = disinfect ? DISINFECT_TO - 1 : usual;
            double to = disinfect ? DISINFECT_TO : usual + HYSTERESIS_KELVINS;
            if (shown < from) on = true;
            if (shown > to) on = false;
            return on ? top : 0;
        }
    }
}
