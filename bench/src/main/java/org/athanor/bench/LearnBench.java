package org.athanor.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.athanor.bench.LearnHomes.Heating;
import org.athanor.comfort.learning.Construction;
import org.athanor.comfort.learning.Insulation;
import org.athanor.comfort.learning.Observation;
import org.athanor.comfort.learning.RoomLearner;
import org.athanor.comfort.learning.RoomPrior;
import org.athanor.comfort.learning.Verdict;
import org.athanor.comfort.series.Forecast;
import org.athanor.comfort.series.Weather;
import org.athanor.simulation.HomeShape;
import org.athanor.simulation.HomeSpec;
import org.athanor.simulation.ShippedData;

/**
 * How well does a learner predict a room it has lived in for two weeks, each order of model alone and the one it chooses,
 * and what does an observation cost? The baselines are the temperature staying as it is, and one node (1R1C). After
 * training the learner goes on learning, as it does in life; every prediction is made from what was known then.
 *
 * <pre>
 * bench/run LearnBench                            the simulated homes
 * bench/run LearnBench FOLDER                     and the emulators of BOPTEST whose trajectories lie there
 * bench/run LearnBench --train 14 --test 7
 * bench/run LearnBench --only "Chicago, on off"   those whose name has this
 * </pre>
 *
 * <p>"24 h" is the error after 24 h, "0-24 h" the root mean square over all of the way, as the quoted figures are. Weather is
 * measured, or a forecast: the outdoor temperature is off by a walk that has 1.5 K of deviation and 12 h of memory, sun and
 * wind by factors of 0.35 and 0.3 of deviation that hold for three hours.
 */
public final class LearnBench {
    private static final String ROW = "%-34s %7s %7s %7s %8s %10s %7s";
    private static final int FIRST_DAY = 10;
    private static final int HOURS = 24;
    private static final int HORIZON = HOURS * LearnTrace.STEPS_PER_HOUR;
    private static final int BETWEEN = 6 * LearnTrace.STEPS_PER_HOUR;

    private final int trainDays;
    private final int testDays;

    LearnBench(int trainDays, int testDays) {
        this.trainDays = trainDays;
        this.testDays = testDays;
    }

