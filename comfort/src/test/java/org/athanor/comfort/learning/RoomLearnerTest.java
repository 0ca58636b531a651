package org.athanor.comfort.learning;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.athanor.comfort.model.RoomModel;
import org.athanor.comfort.series.Forecast;
import org.junit.jupiter.api.Test;

class RoomLearnerTest {
    private static final int DAY = 288;
    private static final List<Construction> CONSTRUCTIONS = List.of(Construction.values());
    private static final List<Insulation> INSULATIONS = List.of(Insulation.values());
    private static final RoomPrior PRIOR = new RoomPrior(30, Construction.MEDIUM, Insulation.AVERAGE);

    /** Of 30 m², off the prior by factors of up to two. */
    private static final RoomModel TWO =
            new RoomModel(600_000, 14, 2.6, 0.4, 0.9, List.of(new RoomModel.Layer(5_000_000, 210, 25)));

    private static final RoomModel THREE = new RoomModel(
            300_000,
            20,
            1.3,
            0.35,
            0.8,
            List.of(new RoomModel.Layer(1_600_000, 330, 3), new RoomModel.Layer(9_000_000, 160, 14)));

    private static LivedRoom room(RoomModel model) {
        return new LivedRoom(model, 2500, 1, hour -> 120);
    }

    private static void live(LivedRoom room, RoomLearner learner, int steps) {
        for (int i = 0; i < steps; i++) {
            var verdict = learner.observe(room.live());
            assertFalse(verdict == Verdict.GATHERED, "every step is one");
        }
    }

    private static double largestError(RoomLearner learner, LivedRoom.Ahead ahead) {
        var prediction = learner.prediction(ahead.outlook, ahead.heat);
        double largest = 0;
        for (int i = 0; i < ahead.air.length; i++)
            largest = Math.max(largest, Math.abs(prediction.celsius(i) - ahead.air[i]));
        return largest;
    }

    @Test
    void findsTheParametersOfTwoNodes() {
        var room = room(TWO);
        var learner = new RoomLearner(PRIOR, ZoneOffset.UTC, List.of(2));
        live(room, learner, 28 * DAY);
        var found = learner.model();
        var mass = TWO.layers().getFirst();
        var foundMass = found.layers().getFirst();
        // a little more air with a little more of the heat looks the same from the thermometer
        double perHeat = TWO.airCapacity() / TWO.heatToAir();
        assertEquals(perHeat, found.airCapacity() / found.heatToAir(), 0.05 * perHeat);
        assertEquals(mass.capacity(), foundMass.capacity(), 0.1 * mass.capacity());
        assertEquals(mass.toInner(), foundMass.toInner(), 0.2 * mass.toInner());
        assertEquals(TWO.solarAperture(), found.solarAperture(), 0.05 * TWO.solarAperture());
        // this room does not leak; the learner believes that a little until it has seen cold days
        assertEquals(TWO.lossWattsPerKelvin(), found.lossWattsPerKelvin(), 0.07 * TWO.lossWattsPerKelvin());
        assertTrue(largestError(learner, new LivedRoom.Ahead(room, DAY)) < 0.35);
    }

    @Test
    void findsTheParametersOfThreeNodes() {
        var room = room(THREE);
        var learner = new RoomLearner(PRIOR, ZoneOffset.UTC, List.of(3));
        live(room, learner, 42 * DAY);
        var found = learner.model();
        assertEquals(THREE.airCapacity(), found.airCapacity(), 0.15 * THREE.airCapacity());
        var inner = THREE.layers().getFirst();
        assertEquals(inner.capacity(), found.layers().getFirst().capacity(), 0.3 * inner.capacity());
        assertEquals(inner.toInner(), found.layers().getFirst().toInner(), 0.25 * inner.toInner());
        assertEquals(THREE.lossWattsPerKelvin(), found.lossWattsPerKelvin(), 0.15 * THREE.lossWattsPerKelvin());
        assertEquals(THREE.solarAperture(), found.solarAperture(), 0.2 * THREE.solarAperture());
        assertTrue(largestError(learner, new LivedRoom.Ahead(room, DAY)) < 0.35);
    }

    @Test
    void inAYearNothingWandersOff() {
        var room = room(THREE);
        var learner = new RoomLearner(PRIOR, ZoneOffset.UTC, List.of(3));
        live(room, learner, 365 * DAY);
        var found = learner.model();
        double perHeat = THREE.airCapacity() / THREE.heatToAir();
        assertEquals(perHeat, found.airCapacity() / found.heatToAir(), 0.05 * perHeat);
        assertEquals(THREE.airCapacity(), found.airCapacity(), 0.15 * THREE.airCapacity());
        assertEquals(THREE.lossWattsPerKelvin(), found.lossWattsPerKelvin(), 0.05 * THREE.lossWattsPerKelvin());
    }

