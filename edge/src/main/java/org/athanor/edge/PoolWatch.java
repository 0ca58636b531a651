package org.athanor.edge;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.athanor.devices.PoolReader;
import org.athanor.devices.PoolSetting;
import org.athanor.edge.Lane.Pending;

/**
 * Looks now and then for whom a heater works. Anybody in the network may tell a miner to work for somebody else, and its heat
 * is the same; only its pool shows it.
 */
final class PoolWatch {
    private static final Duration EVERY = Duration.ofMinutes(10);

    private final HeaterPart part;
    private final Optional<PoolReader> reader;
    private OptionalLong lookedNanos = OptionalLong.empty();
    private Optional<String> alarm = Optional.empty();

    PoolWatch(HeaterPart part) {
        this.part = part;
        reader = part.ours().isPresent() && part.heater() instanceof PoolReader each
                ? Optional.of(each)
                : Optional.empty();
    }

    /** A look under way, where one is due. */
    Optional<Pending<Optional<PoolSetting>>> look(Lane lane, long nanos) {
        if (reader.isEmpty()) return Optional.empty();
        if (lookedNanos.isPresent() && nanos - lookedNanos.getAsLong() < EVERY.toNanos()) return Optional.empty();
        lookedNanos = OptionalLong.of(nanos);
        return Optional.of(lane.start(reader.get()::pool));
    }

    void seen(Optional<PoolSetting> pool) {
        var ours = part.ours().orElseThrow();
        alarm = pool.filter(found -> !same(found, ours))
                .map(found -> part.name() + " works for somebody else: " + found.user() + " at " + found.url()
                        + " instead of " + ours.user() + " at " + ours.url());
    }

    /** Until the next look. */
    Optional<String> alarm() {
        return alarm;
    }

    /** Devices write the same address in several ways. */
    static boolean same(PoolSetting found, PoolSetting ours) {
        return host(found.url()).equals(host(ours.url())) && found.user().equals(ours.user());
    }

    private static String host(String url) {
        var bare = url.toLowerCase(Locale.ROOT).replaceFirst("^[a-z0-9+]+://", "");
        int slash = bare.indexOf('/');
        return slash < 0 ? bare : bare.substring(0, slash);
    }
}
