package org.athanor.comfort;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;
import org.athanor.units.Watts;

/** Readings written step by step, for tests that name one situation. */
final class Given {
    static final HeaterSpec COMPUTER = spec("computer", false, 0, 0, 60, 30, 60);
    static final HeaterSpec MINER = spec("miner", true, 1, 5, 850, 350, 600, 800);
    static final HeaterSpec BOOST = spec("boost", true, 2, 3, 1000, 1000);

    private static HeaterSpec spec(
            String id, boolean plug, int preference, int minutes, double maximum, double... levels) {
        var watts = new ArrayList<>(List.of(Watts.ZERO));
        for (double level : levels) watts.add(new Watts(level));
        boolean chips = id.equals("miner");
        return new HeaterSpec(
                id,
                watts,
                new Watts(maximum),
                Duration.ofMinutes(minutes),
                Duration.ofMinutes(minutes),
                Duration.ZERO,
                new Joules(20_000),
                chips ? Optional.of(new Celsius(95)) : Optional.empty(),
                chips ? Optional.of(new Celsius(45)) : Optional.empty(),
                plug,
                preference);
    }

    final ComfortConfig config;
    final ComfortController controller;
    ControlState state;
    Instant time = Instant.parse("2019-01-05T12:00:00Z");
    long nanos = 5;
    Optional<Celsius> room;
    Optional<Celsius> second = Optional.empty();
    Optional<Celsius> outdoor = Optional.of(new Celsius(-5));
    Map<String, Watts> circuits = Map.of();
    Map<String, String> withheld = Map.of();
    final Map<String, HeaterReading> heaters = new HashMap<>();
    /** Devices do as they are told unless a test has written their reading. */
    final Map<String, HeaterReading> forced = new HashMap<>();

    Given(double setpoint, double room) {
        this(
                ComfortConfig.wellInsulatedFlat(ZoneOffset.UTC, new Celsius(setpoint), List.of(COMPUTER, MINER, BOOST)),
                room);
    }

    Given(ComfortConfig config, double room) {
        this.config = config;
        this.controller = new ComfortController(config);
        this.state = controller.start();
        this.room = Optional.of(new Celsius(room));
        heaters.put("computer", obedient(COMPUTER, 0, true));
        heaters.put("miner", obedient(MINER, 0, true));
        heaters.put("boost", obedient(BOOST, 0, false));
    }

    ControlStep step() {
        var seen = new HashMap<>(heaters);
        seen.putAll(forced);
        var readings = new Readings(time, nanos, room, second, outdoor, seen)
                .withCircuits(circuits)
                .withholding(withheld);
        var step = controller.step(state, readings);
        state = step.state();
        for (var heater : List.of(COMPUTER, MINER, BOOST)) {
            var command = step.commands().get(heater.id());
            heaters.put(heater.id(), obedient(heater, command.level(), command.plugOn()));
        }
        later(60);
        return step;
    }

    ControlStep steps(int count) {
        for (int i = 1; i < count; i++) step();
        return step();
    }

    /** A room that moves a little each step keeps its thermometer trusted. */
    ControlStep movingSteps(int count) {
        for (int i = 1; i < count; i++) {
            step();
            room = room.map(now -> new Celsius(now.value() + (Math.round(now.value() * 10) % 2 == 0 ? 0.1 : -0.1)));
        }
        return step();
    }

    void later(double seconds) {
        time = time.plusSeconds((long) seconds);
        nanos += (long) (seconds * 1e9);
    }

    void room(double celsius) {
        room = Optional.of(new Celsius(celsius));
    }

    static HeaterReading obedient(HeaterSpec spec, int level, boolean plugOn) {
        boolean powered = !spec.plug() || plugOn;
        return reading(
                spec, powered ? level : 0, plugOn, powered ? spec.watts(level).value() : 0, 60);
    }

    static HeaterReading reading(HeaterSpec spec, int level, boolean plugOn, double metered, double chip) {
        return new HeaterReading(
                OptionalInt.of(level),
                Optional.of(new Watts(metered)),
                spec.plug() ? Optional.of(new Watts(metered)) : Optional.empty(),
                spec.plug() ? Optional.of(plugOn) : Optional.empty(),
                spec.chipMaximum().map(max -> new Celsius(chip)),
                Optional.empty(),
                Optional.empty());
    }
}
