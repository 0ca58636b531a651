package org.athanor.comfort.learning;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.athanor.comfort.model.RoomModel;
import org.athanor.comfort.series.Forecast;

/**
 * Learns a room while it is lived in. Room models of one to three nodes are estimated side by side, state and parameters
 * jointly, each by an extended Kalman filter that begins with what is known of the building; the one whose past
 * predictions of 24 h gave what came the greatest density is used. What a model leaves over becomes an unmodelled gain that
 * fades within hours, and what of it returns at the same hour of the week is expected there.
 *
 * <p>The thermometer is the truth: "air" is what it shows, its lag included. One thread uses a learner; {@link #copy} and
 * {@link #toBytes} give it to another.
 */
public final class RoomLearner {
    private static final String WHAT = "saved room";
    private static final String MAGIC = "ATRL";
    private static final int VERSION = 2;

    private static final double NANOS = 1e9;
    private static final double STEP_SECONDS = 300;
    /** Observations that come a little early still make a step. */
    private static final double EARLY_SECONDS = 10;

    private static final double LONGEST_PIECE_SECONDS = 900;
    private static final double LONGEST_SILENCE_SECONDS = 12 * 3600.0;
    private static final double HALF_HOUR_SECONDS = 1800;
    private static final double HOUR_SECONDS = 3600;
    private static final double PROMISE_SECONDS = 6 * HOUR_SECONDS;

    private static final double COLDEST_ROOM = -30;
    private static final double HOTTEST_ROOM = 60;
    private static final double EXTREME_OUTDOOR = 60;
    private static final double MOST_WATTS_PER_SQUARE_METRE = 1000;
    private static final double MOST_SUN = 1500;
    private static final double MOST_WIND = 30;
    private static final double USUAL_WIND_SECONDS = 3 * 24 * 3600.0;

    private static final int FIRST_CHOICE = 2;
    /** Mean logarithm of density by which another order must be better: a tenth of the error. */
    private static final double BETTER = 0.1;

    private static final double DOUBTFUL_SQUARES = 9;
    private static final double BETWEEN_DRIFTS_SECONDS = 24 * HOUR_SECONDS;
    private static final double DRIFT_DOUBT = 0.3;
    private static final double OPEN_WINDOW_KELVIN = 0.5;
    /** Deviation of the readings of a room that is hardly known. */
    private static final double IMMATURE_KELVIN = 1;
    /** Share of what the heat that has gone did to the air. */
    private static final double EXCUSED = 0.3;

    private static final double RECENT_SECONDS = HOUR_SECONDS;

    private final RoomPrior prior;
    private final ZoneId zone;
    private final List<Candidate> candidates;
    private final WindowWatch window = new WindowWatch();
    private final Inputs gathered = new Inputs();

    private Candidate chosen;
    private boolean started;
    private Instant last = Instant.EPOCH;
    private double sincePromise;
    private double recentHeat;
    private double usualWind = Draught.USUAL_WIND;
    private double usualDraught = 1;
    private double sinceDrift;
    private Optional<Instant> drifted = Optional.empty();

    /** @param zone of the hours of the week */
    public RoomLearner(RoomPrior prior, ZoneId zone) {
        this(prior, zone, List.of(1, 2, 3));
    }

    /** With models of these numbers of nodes alone, each 1 to 3. */
    public RoomLearner(RoomPrior prior, ZoneId zone, List<Integer> orders) {
        if (orders.isEmpty() || orders.stream().anyMatch(nodes -> nodes < 1 || nodes > Shape.MOST_NODES))
            throw new IllegalArgumentException(
                    "orders of a room learner " + orders + " (at least one, each 1 to " + Shape.MOST_NODES + ")");
        this.prior = prior;
        this.zone = zone;
        candidates = orders.stream()
                .distinct()
                .sorted()
                .map(nodes -> new Candidate(prior, nodes))
                .toList();
        chosen = candidates.stream()
                .filter(candidate -> candidate.nodes() >= FIRST_CHOICE)
                .findFirst()
                .orElse(candidates.getLast());
    }

