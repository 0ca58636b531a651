package org.athanor.cli.heater;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.athanor.cli.heater.FaultyWeek.Machines;
import org.athanor.cli.heater.FaultyWeek.Season;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Some hours of {@link FaultyWeek}; {@code -Dathanor.faulty.minutes=N} and {@code -Dathanor.faulty.seed=N} ask for others. */
@Execution(ExecutionMode.CONCURRENT)
class FaultyWeekTest {
    private static final int MINUTES = Integer.getInteger("athanor.faulty.minutes", 150);
    private static final long SEED = Long.getLong("athanor.faulty.seed", System.nanoTime() & 0xFFFF_FFFFL);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"MIXED,COLD", "MIXED,SPRING", "RACKS,COLD", "RACKS,SPRING"})
    void whateverBreaksLimitsAreKeptNothingStormsAndEveryActionHasItsReason(Machines machines, Season season)
            throws Exception {
        var figures = FaultyWeek.live(machines, season, SEED, MINUTES, folder);
        assertTrue(figures.fuseWatts() > 0, figures + ": something hung on the fuse");
    }
}
