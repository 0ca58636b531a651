package org.athanor.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StationTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final FakeDevices devices = new FakeDevices();
    private final FakeDevices.FakeMiner miner = devices.new FakeMiner(true);
    private final FakeDevices.FakePlug plug = devices.new FakePlug("plug");
    private final Station station =
            new Station(HeaterPart.of("Miner", miner, Optional.of(plug), 0, Optional.empty()), Duration.ofSeconds(5));

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
}