    /** Readings no room has count as missing; weather and heat beyond what can be are taken for the most that can. */
    public Verdict observe(Observation observation) {
        double seconds = secondsTo(observation.time());
        double reading = usable(observation.roomCelsius());
        if (!started || seconds > LONGEST_SILENCE_SECONDS) return start(observation.time(), reading);
        if (seconds < 0) return turnBack(observation.time());
        if (seconds == 0) return Verdict.GATHERED;
        last = observation.time();
        double mostWatts = MOST_WATTS_PER_SQUARE_METRE * prior.floorArea();
        gathered.add(
                seconds,
                new Drive(
                        Math.clamp(observation.outdoorCelsius(), -EXTREME_OUTDOOR, EXTREME_OUTDOOR),
                        Math.clamp(observation.heatWatts(), -mostWatts, mostWatts),
                        Math.clamp(observation.windowSun(), 0, MOST_SUN),
                        Math.clamp(observation.windMetresPerSecond().orElse(usualWind), 0, MOST_WIND)),
                0);
        if (gathered.seconds() < STEP_SECONDS - EARLY_SECONDS) return Verdict.GATHERED;
        var verdict = step(reading);
        gathered.clear();
        return verdict;
    }

    private double secondsTo(Instant time) {
        var span = Duration.between(last, time);
        return span.getSeconds() + span.getNano() / NANOS;
    }

    private static double usable(OptionalDouble reading) {
        double celsius = reading.orElse(Double.NaN);
        return celsius >= COLDEST_ROOM && celsius <= HOTTEST_ROOM ? celsius : Double.NaN;
    }

    private Verdict start(Instant time, double reading) {
        started = !Double.isNaN(reading);
        last = time;
        gathered.clear();
        window.reset();
        sincePromise = 0;
        if (started) candidates.forEach(candidate -> candidate.start(reading));
        return Verdict.STARTED;
    }

    /** A clock that was set: what lies between is not known to have taken any time. */
    private Verdict turnBack(Instant time) {
        last = time;
        gathered.clear();
        candidates.forEach(Candidate::unmark);
        candidates.forEach(Candidate::dropPromises);
        return Verdict.STARTED;
    }

    private Verdict step(double reading) {
        double seconds = gathered.seconds();
        carryOn(seconds, reading);
        var verdict = Double.isNaN(reading) ? Verdict.CARRIED_ON : takeIn(reading, seconds);
        var now = last.atZone(zone);
        if (halfHours(now) != halfHours(now.minusNanos((long) (seconds * NANOS))) && !window.open())
            for (var candidate : candidates) candidate.markHour(HourOfWeek.hour(now));
        sincePromise += seconds;
        if (sincePromise >= PROMISE_SECONDS - 1 && verdict == Verdict.LEARNED) {
            for (var candidate : candidates) candidate.promise(HourOfWeek.hour(now));
            sincePromise = 0;
        }
        choose();
        return verdict;
    }

    private void carryOn(double seconds, double reading) {
        int pieces = (int) Math.max(1, Math.ceil(seconds / LONGEST_PIECE_SECONDS - 0.1));
        double piece = seconds / pieces;
        var drive = gathered.mean();
        double news = -Math.expm1(-seconds / USUAL_WIND_SECONDS);
        usualWind += (drive.wind() - usualWind) * news;
        usualDraught += (Draught.of(drive.outdoor(), drive.wind()) - usualDraught) * news;
        for (int i = 0; i < pieces; i++) {
            int hour = HourOfWeek.hour(last.minusNanos((long) ((pieces - i - 0.5) * piece * NANOS)), zone);
            double reached = i == pieces - 1 ? reading : Double.NaN;
            for (var candidate : candidates) {
                candidate.predict(piece, drive, hour);
                candidate.compare(piece, drive, hour, reached);
            }
        }
    }

