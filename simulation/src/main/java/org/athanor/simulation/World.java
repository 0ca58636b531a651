package org.athanor.simulation;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.athanor.comfort.series.Location;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;

/**
 * A home, the devices in it and its reference run, moved on together: devices at the room's temperature, the home by what
 * they released, the clock last. One thread advances the world; sockets and pages may read it meanwhile.
 *
 * <p>Thermometers read {@code home::sensor}. Times of day are local standard time of the climate's location; there is no
 * summer time in weather files.
 */
public final class World {
    /** Devices and home take turns at this pace. */
    private static final Duration TURN = Duration.ofSeconds(10);

    private final VirtualClock clock;
    private final Home home;
    private final ReferenceRun reference;
    private final List<Outlet> outlets;
    private final Function<Instant, Celsius> setpoint;
    private final ZoneOffset offset;
    private final UsefulHeat usefulHeat = new UsefulHeat();
    private final double[] electricityAtStart;
    private final double[] heatAtStart;
    private final double[] storedAtStart;
    private final double homeHeaterAtStart;
    private volatile double balanceRelativeError;

    /**
     * @param setpoint what the household asks for at a time; the reference run holds it
     * @throws IllegalArgumentException if two outlets share an id, or clock and home differ in the local time of day
     */
    public World(VirtualClock clock, Home home, List<Outlet> outlets, Function<Instant, Celsius> setpoint) {
        this.clock = clock;
        this.home = home;
        this.outlets = List.copyOf(outlets);
        this.setpoint = setpoint;
        reference = new ReferenceRun(home);
        offset = offset(home.climate().location());
        var names = new HashSet<String>();
        for (var outlet : this.outlets)
            if (!names.add(outlet.id())) throw new IllegalArgumentException("two devices are called " + outlet.id());
        var here = LocalDateTime.ofInstant(clock.instant(), offset).toLocalTime();
        var there = LocalTime.MIDNIGHT.plus(home.sinceYearStart());
        if (!here.equals(there))
            throw new IllegalArgumentException("clock shows " + here + " local time, the home " + there);
        electricityAtStart = books(outlet -> outlet.load().electricity());
        heatAtStart = books(outlet -> outlet.load().heat());
        storedAtStart = books(outlet -> outlet.load().stored());
        homeHeaterAtStart = home.balance().heater().value();
    }

    /** Local standard time since the year began, as homes, weather and prices count it. */
    public static Duration sinceYearStart(Instant time, Location location) {
        var local = LocalDateTime.ofInstant(time, offset(location));
        return Duration.between(LocalDate.of(local.getYear(), 1, 1).atStartOfDay(), local);
    }

    /** The zone of schedules and days: standard time all year. */
    public static ZoneOffset offset(Location location) {
        return ZoneOffset.ofTotalSeconds((int) Math.round(location.utcOffsetHours() * 3600));
    }

    private double[] books(Function<Outlet, Joules> book) {
        return outlets.stream()
                .mapToDouble(outlet -> book.apply(outlet).value())
                .toArray();
    }

    public synchronized void advance(Duration step) {
        if (step.isNegative()) throw new IllegalArgumentException("the world cannot go back by " + step);
        var end = clock.instant().plus(step);
        for (var now = clock.instant(); now.isBefore(end); ) {
            var turn = shorter(shorter(TURN, Duration.between(now, end)), untilMidnight(now));
            turn(now, turn);
            now = now.plus(turn);
        }
        balanceRelativeError = balance();
        clock.advance(step);
    }

    private void turn(Instant now, Duration turn) {
        var ambient = new Celsius(home.airCelsius());
        double convective = 0;
        double radiant = 0;
        for (var outlet : outlets) {
            double before = outlet.load().heat().value();
            outlet.advance(turn, ambient);
            double heat = outlet.load().heat().value() - before;
            convective += heat * outlet.convectiveShare();
            radiant += heat * (1 - outlet.convectiveShare());
        }
        double seconds = turn.toNanos() / 1e9;
        home.advance(turn, convective / seconds, radiant / seconds);
        var wanted = reference.advance(turn, setpoint.apply(now));
        usefulHeat.add(LocalDate.ofInstant(now, offset), new Joules(convective + radiant), wanted);
    }

    private Duration untilMidnight(Instant now) {
        var local = LocalDateTime.ofInstant(now, offset);
        return Duration.between(local, local.toLocalDate().plusDays(1).atStartOfDay());
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    /** Electricity against heat and stored heat of each device, their heat against what the room took in, and the room's own. */
    private double balance() {
        double missing = 0;
        double released = 0;
        double throughput = 0;
        for (int i = 0; i < outlets.size(); i++) {
            var load = outlets.get(i).load();
            double electricity = load.electricity().value() - electricityAtStart[i];
            double heat = load.heat().value() - heatAtStart[i];
            missing += Math.abs(electricity - heat - (load.stored().value() - storedAtStart[i]));
            released += heat;
            throughput += electricity;
        }
        var room = home.balance();
        missing += Math.abs(released - (room.heater().value() - homeHeaterAtStart));
        missing += Math.abs(room.residual().value());
        return missing / Math.max(1, Math.max(throughput, room.throughput().value()));
    }

    public VirtualClock clock() {
        return clock;
    }

    public Home home() {
        return home;
    }

    public UsefulHeat usefulHeat() {
        return usefulHeat;
    }

    /** Drawn since the world began, by the devices' own books. */
    public Map<String, Joules> electricity() {
        var books = new LinkedHashMap<String, Joules>();
        for (int i = 0; i < outlets.size(); i++)
            books.put(
                    outlets.get(i).id(),
                    new Joules(outlets.get(i).load().electricity().value() - electricityAtStart[i]));
        return Collections.unmodifiableMap(books);
    }

    /** All energy that went astray between mains and outdoors, relative to all that flowed; as of the last advance. */
    public double balanceRelativeError() {
        return balanceRelativeError;
    }

    /** Local time of day of {@code time}, by which schedules go. */
    public LocalTime localTime(Instant time) {
        return LocalTime.ofInstant(time, offset);
    }
}
