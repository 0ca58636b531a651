package org.athanor.comfort;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.athanor.units.Celsius;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A miner that no command stops, such as a Nano 3: its plug is off while it rests. */
class UnpoweredRestTest {
    private static final int DAY = 24 * 60;

    /** The well-insulated flat with such a miner. */
    static ComfortConfig flat(double setpoint) {
        var usual = ComfortConfig.wellInsulatedFlat(ZoneOffset.UTC, new Celsius(setpoint));
        var heaters = usual.heaters().stream()
                .map(heater -> heater.id().equals("miner") ? heater.withoutSoftStop() : heater)
                .toList();
        return ComfortConfig.wellInsulatedFlat(ZoneOffset.UTC, new Celsius(setpoint), heaters);
    }

    @Test
    void inAWarmRoomItNeverStartsAndNobodyIsAlarmed() {
        var flat = new TestFlat(flat(18), 24, 20);
        var reasons = new HashSet<String>();
        for (int minute = 0; minute < DAY; minute++) {
            var step = flat.control();
            assertEquals(List.of(), step.safety().alarms(), "in minute " + minute);
            var command = step.commands().get("miner");
            assertTrue(command.level() == 0 && !command.plugOn(), command + " in minute " + minute);
            reasons.add(command.reason());
            flat.advance();
        }
        assertEquals(0, flat.heaters.get("miner").switches);
        assertEquals(Set.of("not needed"), reasons);
    }

    @Test
    void whatRunsWhereNoHeatIsWantedLosesItsMainsAndIsNotTakenForDisobedient() {
        var flat = new TestFlat(flat(21), 19, -5);
        var miner = flat.heaters.get("miner");
        run(flat, 60);
        assertTrue(miner.watts() > 300, miner.watts() + " W in a cold room");
        flat.outdoor = 35;
        run(flat, 10 * 60);
        assertEquals(0, miner.watts(), "summer came");
        flat.outdoor = -10;
        run(flat, DAY);
        assertTrue(miner.watts() > 300, "and went");
    }

    /** Nothing else is there whose capacity could stand for its own. */
    @Test
    void aloneInAColdRoomItIsSwitchedOn() {
        var miner = flat(21).heaters().stream()
                .filter(heater -> heater.id().equals("miner"))
                .toList();
        var flat = new TestFlat(ComfortConfig.wellInsulatedFlat(ZoneOffset.UTC, new Celsius(21), miner), 18, 5);
        run(flat, 60);
        assertTrue(flat.heaters.get("miner").watts() > 300, flat.last.sentence().toString());
    }

    private static void run(TestFlat flat, int minutes) {
        for (int minute = 0; minute < minutes; minute++) {
            var step = flat.control();
            flat.advance();
            assertEquals(List.of(), step.safety().alarms(), "at " + flat.time);
        }
    }

    /** As with a soft stop, though a start takes its time. */
    @ParameterizedTest
    @CsvSource({"20.5, -12", "20.5, -5", "20.5, 5", "16, -20", "20.5, 14"})
    void aRoomIsKeptAndItsBoardsAreStartedNoMoreThanTheyMayBe(double setpoint, double outdoor) {
        int starts = starts(flat(setpoint), setpoint, outdoor);
        var usual = ComfortConfig.wellInsulatedFlat(ZoneOffset.UTC, new Celsius(setpoint));
        int usually = starts(usual, setpoint, outdoor);
        System.out.printf(
                "setpoint %s, outdoor %s: %d starts in three days, %d with a soft stop%n",
                setpoint, outdoor, starts, usually);
        assertTrue(starts <= 1.1 * usually + 2, starts + " starts, " + usually + " with a soft stop");
    }

    /** In three days in which the room is kept. */
    private static int starts(ComfortConfig config, double setpoint, double outdoor) {
        var flat = new TestFlat(config, setpoint, outdoor);
        var miner = flat.heaters.get("miner");
        int starts = 0;
        int last = -DAY;
        boolean ran = false;
        for (int minute = 0; minute < 3 * DAY; minute++) {
            run(flat, 1);
            assertTrue(Math.abs(flat.room[0] - setpoint) <= 1, flat.room[0] + " °C in minute " + minute);
            boolean runs = miner.watts() > 100;
            if (runs && !ran) {
                assertTrue(minute - last >= 5, "started in minute " + last + " and in minute " + minute);
                last = minute;
                starts++;
            }
            ran = runs;
        }
        return starts;
    }
}
