package org.athanor.comfort;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.athanor.comfort.model.Sink;
import org.athanor.comfort.money.HeatPump;
import org.athanor.comfort.series.Forecast;
import org.athanor.comfort.series.PowerOutlook;
import org.athanor.comfort.series.PriceOutlook;
import org.athanor.units.Watts;
import org.junit.jupiter.api.Test;

/** What a home has around its heaters changes what is planned. */
class HouseholdTest {
    private static final PrimarySource HEAT_PUMP =
            new PrimarySource(new PrimarySource.Pump(HeatPump.AIR_RADIATORS, 10), new Watts(4000), true);
    private static final Instant NIGHT = Instant.parse("2019-01-11T00:00:00Z");

    /** In the learned flat, from 20.4 °C. */
    private static PlannedStep step(Household household, Instant time, Outlook outlook) {
        var controller = PlanningController.ofBytes(LearnedFlat.CONFIG.with(household), LearnedFlat.bytes());
        var some = new Some(controller, time);
        for (int minute = 0; minute < 10; minute++) some.step(outlook); // until all machines have answered
        return some.step(outlook);
    }

    private static final class Some {
        final PlanningController controller;
        final TestFlat flat = new TestFlat(LearnedFlat.COMFORT, 20.4, -4);
        Optional<Watts> primary = Optional.of(Watts.ZERO);

        Some(PlanningController controller, Instant time) {
            this.controller = controller;
            flat.time = time;
        }

        PlannedStep step(Outlook outlook) {
            flat.outdoor = LearnedFlat.outdoor(flat.time);
            var readings = flat.readings(Optional.of(flat.sensor()), Optional.empty());
            var step = controller.step(primary.map(readings::withPrimaryHeat).orElse(readings), outlook);
            flat.obey(step.control().commands());
            flat.advance();
            return step;
        }
    }

    private static Outlook paid(Outlook outlook, double perKwh) {
        var revenue = LearnedFlat.COMFORT.heaters().stream()
                .filter(heater -> !heater.switchedByPlug())
                .collect(Collectors.toMap(
                        HeaterSpec::id,
                        heater -> heater.levels().stream()
                                .map(watts -> watts.value() / 1000 * perKwh)
                                .toList()));
        return new Outlook(outlook.forecast(), outlook.prices(), Map.<String, List<Double>>copyOf(revenue));
    }

    private static double own(PlannedStep step) {
        var plan = step.plan().orElseThrow().plan();
        double sum = 0;
        for (int k = 0; k < plan.steps(); k++) sum += plan.ownWatts(k) / 4000;
        return sum;
    }

    private static double primary(PlannedStep step) {
        var plan = step.plan().orElseThrow().plan();
        double sum = 0;
        for (int k = 0; k < plan.steps(); k++) sum += plan.sourceWatts(k) / 4000;
        return sum;
    }

    @Test
    void theHeatPumpHeatsUnlessTheMachinesArePaidForIt() {
        var outlook = LearnedFlat.outlook(NIGHT);
        var unpaid = step(Household.NONE.with(HEAT_PUMP), NIGHT, outlook);
        assertEquals(Optional.empty(), unpaid.standIn());
        assertTrue(primary(unpaid) > 5 * own(unpaid), primary(unpaid) + " kWh, machines " + own(unpaid));
        assertTrue(unpaid.primaryHeat().orElseThrow().value() > 0);
        assertTrue(
                unpaid.control().explanation().contains("heat pump"),
                unpaid.control().explanation());
        var paid = step(Household.NONE.with(HEAT_PUMP), NIGHT, paid(outlook, 0.5));
        assertTrue(own(paid) > 3 * primary(paid), primary(paid) + " kWh, machines " + own(paid));
    }

    @Test
    void aBoilerNeedsThePriceOfItsFuel() {
        var boiler = new PrimarySource(new PrimarySource.Boiler(0.9), new Watts(4000), true);
        var outlook = LearnedFlat.outlook(NIGHT);
        var blind = step(Household.NONE.with(boiler), NIGHT, outlook);
        assertTrue(
                blind.standIn().orElseThrow().contains("boiler's fuel"),
                blind.standIn().toString());
        assertEquals(Optional.empty(), blind.primaryHeat());
        var cheap = step(Household.NONE.with(boiler), NIGHT, outlook.with(HouseOutlook.UNKNOWN.withFuel(0.06)));
        assertTrue(primary(cheap) > 20 * own(cheap), primary(cheap) + " kWh, machines " + own(cheap));
        var dear = step(Household.NONE.with(boiler), NIGHT, outlook.with(HouseOutlook.UNKNOWN.withFuel(0.60)));
        assertTrue(own(dear) > 20 * primary(dear), primary(dear) + " kWh, machines " + own(dear));
    }

