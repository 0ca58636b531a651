package org.athanor.cli.heater;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.athanor.cli.heater.HomeSetup.ZigbeePlugEntry;
import org.athanor.devices.mqtt.MqttPlug.ZigbeeCountdown;

/**
 * Which plugs behind a bridge were seen to go off by themselves: a line each in the state folder, its countdown, when, and its
 * topic. Such a plug cannot be asked what is left of its countdown, and some firmwares take the command and ignore it.
 */
final class TriedPlugs {
    private static final String FILE = "tried-plugs";

    private final Path file;

    TriedPlugs(Path state) {
        file = state.resolve(FILE);
    }

    /** Whether a trial could show anything. */
    static boolean hasCountdown(ZigbeePlugEntry plug) {
        return !plug.countdown().equals(ZigbeeCountdown.NONE.name());
    }

    /** @throws UncheckedIOException if the file is there and cannot be read */
    boolean seen(ZigbeePlugEntry plug) {
        return hasCountdown(plug) && lines().stream().anyMatch(line -> isOf(line, plug));
    }

    /** What a trial showed; one that failed takes back what an earlier one had shown. */
    void tried(ZigbeePlugEntry plug, boolean wentOff, Instant at) throws IOException {
        var kept = new ArrayList<>(
                lines().stream().filter(line -> !isOf(line, plug)).toList());
        if (wentOff) kept.add(plug.countdown() + " " + at + " " + plug.topic());
        Files.createDirectories(file.getParent());
        var fresh = file.resolveSibling(FILE + ".new"); // readable to the service, whoever tries the plugs
        Files.write(fresh, kept);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static boolean isOf(String line, ZigbeePlugEntry plug) {
        var parts = line.split(" ", 3);
        return parts.length == 3 && parts[0].equals(plug.countdown()) && parts[2].equals(plug.topic());
    }

    private List<String> lines() {
        try {
            return Files.readAllLines(file);
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