    @Test
    void choosesAnOrderThatFitsAndSaysHowGoodItIs() {
        var room = room(THREE);
        var learner = new RoomLearner(PRIOR, ZoneOffset.UTC);
        assertEquals(
                "not known yet: no day has been predicted and compared",
                learner.quality().toString());
        assertFalse(learner.quality().goodEnough());
        live(room, learner, 14 * DAY);
        var quality = learner.quality();
        assertTrue(quality.nodes() >= 2, quality.toString());
        assertTrue(quality.dayKelvin().orElseThrow() < 0.5, quality.toString());
        assertTrue(quality.goodEnough());
        assertTrue(quality.toString().matches("±0\\.[0-4] K over 24 h"), quality.toString());
    }

    @Test
    void intervalsHoldWhatTheyShould() {
        var learner = new RoomLearner(PRIOR, ZoneOffset.UTC);
        var chance = new SplittableRandom(5);
        double[] today = new double[24];
        // people who come and go as no week does
        var room = new LivedRoom(TWO, 2500, 3, hour -> {
            if (hour % 24 == 0) for (int i = 0; i < 24; i++) today[i] = 60 + 140 * chance.nextDouble();
            return today[hour % 24 / 4];
        });
        live(room, learner, 10 * DAY);
        int inside = 0;
        int all = 0;
        for (int day = 0; day < 20; day++) {
            var ahead = new LivedRoom.Ahead(room, DAY);
            var prediction = learner.prediction(ahead.outlook, ahead.heat);
            for (int i = 11; i < DAY; i += 12) {
                if (prediction.interval(i, 0.9).contains(ahead.air[i])) inside++;
                all++;
            }
            for (var observation : ahead.observations) learner.observe(observation);
        }
        assertEquals(0.9, inside / (double) all, 0.1, inside + " of " + all);
    }

    @Test
    void theModelWithItsGainsSaysTheSameAsThePrediction() {
        var room = new LivedRoom(THREE, 2500, 6, hour -> hour % 24 > 17 ? 300 : 80);
        var learner = new RoomLearner(PRIOR, ZoneOffset.UTC);
        live(room, learner, 10 * DAY + 100);
        var start = learner.state().celsius();
        var ahead = new LivedRoom.Ahead(room, DAY);
        var prediction = learner.prediction(ahead.outlook, ahead.heat);
        double[] gains = learner.gains(ahead.outlook);
        var step = learner.model().discretise(LivedRoom.STEP);
        for (int i = 0; i < DAY; i++) {
            start = step.apply(
                    start,
                    new RoomModel.Inputs(
                            ahead.outlook.outdoorCelsius(i), ahead.heat[i], ahead.outlook.windowSun(i), gains[i]));
            // what leaks let out is taken for that of a room as warm as now
            assertEquals(prediction.celsius(i), start[0], 0.05, "step " + i);
        }
    }

    @Test
    void anOpenWindowIsNoticedAndTeachesNothing() {
        var room = room(TWO);
        var learner = new RoomLearner(PRIOR, ZoneOffset.UTC);
        live(room, learner, 10 * DAY + 120);
        assertFalse(learner.windowOpen());
        var before = learner.model();
        room.openWindow(150);
        int steps = 0;
        while (!learner.windowOpen() && steps < 6) {
            learner.observe(room.live());
            steps++;
        }
        assertTrue(learner.windowOpen(), "noticed within half an hour");
        for (int i = 0; i < 12; i++) learner.observe(room.live());
        assertTrue(learner.windowOpen(), "still open");
        var during = learner.model();
        assertEquals(before.lossWattsPerKelvin(), during.lossWattsPerKelvin(), 0.02 * before.lossWattsPerKelvin());
        assertEquals(before.airCapacity(), during.airCapacity(), 0.02 * before.airCapacity());
        room.closeWindow();
        for (int i = 0; i < 12 && learner.windowOpen(); i++) learner.observe(room.live());
        assertFalse(learner.windowOpen(), "closed within an hour");
        live(room, learner, DAY);
        assertTrue(largestError(learner, new LivedRoom.Ahead(room, DAY)) < 0.5);
    }

    @Test
    void windowsThatStayShutAreNotTakenForOpen() {
        var room = room(THREE);
        var learner = new RoomLearner(PRIOR, ZoneOffset.UTC);
        var verdicts = EnumSet.noneOf(Verdict.class);
        for (int i = 0; i < 21 * DAY; i++) verdicts.add(learner.observe(room.live()));
        assertFalse(verdicts.contains(Verdict.WINDOW_OPEN), verdicts.toString());
        assertFalse(verdicts.contains(Verdict.DRIFTED), verdicts.toString());
    }

