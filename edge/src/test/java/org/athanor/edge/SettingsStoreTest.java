package org.athanor.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.athanor.comfort.Schedule;
import org.athanor.comfort.SetpointOverride;
import org.athanor.edge.RoomSettings.Preset;
import org.athanor.edge.RoomSettings.Presets;
import org.athanor.edge.RoomSettings.Vacation;
import org.athanor.edge.journal.Journal;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Execution(ExecutionMode.CONCURRENT)
class SettingsStoreTest {
    private static final ZoneId BRUSSELS = ZoneId.of("Europe/Brussels");
    private static final Instant NOW = Instant.parse("2026-01-15T06:00:00Z");
    private static final Celsius LOWEST = new Celsius(5);
    private static final Celsius HIGHEST = new Celsius(25);

    @TempDir
    Path folder;

    private Journal journal;
    private SettingsStore store;

    @BeforeEach
    void open() {
        journal = Journal.open(folder.resolve("edge"));
        store = store(21);
    }

    @AfterEach
    void close() {
        journal.close();
    }

    private SettingsStore store(double configured) {
        return new SettingsStore(
                journal, "settings", Schedule.constant(BRUSSELS, new Celsius(configured)), LOWEST, HIGHEST);
    }

    private static RoomSettings full(RoomSettings from) {
        return from.withSchedule(List.of(
                        new Schedule.Setting(
                                EnumSet.range(DayOfWeek.MONDAY, DayOfWeek.FRIDAY),
                                LocalTime.of(6, 30),
                                new Celsius(20)),
                        new Schedule.Setting(LocalTime.of(22, 0), new Celsius(16.5))))
                .withQuiet(Optional.of(new Schedule.QuietHours(
                        EnumSet.of(DayOfWeek.SATURDAY), LocalTime.of(22, 0), LocalTime.of(7, 0), new Watts(350))))
                .withVacation(Optional.of(new Vacation(NOW, NOW.plus(Duration.ofDays(9)), new Celsius(12))))
                .with(new Presets(new Celsius(17), new Celsius(20), new Celsius(23), Duration.ofMinutes(45)))
                .withSetpoint(Optional.of(new Celsius(22)), Optional.of(NOW.plusSeconds(60)))
                .withMaximumSetpoint(Optional.of(new Celsius(23)))
                .withHeating(false);
    }

    @Test
    void whoChangeDifferentThingsAtOnceDoNotUndoEachOther() throws Exception {
        var begun = new CountDownLatch(1);
        try (var page = Executors.newVirtualThreadPerTaskExecutor()) {
            var slow = page.submit(() -> store.change(present -> {
                begun.countDown();
                var end = System.nanoTime() + 100_000_000;
                while (System.nanoTime() < end) Thread.onSpinWait();
                return present.withHeating(false);
            }));
            begun.await();
            store.change(present -> present.withSetpoint(new Celsius(20)));
            slow.get();
        }
        assertFalse(store.get().heating());
        assertEquals(Optional.of(new Celsius(20)), store.get().setpoint());
    }

    @Test
    void everythingOutlivesTheProgram() {
        store.change(full(store.get()));
        assertEquals(
                full(RoomSettings.of(Schedule.constant(BRUSSELS, new Celsius(21)), LOWEST, HIGHEST)),
                store(19).get());
    }

    @Test
    void whatNobodyChangedFollowsTheConfiguration() {
        store.change(store.get().withSetpoint(new Celsius(22)));
        var other = store(18).get();
        assertEquals(new Celsius(18), other.schedule().getFirst().setpoint());
        assertEquals(new Celsius(15), other.presets().eco());
        assertEquals(Optional.of(new Celsius(22)), other.setpoint());
    }

    @Test
    void theSetpointOfAnEarlierVersionIsTakenOver() {
        journal.setting("setpoint.celsius", Optional.of("19.5"));
        store = store(21);
        assertEquals(Optional.of(new Celsius(19.5)), store.get().setpoint());
        store.change(store.get().withoutSetpoint());
        assertEquals(Optional.empty(), store(21).get().setpoint());
    }

    private SettingsStore store(double configured, double lowest, double highest) {
        return new SettingsStore(
                journal,
                "settings",
                Schedule.constant(BRUSSELS, new Celsius(configured)),
                new Celsius(lowest),
                new Celsius(highest));
    }

