package org.athanor.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.athanor.comfort.ComfortBand;
import org.athanor.comfort.ComfortConfig;
import org.athanor.comfort.HeatMemory;
import org.athanor.comfort.HeaterReading;
import org.athanor.comfort.HeaterSpec;
import org.athanor.comfort.Outlook;
import org.athanor.comfort.PlannedStep;
import org.athanor.comfort.PlanningConfig;
import org.athanor.comfort.Readings;
import org.athanor.comfort.SafetyLimits;
import org.athanor.comfort.Schedule;
import org.athanor.comfort.ThermostatMode;
import org.athanor.comfort.learning.Construction;
import org.athanor.comfort.learning.Insulation;
import org.athanor.comfort.learning.RoomPrior;
import org.athanor.comfort.series.Forecast;
import org.athanor.comfort.series.PriceOutlook;
import org.athanor.edge.forecast.OutlookSource;
import org.athanor.edge.journal.Journal;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;
import org.athanor.units.Kelvins;
import org.athanor.units.Watts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A room of two nodes that is lived in for some days, minute by minute, without devices. */
@Execution(ExecutionMode.CONCURRENT)
class PlannedControlTest {
    private static final Instant START = Instant.parse("2026-01-05T00:00:00Z");
    private static final int DAY = 1440;
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    Path folder;

    private final Set<String> alarms = new LinkedHashSet<>();
    private Journal journal;
    private double air = 20;
    private double walls = 19;
    private int level;
    private int minute;
    private OutlookSource source = PlannedControlTest::outlook;
    private PlannedControl control;
    private RoomSettings settings = RoomSettings.of(config().comfort().schedule(), new Celsius(5), new Celsius(26));

    @BeforeEach
    void open() {
        journal = Journal.open(folder.resolve("edge"));
        control = control(Optional.empty());
    }

    @AfterEach
    void close() {
        journal.close();
    }

    private static PlanningConfig config() {
        var miner = new HeaterSpec(
                "miner",
                List.of(Watts.ZERO, new Watts(500), new Watts(1000), new Watts(1500)),
                new Watts(1600),
                Duration.ofMinutes(10),
                Duration.ofMinutes(10),
                Duration.ofMinutes(5),
                new Joules(200_000),
                Optional.of(new Celsius(95)),
                Optional.empty(),
                true,
                0);
        var limits = new SafetyLimits(
                new Celsius(28),
                new Celsius(7),
                400_000,
                new Watts(300),
                new Watts(2300),
                Duration.ofMinutes(1),
                Duration.ofMinutes(2),
                new Kelvins(0.2),
                Duration.ofSeconds(150),
                Duration.ofMinutes(3));
        return new PlanningConfig(
                new ComfortConfig(
                        List.of(miner),
                        Schedule.constant(ZoneOffset.UTC, new Celsius(21)),
                        ComfortBand.of(1),
                        new ThermostatMode.Tpi(0.6, 0.02),
                        limits),
                new RoomPrior(45, Construction.MEDIUM, Insulation.AVERAGE));
    }

    private PlannedControl control(Optional<HeatMemory> heat) {
        return new PlannedControl(config(), time -> source.at(time), journal, heat);
    }

    private static double hour(Instant time) {
        return time.getEpochSecond() % 86_400 / 3600.0;
    }

    private static double outdoor(Instant time) {
        return 1 + 4 * Math.sin((hour(time) - 9) / 12 * Math.PI);
    }

    private static double sun(Instant time) {
        return Math.max(0, 260 * Math.sin((hour(time) - 7) / 10 * Math.PI));
    }

    private static double price(Instant time) {
        double hour = hour(time);
        return hour >= 17 && hour < 21 ? 0.48 : hour < 6 ? 0.14 : 0.26;
    }

    private static Outlook outlook(Instant time) {
        return outlook(time, time.truncatedTo(ChronoUnit.HOURS), List.of(0.0, 0.04, 0.07, 0.08));
    }

    private static Outlook outlook(Instant time, Instant issued, List<Double> revenue) {
        var start = time.truncatedTo(ChronoUnit.HOURS);
        var celsius = new double[30];
        var sun = new double[30];
        var prices = new double[30];
        for (int i = 0; i < 30; i++) {
            var middle = start.plus(HOUR.multipliedBy(i)).plus(HOUR.dividedBy(2));
            celsius[i] = outdoor(middle);
            sun[i] = sun(middle);
            prices[i] = price(middle);
        }
        return new Outlook(
                Optional.of(new Forecast(issued, start, HOUR, celsius, sun)),
                Optional.of(new PriceOutlook(start, HOUR, prices)),
                Map.of("miner", revenue));
    }

    private Instant now() {
        return START.plusSeconds(60L * minute);
    }