    @Test
    void anotherRoomBehindTheSameThermometerIsLearnedAnew() {
        var room = room(TWO);
        var learner = new RoomLearner(PRIOR, ZoneOffset.UTC);
        live(room, learner, 14 * DAY);
        // its door to the house now stands open: twice as much of everything
        var larger = RoomModel.ofTwo(1_200_000, 10_000_000, 420, 60, 60, 2.6, 0.4);
        room.become(larger);
        assertEquals(Optional.empty(), learner.drifted());
        var change = room.now;
        while (learner.drifted().isEmpty() && room.now.isBefore(change.plus(Duration.ofDays(3))))
            live(room, learner, 1);
        assertFalse(learner.quality().goodEnough(), "nothing is known of the new room: " + learner.quality());
        live(room, learner, 3 * DAY);
        assertTrue(learner.drifted().orElseThrow().isBefore(change.plus(Duration.ofDays(2))));
        live(room, learner, 4 * DAY);
        double error = largestError(learner, new LivedRoom.Ahead(room, DAY));
        assertTrue(error < 0.6, "a week after, " + error);
        assertTrue(learner.quality().goodEnough(), "a week after, " + learner.quality());
    }

    @Test
    void whatComesEveryWeekIsExpected() {
        var party = 5 * 24 + 20; // Saturday evening
        var room = new LivedRoom(TWO, 2500, 4, hour -> hour / 24 == 5 && hour % 24 >= 18 ? 700 : 100);
        var learner = new RoomLearner(PRIOR, ZoneOffset.UTC);
        live(room, learner, 70 * DAY);
        double surplus = learner.gains(party) - learner.gains(party - 24);
        assertTrue(surplus > 200, "Saturday less Friday: " + surplus + " W of 600 W");
    }

    @Test
    void afterSavingItGoesOnExactlyAsItWould() {
        var room = room(THREE);
        var learner = new RoomLearner(PRIOR, ZoneId.of("Europe/Brussels"));
        live(room, learner, 3 * DAY + 7);
        var restored = RoomLearner.ofBytes(learner.toBytes());
        assertArrayEquals(learner.toBytes(), restored.toBytes());
        for (int i = 0; i < 2 * DAY; i++) {
            var observation = room.live();
            assertEquals(learner.observe(observation), restored.observe(observation));
        }
        assertArrayEquals(learner.toBytes(), restored.toBytes());
        assertEquals(learner.quality(), restored.quality());
    }

    @Test
    void foreignBytesAreRefused() {
        var bytes = new RoomLearner(PRIOR, ZoneOffset.UTC).toBytes();
        var other = bytes.clone();
        other[4] = 9;
        var damaged = bytes.clone();
        damaged[bytes.length / 2] ^= 4;
        assertEquals(
                "saved room of version 9 (accepted: 2)",
                assertThrows(IllegalArgumentException.class, () -> RoomLearner.ofBytes(other))
                        .getMessage());
        assertEquals(
                "saved room: damaged, its checksum differs",
                assertThrows(IllegalArgumentException.class, () -> RoomLearner.ofBytes(damaged))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> RoomLearner.ofBytes(new byte[0]));
        assertThrows(IllegalArgumentException.class, () -> RoomLearner.ofBytes("ATRL".getBytes(US_ASCII)));
        assertThrows(IllegalArgumentException.class, () -> RoomLearner.ofBytes(new HourOfWeek(0, 1).toBytes()));
    }

    @Test
    void gapsAndMissingReadingsAreLivedThrough() {
        var room = room(TWO);
        var learner = new RoomLearner(PRIOR, ZoneOffset.UTC);
        live(room, learner, 10 * DAY);
        for (int i = 0; i < 36; i++) {
            var seen = room.live();
            var blind = new Observation(
                    seen.time(),
                    OptionalDouble.empty(),
                    seen.outdoorCelsius(),
                    seen.heatWatts(),
                    seen.windowSun(),
                    seen.windMetresPerSecond());
            assertEquals(Verdict.CARRIED_ON, learner.observe(blind));
        }
        assertEquals(room.celsius[0], learner.state().celsius()[0], 0.5, "three hours by the model alone");
        for (int i = 0; i < 3 * DAY; i++) room.live();
        assertEquals(Verdict.STARTED, learner.observe(room.live()));
        live(room, learner, DAY);
        assertTrue(largestError(learner, new LivedRoom.Ahead(room, DAY)) < 0.6);
    }

