package org.athanor.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.IntToDoubleFunction;
import org.athanor.comfort.learning.Observation;
import org.athanor.comfort.learning.RoomPrior;
import org.athanor.comfort.series.Location;
import org.athanor.comfort.series.WeatherSample;
import org.athanor.comfort.series.WindowSun;

/**
 * What was measured in a room, every five minutes.
 *
 * @param trainSteps how many of the steps are for learning, the others are held out
 */
record LearnTrace(String name, RoomPrior prior, int trainSteps, List<Observation> observations) {
    static final Duration STEP = Duration.ofMinutes(5);
    static final int STEPS_PER_HOUR = 12;
    static final Instant YEAR_START = Instant.parse("2026-01-01T00:00:00Z");

    private static final double KELVIN = 273.15;

    LearnTrace {
        observations = List.copyOf(observations);
    }

    int steps() {
        return observations.size();
    }

    Observation at(int step) {
        return observations.get(step);
    }

    /** What the thermometer showed at the end of a step, °C. */
    double room(int step) {
        return at(step).roomCelsius().orElseThrow();
    }

    /**
     * Reads what an emulator of BOPTEST recorded. Its samples are of moments, not means; between two of them everything is
     * taken to change evenly, which is exact for nothing and worst for heat that switches within a sample.
     *
     * @param sun whether it and the wind were recorded; otherwise the learner is told of none
     */
    static LearnTrace boptest(
            String name, RoomPrior prior, List<Path> files, String room, String heat, boolean sun, double trainShare)
            throws IOException {
        var first = table(files.getFirst());
        var header = List.of(first.getFirst());
        var rows = files.stream()
                .flatMap(file -> table(file).stream().skip(1))
                .map(row -> Arrays.stream(row).mapToDouble(Double::parseDouble).toArray())
                .toList();
        double begin = rows.getFirst()[header.indexOf("time")];
        double end = rows.getLast()[header.indexOf("time")];
        int steps = (int) ((end - begin) / STEP.toSeconds());
        var times = column(rows, header, "time");
        var readings = column(rows, header, room);
        var outdoor = column(rows, header, "weaSta_reaWeaTDryBul_y");
        var watts = column(rows, header, heat);
        IntToDoubleFunction brightness = sun ? brightness(rows, header) : i -> 0;
        var wind = sun ? column(rows, header, "weaSta_reaWeaWinSpe_y") : new double[0];
        var bright = new double[rows.size()];
        Arrays.setAll(bright, brightness);
        var observations = new ArrayList<Observation>();
        for (int i = 0; i < steps; i++) {
            double from = begin + i * (double) STEP.toSeconds();
            double to = from + STEP.toSeconds();
            observations.add(new Observation(
                    YEAR_START.plusSeconds((long) begin).plus(STEP.multipliedBy(i + 1L)),
                    // as a thermometer with steps of 0.1 K would have shown it
                    OptionalDouble.of(Math.rint((at(times, readings, to) - KELVIN) * 10) / 10),
                    at(times, outdoor, (from + to) / 2) - KELVIN,
                    mean(times, watts, from, to),
                    Math.max(0, mean(times, bright, from, to)),
                    sun ? OptionalDouble.of(mean(times, wind, from, to)) : OptionalDouble.empty()));
        }
        return new LearnTrace(name, prior, (int) (steps * trainShare), observations);
    }

    private static IntToDoubleFunction brightness(List<double[]> rows, List<String> header) {
        var time = column(rows, header, "time");
        var global = column(rows, header, "weaSta_reaWeaHGloHor_y");
        var direct = column(rows, header, "weaSta_reaWeaHDirNor_y");
        var diffuse = column(rows, header, "weaSta_reaWeaHDifHor_y");
        var brussels = new Location(
                "Brussels",
                Math.toDegrees(column(rows, header, "weaSta_reaWeaLat_y")[0]),
                Math.toDegrees(column(rows, header, "weaSta_reaWeaLon_y")[0]),
                1);
        return i -> WindowSun.SOUTH.wattsPerSquareMetre(
                brussels, new WeatherSample(0, 0, global[i], direct[i], diffuse[i]), Duration.ofNanos((long)
                        (time[i] * 1e9)));
    }

    private static List<String[]> table(Path file) {
        try (var lines = Files.lines(file)) {
            return lines.map(line -> line.split(",")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    private static double[] column(List<double[]> rows, List<String> header, String name) {
        int index = header.indexOf(name);
        if (index < 0) throw new IllegalArgumentException("no column " + name + " in " + header);
        return rows.stream().mapToDouble(row -> row[index]).toArray();
    }

    private static double at(double[] times, double[] values, double time) {
        int after = Arrays.binarySearch(times, time);
        if (after >= 0) return values[after];
        after = Math.clamp(-after - 1, 1, times.length - 1);
        double share = (time - times[after - 1]) / (times[after] - times[after - 1]);
        return values[after - 1] + share * (values[after] - values[after - 1]);
    }

    /** Of the broken line through the values. */
    private static double mean(double[] times, double[] values, double from, double to) {
        int pieces = 20;
        double sum = 0;
        for (int i = 0; i < pieces; i++) sum += at(times, values, from + (i + 0.5) / pieces * (to - from));
        return sum / pieces;
    }
}
