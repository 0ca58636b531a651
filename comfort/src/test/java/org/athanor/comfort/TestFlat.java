package org.athanor.comfort;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.athanor.comfort.model.RoomModel;
import org.athanor.units.Celsius;

/** A room of air and mass with heaters and a lagged, rounded thermometer, driven by a controller step by step. */
final class TestFlat {
    static final double STEP_SECONDS = 60;
    private static final double SUBSTEP_SECONDS = 5;
    private static final double LAG_SECONDS = 120;

    final ComfortConfig config;
    final ComfortController controller;
    final Map<String, TestHeater> heaters = new LinkedHashMap<>();
    private final RoomModel model = RoomModel.wellInsulatedFlat();
    private final RoomModel.Step substep = model.discretise(Duration.ofSeconds((long) SUBSTEP_SECONDS));

    /** °C of the air and the mass. */
    double[] room;

    private double sensed;
    double outdoor;
    double sun;
    Instant time = Instant.parse("2019-01-05T00:00:00Z");
    long nanos = 1_000_000_000L;
    ControlState state;
    ControlStep last;
    double electricity;
    /** Joules drawn in this step while the true air was at or above the maximum. */
    double drawnWhileTooHot;

    TestFlat(ComfortConfig config, double celsius, double outdoor) {
        this.config = config;
        this.controller = new ComfortController(config);
        for (var spec : config.heaters()) heaters.put(spec.id(), new TestHeater(spec, config.limits()));
        this.room = new double[] {celsius, celsius};
        this.sensed = celsius;
        this.outdoor = outdoor;
        this.state = controller.start();
    }

    Celsius sensor() {
        return new Celsius(Math.round(sensed * 10) / 10.0);
    }

    ControlStep control() {
        return control(Optional.of(sensor()), Optional.empty());
    }

    ControlStep control(Optional<Celsius> first, Optional<Celsius> second) {
        last = controller.step(state, readings(first, second));
        state = last.state();
        obey(last.commands());
        return last;
    }

    /** The governor alone against one who asks for everything that he is not refused. */
    Governor.State governed = Governor.State.INITIAL;

    void greedyControl(Optional<Celsius> first, Optional<Celsius> second) {
        var governor = new Governor(config.heaters(), config.limits());
        var seen = governor.observe(governed, readings(first, second));
        var wanted = new HashMap<String, Integer>();
        for (var heater : config.heaters())
            wanted.put(heater.id(), seen.usable().contains(heater.id()) ? heater.topLevel() : 0);
        var wishes = new Governor.Wishes(seen.starting(), seen.starting(), Set.of());
        var decision = governor.decide(seen, wanted, wishes);
        governed = decision.state();
        obey(decision.commands());
    }

    Readings readings(Optional<Celsius> first, Optional<Celsius> second) {
        var read = new HashMap<String, HeaterReading>();
        heaters.forEach((id, heater) -> read.put(id, heater.read()));
        return new Readings(time, nanos, first, second, Optional.of(new Celsius(outdoor)), read);
    }

    void obey(Map<String, HeaterCommand> commands) {
        commands.forEach((id, command) -> heaters.get(id).command(command));
    }

    void advance() {
        drawnWhileTooHot = 0;
        for (double t = 0; t < STEP_SECONDS; t += SUBSTEP_SECONDS) {
            boolean tooHot = room[0] >= config.limits().roomMaximum().value();
            double heat = 0;
            for (var heater : heaters.values()) {
                double drawn = heater.advance(SUBSTEP_SECONDS);
                electricity += drawn;
                if (tooHot) drawnWhileTooHot += drawn;
                heat += heater.heatWatts();
            }
            room = substep.apply(room, new RoomModel.Inputs(outdoor, heat, sun));
            sensed += (room[0] - sensed) * (1 - Math.exp(-SUBSTEP_SECONDS / LAG_SECONDS));
        }
        time = time.plusSeconds((long) STEP_SECONDS);
        nanos += (long) (STEP_SECONDS * 1e9);
    }

    double stored() {
        return heaters.values().stream().mapToDouble(h -> h.storedJoules).sum();
    }
}
