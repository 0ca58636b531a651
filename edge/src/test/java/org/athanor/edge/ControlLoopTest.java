package org.athanor.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.athanor.comfort.ComfortBand;
import org.athanor.comfort.HeaterSpec;
import org.athanor.comfort.Outlook;
import org.athanor.comfort.SafetyLimits;
import org.athanor.comfort.Schedule;
import org.athanor.comfort.ThermostatMode;
import org.athanor.comfort.learning.Construction;
import org.athanor.comfort.learning.Insulation;
import org.athanor.comfort.learning.RoomPrior;
import org.athanor.comfort.series.PriceOutlook;
import org.athanor.devices.DeviceException;
import org.athanor.devices.Heater.RunsOut;
import org.athanor.devices.PoolSetting;
import org.athanor.devices.shelly.ResistiveElement;
import org.athanor.edge.FakeDevices.FakeMiner;
import org.athanor.edge.FakeDevices.FakePlug;
import org.athanor.edge.FakeDevices.FakeThermometer;
import org.athanor.edge.forecast.OutlookSource;
import org.athanor.edge.journal.Earnings;
import org.athanor.edge.journal.Event;
import org.athanor.edge.journal.Journal;
import org.athanor.edge.journal.Terms;
import org.athanor.ledger.MiningScenario;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;
import org.athanor.units.Kelvins;
import org.athanor.units.PricePerKwh;
import org.athanor.units.Watts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlLoopTest {
    private static final Instant START = Instant.parse("2026-01-15T06:00:00Z");
    private static final Duration TIMEOUT = Duration.ofMillis(500);

    @TempDir
    Path folder;

    private final FakeDevices devices = new FakeDevices();
    private final List<String> told = devices.told;
    private final FakeThermometer room = new FakeThermometer(18);
    private final FakeMiner miner = devices.new FakeMiner(true);
    private final FakePlug minerPlug = devices.new FakePlug("miner's plug");
    private final FakePlug boostPlug = devices.new FakePlug("boost's plug");
    /** Happens while a cycle runs. */
    private Runnable meanwhile = () -> {};

    private OutlookSource outlook = EdgeConfig.NO_OUTLOOK;
    private Fuses.Share fuses = Fuses.NONE;
    private Journal journal;
    private ControlLoop loop;
    private int minute;

    @BeforeEach
    void open() {
        journal = Journal.open(folder.resolve("edge"));
        loop = loop(part(Optional.of(minerPlug), false), boost());
    }

    @AfterEach
    void close() {
        journal.close();
    }

    private HeaterPart part(Optional<FakePlug> plug, boolean accepted) {
        var spec = new HeaterSpec(
                "miner",
                List.of(Watts.ZERO, new Watts(600), new Watts(800)),
                new Watts(850),
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                new Joules(60_000),
                Optional.of(new Celsius(95)),
                Optional.empty(),
                plug.isPresent(),
                0);
        return new HeaterPart("Miner", spec, miner, plug.map(each -> each), Optional.empty(), accepted);
    }

    private HeaterPart boost() {
        var element =
                new ResistiveElement("boost", boostPlug, new Watts(1000), new Joules(60_000), Duration.ofSeconds(150));
        var spec = new HeaterSpec(
                "boost",
                List.of(Watts.ZERO, new Watts(1000)),
                new Watts(1210),
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                new Joules(60_000),
                Optional.empty(),
                Optional.empty(),
                true,
                1);
        return new HeaterPart("Boost", spec, element, Optional.of(boostPlug), Optional.empty(), false);
    }

    private ControlLoop loop(HeaterPart... heaters) {
        var config = new EdgeConfig(
                List.of(heaters),
                room,
                Optional.empty(),
                Optional.empty(),
                Schedule.constant(ZoneOffset.UTC, new Celsius(21)),
                ComfortBand.of(1),
                new ThermostatMode.Tpi(0.3, 0.02),
                new SafetyLimits(
                        new Celsius(28),
                        new Celsius(7),
                        400_000,
                        new Watts(400),
                        new Watts(2300),
                        Duration.ofSeconds(60),
                        Duration.ofMinutes(2),
                        new Kelvins(0.2),
                        Duration.ofSeconds(150),
                        Duration.ofMinutes(3)),
                new RoomPrior(40, Construction.MEDIUM, Insulation.GOOD),
                outlook,
                Tariff.constant(new PricePerKwh(0.30, Currency.getInstance("EUR"))),
                MiningScenario.JULY_2025,
                () -> {
                    meanwhile.run();
                    return Snapshot.World.real(ZoneOffset.UTC);
                },
                fuses,
                EdgeConfig.SetpointRange.OF_ROOMS,
                TIMEOUT,
                Duration.ofSeconds(1));
        var earnings = new Earnings(journal, user -> Terms.OF_THE_POOL, () -> START, Duration.ofSeconds(30));
        return new ControlLoop(config, journal, earnings);
    }

    private Snapshot cycle() throws InterruptedException {
        minute++;
        return loop.cycle(new Tick(START.plusSeconds(60L * minute), minute * 60_000_000_000L));
    }

    /** Runs until the miner heats at its highest level, the thermometer showing a rise as a living one does. */
    private void heatUp() throws InterruptedException {
        minerPlug.watts = 800;
        boostPlug.watts = 1000;
        for (int i = 0; i < 10 && miner.level < 2; i++) {
            room.celsius = Optional.of(18 + 0.1 * (minute % 2));
            cycle();
        }
        assertEquals(2, miner.level);
        told.clear();
    }

    @Test
    void aColdRoomIsHeatedAndTheCountdownsOfWhatRunsAreRenewedEachCycle() throws InterruptedException {
        heatUp();
        room.celsius = Optional.of(18.2);
        var snapshot = cycle();
        assertTrue(told.contains("miner's plug on 150"), told.toString());
        assertFalse(told.contains("miner level 2"), "a level that is held is not commanded again: " + told);
        assertEquals(Optional.of("Super"), snapshot.heaters().getFirst().level());
        assertEquals(new Celsius(21), snapshot.room().setpoint());
        assertTrue(snapshot.heaters().getFirst().guarded());
    }

    @Test
    void theCountdownOfWhatMustBeOffIsNotRenewed() throws InterruptedException {
        room.celsius = Optional.of(21.4);
        cycle();
        cycle();
        assertFalse(told.contains("boost's plug on 150"), told.toString());
        assertTrue(told.contains("boost's plug off"), told.toString());
    }

    /** Told level 0 it would work on at its least, and start its boards for that. */
    @Test
    void whatNoCommandStopsIsSwitchedByItsPlug() throws InterruptedException {
        var usual = part(Optional.of(minerPlug), false);
        loop = loop(new HeaterPart(
                usual.name(),
                usual.spec().withoutSoftStop(),
                usual.heater(),
                usual.plug(),
                usual.mining(),
                usual.unprotectedAccepted()));
        heatUp();
        drift(18, 24);
        assertFalse(minerPlug.on);
        assertTrue(told.contains("miner's plug off"), told.toString());
        var last = journal.actions(20).stream()
                .filter(event -> event.subject().equals("miner"))
                .toList();
        assertTrue(last.getFirst().text().contains("plug off"), last.toString());
        drift(24, 18);
        assertTrue(minerPlug.on, "it is wanted again");
        loop.stop();
        assertFalse(minerPlug.on, "it does not outlive its controller");
        assertFalse(told.contains("miner level 0"), told.toString());
    }

    /** Slowly, as a room gets warm or cold, and no alarm meanwhile. */
    private void drift(double from, double to) throws InterruptedException {
        for (int i = 0; i <= 60; i++) {
            room.celsius = Optional.of(from + (to - from) * i / 60);
            miner.trouble = minerPlug.on
                    ? Optional.empty()
                    : Optional.of(new DeviceException(DeviceException.Kind.UNREACHABLE, "miner: no mains"));
            assertEquals(List.of(), cycle().alarms(), "at " + room.celsius);
        }
    }

    @Test
    void theTroubleOfOneDeviceDisturbsNoOther() throws InterruptedException {
        heatUp();
        miner.trouble = Optional.of(new DeviceException(DeviceException.Kind.GARBLED, "miner: read: got {{{"));
        room.celsius = Optional.of(18.2);
        var snapshot = cycle();
        assertEquals(
                Optional.of("miner: read: got {{{"),
                snapshot.heaters().getFirst().fault());
        assertEquals(Optional.of(new Celsius(18.2)), snapshot.room().temperature());
        assertEquals(Optional.empty(), snapshot.heaters().getLast().fault());
        assertTrue(told.stream().anyMatch(each -> each.startsWith("boost's plug")), told.toString());
        assertTrue(
                snapshot.alarms().contains("Miner: miner: read: got {{{"),
                snapshot.alarms().toString());
        assertEquals(Event.Kind.ALARM, journal.events(1).getFirst().kind());
    }

    @Test
    void aDeviceThatHangsHoldsUpNobodyForLongAndIsNotAskedTwice() throws InterruptedException {
        heatUp();
        var latch = new CountDownLatch(1);
        miner.hangsUntil = Optional.of(latch);
        long start = System.nanoTime();
        var snapshot = cycle();
        assertTrue(System.nanoTime() - start < TIMEOUT.multipliedBy(20).toNanos());
        assertTrue(
                snapshot.heaters().getFirst().fault().orElseThrow().contains("gave no answer within 500 ms"),
                snapshot.toString());
        latch.countDown();
    }

    @Test
    void aDeviceThatDoesNotDoWhatItWasToldIsSeen() throws InterruptedException {
        heatUp();
        cycle();
        told.clear();
        miner.level = 1; // somebody pressed its button
        miner.obeys = false;
        room.celsius = Optional.of(18.2);
        var snapshot = cycle();
        assertTrue(
                snapshot.alarms().contains("Miner: commanded Super, reads Night"),
                snapshot.alarms().toString());
        assertTrue(told.contains("miner level 2"), "it is told again: " + told);
    }

    @Test
    void aHotRoomStopsTheDeviceBeforeItsPlugIsCut() throws InterruptedException {
        heatUp();
        room.celsius = Optional.of(27.9);
        for (int i = 0; i < 3 && minerPlug.on; i++) cycle();
        int stop = told.indexOf("miner level 0");
        int cut = told.indexOf("miner's plug off");
        assertTrue(stop >= 0 && cut > stop, told.toString());
        assertFalse(told.subList(cut, told.size()).contains("miner's plug on 150"), told.toString());
    }

    @Test
    void anErrorOfThisProgramSwitchesEverythingOffBeforeItIsThrown() throws InterruptedException {
        heatUp();
        boostPlug.on = true;
        var bug = new IllegalStateException("a bug");
        meanwhile = () -> {
            throw bug;
        };
        assertSame(bug, assertThrows(IllegalStateException.class, this::cycle));
        assertFalse(minerPlug.on);
        assertFalse(boostPlug.on);
        assertEquals(0, miner.level);
    }

    /** Such as a header that no request may carry, made of what a device answered. */
    @Test
    void anErrorOfADriverIsTroubleOfItsDeviceAlone() throws InterruptedException {
        heatUp();
        miner.trouble = Optional.of(new IllegalArgumentException("invalid header value"));
        Snapshot snapshot = null;
        for (int i = 0; i < 5; i++) {
            room.celsius = Optional.of(18 + 0.1 * (minute % 2));
            snapshot = cycle();
        }
        assertTrue(
                snapshot.alarms().stream()
                        .anyMatch(alarm -> alarm.contains("error of its driver") && alarm.contains("invalid header")),
                snapshot.alarms().toString());
        assertFalse(minerPlug.on);
        assertTrue(boostPlug.on, "the other heater keeps the room");
    }

    /** As firmwares do that clamp a power or snap back to their profile: each telling restarts the hashing. */
    @Test
    void aLevelThatDoesNotTakeIsToldEverMoreSeldom() throws InterruptedException {
        heatUp();
        miner.level = 1;
        miner.obeys = false;
        for (int i = 0; i < 60; i++) {
            room.celsius = Optional.of(18 + 0.1 * (minute % 2));
            cycle();
        }
        long times = told.stream().filter("miner level 2"::equals).count();
        assertTrue(times >= 3 && times <= 5, "after 2, 4, 8, 16 and 32 minutes, told " + times + " times in an hour");
        told.clear();
        room.celsius = Optional.of(27.9);
        cycle();
        assertEquals("miner level 0", told.getFirst(), "off is told at once");
    }

    @Test
    void whatWorksAtNoneOfItsLevelsIsSeen() throws InterruptedException {
        heatUp();
        cycle();
        miner.unknown = true;
        miner.obeys = false;
        Snapshot snapshot = null;
        for (int i = 0; i < 3; i++) {
            room.celsius = Optional.of(18 + 0.1 * (minute % 2));
            snapshot = cycle();
        }
        assertTrue(
                snapshot.alarms().contains("Miner: commanded Super, works at none of its levels"),
                snapshot.alarms().toString());
    }

    @Test
    void aJournalThatCannotBeWrittenIsAnAlarmAndTheRoomIsKeptWarm() throws InterruptedException {
        heatUp();
        journal.close();
        room.celsius = Optional.of(18.2);
        var snapshot = cycle();
        assertTrue(
                snapshot.alarms().stream().anyMatch(alarm -> alarm.contains("journal")),
                snapshot.alarms().toString());
        assertTrue(told.contains("miner's plug on 150"), told.toString());
        journal = Journal.open(folder.resolve("edge"));
    }

    @Test
    void theUsersSetpointHoldsAtOnceAndAfterARestart() throws InterruptedException {
        cycle();
        loop.override(new Celsius(19.5));
        assertEquals(new Celsius(19.5), loop.snapshot().orElseThrow().room().setpoint(), "shown before the next cycle");
        assertEquals(new Celsius(19.5), cycle().room().setpoint());
        loop = loop(part(Optional.of(minerPlug), false), boost());
        assertEquals(Optional.of(new Celsius(19.5)), loop.override());
        loop.clearOverride();
        assertEquals(new Celsius(21), cycle().room().setpoint());
        assertEquals(Optional.empty(), loop(part(Optional.of(minerPlug), false)).override());
    }

    @Test
    void aSetpointThatIsChangedDuringACycleIsNotTakenBackByIt() throws InterruptedException {
        loop.override(new Celsius(19.5));
        meanwhile = () -> loop.override(new Celsius(20));
        cycle();
        assertEquals(new Celsius(20), loop.snapshot().orElseThrow().room().setpoint());
        meanwhile = loop::clearOverride;
        cycle();
        assertEquals(new Celsius(21), loop.snapshot().orElseThrow().room().setpoint());
        assertFalse(loop.snapshot().orElseThrow().room().overridden());
    }

    @Test
    void aSetpointOutOfRangeIsRefusedWithWhatIsAccepted() {
        for (double wrong : new double[] {80, 4.9, 25.5}) {
            var e = assertThrows(SettingRefused.class, () -> loop.override(new Celsius(wrong)));
            assertTrue(
                    e.getMessage().matches("celsius " + wrong + ": a setpoint from 5.0 to 2[0-9.]+ °C is accepted"),
                    e.getMessage());
        }
        assertEquals(Optional.empty(), journal.setting("settings"));
    }

    @Test
    void aChangedScheduleIsFollowedAndKept() throws InterruptedException {
        var seven = LocalTime.of(7, 0);
        loop.change(now -> now.withSchedule(List.of(
                new Schedule.Setting(LocalTime.MIDNIGHT, new Celsius(17)),
                new Schedule.Setting(seven, new Celsius(20)))));
        assertEquals(new Celsius(17), cycle().room().setpoint());
        loop = loop(part(Optional.of(minerPlug), false), boost());
        minute = 60;
        assertEquals(new Celsius(20), cycle().room().setpoint());
    }

    @Test
    void aRoomWhoseHeatingIsOffIsKeptFromFrostAloneAndIsNotTooWarm() throws InterruptedException {
        room.celsius = Optional.of(15.0);
        loop.override(new Celsius(22));
        loop.change(now -> now.withHeating(false));
        var snapshot = cycle();
        assertEquals(new Celsius(7), snapshot.room().setpoint());
        assertFalse(snapshot.room().overridden());
        snapshot = cycle();
        assertEquals(0, miner.level);
        assertEquals(0, snapshot.room().kelvinHoursAbove());
        loop.change(now -> now.withHeating(true));
        assertEquals(new Celsius(22), cycle().room().setpoint());
    }

    @Test
    void aBoostEndsByItself() throws InterruptedException {
        loop.change(now -> now.with(RoomSettings.Preset.BOOST, START));
        assertEquals(new Celsius(23), cycle().room().setpoint());
        minute = 59;
        var after = cycle();
        assertEquals(new Celsius(21), after.room().setpoint());
        assertFalse(after.room().overridden());
    }

    @Test
    void theMaximumSetpointHoldsForWishAndSchedule() throws InterruptedException {
        loop.override(new Celsius(22));
        loop.change(now -> now.withMaximumSetpoint(Optional.of(new Celsius(19))));
        assertEquals(new Celsius(19), cycle().room().setpoint());
        assertEquals(new Celsius(19), loop.snapshot().orElseThrow().room().highestSetpoint());
        loop.clearOverride();
        assertEquals(new Celsius(19), cycle().room().setpoint());
        var e = assertThrows(SettingRefused.class, () -> loop.override(new Celsius(20)));
        assertEquals("celsius 20.0: a setpoint from 5.0 to 19.0 °C is accepted", e.getMessage());
    }

    @Test
    void whatPeopleChangeIsInTheLog() {
        int[] hurried = {0};
        var edge = new Edge(loop, journal, new Ticker() {
            @Override
            public Tick next() {
                throw new AssertionError("nothing is ticked here");
            }

            @Override
            public void hurry() {
                hurried[0]++;
            }
        });
        edge.change(now -> now.withHeating(false));
        edge.lock("4711");
        assertFalse(edge.unlock("0000"));
        assertTrue(edge.unlock("4711"));
        assertEquals(
                List.of("child lock off", "wrong code for the child lock", "child lock on", "heating off"),
                edge.events(10).stream().map(Event::text).toList());
        assertEquals(1, hurried[0]);
        assertFalse(edge.settings().heating());
    }

    @Test
    void settingsThatCannotBeReadAreAnAlarmAndTheConfigurationHolds() throws InterruptedException {
        journal.setting("settings", Optional.of("{\"heating\": \"maybe\"}"));
        loop = loop(part(Optional.of(minerPlug), false), boost());
        var snapshot = cycle();
        assertEquals(new Celsius(21), snapshot.room().setpoint());
        assertTrue(snapshot.alarms().toString().contains("heating \"maybe\": true or false is accepted"));
    }

    @Test
    void whatNothingWouldSwitchOffDoesNotHeatUnlessItsOwnerAcceptsThat() throws InterruptedException {
        loop = loop(part(Optional.empty(), false));
        for (int i = 0; i < 3; i++) cycle();
        var view = cycle().heaters().getFirst();
        assertEquals(0, miner.level);
        assertFalse(view.guarded());
        assertTrue(view.reason().startsWith("unprotected"), view.reason());
        loop = loop(part(Optional.empty(), true));
        for (int i = 0; i < 3; i++) cycle();
        assertTrue(miner.level > 0);
    }

    @Test
    void whatIsOnTrialHeatsAndIsNotCalledProtected() throws InterruptedException {
        miner.runsOut = Optional.of(RunsOut.ON_TRIAL);
        loop = loop(part(Optional.empty(), false));
        for (int i = 0; i < 3; i++) cycle();
        var view = cycle().heaters().getFirst();
        assertTrue(miner.level > 0);
        assertFalse(view.guarded());
        assertTrue(view.guard().startsWith("nothing yet"), view.guard());
        miner.runsOut = Optional.of(RunsOut.YES);
        assertTrue(cycle().heaters().getFirst().guarded());
        miner.runsOut = Optional.of(RunsOut.NO);
        cycle();
        view = cycle().heaters().getFirst();
        assertFalse(view.guarded());
        assertEquals(0, miner.level);
    }

    @Test
    void aPlugWithoutACountdownProtectsNothing() throws InterruptedException {
        minerPlug.countsDown = false;
        boostPlug.countsDown = false;
        loop = loop(part(Optional.of(minerPlug), false), boost());
        for (int i = 0; i < 3; i++) cycle();
        for (var view : cycle().heaters()) {
            assertFalse(view.guarded(), view.name());
            assertTrue(view.reason().startsWith("unprotected"), view.reason());
            assertEquals("nothing: it would keep its last level", view.guard());
        }
        assertEquals(0, miner.level);
        assertFalse(boostPlug.on, "an element heats as long as its plug is on");
        loop = loop(part(Optional.of(minerPlug), true));
        heatUp();
    }

    @Test
    void whatWorksForSomebodyElseIsAnAlarmAndGoesOnHeating() throws InterruptedException {
        var pooled = new PoolWatchTest.FakePooledMiner(miner);
        var ours = pooled.pool();
        loop = loop(PoolWatchTest.part(pooled, ours));
        heatUp();
        assertEquals(List.of(), cycle().alarms());
        pooled.pool = Optional.of(new PoolSetting("stratum+tcp://elsewhere.example:3333", "stranger"));
        for (int i = 0; i < 10; i++) {
            room.celsius = Optional.of(18 + 0.1 * (minute % 2));
            cycle();
        }
        var snapshot = cycle();
        assertEquals(1, snapshot.alarms().size(), snapshot.alarms().toString());
        assertTrue(snapshot.alarms().getFirst().startsWith("Miner works for somebody else: stranger at"));
        assertTrue(
                journal.events(20).stream()
                        .anyMatch(event ->
                                event.kind() == Event.Kind.ALARM && event.text().contains("stranger")),
                "it is in the journal");
        assertTrue(miner.level > 0, "its heat is the same");
    }

    @Test
    void whatDrawsOtherThanItsOwnerDeclaredIsAnAlarmAndGoesOnHeating() throws InterruptedException {
        var declared = new TopLevelWatchTest.DeclaredMiner(miner);
        loop = loop(PoolWatchTest.part(declared, Optional.empty()));
        declared.watts = 700;
        Snapshot snapshot = null;
        for (int i = 0; i < 25; i++) {
            room.celsius = Optional.of(12 + 0.1 * (minute % 2));
            snapshot = cycle();
        }
        assertEquals(
                List.of("Miner draws 700 W at its highest level, for which 800 W are declared: write 700"),
                snapshot.alarms());
        assertTrue(
                journal.events(20).stream()
                        .anyMatch(event ->
                                event.kind() == Event.Kind.ALARM && event.text().contains("700 W")),
                "it is in the journal");
        assertEquals(2, miner.level, "its heat is wanted");
    }

    /** Mains alone make a miner go on with what it did last, so its nameplate counts before it can be asked. */
    @Test
    void whatIsGivenMainsHoldsItsPlaceOnTheFuseFromThatMoment() throws InterruptedException {
        var shared = new Fuses(
                Map.of("flat", new Watts(1000)),
                new LinkedHashMap<>(Map.of(
                        "here",
                        List.of(part(Optional.of(minerPlug), false).spec().onCircuit("flat")))));
        var held = new ArrayList<Map<String, Watts>>();
        var share = shared.of("here");
        fuses = new Fuses.Share() {
            @Override
            public Map<String, Watts> available(long nanos) {
                return share.available(nanos);
            }

            @Override
            public void report(Map<String, Watts> now, Map<String, Watts> lacking, long nanos) {
                held.add(now);
                share.report(now, lacking, nanos);
            }
        };
        var plain = part(Optional.of(minerPlug), false);
        loop = loop(new HeaterPart(
                plain.name(), plain.spec().onCircuit("flat"), miner, plain.plug(), Optional.empty(), false));
        room.celsius = Optional.of(23.0); // no heat is wanted
        cycle();
        assertTrue(minerPlug.on, "it is to be reachable");
        assertEquals(Map.of("flat", new Watts(850)), held.getLast());
        cycle();
        assertEquals(Map.of(), held.getLast(), "it reads off");
    }

    /** Its mains come back, and until it answers nobody tells it to rest. */
    @Test
    void aMinerThatGotItsMainsBackAndIsWantedIsToldNothingUntilItAnswers() throws InterruptedException {
        heatUp();
        minerPlug.on = false;
        cycle();
        assertTrue(minerPlug.on, "it has its mains back");
        miner.trouble = Optional.of(new DeviceException(DeviceException.Kind.UNREACHABLE, "miner: no answer"));
        told.clear();
        var booting = cycle();
        assertFalse(told.stream().anyMatch(each -> each.startsWith("miner ")), told.toString());
        assertFalse(booting.alarms().stream().anyMatch(each -> each.contains("command failed")), booting.toString());
        miner.trouble = Optional.empty();
        miner.level = 2;
        cycle();
        assertFalse(told.contains("miner level 0"), told.toString());
        assertTrue(miner.level > 0);
    }

    @Test
    void whatIsToldOtherwiseThanBeforeIsInTheJournalWithItsReason() throws InterruptedException {
        heatUp();
        var first = journal.actions(100);
        assertTrue(first.getLast().text().contains("at first off"), first.toString());
        assertTrue(
                first.stream()
                        .anyMatch(each ->
                                each.subject().equals("miner") && each.text().contains(" to Super: as asked (")),
                first.toString());
        int known = first.size();
        room.celsius = Optional.of(18.2);
        cycle();
        assertEquals(known, journal.actions(100).size(), "what is held is not written again");
        room.celsius = Optional.of(27.9);
        cycle();
        var cut = journal.actions(100).stream()
                .filter(each -> each.subject().equals("miner"))
                .findFirst()
                .orElseThrow();
        assertTrue(cut.text().startsWith("from Super to off, plug off: "), cut.text());
        assertTrue(cut.text().contains("the room is close to its maximum"), cut.text());
        assertTrue(
                journal.events(100).stream().noneMatch(each -> each.kind() == Event.Kind.ACTION),
                "alarms are not buried under them");
    }

    @Test
    void energyIsPaidByThePlugsMeterAndComfortIsCounted() throws InterruptedException {
        room.celsius = Optional.of(18.0); // 2 K below the band
        cycle();
        minerPlug.joules = 3.6e6;
        var books = cycle().books();
        assertEquals(1, books.electricityKwh(), 1e-9);
        assertEquals(0.30, books.electricity().amount(), 1e-9);
        assertEquals(0.30, books.net().amount(), 1e-9);
        assertEquals(2 / 60.0, loop.snapshot().orElseThrow().room().kelvinHoursBelow(), 1e-9);
        loop = loop(part(Optional.of(minerPlug), false), boost());
        assertEquals(1, cycle().books().electricityKwh(), 1e-9, "sums go on after a restart");
        assertEquals(3, journal.history(Instant.EPOCH, 100).size());
    }

    @Test
    void afterALongGapMetersCountAndComfortDoesNot() throws InterruptedException {
        cycle();
        minute += 30;
        minerPlug.joules = 3.6e6;
        var snapshot = cycle();
        assertEquals(1, snapshot.books().electricityKwh(), 1e-9);
        assertEquals(0.30, snapshot.books().electricity().amount(), 1e-9);
        assertEquals(0, snapshot.room().kelvinHoursBelow());
    }

    @Test
    void aDeviceThatStillStartsMayRefuseALevelAndIsToldAgain() throws InterruptedException {
        minerPlug.on = true;
        miner.level = 1;
        miner.starting = true;
        var snapshot = cycle();
        for (int i = 0; i < 10 && !wasToldToHeat(); i++) {
            room.celsius = Optional.of(18 + 0.1 * (minute % 2));
            snapshot = cycle();
        }
        assertTrue(wasToldToHeat(), told.toString());
        assertFalse(snapshot.alarms().toString().contains("Miner"), snapshot.toString());
        var view = snapshot.heaters().getFirst();
        assertEquals(Optional.empty(), view.fault());
        assertTrue(view.reason().endsWith("the device still calibrates, and is told again each cycle"), view.reason());
        told.clear();
        miner.starting = false;
        room.celsius = Optional.of(18.2);
        view = cycle().heaters().getFirst();
        assertTrue(wasToldToHeat(), told.toString());
        assertFalse(view.reason().contains("calibrates"), view.reason());
    }

    private boolean wasToldToHeat() {
        return told.contains("miner level 1") || told.contains("miner level 2");
    }

    @Test
    void theRefusalOfADeviceThatWorksIsAnAlarm() throws InterruptedException {
        heatUp();
        cycle();
        miner.level = 1;
        miner.refuses = true;
        room.celsius = Optional.of(18.2);
        var alarms = cycle().alarms().toString();
        assertTrue(alarms.contains("Miner: command failed: miner: is in calibration"), alarms);
    }

    @Test
    void damagedMemoryIsAnAlarmAndAnEventAndTheRoomIsKeptWarm() throws InterruptedException {
        heatUp();
        journal.learned(ControlLoop.LEARNED, START, new byte[] {7, 7, 7});
        loop = loop(part(Optional.of(minerPlug), false), boost());
        room.celsius = Optional.of(18.2);
        var snapshot = cycle();
        assertTrue(
                snapshot.alarms().toString().contains("what was learned of the room is lost"),
                snapshot.alarms().toString());
        assertTrue(journal.events(5).toString().contains("what was learned of the room is lost"));
        for (int i = 0; i < 10 && miner.level == 0; i++) {
            room.celsius = Optional.of(18 + 0.1 * (minute % 2));
            cycle();
        }
        assertTrue(miner.level > 0);
    }

    @Test
    void withoutAnOutlookTheThermostatDecidesAndSaysWhy() throws InterruptedException {
        var planning = cycle().planning();
        assertTrue(planning.standIn().isPresent());
        assertEquals(Optional.empty(), planning.plan());
        assertEquals(Optional.empty(), planning.prices());
    }

    @Test
    void whatIsKnownOfPricesIsShownBeforeAnythingIsPlanned() throws InterruptedException {
        outlook = time -> new Outlook(
                Optional.empty(), Optional.of(new PriceOutlook(START, Duration.ofHours(1), 0.2, 0.3)), Map.of());
        loop = loop(part(Optional.of(minerPlug), false), boost());
        var prices = cycle().planning().prices().orElseThrow();
        assertEquals(START, prices.start());
        assertEquals(List.of(0.2, 0.2, 0.2, 0.2, 0.3, 0.3, 0.3, 0.3), prices.perKwh());
    }

    @Test
    void theStopKeepsWhatWasLearned() throws InterruptedException {
        cycle();
        assertEquals(Optional.empty(), journal.learnedAt(ControlLoop.LEARNED));
        new Edge(loop, journal, () -> {
                    throw new IllegalStateException("no cycle is due");
                })
                .close();
        assertEquals(Optional.of(START.plusSeconds(60)), journal.learnedAt(ControlLoop.LEARNED));
        loop = loop(part(Optional.of(minerPlug), false), boost());
        assertEquals(List.of(), cycle().alarms());
    }

    @Test
    void theGracefulStopLeavesPlugsOfThoseThatObeyToRunOut() throws InterruptedException {
        heatUp();
        var stopped = loop.stop();
        assertEquals(2, stopped.size());
        assertTrue(stopped.stream().allMatch(ControlLoop.Stopped::off), stopped.toString());
        assertEquals(0, miner.level);
        assertFalse(told.contains("miner's plug off"), told.toString());
        assertFalse(boostPlug.on);
        assertThrows(IllegalStateException.class, this::cycle);
    }

    @Test
    void aHeaterThatDoesNotStopIsCutByItsPlug() throws InterruptedException {
        heatUp();
        miner.obeys = false;
        var stopped = loop.stop();
        assertFalse(minerPlug.on);
        assertTrue(
                stopped.stream().anyMatch(each -> each.how().contains("its plug was switched off")),
                stopped.toString());
    }
}