    @Test
    void whatIsKeptBeyondTighterLimitsIsMovedWithinThemAndMayBeChanged() {
        store.change(full(store.get()));
        var tighter = store(21, 15, 19);
        assertEquals(Optional.empty(), tighter.lost());
        var held = tighter.get();
        assertEquals(Optional.of(new Celsius(19)), held.setpoint());
        assertEquals(Optional.of(NOW.plusSeconds(60)), held.until());
        assertEquals(
                List.of(new Celsius(19), new Celsius(16.5)),
                held.schedule().stream().map(Schedule.Setting::setpoint).toList());
        assertEquals(new Celsius(15), held.vacation().orElseThrow().setpoint());
        assertEquals(
                new Presets(new Celsius(17), new Celsius(19), new Celsius(19), Duration.ofMinutes(45)), held.presets());
        assertEquals(
                Optional.of("kept settings beyond the limits of 15 °C to 19 °C were moved within them;"
                        + " setpoint 19 °C until 2026-01-15T06:01:00Z; schedule changed;"
                        + " vacation from 2026-01-15T06:00:00Z until 2026-01-24T06:00:00Z at 15 °C; presets changed"),
                tighter.moved());
        tighter.change(held.withHeating(true));
        assertEquals(Optional.empty(), store(21, 15, 19).moved(), "kept as moved");
        assertEquals(Optional.empty(), store.moved());
    }

    @Test
    void aConfiguredSetpointThatCannotBeHeldHindersNoChange() {
        store = store(22, 5, 20);
        assertEquals(Optional.empty(), store.moved());
        store.lock("47110815");
        assertTrue(store.unlock("47110815"));
        assertFalse(store.get().childLock());
        assertEquals(Optional.empty(), journal.setting("settings.lock"));
        store.change(store.get().withHeating(false));
        store.change(store.get().withHeating(true).withSetpoint(new Celsius(20)));
        store.change(store.get().with(Preset.BOOST, NOW));
        var schedule =
                List.of(store.get().schedule().getFirst(), new Schedule.Setting(LocalTime.of(22, 0), new Celsius(16)));
        store.change(store.get().withSchedule(schedule));
        var warmer = List.of(new Schedule.Setting(LocalTime.of(21, 0), new Celsius(22)));
        var e = assertThrows(
                SettingRefused.class, () -> store.change(store.get().withSchedule(warmer)));
        assertEquals("schedule from 21:00 celsius 22.0: a setpoint from 5.0 to 20.0 °C is accepted", e.getMessage());
        assertEquals(schedule, store.get().schedule());
        assertEquals(new Celsius(18), store(18, 5, 20).get().presets().comfort(), "what was not changed is not kept");
    }

