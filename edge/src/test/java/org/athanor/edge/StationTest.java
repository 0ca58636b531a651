package org.athanor.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.athanor.comfort.HeaterCommand;
import org.junit.jupiter.api.Test;

class StationTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final FakeDevices devices = new FakeDevices();
    private final FakeDevices.FakeMiner miner = devices.new FakeMiner(true);
    private final FakeDevices.FakePlug plug = devices.new FakePlug("plug");
    private final Station station =
            new Station(HeaterPart.of("Miner", miner, Optional.of(plug), 0, Optional.empty()), Duration.ofSeconds(5));

    private int minute;

    private double joules(Duration since) throws InterruptedException {
        return station.energy(station.read(0).await(), since).value();
    }

    @Test
    void whatWasBookedWhileThePlugWasSilentIsNotBookedAgainFromItsCounter() throws InterruptedException {
        miner.level = 1;
        plug.on = true;
        assertEquals(0, joules(Duration.ZERO));
        plug.silent = true;
        assertEquals(36_000, joules(MINUTE), 1e-6);
        assertEquals(36_000, joules(MINUTE), 1e-6);
        plug.silent = false;
        plug.joules = 100_000;
        assertEquals(28_000, joules(MINUTE), 1e-6);
        plug.joules = 136_000;
        assertEquals(36_000, joules(MINUTE), 1e-6);
    }

    @Test
    void anEstimateAboveTheCounterTakesNothingBack() throws InterruptedException {
        miner.level = 1;
        plug.on = true;
        assertEquals(0, joules(Duration.ZERO));
        plug.silent = true;
        assertEquals(36_000, joules(MINUTE), 1e-6);
        plug.silent = false;
        plug.joules = 30_000;
        assertEquals(0, joules(MINUTE), 1e-6);
        plug.joules = 40_000;
        assertEquals(10_000, joules(MINUTE), 1e-6);
    }

    /** @return what of it is not as it was last told */
    private Optional<String> cycle(HeaterCommand command) throws InterruptedException {
        long nanos = MINUTE.multipliedBy(minute++).toNanos();
        var read = station.read(nanos).await();
        station.remember(read);
        var taken = station.levelOrCut(command, nanos).await().value();
        station.commanded(command, taken.orElse(true), nanos);
        return read.mismatch();
    }

    /** As a card whose driver hangs: what computes on it is stopped all the same, and no plug could do it. */
    @Test
    void offWaitsForNoReadingThatHangs() throws InterruptedException {
        var alone = new Station(
                HeaterPart.of("Card", miner, Optional.empty(), 0, Optional.empty()), Duration.ofMillis(300));
        var end = new CountDownLatch(1);
        miner.level = 2;
        miner.deaf = true;
        miner.hangsUntil = Optional.of(end);
        for (var cycle = 0; cycle < 2; cycle++) {
            miner.level = 2;
            alone.remember(alone.read(cycle).await());
            var taken =
                    alone.levelOrCut(new HeaterCommand(0, true, "warm"), cycle).await();
            assertEquals(Optional.of(true), taken.value(), taken.toString());
            assertEquals(0, miner.level, "in cycle " + cycle);
        }
        var more = alone.levelOrCut(new HeaterCommand(1, true, "cold"), 2).await();
        assertTrue(more.failure().orElseThrow().contains("has not answered the request before yet"), more.toString());
        end.countDown();
    }

    /** As a Whatsminer goes for its whole limit for half an hour before it takes a share of it. */
    @Test
    void whatRefusesWhileItStartsIsNoTroubleForAnHour() throws InterruptedException {
        var wanted = new HeaterCommand(2, true, "as asked");
        plug.on = true;
        miner.level = 1;
        miner.starting = true;
        for (int i = 0; i < 50; i++) assertEquals(Optional.empty(), cycle(wanted), "in minute " + i);
        miner.starting = false;
        assertEquals(Optional.empty(), cycle(wanted), "it has come to work, and is told now");
        assertEquals(2, miner.level);
        miner.level = 1;
        miner.starting = true;
        for (int i = 0; i < 70; i++) cycle(wanted);
        assertEquals(Optional.of("Miner: commanded Super, reads Night"), cycle(wanted));
    }
}
