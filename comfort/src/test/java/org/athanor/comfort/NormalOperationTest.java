package org.athanor.comfort;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.ZoneOffset;
import org.athanor.units.Celsius;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NormalOperationTest {
    @ParameterizedTest
    @CsvSource({
        "20.5, -20, 0",
        "20.5, -12, 5",
        "20.5, -5, 0",
        "20.5, 0, 5",
        "20.5, 5, 0",
        "20.5, -7.5, 12.5",
        "16, -20, 0",
        "24, -15, 5",
        "24, 0, 3",
        "25, -5, 3",
        "25, 5, 3"
    })
    void aWeekStaysWithinOneKelvinAndTheGovernorNeverInterferes(double setpoint, double meanOutdoor, double swing) {
        var flat = new TestFlat(
                ComfortConfig.wellInsulatedFlat(ZoneOffset.UTC, new Celsius(setpoint)), setpoint, meanOutdoor);
        double lowest = 99;
        double highest = -99;
        int interventions = 0;
        int boostSteps = 0;
        int unmoved = 0;
        int week = 7 * 24 * 60;
        for (int i = 0; i < week; i++) {
            double day = 2 * Math.PI * i / (24 * 60);
            flat.outdoor = meanOutdoor - swing * Math.cos(day);
            flat.sun = Math.max(0, -Math.cos(day)) * 60;
            var step = flat.control();
            if (step.safety().intervening()) interventions++;
            if (step.safety().thermometer() == SafetyStatus.Thermometer.UNMOVED) unmoved++;
            if (step.commands().get("boost").level() > 0) boostSteps++;
            flat.advance();
            lowest = Math.min(lowest, flat.room[0]);
            highest = Math.max(highest, flat.room[0]);
        }
        System.out.printf(
                "setpoint %s, outdoor %s±%s: air %.2f to %.2f °C, boost %d of %d steps, miner switched %d, unmoved %d, interventions %d, mean %.0f W%n",
                setpoint,
                meanOutdoor,
                swing,
                lowest,
                highest,
                boostSteps,
                week,
                flat.heaters.get("miner").switches,
                unmoved,
                interventions,
                flat.electricity / week / 60);
        if (setpoint < 24) assertEquals(0, interventions);
        assertTrue(lowest >= setpoint - 1 && highest <= setpoint + 1, lowest + " to " + highest);
    }
}
