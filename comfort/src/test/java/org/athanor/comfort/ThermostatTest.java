package org.athanor.comfort;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.athanor.units.Celsius;
import org.athanor.units.Kelvins;
import org.athanor.units.Watts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThermostatTest {
    private static final Instant NOON = Instant.parse("2019-01-05T12:00:00Z");

    private static Thermostat thermostat(ThermostatMode mode) {
        return new Thermostat(
                Schedule.constant(ZoneOffset.UTC, new Celsius(20)),
                ComfortBand.of(1),
                mode,
                new Celsius(7),
                new Celsius(25));
    }

    private static Thermostat.Input input(double room, Optional<SetpointOverride> override) {
        return new Thermostat.Input(
                NOON, 60, Optional.of(new Celsius(room)), Optional.of(new Celsius(-10)), override, new Watts(1000));
    }

    @ParameterizedTest
    @CsvSource(useHeadersInDisplayName = true, textBlock = """
            room, watts
            20,   300
            19.5, 600
            18,   1000
            20.4, 60
            20.6, 0
            21.1, 0
            """)
    void proportionalDemandFollowsBothTemperatures(double room, double watts) {
        var output = thermostat(new ThermostatMode.Tpi(0.6, 0.01))
                .step(Thermostat.State.INITIAL, input(room, Optional.empty()));
        assertEquals(watts, output.demand().value(), 1e-9);
    }

    @Test
    void saysWhichSetpointItHoldsInsteadOfOneThatTheLimitsForbid() {
        var thermostat = thermostat(new ThermostatMode.Tpi(0.6, 0.01));
        var wish = Optional.of(new SetpointOverride(new Celsius(28), Optional.empty()));
        var output = thermostat.step(Thermostat.State.INITIAL, input(24, wish));
        assertEquals(new Celsius(25), output.setpoint());
        var why = " (instead of 28 °C: the limits of room and heaters allow 7 °C to 25 °C)";
        assertTrue(output.reason().toString().endsWith(why), output.reason().toString());
        var planned = output.replaced(new PlannedDemand(new Watts(500), Watts.ZERO, Sentence.of(Saying.PLAN_KEEPS_ON)));
        assertEquals("the plan keeps on for all it sees" + why, planned.reason().toString());
        var allowed = thermostat.step(Thermostat.State.INITIAL, input(24, Optional.empty()));
        assertFalse(
                allowed.reason().toString().contains("instead"),
                allowed.reason().toString());
    }

    @Test
    void whatTheOutdoorTermDoesNotKnowIsLearned() {
        var thermostat = thermostat(new ThermostatMode.Tpi(0.6, 0.01));
        var state = Thermostat.State.INITIAL;
        for (int minute = 0; minute < 600; minute++)
            state = thermostat.step(state, input(20.2, Optional.empty())).state();
        var learned = thermostat.step(state, input(20, Optional.empty())).demand();
        assertTrue(learned.value() < 130, "a room that stays too warm is given less than 300 W: " + learned);
        for (int minute = 0; minute < 3000; minute++)
            state = thermostat.step(state, input(19.8, Optional.empty())).state();
        assertEquals(0.4, state.learned(), 1e-9, "bounded");
    }

    @Test
    void nothingIsLearnedFromASetpointThatWasJustRaised() {
        var thermostat = thermostat(new ThermostatMode.Tpi(0.6, 0.01));
        var state = thermostat
                .step(Thermostat.State.INITIAL, input(18, Optional.empty()))
                .state();
        assertEquals(0, state.learned());
    }

    @Test
    void theOutdoorTermAloneNeverHeatsAboveTheBand() {
        var output = thermostat(new ThermostatMode.Tpi(0.1, 0.05))
                .step(Thermostat.State.INITIAL, input(21.01, Optional.empty()));
        assertEquals(Watts.ZERO, output.demand());
    }

    @Test
    void theLastKnownOutdoorTemperatureIsKept() {
        var thermostat = thermostat(new ThermostatMode.Tpi(0.6, 0.01));
        var first = thermostat.step(Thermostat.State.INITIAL, input(20, Optional.empty()));
        var lost = new Thermostat.Input(
                NOON, 60, Optional.of(new Celsius(20)), Optional.empty(), Optional.empty(), new Watts(1000));
        assertEquals(300, thermostat.step(first.state(), lost).demand().value(), 1e-9);
        assertEquals(0, thermostat.step(Thermostat.State.INITIAL, lost).demand().value(), 1e-9);
    }

    @Test
    void hysteresisKeepsItsStateBetweenTheThresholds() {
        var thermostat = thermostat(new ThermostatMode.Hysteresis(new Kelvins(0.3)));
        var state = Thermostat.State.INITIAL;
        double[] rooms = {19.8, 19.6, 20.2, 20.4, 20.2, 19.8};
        double[] expected = {0, 1000, 1000, 0, 0, 0};
        for (int i = 0; i < rooms.length; i++) {
            var output = thermostat.step(state, input(rooms[i], Optional.empty()));
            assertEquals(expected[i], output.demand().value(), "at " + rooms[i]);
            state = output.state();
        }
    }

    @Test
    void theUsersWishGoesBeforeTheScheduleUntilItEndsAndWithinTheLimits() {
        var thermostat = thermostat(new ThermostatMode.Tpi(0.6, 0));
        var forGood = Optional.of(new SetpointOverride(new Celsius(22), Optional.empty()));
        assertEquals(
                new Celsius(22),
                thermostat.step(Thermostat.State.INITIAL, input(20, forGood)).setpoint());
        var over = Optional.of(new SetpointOverride(new Celsius(22), Optional.of(NOON)));
        assertEquals(
                new Celsius(20),
                thermostat.step(Thermostat.State.INITIAL, input(20, over)).setpoint());
        var hot = Optional.of(new SetpointOverride(new Celsius(80), Optional.empty()));
        assertEquals(
                new Celsius(25),
                thermostat.step(Thermostat.State.INITIAL, input(20, hot)).setpoint());
        var cold = Optional.of(new SetpointOverride(new Celsius(-5), Optional.empty()));
        assertEquals(
                new Celsius(7),
                thermostat.step(Thermostat.State.INITIAL, input(20, cold)).setpoint());
    }

    @Test
    void theScheduleFollowsLocalTimeAcrossMidnightAndSummerTime() {
        var schedule = new Schedule(
                        ZoneId.of("Europe/Brussels"),
                        List.of(
                                new Schedule.Setting(LocalTime.of(22, 0), new Celsius(17)),
                                new Schedule.Setting(LocalTime.of(6, 30), new Celsius(21))),
                        Optional.empty())
                .withQuietHours(LocalTime.of(22, 0), LocalTime.of(6, 0), new Watts(400));
        assertEquals(new Celsius(17), schedule.setpoint(Instant.parse("2019-01-05T05:29:59Z")));
        assertEquals(new Celsius(21), schedule.setpoint(Instant.parse("2019-01-05T05:30:00Z")));
        assertEquals(new Celsius(21), schedule.setpoint(Instant.parse("2019-07-05T04:30:00Z")));
        assertEquals(new Celsius(17), schedule.setpoint(Instant.parse("2019-01-05T21:00:00Z")));
        assertEquals(Optional.of(new Watts(400)), schedule.quietCap(Instant.parse("2019-01-05T23:30:00Z")));
        assertEquals(Optional.empty(), schedule.quietCap(Instant.parse("2019-01-05T05:00:00Z")));
        assertThrows(IllegalArgumentException.class, () -> new Schedule(ZoneOffset.UTC, List.of(), Optional.empty()));
    }

    @Test
    void theScheduleKnowsDaysOfTheWeek() {
        var weekdays = EnumSet.range(DayOfWeek.MONDAY, DayOfWeek.FRIDAY);
        var schedule = new Schedule(
                ZoneOffset.UTC,
                List.of(
                        new Schedule.Setting(weekdays, LocalTime.of(6, 0), new Celsius(21)),
                        new Schedule.Setting(weekdays, LocalTime.of(8, 0), new Celsius(18)),
                        new Schedule.Setting(EnumSet.of(DayOfWeek.SUNDAY), LocalTime.of(8, 0), new Celsius(22))),
                Optional.of(new Schedule.QuietHours(
                        EnumSet.of(DayOfWeek.FRIDAY), LocalTime.of(22, 0), LocalTime.of(7, 0), new Watts(300))));
        // the 5th of January 2026 is a Monday
        assertEquals(new Celsius(22), schedule.setpoint(Instant.parse("2026-01-05T05:59:00Z")), "since Sunday");
        assertEquals(new Celsius(21), schedule.setpoint(Instant.parse("2026-01-05T06:00:00Z")));
        assertEquals(new Celsius(18), schedule.setpoint(Instant.parse("2026-01-10T23:00:00Z")), "since Friday");
        assertEquals(new Celsius(18), schedule.setpoint(Instant.parse("2026-01-11T07:59:00Z")));
        assertEquals(new Celsius(22), schedule.setpoint(Instant.parse("2026-01-11T08:00:00Z")));
        assertEquals(Optional.empty(), schedule.quietCap(Instant.parse("2026-01-08T23:00:00Z")));
        assertEquals(Optional.of(new Watts(300)), schedule.quietCap(Instant.parse("2026-01-09T23:00:00Z")));
        assertEquals(Optional.of(new Watts(300)), schedule.quietCap(Instant.parse("2026-01-10T06:59:00Z")));
        assertEquals(Optional.empty(), schedule.quietCap(Instant.parse("2026-01-10T23:00:00Z")));
    }

    @Test
    void twoSetpointsAtOnceAreRefusedUnlessTheirDaysDiffer() {
        var saturday = new Schedule.Setting(EnumSet.of(DayOfWeek.SATURDAY), LocalTime.NOON, new Celsius(20));
        var sunday = new Schedule.Setting(EnumSet.of(DayOfWeek.SUNDAY), LocalTime.NOON, new Celsius(21));
        var daily = new Schedule.Setting(LocalTime.NOON, new Celsius(19));
        assertEquals(
                new Celsius(21),
                new Schedule(ZoneOffset.UTC, List.of(saturday, sunday), Optional.empty())
                        .setpoint(Instant.parse("2026-01-11T12:00:00Z")));
        var e = assertThrows(
                IllegalArgumentException.class,
                () -> new Schedule(ZoneOffset.UTC, List.of(saturday, sunday, daily), Optional.empty()));
        assertEquals("schedule: two setpoints from 12:00", e.getMessage());
    }

    @Test
    void aPeriodGoesBeforeTheWeek() {
        var from = Instant.parse("2026-01-05T10:00:00Z");
        var until = Instant.parse("2026-01-07T10:00:00Z");
        var schedule = new Schedule(
                ZoneOffset.UTC,
                Schedule.constant(ZoneOffset.UTC, new Celsius(20)).settings(),
                Optional.empty(),
                List.of(new Schedule.Period(from, until, new Celsius(12))));
        assertEquals(new Celsius(20), schedule.setpoint(from.minusSeconds(1)));
        assertEquals(new Celsius(12), schedule.setpoint(from));
        assertEquals(new Celsius(12), schedule.setpoint(until.minusSeconds(1)));
        assertEquals(new Celsius(20), schedule.setpoint(until));
        assertThrows(IllegalArgumentException.class, () -> new Schedule.Period(until, from, new Celsius(12)));
    }

    @Test
    void quietHoursAreToldInTheReason() {
        var quiet = new Thermostat(
                Schedule.constant(ZoneOffset.UTC, new Celsius(20))
                        .withQuietHours(LocalTime.of(11, 0), LocalTime.of(13, 0), new Watts(200)),
                ComfortBand.of(1),
                new ThermostatMode.Tpi(0.6, 0),
                new Celsius(7),
                new Celsius(25));
        var output = quiet.step(Thermostat.State.INITIAL, input(18, Optional.empty()));
        assertEquals(new Watts(200), output.demand());
        assertTrue(
                output.reason().toString().contains("quiet hours"),
                output.reason().toString());
    }

    @Test
    void theBandTellsHowFarOutsideTheRoomIs() {
        var band = new ComfortBand(new Kelvins(0.5), new Kelvins(1));
        assertEquals(-0.5, band.outside(new Celsius(19), new Celsius(20)).value(), 1e-12);
        assertEquals(0, band.outside(new Celsius(20.9), new Celsius(20)).value(), 1e-12);
        assertEquals(0.5, band.outside(new Celsius(21.5), new Celsius(20)).value(), 1e-12);
    }
}
