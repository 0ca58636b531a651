package org.athanor.comfort;

import org.athanor.units.Celsius;
import org.athanor.units.Kelvins;

/** How far the room may be from its setpoint and still count as comfortable. */
public record ComfortBand(Kelvins below, Kelvins above) {
    public ComfortBand {
        if (below.value() < 0 || above.value() < 0)
            throw new IllegalArgumentException(
                    "comfort band: " + below + " below, " + above + " above (neither negative)");
    }

    public static ComfortBand of(double kelvins) {
        return new ComfortBand(new Kelvins(kelvins), new Kelvins(kelvins));
    }

    /** Kelvins outside the band: negative when too cold, positive when too warm, 0 inside. */
    public Kelvins outside(Celsius room, Celsius setpoint) {
        double deviation = room.value() - setpoint.value();
        if (deviation > above.value()) return new Kelvins(deviation - above.value());
        if (deviation < -below.value()) return new Kelvins(deviation + below.value());
        return Kelvins.ZERO;
    }
}
