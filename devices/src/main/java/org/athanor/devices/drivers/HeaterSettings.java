package org.athanor.devices.drivers;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.athanor.devices.Credentials;
import org.athanor.units.Watts;

/**
 * What a configuration says of a heater that is reached over a network.
 *
 * @param address of the API; the other ports of a device that has several are the usual ones
 * @param credentials empty takes those the firmware is delivered with, where there are such; an empty user takes its user
 * @param model by which its maker knows it, for kinds that drive several
 * @param levels that heat, ascending, for kinds whose levels are their owner's choice
 * @param maximumPower by its nameplate, for the same kinds
 * @param pauses whether the firmware can stop by command, for kinds of which only newer firmware can
 * @param timeout of one request with its reply
 * @param lease for which the device's own timer is set ahead, for kinds that have one; empty leaves it alone
 */
public record HeaterSettings(
        String id,
        InetSocketAddress address,
        Optional<Credentials> credentials,
        Optional<String> model,
        List<Level> levels,
        Optional<Watts> maximumPower,
        boolean pauses,
        Duration timeout,
        Optional<Duration> lease) {
    public HeaterSettings {
        levels = List.copyOf(levels);
    }

    /** @param name of the firmware's own preset or profile, where levels are those */
    public record Level(Optional<String> name, int watts) {
        /**
         * Reads "800" or "290MHz 800", also with a W behind.
         *
         * @throws IllegalArgumentException for anything else
         */
        public static Level parse(String text) {
            var words = text.strip().replaceFirst("\\s*W$", "");
            int space = words.lastIndexOf(' ');
            try {
                int watts = Integer.parseInt(words.substring(space + 1));
                if (watts <= 0) throw new IllegalArgumentException("level " + text + " (above 0 W)");
                var name = space < 0
                        ? Optional.<String>empty()
                        : Optional.of(words.substring(0, space).strip());
                return new Level(name, watts);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "level " + text + " (watts, or a name and watts, such as 290MHz 800)", e);
            }
        }
    }
}
