package org.athanor.comfort;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.athanor.comfort.learning.LivedTank;
import org.athanor.comfort.model.HotWaterTank;
import org.athanor.comfort.series.PowerOutlook;
import org.athanor.comfort.series.PriceOutlook;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;
import org.athanor.units.Kelvins;
import org.athanor.units.Watts;
import org.junit.jupiter.api.Test;

/** A tank in ten layers and the household that draws from it, with a miner whose loop gets no hotter than 57 °C and an element. */
class TankControllerTest {
    private static final double MAXIMUM = 72;
    private static final double MINER_CELSIUS = 57;
    private static final int DAY = 1440;
    private static final TankSpec TANK = new TankSpec(
            200,
            1.56,
            120,
            new Celsius(LivedTank.AMBIENT),
            Optional.of(new TankSpec.Hygiene(new Celsius(60), Duration.ofHours(1), Duration.ofDays(7))));
    private static final HeaterSpec MINER = new HeaterSpec(
                    "miner",
                    List.of(Watts.ZERO, new Watts(1000), new Watts(1500)),
                    new Watts(2000),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(5),
                    Duration.ZERO,
                    new Joules(200_000),
                    Optional.of(new Celsius(95)),
                    Optional.empty(),
                    true,
                    0)
            .heatingUpTo(new Celsius(MINER_CELSIUS));
    private static final HeaterSpec ELEMENT = new HeaterSpec(
            "element",
            List.of(Watts.ZERO, new Watts(2000)),
            new Watts(2200),
            Duration.ofMinutes(3),
            Duration.ofMinutes(3),
            Duration.ZERO,
            new Joules(60_000),
            Optional.empty(),
            Optional.empty(),
            true,
            1);

    private final LivedTank lived =
            new LivedTank(new HotWaterTank(200, 10, 1.56, 3, 0), 50, 80, Instant.parse("2026-01-04T23:00:00Z"), 3);
    private TankController controller = new TankController(config(List.of(MINER, ELEMENT)), TANK, Optional.empty());
    private Map<String, HeaterCommand> commands = Map.of();
    private PlannedStep last;
    private long seconds;
    private boolean prices = true;
    private UnaryOperator<Outlook> wished = outlook -> outlook;
    private UnaryOperator<Optional<Celsius>> thermometer = shown -> shown;
    private boolean second = true;
    private double hottestWithMiner = 0;
    private int elementMinutes;
    private int elementMinutesWithoutNeed;
    private double given;

    private static ComfortConfig config(List<HeaterSpec> heaters) {
        return new ComfortConfig(
                heaters,
                Schedule.constant(LivedTank.ZONE, new Celsius(50)),
                new ComfortBand(new Kelvins(3), new Kelvins(MAXIMUM)),
                new ThermostatMode.Hysteresis(new Kelvins(2)),
                new SafetyLimits(
                        new Celsius(MAXIMUM),
                        new Celsius(4),
                        0.5 * 200 * HotWaterTank.WATER,
                        Watts.ZERO,
                        new Watts(5000),
                        Duration.ofSeconds(60),
                        Duration.ofMinutes(2),
                        new Kelvins(1),
                        Duration.ofSeconds(150),
                        Duration.ofMinutes(3),
                        Medium.WATER));
    }

    private static Celsius tenths(double celsius) {
        return new Celsius(Math.rint(celsius * 10) / 10);
    }