    @Test
    void leasedWorkRunsThroughTheDearHours() {
        var outlook = LearnedFlat.outlook(NIGHT);
        int from = 40;
        int until = 56;
        var watts = new double[until - from];
        Arrays.fill(watts, 600);
        var start = NIGHT.plus(PlanningConfig.STEP.multipliedBy(from));
        var leased =
                step(Household.NONE, NIGHT, outlook.withPromised(new PowerOutlook(start, PlanningConfig.STEP, watts)));
        var plan = leased.plan().orElseThrow();
        int offset = (int) Duration.between(plan.start(), start).dividedBy(PlanningConfig.STEP);
        for (int k = offset + 1; k < offset + watts.length; k++)
            assertTrue(
                    plan.plan().ownWatts(k) >= 600,
                    "step " + k + ": " + plan.plan().ownWatts(k) + " W");
        assertEquals(0, plan.plan().breaches().missedLevels());
    }

    @Test
    void heatOfWellPaidWorkGoesOutdoorsWhenTheRoomIsWarm() {
        var outlook = paid(LearnedFlat.outlook(NIGHT), 2);
        var some = new Some(
                PlanningController.ofBytes(
                        LearnedFlat.CONFIG.with(Household.NONE.with(new Household.Outdoors())), LearnedFlat.bytes()),
                NIGHT);
        for (int minute = 0; minute < 10; minute++) some.step(outlook);
        var step = some.step(outlook);
        var plan = step.plan().orElseThrow().plan();
        assertTrue(own(step) > 24 * 0.8, own(step) + " kWh: it works all day");
        int away = 0;
        for (int k = 0; k < plan.steps(); k++) if (plan.elsewhere(k)) away++;
        assertTrue(away > 10 && away < plan.steps() - 10, away + " steps outdoors of " + plan.steps());
        for (int k = 8; k <= plan.steps(); k++)
            assertTrue(plan.airCelsius(k) < 22, plan.airCelsius(k) + " °C before step " + k);
    }

    @Test
    void aChillerNeedsAHotSource() {
        var chiller = new Sink.SorptionChiller(0.5, 60);
        assertThrows(IllegalArgumentException.class, () -> new Household.Chiller(chiller, 3.5, 45));
        assertEquals(0.5 * 0.28 / 3.5, new Household.Chiller(chiller, 3.5, 65).valuePerKwh(0.28), 1e-12);
        assertEquals(0, new Household.Chiller(chiller, 3.5).valuePerKwh(-0.1));
    }

    @Test
    void withoutAMeterOnItNothingIsPlannedOrLearned() {
        var some = new Some(
                PlanningController.ofBytes(
                        LearnedFlat.CONFIG.with(Household.NONE.with(HEAT_PUMP)), LearnedFlat.bytes()),
                NIGHT);
        some.primary = Optional.empty();
        var step = some.step(LearnedFlat.outlook(NIGHT));
        assertEquals(Optional.of("the heat of the heat pump is not measured"), step.standIn());
    }

