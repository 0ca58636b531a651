package org.athanor.comfort;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.athanor.comfort.SinkChoice.Offer;
import org.athanor.comfort.model.HotWaterTank;
import org.athanor.comfort.model.Sink;
import org.athanor.comfort.planning.ComputeDevice;
import org.athanor.comfort.planning.DeviceState;
import org.athanor.comfort.planning.TankPlanner;
import org.athanor.comfort.planning.TankProblem;
import org.junit.jupiter.api.Test;

class SinkChoiceTest {
    private static final Sink ROOM = new Sink.Room();
    private static final Sink TANK = new Sink.HotWater(45);
    private static final Sink OUTDOORS = new Sink.Outdoors();
    private static final Sink.SorptionChiller CHILLER = new Sink.SorptionChiller(0.5, 60);

    private static SinkChoice best(double revenue, double sourceCelsius, Offer... offers) {
        return SinkChoice.best(0.30, 0.01, 1, revenue, sourceCelsius, List.of(offers));
    }

    @Test
    void heatGoesWhereItIsWorthMost() {
        var choice = best(0.08, 70, new Offer(ROOM, 0.20), new Offer(TANK, 0.25));
        assertEquals(TANK, choice.sink());
        assertEquals(0.30 + 0.01 - 0.25, choice.netCost(), 1e-12);
        assertTrue(choice.worthIt());
    }

    @Test
    void aSourceThatIsTooCoolMustTakeAnotherSink() {
        assertEquals(
                ROOM,
                best(0.15, 40, new Offer(ROOM, 0.20), new Offer(TANK, 0.25)).sink());
        assertEquals(
                OUTDOORS,
                best(0.15, 15, new Offer(ROOM, 0.20), new Offer(TANK, 0.25)).sink());
        assertThrows(IllegalArgumentException.class, () -> best(0.15, -60));
    }

    @Test
    void outdoorsHeatIsWorthNothing() {
        var choice = best(0.30, 70);
        assertEquals(OUTDOORS, choice.sink());
        assertEquals(0.31, choice.netCost(), 1e-12);
        assertFalse(choice.worthIt(), "0.30 do not pay for 0.31");
        assertTrue(best(0.32, 70).worthIt());
    }

    @Test
    void aRoomThatIsBeingCooledSendsTheHeatAway() {
        // the air conditioner would have to take it out again: v = -p / 3
        assertEquals(OUTDOORS, best(0.4, 70, new Offer(ROOM, -0.10)).sink());
    }

    /** DESIGN: v = COP_chiller p / COP_aircon, some 0.14 p. */
    @Test
    void aChillerIsRarelyWorthIt() {
        var offer = Offer.chiller(CHILLER, 0.30, 3.5);
        assertEquals(0.14 * 0.30, offer.valuePerKwh(), 0.003 * 0.30);
        var choice = best(0.08, 70, offer);
        assertEquals(CHILLER, choice.sink());
        assertFalse(choice.worthIt(), "cold for 0.04 does not make 0.08 of work pay for 0.31");
        assertTrue(best(0.28, 70, offer).worthIt(), "but outdoors it would not be");
        assertEquals(OUTDOORS, best(0.28, 55, offer).sink(), "too cool a source");
    }

    @Test
    void alongAPlanTheTankTakesTheHeatWhileItWantsAny() {
        int steps = 48;
        var prices = new double[steps];
        Arrays.fill(prices, 0.25);
        Arrays.fill(prices, 24, 48, 0.02);
        var revenue = new double[steps];
        Arrays.fill(revenue, 0.06);
        var draws = new double[steps];
        Arrays.fill(draws, 8, 12, 1500);
        var usable = new double[steps];
        Arrays.fill(usable, 46);
        var perHour = new double[][] {new double[steps], new double[steps]};
        Arrays.fill(perHour[1], 0.06);
        var device = ComputeDevice.plain(List.of(0.0, 1000.0));
        var plan = new TankPlanner()
                .plan(TankProblem.of(HotWaterTank.ofTwoHundredLitres(), 48, Duration.ofMinutes(15), steps)
                        .surroundings(constant(18, steps), draws)
                        .comfort(usable, 56)
                        .electricity(prices)
                        .device(device, DeviceState.RESTED, perHour, 60)
                        .build())
                .plan();
        var choices = SinkChoice.along(plan, TANK, prices, 0, 1, revenue, 60, Collections.nCopies(steps, List.of()));
        assertEquals(steps, choices.size());
        int away = 0;
        int taken = 0;
        for (int k = 0; k < steps; k++) {
            var choice = choices.get(k);
            assertEquals(plan.level(k) > 0 ? TANK : OUTDOORS, choice.sink(), "step " + k);
            if (plan.level(k) > 0) taken++;
            // by day the work pays for all of its electricity, at night only for some of it
            else assertEquals(prices[k] < revenue[k], choice.worthIt(), "step " + k);
            if (choice.worthIt() && plan.level(k) == 0) away++;
        }
        assertTrue(taken > 4 && away > 4, taken + " steps into the tank, " + away + " away from a full one");
        assertThrows(
                IllegalArgumentException.class,
                () -> SinkChoice.along(plan, TANK, new double[3], 0, 1, revenue, 60, List.of()));
    }

    private static double[] constant(double value, int steps) {
        var values = new double[steps];
        Arrays.fill(values, value);
        return values;
    }
}
