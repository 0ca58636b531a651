package org.athanor.simulation;

import java.time.Duration;

/** How finely a home's time is cut. */
public enum Pace {
    /** 10 s, exact to 1e-6 K: for devices that switch by the second. */
    FINE(Duration.ofSeconds(10)),
    /** 5 min, within some hundredths of a kelvin of the other: for years, decided in steps of minutes. */
    COARSE(Duration.ofMinutes(5));

    final long nanos;

    Pace(Duration step) {
        this.nanos = step.toNanos();
    }

    /** No longer than one step of this pace; {@code boundary} is that of its middle. */
    void step(
            RoomNetwork network,
            double[] from,
            double[] to,
            Boundary boundary,
            double seconds,
            double convectiveWatts,
            double radiantWatts) {
        switch (this) {
            case FINE -> network.step(from, to, boundary, seconds, convectiveWatts, radiantWatts);
            case COARSE -> network.stride(from, to, boundary, seconds, convectiveWatts, radiantWatts);
        }
    }
}