    /** The radiators come on at eight each morning; the plan of the night leaves the morning to them. */
    @Test
    void leavesItsHoursToASourceThatItMayNotCommand() {
        var radiators = new PrimarySource(new PrimarySource.Radiators(), new Watts(1500), false);
        var bytes = LearnedFlat.bytes();
        var alone = new Some(PlanningController.ofBytes(LearnedFlat.CONFIG, bytes), NIGHT);
        var beside = new Some(
                PlanningController.ofBytes(LearnedFlat.CONFIG.with(Household.NONE.with(radiators)), bytes), NIGHT);
        for (int minute = 0; minute < 3 * 24 * 60; minute++) {
            int hour = LearnedFlat.hour(beside.flat.time);
            var heat = hour >= 8 && hour < 12 ? new Watts(1500) : Watts.ZERO;
            beside.primary = Optional.of(heat);
            beside.controller.step(
                    beside.flat.readings(Optional.empty(), Optional.empty()).withPrimaryHeat(heat), Outlook.UNKNOWN);
            beside.flat.advance();
        }
        var later = NIGHT.plus(Duration.ofDays(3)).plus(Duration.ofHours(4));
        var kept = PlanningController.ofBytes(
                LearnedFlat.CONFIG.with(Household.NONE.with(radiators)), beside.controller.toBytes());
        var with = new Some(kept, later).step(LearnedFlat.outlook(later));
        var without = new Some(PlanningController.ofBytes(LearnedFlat.CONFIG, alone.controller.toBytes()), later)
                .step(LearnedFlat.outlook(later));
        assertEquals(Optional.empty(), with.standIn());
        assertEquals(Optional.empty(), with.primaryHeat());
        assertTrue(own(with) < own(without) - 3, own(with) + " kWh beside radiators, " + own(without) + " without");
    }

    @Test
    void ownSolarIsUsedWhenItShines() {
        var start = NIGHT.truncatedTo(ChronoUnit.HOURS);
        var shining = new double[30];
        for (int i = 10; i < 15; i++) shining[i] = 3000;
        var house = HouseOutlook.UNKNOWN.withSolar(
                new PowerOutlook(start, LearnedFlat.HOUR, shining),
                new PriceOutlook(start, LearnedFlat.HOUR, new double[30]));
        var outlook = sunless(LearnedFlat.outlook(NIGHT));
        double dull = between(step(Household.NONE, NIGHT, outlook), 10, 15);
        double sunny = between(step(Household.NONE, NIGHT, outlook.with(house)), 10, 15);
        assertTrue(sunny > dull + 0.5, sunny + " kWh from the roof, " + dull + " kWh without");
    }

    private static Outlook sunless(Outlook outlook) {
        var forecast = new Forecast(NIGHT, NIGHT, LearnedFlat.HOUR, new double[30], new double[30]);
        return new Outlook(Optional.of(forecast), outlook.prices(), outlook.revenuePerHour());
    }

    private static double between(PlannedStep step, int fromHour, int toHour) {
        var plan = step.plan().orElseThrow().plan();
        double sum = 0;
        for (int k = 4 * fromHour; k < 4 * toHour; k++) sum += plan.ownWatts(k) / 4000;
        return sum;
    }

    @Test
    void thePeakThatIsChargedForIsLower() {
        double free = peak(step(Household.NONE, NIGHT, LearnedFlat.outlook(NIGHT)));
        double charged = peak(step(Household.NONE.withDemandPrice(5), NIGHT, LearnedFlat.outlook(NIGHT)));
        assertTrue(charged < 0.8 * free, charged + " W, " + free + " W where it is free");
        var reached = LearnedFlat.outlook(NIGHT).with(HouseOutlook.UNKNOWN.withPeakReached(new Watts(5000)));
        assertEquals(free, peak(step(Household.NONE.withDemandPrice(5), NIGHT, reached)), 0.1 * free);
    }

    private static double peak(PlannedStep step) {
        var plan = step.plan().orElseThrow().plan();
        double peak = 0;
        for (int k = 0; k < plan.steps(); k++) peak = Math.max(peak, plan.ownWatts(k));
        return peak;
    }

    @Test
    void keepsTheHouseBelowWhatItsConnectionCarries() {
        var load = new double[30];
        for (int i = 0; i < 6; i++) load[i] = 3000;
        var house = HouseOutlook.UNKNOWN.withOtherLoad(new PowerOutlook(NIGHT, LearnedFlat.HOUR, load));
        var step = step(
                Household.NONE.withConnection(new Watts(3500)),
                NIGHT,
                LearnedFlat.outlook(NIGHT).with(house));
        var plan = step.plan().orElseThrow().plan();
        for (int k = 0; k < plan.steps(); k++)
            assertTrue(plan.electricWatts(k) + (k < 24 ? 3000 : 0) <= 3500 + 1e-6, "step " + k);
    }

    @Test
    void nonsenseIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Household.NONE.withDemandPrice(-1));
        assertThrows(IllegalArgumentException.class, () -> new PrimarySource.Boiler(0));
        assertThrows(IllegalArgumentException.class, () -> new PowerOutlook(NIGHT, LearnedFlat.HOUR, 100, -1));
    }
}
