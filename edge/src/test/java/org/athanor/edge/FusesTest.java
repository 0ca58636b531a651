package org.athanor.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.athanor.comfort.HeaterSpec;
import org.athanor.units.Joules;
import org.athanor.units.Watts;
import org.junit.jupiter.api.Test;

class FusesTest {
    private static HeaterSpec heater(String id, double watts, String fuse) {
        return new HeaterSpec(
                        id,
                        List.of(Watts.ZERO, new Watts(watts)),
                        new Watts(watts),
                        Duration.ZERO,
                        Duration.ZERO,
                        Duration.ZERO,
                        new Joules(0),
                        Optional.empty(),
                        Optional.empty(),
                        true,
                        0)
                .onCircuit(fuse);
    }

    private final LinkedHashMap<String, List<HeaterSpec>> rooms = new LinkedHashMap<>();

    private Fuses fuses() {
        rooms.put("living", List.of(heater("miner", 850, "flat"), heater("panel", 1000, "flat")));
        rooms.put("study", List.of(heater("warmer", 750, "flat")));
        return new Fuses(Map.of("flat", new Watts(1800)), rooms);
    }

    private static double watts(Fuses.Share share) {
        return share.available().get("flat").value();
    }

    @Test
    void untilARoomHasReportedAllOfItsHeatersMayBeOn() {
        var fuses = fuses();
        assertEquals(1800 - 750, watts(fuses.of("living")));
        assertEquals(0, watts(fuses.of("study")), "1850 W of the living room are more than the fuse");
    }

    @Test
    void aRoomGetsWhatTheOthersDoNotHold() {
        var fuses = fuses();
        fuses.of("living").report(Map.of("flat", new Watts(850)), Map.of());
        assertEquals(950, watts(fuses.of("study")));
        fuses.of("study").report(Map.of("flat", new Watts(750)), Map.of());
        assertEquals(1050, watts(fuses.of("living")));
    }

    @Test
    void theRoomOfHigherPriorityIsGivenPlaceByThoseBelow() {
        var fuses = fuses();
        fuses.of("study").report(Map.of("flat", new Watts(750)), Map.of());
        fuses.of("living").report(Map.of("flat", new Watts(850)), Map.of("flat", new Watts(1000)));
        assertEquals(0, watts(fuses.of("study")), "what the living room lacks is kept for it");
        fuses.of("study").report(Map.of(), Map.of("flat", new Watts(750)));
        assertEquals(1800, watts(fuses.of("living")), "the study's own wish does not count against it");
    }

    @Test
    void aFuseWithoutALimitIsRefused() {
        rooms.put("hall", List.of(heater("lamp", 100, "hall")));
        assertThrows(IllegalArgumentException.class, this::fuses);
    }

    /** Rooms one after the other, each starting what fits and stopping what must, heaters that stop a cycle late. */
    @Test
    void noOrderOfWishesMakesTheFuseCarryMore() {
        var random = new Random(7);
        for (int run = 0; run < 200; run++) {
            var fuses = fuses();
            double living = 0;
            double study = 0;
            for (int step = 0; step < 50; step++) {
                living = next(fuses.of("living"), living, random.nextInt(3) * 850.0, step == 0);
                study = next(fuses.of("study"), study, random.nextInt(2) * 750.0, step == 0);
                assertTrue(living + study <= 1800, living + " and " + study + " W in step " + step);
            }
        }
    }

    private static double next(Fuses.Share share, double held, double wanted, boolean first) {
        double room = watts(share);
        double now = Math.min(wanted, 1850) <= room && !first ? Math.min(wanted, 1850) : Math.min(held, wanted);
        if (now > room) now = 0;
        share.report(Map.of("flat", new Watts(now)), Map.of("flat", new Watts(Math.max(0, wanted - now))));
        return now;
    }
}
