package org.athanor.edge;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.athanor.comfort.ComfortBand;
import org.athanor.comfort.HeaterSpec;
import org.athanor.comfort.model.RoomModel;
import org.athanor.devices.PowerLevel;
import org.athanor.edge.FlexibleRoom.Flexibility;
import org.athanor.edge.FlexibleRoom.FlexibleHeater;
import org.athanor.edge.FlexibleRoom.FlexibleLevel;
import org.athanor.edge.FlexibleRoom.HeaterNow;
import org.athanor.edge.FlexibleRoom.Moment;
import org.athanor.edge.FlexibleRoom.PowerCourse;
import org.athanor.edge.FlexibleRoom.Store;
import org.athanor.edge.FlexibleRoom.Target;
import org.athanor.units.Celsius;
import org.athanor.units.Kelvins;
import org.athanor.units.Watts;

/** What an energy manager is told of a room, as of the last control cycle. Written by control, read by any thread. */
final class RoomOffer {
    private static final Duration AHEAD = Duration.ofHours(24);
    private static final Duration TARGET_STEP = Duration.ofMinutes(15);
    /** A room that is learned a little better is not described anew. */
    private static final double SAME = 0.1;

    private final List<HeaterPart> parts;
    private final ComfortBand band;
    /** The band of a tank is open above. */
    private final Celsius highest;

    private final Currency currency;
    private final Store store;
    private volatile Optional<Flexibility> flexibility = Optional.empty();
    private volatile Optional<Moment> moment = Optional.empty();

    /** @param offered heaters whose level can be preferred */
    RoomOffer(EdgeConfig config, List<HeaterSpec> offered) {
        parts = config.heaters().stream()
                .filter(part -> offered.contains(part.spec()))
                .toList();
        band = config.band();
        highest = config.limits().highestSetpoint(config.comfort().heaters());
        currency = config.tariff().currency();
        store = config.tank().isPresent() ? Store.TANK : Store.ROOM;
    }

    List<String> ids() {
        return parts.stream().map(HeaterPart::id).toList();
    }

    Optional<Flexibility> flexibility() {
        return flexibility;
    }

    Optional<Moment> moment() {
        return moment;
    }

    /**
     * @param known the room as learned; empty while it is not known well enough
     * @param revenuePerHour by heater and level
     */
    void describe(Optional<RoomModel> known, Map<String, List<Double>> revenuePerHour) {
        if (parts.isEmpty() || known.isEmpty() || !(known.get().lossWattsPerKelvin() > 0)) {
            flexibility = Optional.empty();
            return;
        }
        var room = known.get();
        double capacity = room.airCapacity()
                + room.layers().stream().mapToDouble(RoomModel.Layer::capacity).sum();
        long seconds = Math.max(1, Math.round(capacity / room.lossWattsPerKelvin()));
        var next = new Flexibility(
                store,
                parts.stream()
                        .map(part -> heater(part, revenuePerHour.get(part.id())))
                        .toList(),
                room.heatToAir() > 0 ? room.heatToAir() / room.airCapacity() : 1 / capacity,
                Duration.ofSeconds(seconds),
                currency);
        if (flexibility.filter(before -> alike(before, next)).isEmpty()) flexibility = Optional.of(next);
    }

    private static boolean alike(Flexibility a, Flexibility b) {
        return a.heaters().equals(b.heaters())
                && Math.abs(a.kelvinPerJoule() / b.kelvinPerJoule() - 1) < SAME
                && Math.abs((double) a.timeConstant().toSeconds()
                                        / b.timeConstant().toSeconds()
                                - 1)
                        < SAME;
    }

    private static FlexibleHeater heater(HeaterPart part, List<Double> perHour) {
        var spec = part.spec();
        var can = part.heater().capabilities();
        List<PowerLevel> names = can.levels();
        var levels = IntStream.range(0, spec.levels().size())
                .mapToObj(level -> new FlexibleLevel(
                        names.get(level).name(),
                        spec.watts(level),
                        perHour == null || perHour.size() <= level ? 0 : perHour.get(level)))
                .toList();
        return new FlexibleHeater(
                spec.id(), part.name(), levels, spec.minimumOn(), spec.minimumOff(), spec.minimumDwell(), can.settle());
    }

    /**
     * @param heaters in the order of {@link #ids}
     * @param setpoint at any time of the hours to come
     * @param fall and {@code rise}: as of {@link Moment}
     */
    void stands(
            Instant now,
            Optional<Celsius> room,
            Optional<Celsius> outdoor,
            List<HeaterNow> heaters,
            Function<Instant, Celsius> setpoint,
            Optional<Snapshot.Course> plan,
            Kelvins fall,
            Kelvins rise) {
        moment = Optional.of(new Moment(
                now,
                room,
                outdoor,
                heaters,
                targets(now, setpoint),
                plan.map(course -> new PowerCourse(
                        course.start(),
                        course.step(),
                        course.watts().stream().map(Watts::new).toList())),
                fall,
                rise));
    }

    private List<Target> targets(Instant now, Function<Instant, Celsius> setpoint) {
        var targets = new ArrayList<Target>();
        var end = now.plus(AHEAD);
        var since = setpoint.apply(now);
        // changes come at whole quarters of an hour
        long quarter = TARGET_STEP.toSeconds();
        var time = Instant.ofEpochSecond((now.getEpochSecond() / quarter + 1) * quarter);
        for (; time.isBefore(end); time = time.plus(TARGET_STEP)) {
            var next = setpoint.apply(time);
            if (next.equals(since)) continue;
            targets.add(target(time, since));
            since = next;
        }
        targets.add(target(end, since));
        return targets;
    }

    private Target target(Instant until, Celsius setpoint) {
        double low = setpoint.value() - band.below().value();
        double high = Math.min(setpoint.value() + band.above().value(), highest.value());
        return new Target(until, new Celsius(low), new Celsius(Math.max(low, high)));
    }
}
