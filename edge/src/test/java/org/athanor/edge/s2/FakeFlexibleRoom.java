package org.athanor.edge.s2;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import org.athanor.edge.FlexibleRoom;
import org.athanor.units.Celsius;
import org.athanor.units.Kelvins;
import org.athanor.units.Watts;

/**
 * A room of one miner and one element with a clock of its own. Each cycle it follows what is preferred, as long as that holds, and
 * is otherwise off; the temperature is the test's.
 */
final class FakeFlexibleRoom implements FlexibleRoom, InstantSource {
    static final Instant START = Instant.parse("2026-01-15T06:00:00Z");
    static final String MINER = "10.0.0.5:4028";

    final List<String> asked = new CopyOnWriteArrayList<>();
    private final Map<String, Preference> preferences = new HashMap<>();
    private final Map<String, Integer> levels = new HashMap<>(Map.of(MINER, 0, "element", 0));
    private Instant now = START;
    private Optional<Celsius> temperature = Optional.of(new Celsius(20));
    private Kelvins fall = Kelvins.ZERO;
    private Kelvins rise = Kelvins.ZERO;
    private boolean known = true;
    private boolean obeys = true;
    private Currency currency = Currency.getInstance("EUR");

    private record Preference(int level, Instant until) {}

    @Override
    public synchronized Instant instant() {
        return now;
    }

    @Override
    public String id() {
        return "living";
    }

    @Override
    public String name() {
        return "Living room";
    }

    synchronized void known(boolean is) {
        known = is;
    }

    synchronized void currency(String code) {
        currency = Currency.getInstance(code);
    }

    synchronized void leeway(double fallKelvins, double riseKelvins) {
        fall = new Kelvins(fallKelvins);
        rise = new Kelvins(riseKelvins);
    }

    synchronized void temperature(double celsius) {
        temperature = Optional.of(new Celsius(celsius));
    }

    synchronized void noTemperature() {
        temperature = Optional.empty();
    }

    synchronized void obeys(boolean does) {
        obeys = does;
    }

    synchronized void pass(Duration time) {
        now = now.plus(time);
    }

    /** One control cycle. */
    synchronized void cycle() {
        if (!obeys) return;
        levels.replaceAll((heater, _) -> {
            var preference = preferences.get(heater);
            return preference != null && preference.until().isAfter(now) ? preference.level() : 0;
        });
    }

    synchronized int level(String heater) {
        return levels.get(heater);
    }

    @Override
    public synchronized Optional<Flexibility> flexibility() {
        if (!known) return Optional.empty();
        return Optional.of(new Flexibility(
                Store.ROOM,
                List.of(
                        new FlexibleHeater(
                                MINER,
                                "Mini 3",
                                List.of(
                                        new FlexibleLevel("off", Watts.ZERO, 0),
                                        new FlexibleLevel("Night", new Watts(600), 0.036),
                                        new FlexibleLevel("Super", new Watts(800), 0.045)),
                                Duration.ofMinutes(30),
                                Duration.ofMinutes(10),
                                Duration.ofMinutes(8),
                                Duration.ofMinutes(2)),
                        new FlexibleHeater(
                                "element",
                                "Element",
                                List.of(
                                        new FlexibleLevel("off", Watts.ZERO, 0),
                                        new FlexibleLevel("on", new Watts(1000), 0)),
                                Duration.ZERO,
                                Duration.ZERO,
                                Duration.ZERO,
                                Duration.ZERO)),
                1e-6,
                Duration.ofHours(40),
                currency));
    }

    @Override
    public synchronized Optional<Moment> moment() {
        double miner = List.of(0.0, 600.0, 800.0).get(levels.get(MINER));
        return Optional.of(new Moment(
                now,
                temperature,
                Optional.of(new Celsius(-3.2)),
                List.of(
                        new HeaterNow(OptionalInt.of(levels.get(MINER)), Optional.of(new Watts(miner))),
                        new HeaterNow(
                                OptionalInt.of(levels.get("element")),
                                Optional.of(new Watts(1000 * levels.get("element"))))),
                List.of(
                        new Target(START.plus(Duration.ofHours(16)), new Celsius(19), new Celsius(22)),
                        new Target(START.plus(Duration.ofHours(24)), new Celsius(16), new Celsius(19))),
                Optional.of(new PowerCourse(
                        START, Duration.ofMinutes(15), List.of(new Watts(600), new Watts(0), new Watts(800)))),
                fall,
                rise));
    }

    @Override
    public synchronized void prefer(String heater, int level, Instant until) {
        if (!levels.containsKey(heater)) throw new IllegalArgumentException("no heater " + heater);
        preferences.put(heater, new Preference(level, until));
        asked.add(heater + " " + level);
    }

    @Override
    public synchronized void release(String heater) {
        preferences.remove(heater);
        asked.add(heater + " released");
    }
}