    @Test
    void aLimitOfOneOwnThatIsBelowTheLowestSetpointIsRaisedToIt() {
        store.change(store.get().withMaximumSetpoint(Optional.of(new Celsius(12))));
        assertEquals(Optional.of(new Celsius(15)), store(21, 15, 19).get().maximumSetpoint());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', useHeadersInDisplayName = true, textBlock = """
        change                                                                  | says
        [1]                                                                     | body [1]: an object of settings
        nothing                                                                 | body (not JSON)
        {"colour": 1}                                                           | colour 1: none but childLock, heating
        {"heating": 1}                                                          | heating 1: true or false
        {"setpointCelsius": 26}                                                 | celsius 26.0: a setpoint from 5.0 to 25.0 °C
        {"setpointCelsius": "20"}                                               | setpointCelsius "20": a temperature
        {"until": "2026-01-15T07:00"}                                           | until "2026-01-15T07:00": an end only together
        {"setpointCelsius": 20, "until": "soon"}                                | until "soon": an instant such as
        {"schedule": []}                                                        | schedule []: a list of 1 to 84
        {"schedule": [{"from": "06:00"}]}                                       | schedule[0].celsius (missing): a temperature
        {"schedule": [{"from": "6", "celsius": 20}]}                            | schedule[0].from "6": a time such as
        {"schedule": [{"from": "06:00", "celsius": 40}]}                        | schedule from 06:00 celsius 40.0: a setpoint from
        {"schedule": [{"days": ["monday"], "from": "06:00", "celsius": 20}]}    | schedule[0].days ["monday"]: a list of some of mon
        {"schedule": [{"from": "06:00", "celsius": 20}, {"from": "06:00", "celsius": 21}]} | two setpoints from 06:00
        {"quiet": {"from": "22:00", "until": "22:00", "watts": 3}}              | quiet.until 22:00: a time other than
        {"quiet": {"from": "22:00", "until": "06:00", "watts": -1}}             | quiet.watts -1: a power from 0
        {"quiet": true}                                                         | quiet true: an object of days, from
        {"vacation": {"from": "2026-02-08T12:00", "until": "2026-02-01T12:00", "celsius": 12}} | vacation.until 2026-02-01T11:00:00Z: a time after
        {"vacation": {"from": "2026-02-01T12:00", "until": "2028-02-01T12:00", "celsius": 12}} | within a year
        {"vacation": {"from": "2026-02-01T12:00", "until": "2026-02-08T12:00"}} | vacation.celsius (missing)
        {"presets": {"ecoCelsius": 4}}                                          | presets.ecoCelsius 4.0: a setpoint from
        {"presets": {"boostMinutes": 0}}                                        | presets.boostMinutes 0: 1 to 720 minutes
        {"presets": {"boostMinutes": 1.5}}                                      | presets.boostMinutes 1.5: a whole number
        {"maximumSetpointCelsius": 30}                                          | maximumSetpointCelsius 30.0: a setpoint from
        """)
    void nonsenseIsRefusedWithTheFieldTheValueAndWhatIsAccepted(String change, String says) {
        var before = store.get();
        var e = assertThrows(SettingRefused.class, () -> store.change(new SettingsJson(BRUSSELS).read(change, before)));
        assertTrue(e.getMessage().contains(says), e.getMessage());
        assertEquals(before, store.get());
        assertEquals(Optional.empty(), journal.setting("settings"));
    }

    @Test
    void whatIsLeftOutStaysAndNullEmpties() {
        store.change(full(store.get()));
        var json = new SettingsJson(BRUSSELS);
        assertEquals(full(store.get()), json.read("{}", store.get()));
        var changed = json.read(
                "{\"quiet\": null, \"vacation\": null, \"setpointCelsius\": null, \"maximumSetpointCelsius\": null,"
                        + " \"presets\": {\"ecoCelsius\": 16}}",
                store.get());
        assertEquals(Optional.empty(), changed.quiet());
        assertEquals(Optional.empty(), changed.vacation());
        assertEquals(Optional.empty(), changed.setpoint());
        assertEquals(Optional.empty(), changed.until());
        assertEquals(Optional.empty(), changed.maximumSetpoint());
        assertEquals(new Celsius(16), changed.presets().eco());
        assertEquals(new Celsius(23), changed.presets().boost());
    }

    @Test
    void aTimeWithoutAZoneIsTheHomesOwn() {
        var away = new SettingsJson(BRUSSELS)
                .read(
                        "{\"vacation\": {\"from\": \"2026-03-28T12:00\", \"until\": \"2026-03-30T12:00\", \"celsius\": 12}}",
                        store.get())
                .vacation()
                .orElseThrow();
        assertEquals(Instant.parse("2026-03-28T11:00:00Z"), away.from());
        assertEquals(Instant.parse("2026-03-30T10:00:00Z"), away.until(), "summer time has begun");
    }

    @Test
    void theLogIsToldWhatChanged() {
        var before = store.get();
        assertEquals(List.of(), before.changesSince(before));
        assertEquals(
                List.of(
                        "heating off",
                        "setpoint 22 °C until 2026-01-15T06:01:00Z",
                        "schedule changed",
                        "quiet hours from 22:00 until 07:00, at most 350 W",
                        "vacation from 2026-01-15T06:00:00Z until 2026-01-24T06:00:00Z at 12 °C",
                        "presets changed",
                        "highest setpoint 23 °C"),
                full(before).changesSince(before));
        assertEquals(
                List.of(
                        "heating on",
                        "setpoint by the schedule",
                        "schedule changed",
                        "no quiet hours",
                        "no vacation",
                        "presets changed",
                        "no highest setpoint"),
                before.changesSince(full(before)));
    }

    @Test
    void aPresetIsASetpointAndABoostEnds() {
        var settings = store.get();
        assertEquals(Optional.empty(), settings.preset(NOW));
        var eco = settings.with(Preset.ECO, NOW);
        assertEquals(Optional.of(Preset.ECO), eco.preset(NOW));
        assertEquals(new Celsius(18), eco.wish(NOW).orElseThrow().setpoint());
        var boost = settings.with(Preset.BOOST, NOW);
        assertEquals(Optional.of(Preset.BOOST), boost.preset(NOW.plusSeconds(3599)));
        assertEquals(Optional.empty(), boost.preset(NOW.plusSeconds(3600)));
        assertEquals(Optional.empty(), boost.wish(NOW.plusSeconds(3600)));
        assertEquals(Optional.empty(), boost.withHeating(false).preset(NOW));
    }

    @Test
    void aStandingSetpointIsInTheScheduleAroundAVacation() {
        var away = new Vacation(NOW.plusSeconds(3600), NOW.plusSeconds(7200), new Celsius(12));
        var settings = store.get().withSetpoint(new Celsius(19), NOW).withVacation(Optional.of(away));
        assertEquals(Optional.of(new SetpointOverride(new Celsius(19), Optional.of(away.from()))), settings.wish(NOW));
        assertEquals(Optional.empty(), settings.wish(away.from()));
        assertEquals(Optional.of(new SetpointOverride(new Celsius(19), Optional.empty())), settings.wish(away.until()));
        var schedule = settings.schedule(BRUSSELS, new Celsius(7));
        assertEquals(new Celsius(19), schedule.setpoint(NOW));
        assertEquals(new Celsius(12), schedule.setpoint(away.from()));
        assertEquals(new Celsius(19), schedule.setpoint(away.until()));
    }

    @Test
    void whatIsSaidLastOfAVacationAndASetpointWithAnEndCounts() {
        var away = new Vacation(NOW.plusSeconds(3600), NOW.plusSeconds(7200), new Celsius(12));
        var end = Optional.of(NOW.plusSeconds(5400));
        var setpoint = Optional.of(new Celsius(19));
        var before = store.get().withSetpoint(setpoint, end).withVacation(Optional.of(away));
        assertEquals(Optional.of(away.from()), before.until());
        var after = store.get().withVacation(Optional.of(away)).withSetpoint(setpoint, end);
        assertEquals(
                end, after.withVacation(Optional.of(away)).until(), "the same vacation is none that was said anew");
        assertEquals(end, after.withVacation(Optional.empty()).until());
        assertTrue(after.wish(away.from()).isPresent());
        store.change(after);
        assertEquals(after, store(21).get(), "and stays so after a restart");
    }

    @Test
    void aPresetChosenDuringAVacationIsKnownAsThatUntilItEnds() {
        var away = new Vacation(NOW, NOW.plusSeconds(7200), new Celsius(12));
        var eco = store.get().withVacation(Optional.of(away)).with(Preset.ECO, NOW);
        assertEquals(Optional.of(away.until()), eco.until());
        assertEquals(Optional.of(Preset.ECO), eco.preset(NOW));
        assertEquals(Optional.empty(), eco.preset(away.until()));
        assertEquals(Optional.of(Preset.BOOST), eco.with(Preset.BOOST, NOW).preset(NOW));
    }

    @Test
    void theChildLockOpensByItsCodeAloneAlsoAfterARestart() {
        // short digits would now and then stand in the hash by chance
        store.lock("47110815");
        assertTrue(store.get().childLock());
        store = store(21);
        assertTrue(store.get().childLock());
        assertFalse(store.unlock("47110816"));
        assertTrue(store.get().childLock());
        assertFalse(journal.setting("settings.lock").orElseThrow().contains("47110815"));
        assertTrue(store.unlock("47110815"));
        assertFalse(store.get().childLock());
        assertEquals(Optional.empty(), journal.setting("settings.lock"));
        var e = assertThrows(SettingRefused.class, () -> store.lock("12"));
        assertEquals("code (not shown): a code of 4 to 8 digits is accepted", e.getMessage());
    }

    @Test
    void aLockWithoutACodeOpensOnlyWhereItWasSet() {
        store.change(store.get().withChildLock(true));
        assertFalse(store.unlock("0000"));
        store.change(store.get().withChildLock(false));
        assertTrue(store.unlock("0000"));
    }
}
