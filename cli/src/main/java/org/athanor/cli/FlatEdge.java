package org.athanor.cli;

import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.athanor.cli.terminal.UserMistake;
import org.athanor.comfort.ComfortConfig;
import org.athanor.comfort.learning.Construction;
import org.athanor.comfort.learning.Insulation;
import org.athanor.comfort.learning.RoomPrior;
import org.athanor.devices.Capabilities;
import org.athanor.devices.avalon.AvalonHeater;
import org.athanor.devices.avalon.AvalonModel;
import org.athanor.devices.cpu.CpuHeater;
import org.athanor.devices.shelly.ResistiveElement;
import org.athanor.devices.shelly.ShellyPlug;
import org.athanor.devices.shelly.ShellyThermometer;
import org.athanor.edge.EdgeConfig;
import org.athanor.edge.HeaterPart;
import org.athanor.edge.MiningFigures;
import org.athanor.edge.Snapshot;
import org.athanor.edge.Tariff;
import org.athanor.edge.forecast.OutlookSource;
import org.athanor.ledger.MiningScenario;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;

/** The edge's side of a {@link DemoHome}: a driver for each device, over its real protocol. */
final class FlatEdge {
    private static final Joules STORED_IN_BOOST = new Joules(60_000);
    private static final String BOOST = "boost";

    /** What its owner would say of the flat. */
    static final RoomPrior PRIOR = new RoomPrior(40, Construction.MEDIUM, Insulation.GOOD);

    private FlatEdge() {}

    static HeaterPart computer(CpuHeater computer, Supplier<MiningFigures> figures) {
        return HeaterPart.of("This computer", computer, Optional.empty(), 0, Optional.of(figures));
    }

    /** What control knows of the flat's heaters, before any of them can be reached. */
    static ComfortConfig comfort(Capabilities computer, ZoneId zone, Celsius setpoint) {
        return ComfortConfig.wellInsulatedFlat(
                zone,
                setpoint,
                List.of(
                        HeaterPart.spec(Demo.COMPUTER, computer, false, 0),
                        HeaterPart.spec(Demo.MINER, AvalonModel.MINI_3.capabilities(), true, 1),
                        HeaterPart.spec(
                                BOOST, ResistiveElement.capabilities(DemoHome.BOOST, STORED_IN_BOOST), true, 2)));
    }

    /** @param deviceTimeout for each request, and for all requests of a cycle to one device */
    static EdgeConfig config(
            DemoHome.Addresses at,
            HeaterPart computer,
            Optional<Supplier<MiningFigures>> miner,
            Duration deviceTimeout,
            ZoneId zone,
            Celsius setpoint,
            OutlookSource outlook,
            Tariff tariff,
            MiningScenario scenario,
            Supplier<Snapshot.World> world) {
        var minerPlug = new ShellyPlug("miner-plug", at.avalonPlug(), DemoHome.PLUG_RATING, deviceTimeout);
        var boostPlug = new ShellyPlug("boost-plug", at.boostPlug(), DemoHome.PLUG_RATING, deviceTimeout);
        var countdown = ComfortConfig.wellInsulatedFlat(zone, setpoint).limits().plugCountdown();
        var heaters = List.of(
                computer,
                HeaterPart.of(
                        "Avalon Mini 3 (simulated)",
                        new AvalonHeater(Demo.MINER, AvalonModel.MINI_3, at.avalon(), deviceTimeout),
                        Optional.of(minerPlug),
                        1,
                        miner),
                HeaterPart.of(
                        "Boost element (simulated)",
                        new ResistiveElement(BOOST, boostPlug, DemoHome.BOOST, STORED_IN_BOOST, countdown),
                        Optional.of(boostPlug),
                        2,
                        Optional.empty()));
        var comfort = ComfortConfig.wellInsulatedFlat(
                zone, setpoint, heaters.stream().map(HeaterPart::spec).toList());
        var highest = comfort.limits().highestSetpoint(comfort.heaters());
        if (setpoint.compareTo(highest) > 0)
            throw new UserMistake(String.format(
                    Locale.ROOT,
                    "--setpoint %s: 5 to %.1f °C is accepted; above that the room's hard limit of %s would stop the heaters",
                    setpoint.value(),
                    Math.floor(highest.value() * 10) / 10,
                    comfort.limits().roomMaximum()));
        return new EdgeConfig(
                heaters,
                new ShellyThermometer("room", at.thermometer(), deviceTimeout),
                Optional.of(new ShellyThermometer("second", at.secondThermometer(), deviceTimeout)),
                Optional.of(new ShellyThermometer("outdoor", at.outdoorThermometer(), deviceTimeout)),
                comfort.schedule(),
                comfort.band(),
                comfort.mode(),
                comfort.limits(),
                PRIOR,
                outlook,
                tariff,
                scenario,
                world,
                deviceTimeout,
                EdgeConfig.STOP_TIMEOUT);
    }
}
