package org.athanor.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.athanor.comfort.PlanningConfig;
import org.athanor.comfort.PlanningController;
import org.athanor.devices.cpu.CpuHeater;
import org.athanor.ledger.MiningScenario;
import org.athanor.simulation.Pace;
import org.athanor.simulation.World;
import org.junit.jupiter.api.Test;

class DemoPastTest {
    private final DemoData data = DemoData.load(null, null);

    private PlanningConfig config() {
        var offset = World.offset(data.weather().location());
        try (var computer = new CpuHeater(Demo.COMPUTER, new IdleChips(), 1, DemoHeaters.WATTS_PER_THREAD)) {
            return new PlanningConfig(
                    FlatEdge.comfort(computer.capabilities(), offset, DemoHome.INITIAL), FlatEdge.PRIOR);
        }
    }

    private DemoPast past(long seed) {
        return DemoPast.live(
                data.weather(), DemoData.START, seed, config(), new DemoOutlook(data, MiningScenario.JULY_2025, seed));
    }

    @Test
    void tenDaysAreEnoughToPlanWithAndTheRoomWasKeptComfortable() {
        for (long seed = 1; seed <= 4; seed++) {
            var past = past(seed);
            var controller = PlanningController.ofBytes(config(), past.learned());
            assertTrue(controller.quality().goodEnough(), "seed " + seed + ": " + controller.quality());
            var home = past.home();
            assertEquals(Pace.FINE, home.pace());
            assertEquals(DemoHome.INITIAL.value(), home.airCelsius(), 1.2, "seed " + seed);
            assertEquals(World.sinceYearStart(DemoData.START, data.weather().location()), home.sinceYearStart());
            assertEquals(0, home.balance().heater().value(), "its books begin with the demo");
        }
    }

    @Test
    void theSameSeedIsTheSamePast() {
        assertArrayEquals(past(7).learned(), past(7).learned());
    }
}
