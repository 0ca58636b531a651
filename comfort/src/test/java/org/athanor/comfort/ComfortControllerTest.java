package org.athanor.comfort;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;
import org.junit.jupiter.api.Test;

class ComfortControllerTest {
    @Test
    void oneSentenceExplainsThePresentAction() {
        var given = new Given(20.5, 20.2);
        var step = given.movingSteps(4);
        assertTrue(
                step.explanation().matches("Computer 60 W and miner .* wanted: .* below its setpoint of 20.5 °C\\."),
                step.explanation());
        for (double celsius = 20.5; celsius < 22; celsius += 0.5) {
            given.room(celsius);
            step = given.steps(4);
        }
        assertEquals(
                "All heaters off for 0 W wanted: 21.5 °C in the room, 1 K above its setpoint of 20.5 °C.",
                given.step().explanation());
    }

    @Test
    void equalReadingsGiveEqualSteps() {
        var given = new Given(20.5, 19.3);
        given.movingSteps(7);
        var readings = new Readings(given.time, given.nanos, given.room, given.second, given.outdoor, given.heaters);
        assertEquals(given.controller.step(given.state, readings), given.controller.step(given.state, readings));
    }

    @Test
    void theUsersSetpointIsFollowedAndForgottenAgain() {
        var given = new Given(20.5, 20);
        given.movingSteps(3);
        given.state = given.state.withOverride(
                new SetpointOverride(new Celsius(22), Optional.of(given.time.plusSeconds(90))));
        assertEquals(new Celsius(22), given.movingSteps(1).setpoint());
        assertEquals(new Celsius(22), given.movingSteps(1).setpoint());
        assertEquals(new Celsius(20.5), given.movingSteps(1).setpoint());
        assertEquals(Optional.empty(), given.state.override());
        given.state = given.state.withOverride(new SetpointOverride(new Celsius(23), Optional.empty()));
        assertEquals(new Celsius(23), given.movingSteps(1).setpoint());
        given.state = given.state.withoutOverride();
        assertEquals(new Celsius(20.5), given.movingSteps(1).setpoint());
    }

    /** A program that crashes and is started again, over and over, with a thermometer that hangs. */
    @Test
    void restartsDoNotForgetTheHeatThatAStuckThermometerHasNotShown() {
        var given = new Given(24, 20);
        double joules = 0;
        for (int restart = 0; restart < 100; restart++) {
            for (int minute = 0; minute < 5; minute++) {
                var step = given.step();
                for (var heater : given.config.heaters())
                    joules += heater.watts(step.commands().get(heater.id()).level())
                                    .value()
                            * 60;
            }
            given.state = given.controller.start(given.state.heatMemory());
        }
        assertTrue(joules > 100_000, "heated " + joules);
        assertTrue(joules < 400_000 * (28 - 20), "heated " + joules);
        given.room(19.7);
        assertTrue(given.movingSteps(8).commands().get("miner").level() > 0, "a thermometer that moves is believed");
    }

    @Test
    void aThermometerThatIsAnotherOneAfterTheRestartMustMoveBeforeItIsBelieved() {
        var given = new Given(24, 20);
        given.state = given.controller.start(
                new HeatMemory(Optional.of(new HeatMemory.Shown(new Celsius(27.5), new Joules(0))), Optional.empty()));
        given.room(15);
        for (int minute = 0; minute < 200; minute++) {
            for (var command : given.step().commands().values()) assertEquals(0, command.level());
        }
        for (int minute = 0; minute < 8; minute++) {
            given.room(15 - 0.1 * (minute % 2));
            given.step();
        }
        assertTrue(given.movingSteps(4).commands().get("miner").level() > 0, "a thermometer that moves is believed");
    }

    @Test
    void frostProtectionDoesNotForgetItsHeatEither() {
        var given = new Given(20.5, 19);
        given.room = Optional.empty();
        given.second = Optional.of(new Celsius(5));
        double joules = 0;
        for (int restart = 0; restart < 50; restart++) {
            for (int minute = 0; minute < 20; minute++) {
                var step = given.step();
                for (var heater : given.config.heaters())
                    joules += heater.watts(step.commands().get(heater.id()).level())
                                    .value()
                            * 60;
            }
            given.state = given.controller.start(given.state.heatMemory());
        }
        assertTrue(joules < 400_000 * (28 - 5), "heated " + joules);
    }

    @Test
    void aMinerWhosePlugWasOffIsStartedAndUsedOnceItAnswers() {
        var given = new Given(20.5, 19);
        given.heaters.put("miner", Given.obedient(Given.MINER, 0, false));
        var first = given.step();
        assertEquals(0, first.commands().get("miner").level());
        assertTrue(first.commands().get("miner").plugOn());
        assertTrue(given.step().commands().get("miner").level() > 0);
    }
}
