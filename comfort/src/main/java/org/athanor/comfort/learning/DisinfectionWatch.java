package org.athanor.comfort.learning;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When a tank was disinfected last: when all of it, by its coldest sensor, had been hot for long enough without a break. A gap
 * between readings breaks it.
 */
public final class DisinfectionWatch {
    private static final Duration LONGEST_GAP = Duration.ofMinutes(30);

    private final double celsius;
    private final Duration hold;
    private Optional<Instant> last;
    private Optional<Instant> hotSince = Optional.empty();
    private Optional<Instant> seen = Optional.empty();

    /**
     * @param celsius that all of the tank must have, 60 by WHO 2007
     * @param hold for how long
     * @param last when it was done before anything is seen, if anybody knows
     */
    public DisinfectionWatch(double celsius, Duration hold, Optional<Instant> last) {
        if (!(celsius >= 50 && celsius <= 95))
            throw new IllegalArgumentException("temperature of disinfection " + celsius + " °C (50 to 95)");
        if (hold.isNegative()) throw new IllegalArgumentException("time of disinfection " + hold + " (not negative)");
        this.celsius = celsius;
        this.hold = hold;
        this.last = last;
    }

    /** @param coldest °C of the sensors; readings that are not later than the last are left out */
    public void observe(Instant time, double coldest) {
        if (seen.isPresent() && !time.isAfter(seen.get())) return;
        boolean gap = seen.isPresent() && Duration.between(seen.get(), time).compareTo(LONGEST_GAP) > 0;
        seen = Optional.of(time);
        if (!(coldest >= celsius)) {
            hotSince = Optional.empty();
            return;
        }
        if (gap || hotSince.isEmpty()) hotSince = Optional.of(time);
        if (Duration.between(hotSince.get(), time).compareTo(hold) >= 0) last = Optional.of(time);
    }

    /** The last moment at which it had been hot for long enough. */
    public Optional<Instant> last() {
        return last;
    }

    /** For how long it has been hot by now, without a break. */
    public Duration held(Instant now) {
        return hotSince.map(since -> Duration.between(since, now))
                .filter(time -> !time.isNegative())
                .orElse(Duration.ZERO);
    }
}
