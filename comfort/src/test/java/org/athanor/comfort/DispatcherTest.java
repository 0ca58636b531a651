package org.athanor.comfort;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.athanor.units.Watts;
import org.junit.jupiter.api.Test;

class DispatcherTest {
    private static final List<HeaterSpec> HEATERS = List.of(Given.COMPUTER, Given.MINER, Given.BOOST);
    private static final Set<String> ALL = Set.of("computer", "miner", "boost");

    private final Dispatcher dispatcher = new Dispatcher(HEATERS, new Watts(3000));
    private Dispatcher.State state = Dispatcher.State.INITIAL;

    private Map<String, Integer> step(double watts) {
        return step(watts, Optional.empty(), ALL, Set.of());
    }

    private Map<String, Integer> step(double watts, Optional<Watts> cap, Set<String> available, Set<String> starting) {
        var output = dispatcher.step(
                state,
                new Dispatcher.Input(
                        60,
                        new Watts(watts),
                        Optional.empty(),
                        cap,
                        available,
                        starting,
                        Set.of(),
                        Map.of(),
                        Map.of(),
                        Map.of()));
        state = dispatcher.settle(output.state(), output.levels(), false);
        return output.levels();
    }

    private static double watts(Map<String, Integer> levels) {
        return HEATERS.stream()
                .mapToDouble(h -> h.watts(levels.get(h.id())).value())
                .sum();
    }

    @Test
    void preferredHeatersComeFirst() {
        assertEquals(Map.of("computer", 1, "miner", 0, "boost", 0), step(30));
        assertEquals(Map.of("computer", 2, "miner", 2, "boost", 0), step(660));
        assertEquals(Map.of("computer", 2, "miner", 3, "boost", 1), step(1860));
    }

    @Test
    void theBoostElementRestsWhileChipsCanCarryTheLoad() {
        step(0);
        for (int i = 0; i < 500; i++) assertEquals(0, step(860).get("boost"), "step " + i);
    }

    @Test
    void theBoostElementIsNotAskedForWhatAWaitingOrStartingMinerCanGive() {
        for (int i = 0; i < 10; i++)
            assertEquals(
                    0,
                    step(800, Optional.empty(), Set.of("computer", "boost"), Set.of("miner"))
                            .get("boost"));
        boolean used = false;
        for (int i = 0; i < 10; i++)
            used |= step(800, Optional.empty(), Set.of("computer", "boost"), Set.of())
                            .get("boost")
                    > 0;
        assertTrue(used, "a miner that is out of order is replaced");
    }

    /** A miner that must keep its level for a while, and an element beside it, as a plan had it in mind. */
    @Test
    void aPlansElementHeatsBesideChipsThatCouldGiveMore() {
        var input = new Dispatcher.Input(
                60,
                new Watts(1410),
                Optional.of(new Watts(1000)),
                Optional.empty(),
                ALL,
                Set.of(),
                Set.of(),
                Map.of(),
                Map.of(),
                Map.of());
        assertEquals(
                Map.of("computer", 2, "miner", 1, "boost", 1),
                dispatcher.step(state, input).levels());
        assertEquals(Map.of("computer", 2, "miner", 3, "boost", 0), step(1410), "unplanned, chips come first");
    }

    @Test
    void aPlanForChipsIsNotHandedToTheElement() {
        var input = new Dispatcher.Input(
                60,
                new Watts(860),
                Optional.of(Watts.ZERO),
                Optional.empty(),
                Set.of("computer", "boost"),
                Set.of(),
                Set.of(),
                Map.of(),
                Map.of(),
                Map.of());
        assertEquals(0, dispatcher.step(state, input).levels().get("boost"));
    }

    @Test
    void levelsAreModulatedRatherThanSwitched() {
        step(500);
        for (int i = 0; i < 300; i++) assertTrue(step(500).get("miner") > 0, "step " + i);
    }

    @Property(tries = 60)
    void inTheLongRunTheDemandIsDeliveredAndMinimumTimesAreKept(
            @ForAll @DoubleRange(min = 0, max = 1860) double demand) {
        state = Dispatcher.State.INITIAL;
        double delivered = 0;
        var since = new HashMap<String, Integer>();
        var before = new HashMap<String, Integer>();
        int steps = 1200;
        for (int i = 0; i < steps; i++) {
            var levels = step(demand);
            delivered += watts(levels) * 60;
            for (var heater : HEATERS) {
                boolean on = levels.get(heater.id()) > 0;
                boolean was = before.getOrDefault(heater.id(), 0) > 0;
                if (on != was) {
                    int minutes = i - since.getOrDefault(heater.id(), -100);
                    assertTrue(minutes >= heater.minimumOn().toMinutes(), heater.id() + " switched after " + minutes);
                    since.put(heater.id(), i);
                }
                before.put(heater.id(), levels.get(heater.id()));
            }
            assertTrue(Math.abs(state.owed().value()) <= 0.75 * 1000 * 300 + 1e-6);
        }
        assertEquals(demand, delivered / steps / 60, 8);
    }

    @Test
    void quietHoursCapWhatAllDrawTogether() {
        step(1800);
        for (int i = 0; i < 50; i++) assertTrue(watts(step(1800, Optional.of(new Watts(400)), ALL, Set.of())) <= 400);
    }

    @Test
    void nothingIsMadeUpForOnceNothingIsWanted() {
        for (int i = 0; i < 20; i++) step(250);
        for (int i = 0; i < 5; i++) step(0);
        assertEquals(0, watts(step(0)));
    }
}
