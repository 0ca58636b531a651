package org.athanor.cli.heater;

import java.util.Optional;
import org.athanor.cli.heater.HomeSetup.Computer;
import org.athanor.cli.heater.HomeSetup.Element;
import org.athanor.cli.heater.HomeSetup.Gpu;
import org.athanor.cli.heater.HomeSetup.Network;
import org.athanor.cli.heater.HomeSetup.Source;
import org.athanor.devices.Capabilities;
import org.athanor.devices.cpu.CpuHeater;
import org.athanor.devices.shelly.ResistiveElement;
import org.athanor.units.Joules;

/** What is known of a heater before it is asked. */
final class Nameplate {
    private Nameplate() {}

    /** Empty of a GPU, which tells its own when it is opened. */
    static Optional<Capabilities> of(Source source) {
        return switch (source) {
            case Network network -> {
                try (var heater = network.kind().create(network.settings())) {
                    yield Optional.of(heater.capabilities());
                }
            }
            case Element element -> Optional.of(ResistiveElement.capabilities(element.watts(), Joules.ZERO));
            case Computer computer ->
                Optional.of(CpuHeater.capabilities(computer.threads(), computer.wattsPerThread()));
            case Gpu _ -> Optional.empty();
        };
    }
}