    private Verdict takeIn(double reading, double seconds) {
        var innovation = chosen.filter.innovation(reading);
        var forgiving = candidates.stream()
                .map(candidate -> candidate.filter.innovation(reading))
                .max(Comparator.comparingDouble(RoomFilter.Innovation::kelvin))
                .orElseThrow();
        double excuse = excuse(seconds);
        boolean mature = chosen.record.completed() >= Quality.LEAST_PREDICTIONS;
        double deviation =
                Math.sqrt(forgiving.variance()) + (mature ? chosen.record.rootMeanSquare(0) : IMMATURE_KELVIN);
        boolean tooLong = window.judge(
                forgiving.kelvin(),
                deviation,
                excuse,
                seconds,
                reading - gathered.mean().outdoor());
        if (window.open()) {
            for (var candidate : candidates) {
                candidate.filter.loosenAir(OPEN_WINDOW_KELVIN);
                candidate.filter.follow(reading);
                candidate.unmark();
                candidate.dropPromises();
            }
            return Verdict.WINDOW_OPEN;
        }
        if (tooLong) return drift(reading);
        if (window.suspicious(forgiving.kelvin() + excuse, deviation, seconds)) {
            for (var candidate : candidates) candidate.filter.follow(reading);
            return Verdict.DOUBTED;
        }
        sinceDrift += seconds;
        if (mature && sinceDrift > BETWEEN_DRIFTS_SECONDS && chosen.keepsBeingWrong()) return drift(reading);
        for (var candidate : candidates) candidate.filter.learn(reading);
        return innovation.squares() > DOUBTFUL_SQUARES ? Verdict.DOUBTED : Verdict.LEARNED;
    }

    /** What a model that knows the air only roughly may be off by when heat has gone, K. */
    private double excuse(double seconds) {
        double heat = gathered.mean().heat();
        double gone = Math.max(0, recentHeat - heat);
        double kept = Math.exp(-seconds / RECENT_SECONDS);
        recentHeat = recentHeat * kept + heat * (1 - kept);
        return EXCUSED * gone * WindowWatch.MEMORY_SECONDS / model().airCapacity();
    }

    private Verdict drift(double reading) {
        drifted = Optional.of(last);
        sinceDrift = 0;
        for (var candidate : candidates) {
            candidate.doubt(DRIFT_DOUBT);
            candidate.filter.learn(reading);
        }
        return Verdict.DRIFTED;
    }

    private void choose() {
        if (candidates.stream().anyMatch(candidate -> candidate.record.completed() < Quality.LEAST_PREDICTIONS)) return;
        var best = candidates.stream()
                .max(Comparator.comparingDouble(candidate -> candidate.record.score()))
                .orElseThrow();
        if (best.record.score() > chosen.record.score() + BETTER) chosen = best;
    }

    /** Counts the middles of local hours. */
    private static long halfHours(ZonedDateTime time) {
        double local = time.toEpochSecond() + time.getOffset().getTotalSeconds() + time.getNano() / NANOS;
        return (long) Math.floor((local - HALF_HOUR_SECONDS) / HOUR_SECONDS);
    }

    /** The room as it is learned by now, in the cold and wind of the last days. */
    public RoomModel model() {
        return chosen.filter.model(usualDraught);
    }

    /** Temperatures of the nodes of {@link #model} at the time of the last observation. */
    public RoomState state() {
        var filter = carried();
        int nodes = filter.shape.nodes();
        var covariance = new double[nodes][nodes];
        for (int i = 0; i < nodes; i++) for (int j = 0; j < nodes; j++) covariance[i][j] = filter.covariance(i, j);
        var celsius = new double[nodes];
        System.arraycopy(filter.state, 0, celsius, 0, nodes);
        return new RoomState(celsius, covariance);
    }

    /** What people and appliances usually add at an hour of the week, W. */
    public double gains(int hourOfWeek) {
        if (hourOfWeek < 0 || hourOfWeek >= HourOfWeek.HOURS)
            throw new IllegalArgumentException("hour of the week " + hourOfWeek + " (0 to 167)");
        return chosen.gain(hourOfWeek);
    }

    /**
     * What to give {@link #model} as gain in each step, W: the usual, what is left of the present surplus, less what more
     * wind or cold than usual lets out through leaks.
     *
     * @throws IllegalStateException before the first reading
     */
    public double[] gains(Forecast outlook) {
        return foresight().gains(outlook);
    }

    /**
     * The air through the steps of {@code outlook}, which begins about now.
     *
     * @param heatWatts mean of each step
     * @throws IllegalStateException before the first reading
     * @throws IllegalArgumentException for another number of heats than steps, or an outlook that begins more than 15 minutes
     *     before the last observation or six hours after it
     */
    public Prediction prediction(Forecast outlook, double[] heatWatts) {
        return foresight().prediction(outlook, heatWatts);
    }