    private void minute() {
        double watts = 0;
        var heaters = new HashMap<String, HeaterReading>();
        for (var spec : List.of(MINER, ELEMENT)) {
            var command = commands.getOrDefault(spec.id(), new HeaterCommand(0, false, ""));
            boolean on = command.plugOn();
            double drawn = on ? spec.watts(command.level()).value() : 0;
            // its loop gets no hotter
            if (spec.equals(MINER) && lived.celsius[0] >= MINER_CELSIUS && drawn > 0)
                hottestWithMiner = lived.celsius[0];
            if (spec.equals(ELEMENT) && drawn > 0) {
                elementMinutes++;
                if (isWithoutNeed(lived.celsius[0])) elementMinutesWithoutNeed++;
            }
            watts += drawn;
            heaters.put(
                    spec.id(),
                    new HeaterReading(
                            OptionalInt.of(on ? command.level() : 0),
                            Optional.empty(),
                            Optional.of(new Watts(drawn)),
                            Optional.of(on),
                            spec.equals(MINER) && on ? Optional.of(new Celsius(70)) : Optional.empty(),
                            Optional.empty(),
                            Optional.empty()));
        }
        lived.live(watts);
        given += watts * 60;
        seconds += 60;
        var start = lived.time.truncatedTo(ChronoUnit.HOURS);
        var perKwh = new double[48];
        for (int i = 0; i < perKwh.length; i++) {
            int hour = start.plus(Duration.ofHours(i)).atZone(LivedTank.ZONE).getHour();
            perKwh[i] = hour >= 7 && hour < 22 ? 0.32 : 0.24;
        }
        var outlook = prices
                ? new Outlook(
                        Optional.empty(),
                        Optional.of(new PriceOutlook(start, Duration.ofHours(1), perKwh)),
                        Map.of("miner", List.of(0.0, 0.06, 0.09)))
                : Outlook.UNKNOWN;
        var lower = thermometer.apply(Optional.of(tenths(lived.celsius[3])));
        last = controller.step(
                new Readings(
                        lived.time,
                        seconds * 1_000_000_000L,
                        lower,
                        second ? Optional.of(tenths(lived.celsius[8])) : Optional.empty(),
                        Optional.empty(),
                        heaters),
                wished.apply(outlook));
        commands = last.control().commands();
    }

    /** The chips neither do what they can nor find the water as warm as theirs. */
    private boolean isWithoutNeed(double bottom) {
        return commands.get("miner").level() < MINER.topLevel() && bottom < MINER_CELSIUS - 4;
    }

    private void minutes(int count) {
        for (int i = 0; i < count; i++) minute();
    }

    private PowerOutlook now(double watts) {
        return new PowerOutlook(lived.time, Duration.ofMinutes(15), watts);
    }

    private boolean minerHeats() {
        return commands.get("miner").level() > 0;
    }

    @Test
    void whatIsAllowedAndPromisedOfTheChipsIsPlannedAtOnce() {
        for (int i = 0; i < DAY && !(i > 0 && minerHeats() && lived.celsius[3] > 48); i++) minute();
        assertTrue(minerHeats(), "it heats of itself");
        wished = outlook -> outlook.withAllowed(now(0));
        minutes(6); // it was on for its minimum time by then
        for (int i = 0; i < 20; i++) {
            minute();
            assertFalse(minerHeats(), "minute " + i);
        }
        wished = outlook -> outlook.withPromised(now(1500));
        minutes(6);
        assertEquals(MINER.topLevel(), commands.get("miner").level());
        for (int i = 0; i < DAY / 2; i++) minute();
        assertEquals(0, hottestWithMiner, "no promise makes the miner heat what is as warm as its loop");
        assertTrue(lived.hottest < MAXIMUM, "hottest water of " + lived.hottest + " °C");
    }

    @Test
    void drawsAreServedLimitsKeptAndTheTankIsDisinfectedWithinItsFirstDay() {
        minutes(DAY + DAY / 4);
        assertTrue(lived.litres > 60, "drawn: " + lived.litres + " l");
        assertEquals(0, lived.litresBelowForty, "litres that ran cold");
        assertTrue(lived.hottest < MAXIMUM, "hottest water of " + lived.hottest + " °C");
        var disinfected = controller.disinfected().orElseThrow();
        assertTrue(disinfected.isBefore(Instant.parse("2026-01-05T23:30:00Z")), "disinfected at " + disinfected);
        assertEquals(0, hottestWithMiner, "the miner never heats what is as warm as its loop");
        assertTrue(elementMinutes > 0);
        assertTrue(
                elementMinutesWithoutNeed <= 5, "but for its minimum time the element is for what the chips cannot do");
        assertTrue(controller.draws().hoursSeen() > 27);
        assertEquals(Optional.empty(), last.standIn());
        assertTrue(last.plan().isPresent());
        assertFalse(
                last.control().explanation().contains("room"), last.control().explanation());
        assertEquals(Optional.empty(), last.note());
    }

