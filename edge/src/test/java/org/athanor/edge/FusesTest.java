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
        return heater(id, watts, fuse, Duration.ZERO);
    }

    private static HeaterSpec heater(String id, double watts, String fuse, Duration minimumOn) {
        return new HeaterSpec(
                        id,
                        List.of(Watts.ZERO, new Watts(watts)),
                        new Watts(watts),
                        minimumOn,
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
        return share.available(0).get("flat").value();
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
        fuses.of("living").report(Map.of("flat", new Watts(850)), Map.of(), 0);
        assertEquals(950, watts(fuses.of("study")));
        fuses.of("study").report(Map.of("flat", new Watts(750)), Map.of(), 0);
        assertEquals(1050, watts(fuses.of("living")));
    }

    @Test
    void theRoomOfHigherPriorityIsGivenPlaceByThoseBelow() {
        var fuses = fuses();
        fuses.of("study").report(Map.of("flat", new Watts(750)), Map.of(), 0);
        fuses.of("living").report(Map.of("flat", new Watts(850)), Map.of("flat", new Watts(1000)), 0);
        assertEquals(0, watts(fuses.of("study")), "what the living room lacks is kept for it");
        fuses.of("study").report(Map.of(), Map.of("flat", new Watts(750)), 0);
        assertEquals(1800, watts(fuses.of("living")), "the study's own wish does not count against it");
    }

    /** Rooms that want a place for a minute and then do not must not start another's boards again and again. */
    @Test
    void whatHasJustStartedRunsForItsMinimumTimeOn() {
        rooms.put("living", List.of(heater("panel", 1000, "flat")));
        rooms.put("cellar", List.of(heater("rack", 1500, "flat", Duration.ofMinutes(30))));
        var fuses = new Fuses(Map.of("flat", new Watts(1800)), rooms);
        var living = fuses.of("living");
        var cellar = fuses.of("cellar");
        long minute = Duration.ofMinutes(1).toNanos();
        living.report(Map.of(), Map.of(), 0);
        cellar.report(Map.of(), Map.of(), 0);
        cellar.report(Map.of("flat", new Watts(1500)), Map.of(), minute);
        living.report(Map.of(), Map.of("flat", new Watts(1000)), minute);
        assertEquals(1500, cellar.available(2 * minute).get("flat").value(), "it has started, and goes on");
        cellar.report(Map.of("flat", new Watts(1500)), Map.of(), 30 * minute);
        assertEquals(1500, cellar.available(30 * minute).get("flat").value());
        assertEquals(800, cellar.available(31 * minute).get("flat").value(), "now the living room goes before it");

        living.report(Map.of("flat", new Watts(1000)), Map.of(), 32 * minute);
        cellar.report(Map.of("flat", new Watts(1500)), Map.of(), 32 * minute);
        assertEquals(800, cellar.available(32 * minute).get("flat").value(), "what others hold it never gets");
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
        var minimumOn = Duration.ofNanos(3);
        rooms.put("living", List.of(heater("miner", 850, "flat", minimumOn), heater("panel", 1000, "flat")));
        rooms.put("study", List.of(heater("warmer", 750, "flat", minimumOn)));
        for (int run = 0; run < 200; run++) {
            var fuses = new Fuses(Map.of("flat", new Watts(1800)), rooms);
            double living = 0;
            double study = 0;
            for (int step = 0; step < 50; step++) {
                living = next(fuses.of("living"), living, random.nextInt(3) * 850.0, step);
                study = next(fuses.of("study"), study, random.nextInt(2) * 750.0, step);
                assertTrue(living + study <= 1800, living + " and " + study + " W in step " + step);
            }
        }
    }

    private static double next(Fuses.Share share, double held, double wanted, int step) {
        double room = share.available(step).get("flat").value();
        double now = Math.min(wanted, 1850) <= room && step > 0 ? Math.min(wanted, 1850) : Math.min(held, wanted);
        if (now > room) now = 0;
        share.report(Map.of("flat", new Watts(now)), Map.of("flat", new Watts(Math.max(0, wanted - now))), step);
        return now;
    }
}
