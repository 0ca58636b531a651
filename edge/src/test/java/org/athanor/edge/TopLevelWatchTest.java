package org.athanor.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.athanor.devices.Capabilities;
import org.athanor.devices.DeclaredTop;
import org.athanor.devices.Heater;
import org.athanor.devices.HeaterState;
import org.athanor.devices.HeaterState.Phase;
import org.athanor.devices.HeaterState.PowerSource;
import org.athanor.devices.PlugState;
import org.athanor.units.Hashrate;
import org.athanor.units.Joules;
import org.athanor.units.Watts;
import org.junit.jupiter.api.Test;

class TopLevelWatchTest {
    private static final int TOP = 2;

    private final DeclaredMiner miner = new DeclaredMiner(new FakeDevices().new FakeMiner(true));
    private final TopLevelWatch watch = new TopLevelWatch(PoolWatchTest.part(miner, Optional.empty()));
    private int minute;

    /** Its highest level, 800 W, is what its owner declared; it settles within 2 minutes. */
    static final class DeclaredMiner implements Heater, DeclaredTop {
        private final FakeDevices.FakeMiner miner;
        volatile double watts = 800;
        volatile Phase phase = Phase.WORKING;
        volatile double terahashes = 20;

        DeclaredMiner(FakeDevices.FakeMiner miner) {
            this.miner = miner;
            miner.level = TOP;
        }

        @Override
        public String correction(Watts measured) {
            return "write " + Math.round(measured.value());
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
            var state = miner.read();
            boolean top = state.level().equals(OptionalInt.of(TOP));
            return new HeaterState(
                    state.level(),
                    top ? phase : state.phase(),
                    top ? Optional.of(new Watts(watts)) : state.power(),
                    PowerSource.REPORTED,
                    state.chip(),
                    state.inlet(),
                    state.fanRpm(),
                    Optional.of(Hashrate.ofTerahashes(terahashes)),
                    state.fault());
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

    private void pass(int minutes, Optional<PlugState> plug) {
        for (int i = 0; i < minutes; i++)
            watch.seen(
                    new Station.Read(Optional.of(miner.read()), plug, Optional.empty(), Optional.empty()),
                    Duration.ofMinutes(minute++).toNanos());
    }

    private void pass(int minutes) {
        pass(minutes, Optional.empty());
    }

    @Test
    void whatIsOffByMoreThanATenthIsAnAlarmThatSaysWhatToDo() {
        miner.watts = 890;
        pass(12);
        assertEquals(Optional.empty(), watch.alarm(), "it settles, and is watched for ten minutes");
        pass(1);
        assertEquals(
                Optional.of("Miner draws 890 W at its highest level, for which 800 W are declared: write 890"),
                watch.alarm());
        miner.watts = 700;
        pass(11);
        assertTrue(
                watch.alarm().orElseThrow().contains("draws 700 W"),
                watch.alarm().toString());
    }

    @Test
    void whatIsNearlyRightIsNone() {
        for (double watts : new double[] {730, 800, 870}) {
            miner.watts = watts;
            pass(30);
            assertEquals(Optional.empty(), watch.alarm());
        }
    }

    @Test
    void aRampOrASpikeIsNone() {
        miner.watts = 1000;
        pass(2);
        miner.watts = 805;
        pass(8);
        miner.watts = 1200;
        pass(1);
        miner.watts = 805;
        pass(20);
        assertEquals(Optional.empty(), watch.alarm());
    }

    /** An alarm that came and went, or told another figure each time, would fill the log. */
    @Test
    void atTheBorderItStandsAsItIs() {
        miner.watts = 885;
        pass(13);
        var alarm = watch.alarm();
        assertTrue(alarm.isPresent());
        for (int i = 0; i < 20; i++) {
            miner.watts = i % 2 == 0 ? 868 : 895;
            pass(11);
            assertEquals(alarm, watch.alarm());
        }
    }

    @Test
    void itStandsUntilTheHighestLevelWasSeenToBeRight() {
        miner.watts = 900;
        pass(13);
        miner.miner.level = 1;
        pass(60);
        assertTrue(watch.alarm().isPresent(), "at other levels nothing is seen of it");
        miner.miner.level = TOP;
        miner.watts = 810;
        pass(12);
        assertTrue(watch.alarm().isPresent());
        pass(1);
        assertEquals(Optional.empty(), watch.alarm());
    }

    @Test
    void thePlugsMeterIsBelievedBeforeTheDevice() {
        pass(13, Optional.of(new PlugState(true, new Watts(900), Joules.ZERO, Optional.empty())));
        assertTrue(
                watch.alarm().orElseThrow().contains("draws 900 W"),
                watch.alarm().toString());
        pass(13, Optional.of(new PlugState(false, Watts.ZERO, Joules.ZERO, Optional.empty())));
        assertTrue(watch.alarm().isPresent(), "without mains it draws nothing, which says nothing");
    }

    /** Far below its declared watts a miner is taken to start; one that does so for an hour will not come to them. */
    @Test
    void whatSeemsToStartForEverIsJudgedInTheEnd() {
        miner.phase = Phase.STARTING;
        miner.watts = 300;
        pass(60);
        assertEquals(Optional.empty(), watch.alarm());
        pass(11);
        assertTrue(
                watch.alarm().orElseThrow().contains("draws 300 W"),
                watch.alarm().toString());
    }

    @Test
    void whatDoesNotHashIsNotJudged() {
        miner.terahashes = 0;
        miner.watts = 50;
        for (var phase : new Phase[] {Phase.STARTING, Phase.WORKING}) {
            miner.phase = phase;
            pass(120);
            assertEquals(Optional.empty(), watch.alarm());
        }
    }

    @Test
    void whatDeclaresItselfIsNotWatched() {
        var own = new FakeDevices().new FakeMiner(true);
        own.level = 1;
        var other = new TopLevelWatch(PoolWatchTest.part(own, Optional.empty()));
        for (int i = 0; i < 60; i++)
            other.seen(
                    new Station.Read(Optional.of(own.read()), Optional.empty(), Optional.empty(), Optional.empty()),
                    Duration.ofMinutes(i).toNanos());
        assertEquals(Optional.empty(), other.alarm());
    }
}
