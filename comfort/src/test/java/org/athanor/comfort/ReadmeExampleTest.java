package org.athanor.comfort;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;
import org.junit.jupiter.api.Test;

class ReadmeExampleTest {
    @Test
    void readingsInCommandsOut() {
        var config = ComfortConfig.wellInsulatedFlat(ZoneId.of("Europe/Brussels"), new Celsius(20.5));
        var controller = new ComfortController(config);
        var state = controller.start();
        var readings = new Readings(
                Instant.parse("2019-01-05T12:00:00Z"),
                1_000,
                Optional.of(new Celsius(20.1)),
                Optional.empty(),
                Optional.of(new Celsius(-7)),
                Map.of("computer", idle(false), "miner", idle(true), "boost", idle(true)));
        var step = controller.step(state, readings);
        assertEquals(Map.of("computer", 2, "miner", 3, "boost", 0), levels(step));
        assertTrue(step.explanation().startsWith("Computer 60 W and miner 800 W for "), step.explanation());
    }

    private static Map<String, Integer> levels(ControlStep step) {
        return Map.of(
                "computer", step.commands().get("computer").level(),
                "miner", step.commands().get("miner").level(),
                "boost", step.commands().get("boost").level());
    }

    private static HeaterReading idle(boolean plug) {
        return new HeaterReading(
                OptionalInt.of(0),
                Optional.of(Watts.ZERO),
                plug ? Optional.of(Watts.ZERO) : Optional.empty(),
                plug ? Optional.of(true) : Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
