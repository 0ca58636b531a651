package org.athanor.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.athanor.devices.cpu.Rapl;
import org.athanor.units.Watts;

/** Watts of the whole processor since the last look, where it measures them and lets us read it. For one thread. */
final class ProcessorPower {
    private final Optional<Rapl> counters = Rapl.open();
    private long lastNanos = System.nanoTime();
    private String trouble = counters.isPresent()
            ? ""
            : "the watts of this computer are unknown: it shows no energy counters (RAPL), or only to root";

    /** Why there are no watts; empty while there are. */
    String trouble() {
        return trouble;
    }

    Optional<Watts> sinceLast() {
        if (counters.isEmpty()) return Optional.empty();
        long now = System.nanoTime();
        try {
            var watts = counters.get().sinceLast().per(Duration.ofNanos(now - lastNanos));
            lastNanos = now;
            trouble = "";
            return Optional.of(watts);
        } catch (IOException e) {
            trouble = "the watts of this computer cannot be read: " + e.getMessage();
            return Optional.empty();
        }
    }
}