    private PlannedStep step() {
        var power = new Watts(500.0 * level);
        var readings = new Readings(
                now(),
                minute * 60_000_000_000L,
                Optional.of(new Celsius(Math.rint(air * 10) / 10)),
                Optional.empty(),
                Optional.of(new Celsius(outdoor(now()))),
                Map.of(
                        "miner",
                        new HeaterReading(
                                OptionalInt.of(level),
                                Optional.of(power),
                                Optional.of(power),
                                Optional.of(true),
                                Optional.of(new Celsius(60)),
                                Optional.empty(),
                                Optional.empty())));
        alarms.clear();
        var step = control.step(readings, settings, alarms);
        control.keepNowAndThen(tick());
        level = step.control().commands().get("miner").level();
        double heat = 500.0 * level;
        double exchange = 220 * (walls - air);
        double lost = 18 * (air - outdoor(now()));
        air += 60 * (heat + 0.75 * sun(now()) + exchange - lost) / 500_000;
        walls += 60 * (1.75 * sun(now()) - exchange - 24 * (walls - outdoor(now()))) / 9_000_000;
        minute++;
        return step;
    }

    private Tick tick() {
        return new Tick(now(), minute * 60_000_000_000L);
    }

    private PlannedStep live(int minutes) {
        PlannedStep step = null;
        for (int i = 0; i < minutes; i++) step = step();
        return step;
    }

    @Test
    void whatWasLearnedOutlivesTheProgram() {
        var before = live(4 * DAY);
        assertEquals(Optional.empty(), before.standIn());
        var known = control.view(now(), before).known();
        control = control(Optional.of(control.heatMemory())); // killed: nobody told it to keep anything
        var after = step();
        assertEquals(Optional.empty(), after.standIn(), alarms.toString());
        assertEquals(known, control.view(now(), after).known());
        assertEquals(Set.of(), alarms);
        var age = Duration.between(journal.learnedAt(ControlLoop.LEARNED).orElseThrow(), now());
        assertTrue(age.compareTo(Duration.ofMinutes(17)) <= 0, age.toString());
    }

    @Test
    void damageCostsWhatWasLearnedAndNotTheHeatThatSafetyRemembers() {
        live(3 * DAY);
        var remembered = control.heatMemory();
        var bytes = journal.learned(ControlLoop.LEARNED).orElseThrow();
        for (var damaged : List.of(new byte[0], new byte[] {1, 2, 3}, flipped(bytes), new byte[60_000])) {
            journal.learned(ControlLoop.LEARNED, now(), damaged);
            control = control(Optional.of(remembered));
            assertEquals(
                    remembered.room().orElseThrow().reading(),
                    control.heatMemory().room().orElseThrow().reading());
            assertTrue(control.heatMemory()
                            .room()
                            .orElseThrow()
                            .released()
                            .compareTo(remembered.room().orElseThrow().released())
                    >= 0);
            var step = step();
            assertTrue(step.standIn().isPresent());
            assertTrue(
                    alarms.stream().anyMatch(alarm -> alarm.startsWith("what was learned of the room is lost")),
                    alarms.toString());
        }
        // and what is learned anew is kept again
        live(20);
        control = control(Optional.of(control.heatMemory()));
        step();
        assertEquals(Set.of(), alarms);
    }

    private static byte[] flipped(byte[] bytes) {
        var damaged = bytes.clone();
        damaged[damaged.length / 2] ^= 8;
        return damaged;
    }

    @Test
    void aSourceThatFailsCostsThePlanAndNotTheHeat() {
        live(3 * DAY);
        source = _ -> {
            throw new IllegalStateException("no such host");
        };
        air = 18;
        var step = live(3);
        assertTrue(step.standIn().isPresent());
        assertTrue(alarms.toString().contains("no such host"), alarms.toString());
        assertTrue(step.control().demand().value() > 0);
        assertTrue(
                step.control().explanation().contains("its setpoint"),
                step.control().explanation());
    }

    @Test
    void aPlanThatFailsIsAnAlarmAndTheThermostatHeats() {
        live(3 * DAY);
        source = time -> outlook(time, time, List.of(0.0, 0.1)); // of another heater
        var step = live(15);
        assertEquals(Optional.of("the plan failed"), step.standIn());
        assertTrue(alarms.toString().contains("revenue of heater miner"), alarms.toString());
        assertTrue(
                step.control().explanation().contains("its setpoint"),
                step.control().explanation());
        source = PlannedControlTest::outlook;
        assertEquals(Optional.empty(), step().standIn());
        assertEquals(Set.of(), alarms);
    }

    @Test
    void anOldForecastIsUsedAndSaidToBeOld() {
        live(3 * DAY);
        var issued = now().minus(Duration.ofHours(20));
        source = time -> outlook(time, issued, List.of(0.0, 0.04, 0.07, 0.08));
        for (int i = 0; i < 10; i++) {
            var step = step();
            assertEquals(Optional.empty(), step.standIn());
            assertEquals(
                    Optional.of("the forecast is 20 h old"),
                    control.view(now(), step).note(),
                    "minute " + i);
        }
    }

