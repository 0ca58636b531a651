package org.athanor.cli.heater;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import org.athanor.cli.heater.HomeSetup.ZigbeePlugEntry;
import org.athanor.cli.terminal.ShutdownSignal;
import org.athanor.cli.terminal.UserMistake;
import org.athanor.devices.DeviceException;
import org.athanor.devices.mqtt.MqttBroker;
import org.athanor.edge.journal.Journal;
import org.athanor.edge.journal.JournalException;

/** Switches plugs behind Zigbee2MQTT on for a moment, and looks whether they go off by themselves. */
final class PlugTrials {
    static final int SECONDS = 5;
    /** With a broker. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private PlugTrials() {}

    static Optional<ZigbeePlugEntry> zigbee(HomeSetup.HeaterEntry heater) {
        return heater.plug().filter(ZigbeePlugEntry.class::isInstance).map(ZigbeePlugEntry.class::cast);
    }

    /**
     * Tries each plug of the file that could show something.
     *
     * @throws UserMistake if the broker does not answer, or the home runs
     */
    static void run(HomeSetup setup, PrintWriter out) throws IOException, InterruptedException {
        var plugs = setup.heaters().stream()
                .filter(heater ->
                        zigbee(heater).filter(TriedPlugs::hasCountdown).isPresent())
                .toList();
        if (plugs.isEmpty()) {
            out.println("--try-plugs: no plug of this file is behind Zigbee2MQTT and has a countdown");
            return;
        }
        requireNoRun(setup);
        var tried = new TriedPlugs(setup.state());
        try (var broker = MqttBroker.open(setup.broker().orElseThrow(), note -> out.println("! " + note))) {
            if (!broker.awaitConnection(PATIENCE))
                throw new UserMistake("--try-plugs: " + broker.trouble().orElse("the broker does not answer"));
            for (var heater : plugs) trial(heater, broker, tried, out);
        }
    }

    private static void trial(HomeSetup.HeaterEntry heater, MqttBroker broker, TriedPlugs tried, PrintWriter out)
            throws IOException, InterruptedException {
        var entry = zigbee(heater).orElseThrow();
        out.println(
                "the plug of " + heater.name() + " (" + entry.topic() + ") is switched on for " + SECONDS + " s ...");
        out.flush();
        try (var plug = HomeLinks.zigbee(heater.id() + "-plug", broker, entry);
                var _ = ShutdownSignal.onStop(plug::off)) {
            boolean wentOff = plug.goesOffByItself(Duration.ofSeconds(SECONDS));
            tried.tried(entry, wentOff, InstantSource.system().instant());
            out.println(
                    wentOff
                            ? "  it went off by itself: it protects"
                            : "  it stayed on, and was switched off: it does not know countdown: "
                                    + entry.countdown().toLowerCase(Locale.ROOT).replace('_', '-')
                                    + ", try the other one of on-time and countdown, or take another plug");
        } catch (DeviceException e) {
            out.println("  not tried: " + e.getMessage());
        }
        out.flush();
    }

    /** Both would switch the plugs. */
    private static void requireNoRun(HomeSetup setup) {
        for (var room : setup.rooms()) {
            var journal = HeaterHome.journalFile(setup, room);
            if (!Files.exists(Path.of(journal + ".mv.db"))) continue;
            try {
                Journal.open(journal).close();
            } catch (JournalException e) {
                throw new UserMistake("--try-plugs: end athanor heater run before: " + e.getMessage(), e);
            }
        }
    }
}
