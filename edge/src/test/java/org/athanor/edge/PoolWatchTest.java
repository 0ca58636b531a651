package org.athanor.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.athanor.devices.Capabilities;
import org.athanor.devices.Heater;
import org.athanor.devices.HeaterState;
import org.athanor.devices.PoolReader;
import org.athanor.devices.PoolSetting;
import org.athanor.units.Joules;
import org.junit.jupiter.api.Test;

class PoolWatchTest {
    private static final PoolSetting OURS = new PoolSetting("stratum+tcp://pool.example.com:3333", "home.miner");
    private static final PoolSetting THEIRS = new PoolSetting("stratum+tcp://elsewhere.example:3333", "stranger");

    private final FakePooledMiner miner = new FakePooledMiner(new FakeDevices().new FakeMiner(true));
    private final Lane lane = new Lane("miner", Duration.ofSeconds(5));
    private final PoolWatch watch = new PoolWatch(part(miner, Optional.of(OURS)));

    /** Says for whom it works. */
    static final class FakePooledMiner implements Heater, PoolReader {
        private final Heater miner;
        volatile Optional<PoolSetting> pool = Optional.of(OURS);
        final AtomicInteger asked = new AtomicInteger();

        FakePooledMiner(Heater miner) {
            this.miner = miner;
        }

        @Override
        public Optional<PoolSetting> pool() {
            asked.incrementAndGet();
            return pool;
        }

        @Override
        public String id() {
            return miner.id();
        }

        @Override
        public Capabilities capabilities() {
            return miner.capabilities();
        }

        @Override
        public HeaterState read() {
            return miner.read();
        }

        @Override
        public void setLevel(int level) {
            miner.setLevel(level);
        }

        @Override
        public void close() {
            miner.close();
        }
    }

    static HeaterPart part(Heater heater, Optional<PoolSetting> ours) {
        var spec = HeaterPart.spec(heater.id(), heater.capabilities(), false, 0);
        return new HeaterPart("Miner", spec, heater, Optional.empty(), Optional.empty(), true, ours, Optional.empty());
    }

    /** @return whether it looked */
    private boolean look(int minute) throws InterruptedException {
        var pending = watch.look(lane, Duration.ofMinutes(minute).toNanos());
        if (pending.isEmpty()) return false;
        watch.seen(pending.get().await().value().orElseThrow());
        return true;
    }

    @Test
    void itLooksEveryTenMinutesAndWhatIsOursIsNoAlarm() throws InterruptedException {
        assertTrue(look(1));
        assertFalse(look(10));
        assertTrue(look(11));
        assertEquals(2, miner.asked.get());
        assertEquals(Optional.empty(), watch.alarm());
    }

    @Test
    void aPoolOrAUserThatIsNotOursIsAnAlarmUntilItIsOursAgain() throws InterruptedException {
        miner.pool = Optional.of(THEIRS);
        look(1);
        assertEquals(
                Optional.of("Miner works for somebody else: stranger at stratum+tcp://elsewhere.example:3333"
                        + " instead of home.miner at stratum+tcp://pool.example.com:3333"),
                watch.alarm());
        miner.pool = Optional.of(new PoolSetting(OURS.url(), "stranger"));
        look(11);
        assertTrue(watch.alarm().orElseThrow().contains("stranger at stratum+tcp://pool.example.com"));
        miner.pool = Optional.of(OURS);
        assertFalse(look(15));
        assertTrue(watch.alarm().isPresent(), "until the next look");
        look(21);
        assertEquals(Optional.empty(), watch.alarm());
    }

    @Test
    void whatIsMinedForAStrangerPaysNothing() throws InterruptedException {
        var pool = Optional.of(OURS);
        var spec = part(miner, pool).spec();
        var paid = new HeaterPart(
                "Miner",
                spec,
                miner,
                Optional.empty(),
                Optional.empty(),
                true,
                pool,
                Optional.of((hashrate, drawn, since) -> drawn.kilowattHours() * 0.1));
        var station = new Station(paid, Duration.ofSeconds(5));
        var read = new Station.Read(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        station.poolAlarm(0);
        assertEquals(0.1, station.expectedPay(read, Joules.ofKilowattHours(1), Duration.ofHours(1)), 1e-12);
        miner.pool = Optional.of(THEIRS);
        station.poolAlarm(Duration.ofMinutes(11).toNanos());
        assertEquals(0, station.expectedPay(read, Joules.ofKilowattHours(1), Duration.ofHours(1)));
    }

    @Test
    void theSameAddressMayBeWrittenInSeveralWays() {
        assertTrue(PoolWatch.same(new PoolSetting("POOL.example.com:3333", OURS.user()), OURS));
        assertTrue(PoolWatch.same(new PoolSetting("stratum2+tcp://pool.example.com:3333/key", OURS.user()), OURS));
        assertFalse(PoolWatch.same(new PoolSetting("pool.example.com:3334", OURS.user()), OURS));
        assertFalse(PoolWatch.same(new PoolSetting("pool.example.com.elsewhere.example:3333", OURS.user()), OURS));
        assertFalse(PoolWatch.same(new PoolSetting(OURS.url(), OURS.user() + "2"), OURS));
    }

    @Test
    void withoutAPoolOrAWishNothingIsWatched() throws InterruptedException {
        miner.pool = Optional.empty();
        assertTrue(look(1));
        assertEquals(Optional.empty(), watch.alarm());
        assertEquals(Optional.empty(), new PoolWatch(part(miner, Optional.empty())).look(lane, 0));
        var mute = new FakeDevices().new FakeMiner(true);
        assertEquals(Optional.empty(), new PoolWatch(part(mute, Optional.of(OURS))).look(lane, 0));
    }
}