    @Test
    void theDayIsComparedWithItsFirstPlan() {
        live(4 * DAY);
        assertEquals(0, minute % DAY);
        var step = step();
        var first = control.view(now(), step).today().orElseThrow();
        assertEquals(now().minusSeconds(60), first.start());
        assertEquals(96, first.watts().size());
        step = live(6 * 60);
        var view = control.view(now(), step);
        assertEquals(first, view.today().orElseThrow());
        assertTrue(view.plan().orElseThrow().start().isAfter(first.start()));
        int quarter = first.step(now()).orElseThrow();
        var planned = control.planned(now()).orElseThrow();
        assertEquals(first.watts().get(quarter), planned.watts().value());
        assertEquals(first.roomCelsius().get(quarter), planned.room().value());
        var prices = view.prices().orElseThrow();
        assertEquals(price(now()), prices.perKwh().getFirst());
        assertEquals(now().truncatedTo(ChronoUnit.HOURS), prices.start());
    }

    @Test
    void aVacationIsKnownToThePlanAheadAndAnotherScheduleIsPlannedForAtOnce() {
        live(4 * DAY);
        assertEquals(Optional.empty(), step().standIn());
        var leave = now().plus(Duration.ofHours(8));
        settings = settings.withVacation(
                Optional.of(new RoomSettings.Vacation(leave, leave.plus(Duration.ofDays(7)), new Celsius(12))));
        var step = step();
        var plan = control.view(now(), step).plan().orElseThrow();
        assertEquals(now().minusSeconds(60), plan.start(), "made for the new schedule");
        double home = sum(plan.watts().subList(0, 32));
        double away = sum(plan.watts().subList(33, plan.watts().size()));
        assertTrue(home > 0 && away == 0, home + " W then " + away + " W");
        settings = settings.withSetpoint(new Celsius(21.5), now());
        plan = control.view(now(), step()).plan().orElseThrow();
        double wished = sum(plan.watts().subList(0, 32));
        away = sum(plan.watts().subList(33, plan.watts().size()));
        assertTrue(wished > 0 && away == 0, "a setpoint by hand: " + wished + " W then " + away + " W");
        settings = settings.withoutSetpoint();
        settings = settings.withHeating(false);
        step = step();
        assertEquals(0, sum(control.view(now(), step).plan().orElseThrow().watts()));
        assertEquals(Set.of(), alarms);
    }

    private void prefer(int wanted, int minutes) {
        for (int i = 0; i < minutes; i++) {
            control.preferences().prefer("miner", wanted, now().plus(Duration.ofMinutes(5)));
            step();
        }
    }

    private double plannedNow(PlannedStep step) {
        return control.view(now(), step).plan().orElseThrow().watts().getFirst();
    }

    @Test
    void whatAnEnergyManagerPrefersIsPlannedUntilItIsRevoked() {
        live(4 * DAY + 18 * 60); // power is dear
        var step = step();
        assertEquals(Optional.empty(), step.standIn());
        assertTrue(plannedNow(step) < 1500, "unasked nobody heats that much now");
        prefer(3, 5);
        assertEquals(3, level);
        assertEquals(1500, plannedNow(step()), "promised for minutes to come");
        control.preferences().release("miner");
        step = live(6);
        assertTrue(plannedNow(step) < 1500, plannedNow(step) + " W are planned after the promise");
        assertTrue(level < 3, "level " + level);

        live(8 * 60);
        // heated, but not so much that the room would soon be cold without it
        int steady = 0;
        for (int i = 0; i < DAY && steady < 12; i++) {
            step();
            steady = level == 1 && air > 20.9 ? steady + 1 : 0;
        }
        step = step();
        assertTrue(plannedNow(step) > 0, "unasked the room is heated now");
        prefer(0, 12);
        assertEquals(0, level);
        assertEquals(0, plannedNow(step()));
        control.preferences().release("miner");
        assertTrue(plannedNow(step()) > 0);
        assertEquals(Set.of(), alarms);
    }

    @Test
    void aPreferenceThatIsNotRenewedRunsOut() {
        live(4 * DAY + 18 * 60);
        control.preferences().prefer("miner", 3, now().plus(Duration.ofMinutes(6)));
        live(5);
        assertEquals(3, level);
        var step = live(3);
        assertTrue(plannedNow(step) < 1500, plannedNow(step) + " W");
        assertThrows(IllegalArgumentException.class, () -> control.preferences().prefer("miner", 4, now()));
        assertThrows(IllegalArgumentException.class, () -> control.preferences().prefer("boiler", 0, now()));
    }

    @Test
    void aPreferenceIsGivenUpWhereTheComfortBandEnds() {
        live(4 * DAY);
        for (int wanted : new int[] {3, 0}) {
            double least = air;
            double most = air;
            for (int i = 0; i < 5 * 60; i++) {
                prefer(wanted, 1);
                least = Math.min(least, air);
                most = Math.max(most, air);
            }
            assertTrue(wanted == 0 ? least < 20.4 : most > 21.4, "it was followed: " + least + " to " + most + " °C");
            assertTrue(least > 19.8 && most < 22.2, least + " to " + most + " °C");
        }
    }

    private static double sum(List<Double> values) {
        return values.stream().mapToDouble(value -> value).sum();
    }
}