    @Test
    void withoutPricesTheThermostatHeatsAndSaysSoAndWhatIsOverdueIsDoneAllTheSame() {
        prices = false;
        minutes(DAY - 60);
        assertEquals(Optional.of("no prices are known"), last.standIn());
        assertEquals(0, lived.litresBelowForty, "litres that ran cold");
        assertEquals(Optional.empty(), controller.disinfected());
        minutes(6 * 60);
        assertTrue(controller.disinfected().isPresent(), last.control().explanation());
        assertTrue(lived.hottest < MAXIMUM, "hottest water of " + lived.hottest + " °C");
    }

    @Test
    void whatWasLearnedAndDoneIsRestored() {
        minutes(DAY - 120);
        var bytes = controller.toBytes();
        var restored = TankController.ofBytes(
                config(List.of(MINER, ELEMENT)), TANK, bytes, Optional.of(controller.heatMemory()));
        assertEquals(controller.knowledge(), restored.knowledge());
        assertEquals(controller.disinfected(), restored.disinfected());
        assertTrue(restored.disinfected().isPresent());
        bytes[bytes.length / 2] ^= 1;
        assertThrows(
                IllegalArgumentException.class,
                () -> TankController.ofBytes(config(List.of(MINER, ELEMENT)), TANK, bytes, Optional.empty()));
    }

    /** From the last good reading on no more is released than brings the tank from there to its maximum. */
    @Test
    void aMissingThermometerStopsTheHeatInTime() {
        second = false;
        minutes(120);
        double before = lived.celsius[9];
        given = 0;
        thermometer = _ -> Optional.empty();
        minutes(DAY / 4);
        assertTrue(
                given / (200 * HotWaterTank.WATER) < MAXIMUM - before, given / 1e6 + " MJ from " + before + " °C on");
        assertTrue(lived.hottest < MAXIMUM, "hottest water of " + lived.hottest + " °C");
        assertEquals(Optional.of("the tank's temperature is not known"), last.standIn());
        minutes(10);
        thermometer = shown -> shown;
        minutes(30);
        assertEquals(SafetyStatus.Thermometer.TRUSTED, last.control().safety().thermometer());
    }

    /** It would ask for heat for ever, and cannot be told from one that cold water has just passed: little is released on it. */
    @Test
    void aThermometerThatFellAndSticksStopsTheHeatInTime() {
        second = false;
        minutes(6 * 60);
        var start = lived.celsius[9];
        given = 0;
        thermometer = _ -> Optional.of(new Celsius(20));
        minutes(5 * 60);
        assertTrue(given < 4 * 0.5 * 200 * HotWaterTank.WATER, given / 1e6 + " MJ since " + start + " °C");
        assertTrue(lived.hottest < MAXIMUM, "hottest water of " + lived.hottest + " °C");
    }

    /** Cold water that follows a bath passes the thermometer within a minute or two: no fault, and the tank is heated again. */
    @Test
    void theColdWaterAfterABathIsBelieved() {
        second = false;
        minutes(20 * 60);
        for (int i = 0; i < 6; i++) lived.celsius[i] = 12;
        minutes(2);
        assertEquals(SafetyStatus.Thermometer.TRUSTED, last.control().safety().thermometer());
        minutes(4 * 60);
        assertTrue(lived.celsius[3] > 45, "heated to " + lived.celsius[3] + " °C");
    }

    @Test
    void aTankThatMayNotGetHotEnoughSaysThatItIsNotDisinfected() {
        var low = config(List.of(MINER, ELEMENT));
        var limits = low.limits();
        var lower = new SafetyLimits(
                new Celsius(63),
                limits.frostMinimum(),
                limits.airCapacityJoulesPerKelvin(),
                Watts.ZERO,
                limits.circuitLimit(),
                limits.step(),
                limits.sensorLag(),
                limits.sensorError(),
                limits.plugCountdown(),
                limits.startGrace(),
                Medium.WATER);
        controller = new TankController(
                new ComfortConfig(low.heaters(), low.schedule(), low.band(), low.mode(), lower),
                TANK,
                Optional.empty());
        minutes(3 * 60);
        assertTrue(
                last.note().orElseThrow().startsWith("the tank is not disinfected: the tank may not be hotter than"),
                last.note().toString());
    }
}