    private Foresight foresight() {
        return new Foresight(chosen, carried(), last, zone, usualWind, usualDraught);
    }

    /** The chosen filter, moved on by what has been gathered since its last step. */
    private RoomFilter carried() {
        if (!started) throw new IllegalStateException("a room without a reading has no state yet");
        var filter = chosen.filter.copy();
        if (gathered.seconds() > 0)
            filter.predict(gathered.seconds(), gathered.mean(), chosen.expectedGain(HourOfWeek.hour(last, zone)));
        return filter;
    }

    public Quality quality() {
        var record = chosen.record;
        boolean known = record.completed() > 0;
        return new Quality(
                chosen.nodes(),
                record.completed(),
                known ? OptionalDouble.of(record.rootMeanSquare()) : OptionalDouble.empty(),
                known ? OptionalDouble.of(record.rootMeanSquare(0)) : OptionalDouble.empty(),
                known ? OptionalDouble.of(record.rootMeanSquare(TrackRecord.HOURS - 1)) : OptionalDouble.empty(),
                known ? OptionalDouble.of(record.coverage()) : OptionalDouble.empty());
    }

    /** Whether a window seems to be open. */
    public boolean windowOpen() {
        return window.open();
    }

    /** When the room was last found to be no longer what had been learned. */
    public Optional<Instant> drifted() {
        return drifted;
    }

    /** Of the last observation; empty before the first reading. */
    public Optional<Instant> time() {
        return started ? Optional.of(last) : Optional.empty();
    }

    public RoomPrior prior() {
        return prior;
    }

    public RoomLearner copy() {
        return ofBytes(toBytes());
    }

    public byte[] toBytes() {
        var out = new SavedBytes.Writer(MAGIC, VERSION);
        out.put(prior.floorArea()).put(prior.windowArea());
        out.put(prior.construction().name()).put(prior.insulation().name()).put(zone.getId());
        out.put((long) candidates.size());
        for (var candidate : candidates) out.put((long) candidate.nodes());
        out.put((long) candidates.indexOf(chosen)).put(started);
        out.put(last.getEpochSecond()).put((long) last.getNano());
        out.put(sincePromise)
                .put(recentHeat)
                .put(usualWind)
                .put(usualDraught)
                .put(sinceDrift)
                .put(drifted.isPresent());

        var drift = drifted.orElse(Instant.EPOCH);
        out.put(drift.getEpochSecond()).put((long) drift.getNano());
        window.write(out);
        gathered.write(out);
        for (var candidate : candidates) candidate.write(out);
        return out.finish();
    }

    /**
     * Goes on exactly where {@link #toBytes} was called.
     *
     * @throws IllegalArgumentException for bytes of anything else, of another version, or damaged
     */
    public static RoomLearner ofBytes(byte[] bytes) {
        var in = new SavedBytes.Reader(WHAT, MAGIC, VERSION, bytes);
        double floor = in.real();
        double windows = in.real();
        var prior = new RoomPrior(floor, Construction.valueOf(in.text()), Insulation.valueOf(in.text()), windows);
        var zone = ZoneId.of(in.text());
        int count = in.count(Shape.MOST_NODES);
        var orders = IntStream.range(0, count)
                .mapToObj(i -> in.count(Shape.MOST_NODES))
                .toList();
        var learner = new RoomLearner(prior, zone, orders);
        learner.chosen = learner.candidates.get(in.count(count - 1));
        learner.read(in);
        in.end();
        return learner;
    }

    private void read(SavedBytes.Reader in) {
        started = in.flag();
        last = Instant.ofEpochSecond(in.whole(), in.whole());
        sincePromise = in.real();
        recentHeat = in.real();
        usualWind = in.real();
        usualDraught = in.real();
        sinceDrift = in.real();
        boolean hasDrifted = in.flag();
        var drift = Instant.ofEpochSecond(in.whole(), in.whole());
        drifted = hasDrifted ? Optional.of(drift) : Optional.empty();
        window.read(in);
        gathered.read(in);
        for (var candidate : candidates) candidate.read(in);
    }
}