    @Test
    void aReadingEachQuarterOfAnHourIsEnough() {
        var room = room(THREE);
        var learner = new RoomLearner(PRIOR, ZoneOffset.UTC);
        for (int i = 0; i < 14 * DAY / 3; i++) {
            var ahead = new LivedRoom.Ahead(room, 3);
            var weather = ahead.outlook.resampled(ahead.outlook.start(), Duration.ofMinutes(15), 1);
            learner.observe(new Observation(
                    room.now,
                    ahead.observations[2].roomCelsius().orElseThrow(),
                    weather.outdoorCelsius(0),
                    (ahead.heat[0] + ahead.heat[1] + ahead.heat[2]) / 3,
                    weather.windowSun(0)));
        }
        assertTrue(learner.quality().goodEnough(), learner.quality().toString());
        assertTrue(largestError(learner, new LivedRoom.Ahead(room, DAY)) < 0.6);
    }

    @Test
    void minutesAreGatheredIntoSteps() {
        var learner = new RoomLearner(PRIOR, ZoneOffset.UTC);
        var start = LivedRoom.START;
        assertEquals(Verdict.STARTED, learner.observe(new Observation(start, 20, 0, 0, 0)));
        for (int i = 1; i < 5; i++)
            assertEquals(Verdict.GATHERED, learner.observe(new Observation(start.plusSeconds(60L * i), 20, 0, 300, 0)));
        assertEquals(Verdict.LEARNED, learner.observe(new Observation(start.plusSeconds(300), 20, 0, 300, 0)));
        assertEquals(Verdict.LEARNED, learner.observe(new Observation(start.plusSeconds(1200), 20, 0, 300, 0)));
        assertEquals(Verdict.STARTED, learner.observe(new Observation(start, 20, 0, 300, 0)), "the clock was set back");
    }

    @Test
    void whatCannotBePredictedIsRefused() {
        var learner = new RoomLearner(PRIOR, ZoneOffset.UTC);
        var start = LivedRoom.START;
        var outlook = new Forecast(start, start, Duration.ofHours(1), new double[] {0, 0}, new double[] {0, 0});
        assertThrows(IllegalStateException.class, () -> learner.prediction(outlook, new double[2]));
        learner.observe(new Observation(start, 20, 0, 0, 0));
        assertEquals(2, learner.prediction(outlook, new double[2]).steps());
        assertThrows(IllegalArgumentException.class, () -> learner.prediction(outlook, new double[3]));
        assertThrows(
                IllegalArgumentException.class,
                () -> learner.prediction(outlook.resampled(start, Duration.ofHours(1), 1), new double[] {Double.NaN}));
        learner.observe(new Observation(start.plusSeconds(1800), 20, 0, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> learner.prediction(outlook, new double[2]));
        assertThrows(IllegalArgumentException.class, () -> new Observation(start, Double.NaN, 0, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new RoomPrior(0, Construction.LIGHT, Insulation.GOOD));
    }

    @Property(tries = 60)
    void absurdReadingsNeverBreakIt(@ForAll long seed) {
        var chance = new SplittableRandom(seed);
        var learner = new RoomLearner(
                new RoomPrior(
                        4 + 200 * chance.nextDouble(),
                        CONSTRUCTIONS.get(chance.nextInt(3)),
                        INSULATIONS.get(chance.nextInt(3))),
                ZoneOffset.UTC);
        var time = LivedRoom.START;
        for (int i = 0; i < 400; i++) {
            time = time.plusSeconds(chance.nextInt(20) == 0 ? chance.nextLong(-9000, 90_000) : chance.nextLong(1000));
            learner.observe(new Observation(
                    time,
                    chance.nextInt(5) == 0 ? OptionalDouble.empty() : OptionalDouble.of(absurd(chance, 20, 20)),
                    absurd(chance, 5, 20),
                    absurd(chance, 500, 1000),
                    absurd(chance, 200, 200),
                    chance.nextBoolean() ? OptionalDouble.empty() : OptionalDouble.of(absurd(chance, 5, 8))));
        }
        var start = learner.time().isPresent() ? time : Instant.EPOCH;
        if (!learner.time().isPresent()) return;
        var model = learner.model();
        assertTrue(Double.isFinite(model.lossWattsPerKelvin()) && Double.isFinite(model.airCapacity()));
        var outlook = new Forecast(start, start, Duration.ofHours(1), new double[24], new double[24]);
        var prediction = learner.prediction(outlook, new double[24]);
        for (int i = 0; i < 24; i++) {
            assertTrue(Math.abs(prediction.celsius(i)) < 1000, "hour " + i + ": " + prediction.celsius(i));
            assertTrue(prediction.deviation(i) > 0 && prediction.deviation(i) < 1000, "" + prediction.deviation(i));
        }
        assertArrayEquals(learner.toBytes(), learner.copy().toBytes());
    }

    private static double absurd(SplittableRandom chance, double middle, double spread) {
        return switch (chance.nextInt(20)) {
            case 0 -> Double.MAX_VALUE;
            case 1 -> -1e9;
            case 2 -> 0;
            default -> middle + spread * (2 * chance.nextDouble() - 1);
        };
    }
}