    public static void main(String[] arguments) throws IOException {
        int train = 14;
        int test = 7;
        var only = "";
        Path folder = null;
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--train" -> train = Integer.parseInt(arguments[++i]);
                case "--only" -> only = arguments[++i];
                case "--test" -> test = Integer.parseInt(arguments[++i]);
                default -> {
                    if (arguments[i].startsWith("-"))
                        throw new IllegalArgumentException(
                                arguments[i] + ": accepted are --train DAYS, --test DAYS, --only NAME and one FOLDER");
                    folder = Path.of(arguments[i]);
                }
            }
        }
        var bench = new LearnBench(train, test);
        var named = only;
        bench.run(
                bench.simulated().stream()
                        .filter(trace -> trace.name().contains(named))
                        .toList(),
                System.out);
        if (folder == null || !Files.isDirectory(folder))
            System.out.println("not here: trajectories of BOPTEST"
                    + (folder == null ? ", no folder given" : ", no folder " + folder));
        else bench.run(emulated(folder), System.out);
        quote(System.out);
    }

    private static void quote(PrintStream out) {
        out.println("""
                Quoted, fitted offline over three weeks (office 12 days) of 15 min, perfect weather, 0-24 h:
                  light sunny room 1R1C 2.7 K, 2R2C 2.0 K, 3 states 0.5 K; heavy office 1R1C 1.4 K, 2R2C 0.63 K""");
    }

    List<LearnTrace> simulated() {
        var chicago = ShippedData.chicago();
        var denver = ShippedData.denver();
        var light = LearnHomes.sunnyLightRoom();
        var heavy = LearnHomes.heavyHouse();
        var flat = HomeSpec.wellInsulatedFlat();
        var traces = new ArrayList<LearnTrace>();
        for (var heating : Heating.values())
            for (var weather : List.of(chicago, denver)) {
                traces.add(LearnHomes.lived(
                        light,
                        LearnHomes.priorOfSunnyLightRoom(),
                        weather,
                        heating,
                        2500,
                        FIRST_DAY,
                        trainDays,
                        testDays));
                traces.add(LearnHomes.lived(
                        heavy, LearnHomes.priorOfHeavyHouse(), weather, heating, 8000, FIRST_DAY, trainDays, testDays));
                traces.add(LearnHomes.lived(
                        flat, LearnHomes.priorOfFlat(), weather, heating, 2500, FIRST_DAY, trainDays, testDays));
            }
        for (var weather : List.of(chicago, denver)) {
            traces.add(shaped(
                    weather,
                    HomeShape.Kind.FLAT,
                    HomeShape.Mass.LIGHT,
                    HomeShape.Insulation.AVERAGE,
                    new RoomPrior(25, Construction.LIGHT, Insulation.AVERAGE),
                    2600));
            traces.add(shaped(
                    weather,
                    HomeShape.Kind.FLAT,
                    HomeShape.Mass.MEDIUM,
                    HomeShape.Insulation.AVERAGE,
                    new RoomPrior(60, Construction.MEDIUM, Insulation.AVERAGE),
                    5000));
            traces.add(shaped(
                    weather,
                    HomeShape.Kind.HOUSE,
                    HomeShape.Mass.HEAVY,
                    HomeShape.Insulation.GOOD,
                    new RoomPrior(90, Construction.HEAVY, Insulation.GOOD),
                    6000));
        }
        return traces;
    }

    /** Homes by a few words, as ComfortBench has them: windows to several sides, a whole home seen by one thermometer. */
    private LearnTrace shaped(
            Weather weather,
            HomeShape.Kind kind,
            HomeShape.Mass mass,
            HomeShape.Insulation insulation,
            RoomPrior prior,
            double mostWatts) {
        double floor = prior.floorArea();
        var spec = new HomeShape(kind, floor, mass, insulation, HomeShape.peopleFor(floor))
                .spec(line("%s %s, %.0f m2", mass, kind, floor).toLowerCase(Locale.ROOT));
        return LearnHomes.lived(spec, prior, weather, Heating.ON_OFF, mostWatts, FIRST_DAY, trainDays, testDays);
    }

    /** Of those that say what the outdoor air was; heat-pump sets of nine days do not. */
    static List<LearnTrace> emulated(Path folder) throws IOException {
        var hydronic = new RoomPrior(48, Construction.HEAVY, Insulation.AVERAGE, 12);
        var heatPump = new RoomPrior(192, Construction.HEAVY, Insulation.AVERAGE, 24);
        var traces = new ArrayList<LearnTrace>();
        for (var season : List.of("shoulder", "summer"))
            traces.add(LearnTrace.boptest(
                    "bestest_hydronic " + season + ", 1+1 d",
                    hydronic,
                    List.of(folder.resolve("bestest_hydronic_results_" + season + ".csv")),
                    "reaTRoo_y",
                    "reaQHea_y",
                    true,
                    0.5));
        traces.add(LearnTrace.boptest(
                "bestest_hydronic peak, 5+4 d, no sun",
                hydronic,
                List.of(folder.resolve("bestest_hydronic_results_peak_heat_day.csv")),
                "reaTRoo_y",
                "reaQHea_y",
                false,
                5 / 9.0));
        for (var season : List.of("shoulder", "summer"))
            traces.add(LearnTrace.boptest(
                    "heat pump, floor, " + season + ", 1+1 d",
                    heatPump,
                    List.of(folder.resolve("bestest_hydronic_heat_pump_results_" + season + ".csv")),
                    "reaTZon_y",
                    "reaQFloHea_y",
                    true,
                    0.5));
        return traces;
    }

    void run(List<LearnTrace> traces, PrintStream out) {
        out.println(line(ROW, "K, root mean square", "1 h", "6 h", "24 h", "0-24 h", "forecast", "in 90%"));
        for (var trace : traces) {
            out.println(trace.name());
            out.println(row("  stays as it is", persistence(trace)));
            for (int nodes = 1; nodes <= 3; nodes++)
                out.println(row(
                        "  " + nodes + (nodes == 1 ? " node (1R1C)" : " nodes"), learned(trace, List.of(nodes), true)));
            var all = learned(trace, List.of(1, 2, 3), true);
            out.println(row("  chosen of them", all));
            out.println(row("  chosen, wind not told", learned(trace, List.of(1, 2, 3), false)));
            out.println(row("  chosen, prior all wrong", learned(mistaken(trace), List.of(1, 2, 3), true)));
            out.println(row("  chosen, weather of a service", learned(served(trace), List.of(1, 2, 3), true)));
            out.println("    " + all.what + ", " + all.verdicts);
        }
        cost(traces.getFirst(), out);
        out.println();
    }

    private static String row(String name, Errors errors) {
        return line(
                ROW,
                name,
                number(errors.at(0)),
                number(errors.at(5)),
                number(errors.at(HOURS - 1)),
                number(errors.all()),
                number(errors.forecast()),
                errors.intervals == 0 ? "-" : line("%.0f%%", 100.0 * errors.inside / errors.intervals));
    }

    private static Errors persistence(LearnTrace trace) {
        var errors = new Errors();
        for (int i = trace.trainSteps(); i < trace.steps(); i += between(trace)) {
            for (int hour = 0; hour < HOURS; hour++) {
                int then = i + (hour + 1) * LearnTrace.STEPS_PER_HOUR;
                if (then < trace.steps()) errors.add(hour, trace.room(then) - trace.room(i));
            }
        }
        return errors;
    }

    /** Short sets are asked more often. */
    private static int between(LearnTrace trace) {
        return trace.steps() - trace.trainSteps() > 2 * HORIZON ? BETWEEN : LearnTrace.STEPS_PER_HOUR;
    }

    static Errors learned(LearnTrace trace, List<Integer> orders, boolean windTold) {
        var learner = new RoomLearner(trace.prior(), ZoneOffset.UTC, orders);
        var errors = new Errors();
        for (int i = 0; i < trace.steps(); i++) {
            var observation = trace.at(i);
            var verdict = learner.observe(windTold ? observation : windless(observation));
            errors.verdicts.merge(verdict, 1, Integer::sum);
            if (i >= trace.trainSteps() && (i - trace.trainSteps()) % between(trace) == 0)
                compare(trace, i, learner, windTold, errors);
        }
        var quality = learner.quality();
        errors.what = line("%d nodes at the end, says %s", quality.nodes(), quality);
        return errors;
    }

    /** Half the floor, and of all kinds the opposite one. */
    private static LearnTrace mistaken(LearnTrace trace) {
        var prior = trace.prior();
        var construction = prior.construction() == Construction.HEAVY ? Construction.LIGHT : Construction.HEAVY;
        var insulation = prior.insulation() == Insulation.POOR ? Insulation.GOOD : Insulation.POOR;
        return new LearnTrace(
                trace.name(),
                new RoomPrior(prior.floorArea() / 2, construction, insulation),
                trace.trainSteps(),
                trace.observations());
    }

    /** What was measured is as wrong as a forecast, when it is learned from and when it is predicted with. */
    private static LearnTrace served(LearnTrace trace) {
        var misjudged = new Misjudged(1, 42);
        var observations = new ArrayList<Observation>();
        for (int i = 0; i < trace.steps(); i++) {
            misjudged.next(i);
            var right = trace.at(i);
            var wind = right.windMetresPerSecond();
            observations.add(new Observation(
                    right.time(),
                    right.roomCelsius(),
                    right.outdoorCelsius() + misjudged.kelvin,
                    right.heatWatts(),
                    right.windowSun() * misjudged.sun,
                    wind.isPresent() ? OptionalDouble.of(wind.getAsDouble() * misjudged.wind) : wind));
        }
        return new LearnTrace(trace.name(), trace.prior(), trace.trainSteps(), observations);
    }

    private static Observation windless(Observation told) {
        return new Observation(
                told.time(),
                told.roomCelsius(),
                told.outdoorCelsius(),
                told.heatWatts(),
                told.windowSun(),
                OptionalDouble.empty());
    }

    private static void compare(LearnTrace trace, int now, RoomLearner learner, boolean windTold, Errors errors) {
        int steps = Math.min(HORIZON, trace.steps() - 1 - now);
        if (steps < LearnTrace.STEPS_PER_HOUR) return;
        var ahead = trace.observations().subList(now + 1, now + 1 + steps);
        var heat = ahead.stream().mapToDouble(Observation::heatWatts).toArray();
        var measured = learner.prediction(weather(ahead, windTold, new Misjudged(0, 0)), heat);
        var forecast = learner.prediction(weather(ahead, windTold, new Misjudged(1, now)), heat);
        for (int hour = 0; (hour + 1) * LearnTrace.STEPS_PER_HOUR <= steps; hour++) {
            int at = (hour + 1) * LearnTrace.STEPS_PER_HOUR - 1;
            double came = trace.room(now + 1 + at);
            errors.add(hour, came - measured.celsius(at));
            errors.addForecast(came - forecast.celsius(at));
            errors.addInterval(measured.interval(at, 0.9).contains(came));
        }
    }

    private static Forecast weather(List<Observation> ahead, boolean windTold, Misjudged misjudged) {
        int steps = ahead.size();
        var outdoor = new double[steps];
        var sun = new double[steps];
        var wind = new double[windTold && ahead.getFirst().windMetresPerSecond().isPresent() ? steps : 0];
        for (int i = 0; i < steps; i++) {
            misjudged.next(i);
            outdoor[i] = ahead.get(i).outdoorCelsius() + misjudged.kelvin;
            sun[i] = ahead.get(i).windowSun() * misjudged.sun;
            if (wind.length > 0) wind[i] = ahead.get(i).windMetresPerSecond().orElseThrow() * misjudged.wind;
        }
        var start = ahead.getFirst().time().minus(LearnTrace.STEP);
        return new Forecast(start, start, LearnTrace.STEP, outdoor, sun, wind);
    }

    /** How wrong a forecast is, step by step. */
    private static final class Misjudged {
        private static final double KELVIN = 1.5;
        private static final double SUN = 0.35;
        private static final double WIND = 0.3;
        private static final int STEPS_OF_A_FACTOR = 3 * LearnTrace.STEPS_PER_HOUR;
        private static final double KEPT = Math.exp(-1.0 / (12 * LearnTrace.STEPS_PER_HOUR));

        private final double size;
        private final SplittableRandom chance;
        private double kelvin;
        private double sun = 1;
        private double wind = 1;

        /** @param size 1 for a usual forecast, 0 for the weather itself */
        Misjudged(double size, long seed) {
            this.size = size;
            chance = new SplittableRandom(seed);
        }

        void next(int step) {
            kelvin = kelvin * KEPT + size * KELVIN * Math.sqrt(1 - KEPT * KEPT) * chance.nextGaussian();
            if (step % STEPS_OF_A_FACTOR != 0) return;
            sun = Math.max(0, 1 + size * SUN * chance.nextGaussian());
            wind = Math.max(0, 1 + size * WIND * chance.nextGaussian());
        }
    }

    /** After a first run that lets the Java machine compile. */
    private static void cost(LearnTrace trace, PrintStream out) {
        double micros = 0;
        var learner = new RoomLearner(trace.prior(), ZoneOffset.UTC);
        for (int run = 0; run < 3; run++) {
            learner = new RoomLearner(trace.prior(), ZoneOffset.UTC);
            long before = System.nanoTime();
            for (var observation : trace.observations()) {
                var verdict = learner.observe(observation);
                if (verdict == Verdict.GATHERED) throw new IllegalStateException("observations are steps here");
            }
            micros = (System.nanoTime() - before) / 1e3 / trace.steps();
        }
        out.println(line(
                "An observation costs all three orders together %.1f us; the learner is %d bytes.",
                micros, learner.toBytes().length));
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "-" : line("%.2f", value);
    }

    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    /** By hours ahead. */
    static final class Errors {
        private final double[] squares = new double[HOURS];
        private final int[] count = new int[HOURS];
        private double forecastSquares;
        private int forecasts;
        private int inside;
        private int intervals;
        private String what = "";
        private final EnumMap<Verdict, Integer> verdicts = new EnumMap<>(Verdict.class);

        void add(int hour, double error) {
            squares[hour] += error * error;
            count[hour]++;
        }

        void addForecast(double error) {
            forecastSquares += error * error;
            forecasts++;
        }

        void addInterval(boolean contained) {
            intervals++;
            if (contained) inside++;
        }

        double at(int hour) {
            return Math.sqrt(squares[hour] / count[hour]);
        }

        double all() {
            double sum = 0;
            int all = 0;
            for (int i = 0; i < HOURS; i++) {
                sum += squares[i];
                all += count[i];
            }
            return Math.sqrt(sum / all);
        }

        double forecast() {
            return Math.sqrt(forecastSquares / forecasts);
        }
    }
}
