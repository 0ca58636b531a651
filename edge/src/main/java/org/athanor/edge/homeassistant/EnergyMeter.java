package org.athanor.edge.homeassistant;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.athanor.units.Joules;
import org.athanor.units.Watts;

/**
 * Adds up what one heater draws. What it tells was kept before: a counter that fell back after a crash would count to Home
 * Assistant as a new meter.
 */
final class EnergyMeter {
    /** Of a longer gap nobody knows what was drawn in it. */
    private static final Duration LONGEST_GAP = Duration.ofHours(1);

    /** Whatever is silent for longer may have been pulled out. */
    private static final Duration LONGEST_SILENCE = Duration.ofMinutes(10);

    private final String name;
    private final EnergyMemory memory;
    private Joules total;
    private Joules kept;
    private Optional<Instant> last = Optional.empty();
    private Optional<Instant> known = Optional.empty();
    private Watts power = Watts.ZERO;

    EnergyMeter(String name, EnergyMemory memory) {
        this.name = name;
        this.memory = memory;
        this.total = memory.recall(name).orElse(Joules.ZERO);
        this.kept = total;
    }

    /** @param watts from {@code time} on; empty while unknown, which counts as what was drawn before, for some minutes */
    void measured(Instant time, Optional<Watts> watts) {
        last.map(before -> Duration.between(before, time))
                .filter(gap -> gap.isPositive() && gap.compareTo(LONGEST_GAP) <= 0)
                .ifPresent(gap -> total = total.plus(power.over(gap)));
        last = Optional.of(time);
        watts.filter(each -> each.value() >= 0).ifPresent(each -> {
            power = each;
            known = Optional.of(time);
        });
        if (known.filter(since -> Duration.between(since, time).abs().compareTo(LONGEST_SILENCE) < 0)
                .isEmpty()) power = Watts.ZERO;
    }

    /** @throws org.athanor.edge.journal.JournalException if it cannot be kept */
    void keep() {
        if (total.equals(kept)) return;
        memory.keep(name, total);
        kept = total;
    }

    /** As kept. */
    Joules told() {
        return kept;
    }
}
