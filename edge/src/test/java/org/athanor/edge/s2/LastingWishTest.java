package org.athanor.edge.s2;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.athanor.edge.LearnedHome;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A manager that asks every minute of a day for the same, and is heard wherever it is not refused. */
@Execution(ExecutionMode.CONCURRENT)
class LastingWishTest {
    /** Of the setpoint of 21 °C: a band of 1 K, and what a thermometer of tenths and a step of a minute cost. */
    private static final double LOWEST = 20 - 0.2;

    private static final double HIGHEST = 22 + 0.2;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"0, 0.05", "0, 2", "1, 0.05", "2, 2", "2, 0.05"})
    void theRoomStaysWithinItsBandWhateverIsAskedAllDay(int level, double price) throws InterruptedException {
        try (var home = new LearnedHome(folder.resolve("edge"))) {
            home.learn();
            var edge = home.edge();
            home.price(price);
            home.minute(edge);
            var room = edge.flexible("living", "Living room");
            var miner = room.flexibility().orElseThrow().heaters().getFirst().id();
            var control = new FillRateControl(room.flexibility().orElseThrow());
            double least = home.air();
            double most = home.air();
            int heard = 0;
            Set<Integer> levels = new TreeSet<>();
            for (int i = 0; i < 1440; i++) {
                if (control.objection(room.moment().orElseThrow(), 0, level).isEmpty()) {
                    room.prefer(miner, level, home.now().plus(Duration.ofMinutes(5)));
                    heard++;
                } else room.release(miner);
                home.minute(edge);
                least = Math.min(least, home.air());
                most = Math.max(most, home.air());
                levels.add(home.level());
            }
            var seen = least + " to " + most + " °C, heard in " + heard + " min, levels " + levels;
            System.out.println("level " + level + " at " + price + ": " + seen);
            assertTrue(least > LOWEST && most < HIGHEST, seen);
            assertTrue(heard > 60, seen);
            edge.stop();
        }
    }
}
