package org.athanor.cli.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.athanor.network.training.RoundRecord;
import org.athanor.training.trust.Rating;
import org.athanor.training.trust.Standing;
import org.junit.jupiter.api.Test;

class WorkerRecordTest {
    private static RoundRecord round(long round, List<String> workers, Map<String, String> dropped) {
        return new RoundRecord(round, Instant.EPOCH, 2, null, workers, 0, 0, 0, Map.of(), dropped);
    }

    @Test
    void whatCountedIsSummedUpByWorker() {
        var records = WorkerRecord.of(
                List.of(
                        round(0, List.of("a"), Map.of("b", "it changes nothing")),
                        round(1, List.of("a", "b", "b@0"), Map.of("c@0", "late"))),
                Map.of());
        assertEquals(List.of("a", "b", "c"), List.copyOf(records.keySet()));
        assertEquals(2, records.get("a").counted());
        assertEquals(2, records.get("b").counted());
        assertEquals(1, records.get("b").notCounted());
        assertEquals(1, records.get("c").notCounted());
        assertNull(records.get("a").excluded());
    }

    @Test
    void aRatingIsToldAsRoundsOfAHundred() {
        var usual = new Standing(new Rating(25, 2), 12, 0, 60, 1, null, null, 0, 14, -1L, false);
        var bad = new Standing(new Rating(5, 2), 12, 0, 60, 1, null, null, 0, 1, -1L, false);
        var fresh = new Standing(Rating.UNKNOWN, 1, 0, 1, 1, null, null, 0, 1, -1L, false);
        var records = WorkerRecord.of(List.of(), Map.of("a", usual, "b", usual, "c", bad, "d", fresh));
        assertEquals(
                "14 rounds replayed, better than the middle worker in 50 of 100 rounds (44 to 56)",
                records.get("a").examined());
        assertEquals(
                "1 round replayed, better than the middle worker in 8 of 100 rounds (6 to 10)",
                records.get("c").examined());
        assertEquals("1 round replayed, not rated yet", records.get("d").examined());
    }
}
