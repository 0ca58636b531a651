package org.athanor.simulation;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import org.athanor.comfort.model.HotWaterTank;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;

/**
 * A hot-water tank in layers, the devices that heat it from its lowest layer, and a household that draws from it, moved on together.
 * People mix to 40 °C, so that of hotter water they take less. A device's heat that the water cannot take, being as hot as the
 * device's own, goes to the cellar; the loop between device and tank is not modelled. One thread advances it; sockets and pages may
 * read it meanwhile.
 */
public final class TankWorld {
    private static final Duration TURN = Duration.ofSeconds(10);
    private static final double COLD_CELSIUS = 10;
    private static final double WANTED_CELSIUS = 40;

    /** As high as its thermometers stand, as a share of its height: the one that control follows, and the upper one. */
    private static final double LOWER = 0.35;

    private static final double UPPER = 0.8;

    /**
     * What became of the energy since the tank began, in joules.
     *
     * @param heat that devices gave to the tank or, where the water could not take it, to the cellar
     * @param drawn with the water, above the cold
     * @param rejected the cellar's part of {@code heat}
     */
    public record Balance(Joules heat, Joules drawn, Joules lost, Joules rejected, Joules storedChange) {
        /** In minus out minus stored: zero but for rounding. */
        public Joules residual() {
            return heat.minus(drawn).minus(lost).minus(rejected).minus(storedChange);
        }
    }

    /** @param celsius to which it can bring the water */
    public record Source(Outlet outlet, Celsius celsius) {}

    /**
     * What people got since the tank began.
     *
     * @param litres at the temperature that they wanted
     * @param cold of them, that were cooler
     * @param coldest water that left the tank; 1000 °C before any did
     */
    public record Service(double litres, double cold, Celsius coldest) {}

    private final VirtualClock clock;
    private final HotWaterTank tank;
    private final List<Source> sources;
    private final HouseholdDraws draws;
    private final double ambientCelsius;
    private final double storedAtStart;
    private volatile double[] layers;
    private double heat;
    private double drawn;
    private double lost;
    private double rejected;
    private double litres;
    private double coldLitres;
    private double coldest = 1000;
    private double hottest;

    /**
     * @param startCelsius of all layers
     * @param people that draw
     */
    public TankWorld(
            VirtualClock clock,
            HotWaterTank tank,
            Celsius startCelsius,
            Celsius ambient,
            List<Source> sources,
            int people,
            long seed,
            ZoneId zone) {
        this.clock = clock;
        this.tank = tank;
        this.sources = List.copyOf(sources);
        this.draws = new HouseholdDraws(people, seed, zone);
        ambientCelsius = ambient.value();
        layers = new double[tank.layers()];
        Arrays.fill(layers, startCelsius.value());
        hottest = startCelsius.value();
        storedAtStart = tank.stored(layers, COLD_CELSIUS);
    }

    public synchronized void advance(Duration step) {
        if (step.isNegative()) throw new IllegalArgumentException("the tank cannot go back by " + step);
        var end = clock.instant().plus(step);
        for (var now = clock.instant(); now.isBefore(end); ) {
            var left = Duration.between(now, end);
            var turn = left.compareTo(TURN) < 0 ? left : TURN;
            turn(now, turn);
            now = now.plus(turn);
        }
        clock.advance(step);
    }

    private void turn(Instant now, Duration turn) {
        double seconds = turn.toNanos() / 1e9;
        double wanted = draws.litresAtForty(now) * seconds / 60;
        double top = layers[layers.length - 1];
        double taken = wanted * Math.min(1, (WANTED_CELSIUS - COLD_CELSIUS) / Math.max(1, top - COLD_CELSIUS));
        litres += wanted;
        if (wanted > 0 && top < WANTED_CELSIUS) coldLitres += wanted;
        if (wanted > 0) coldest = Math.min(coldest, top);
        int parts = Math.max(1, sources.size());
        for (int i = 0; i < parts; i++) {
            double given = sources.isEmpty() ? 0 : heat(sources.get(i), turn);
            double limit = sources.isEmpty() ? 0 : sources.get(i).celsius().value();
            // one after the other, each for its share of the time
            var after = tank.step(
                    layers,
                    turn.dividedBy(parts),
                    given * parts / seconds,
                    limit,
                    taken / parts,
                    COLD_CELSIUS,
                    ambientCelsius);
            layers = after.celsius();
            heat += given;
            drawn += after.drawn();
            lost += after.lost();
            rejected += given - after.accepted();
        }
        for (double layer : layers) hottest = Math.max(hottest, layer);
    }

    private double heat(Source source, Duration turn) {
        double before = source.outlet().load().heat().value();
        source.outlet().advance(turn, new Celsius(ambientCelsius));
        return Math.max(0, source.outlet().load().heat().value() - before);
    }

    /** What the thermometer that control follows shows. */
    public Celsius lower() {
        return at(LOWER);
    }

    public Celsius upper() {
        return at(UPPER);
    }

    private Celsius at(double height) {
        var now = layers;
        return new Celsius(now[(int) (height * now.length)]);
    }

    /** Of the layers, since the tank began. */
    public synchronized Celsius hottest() {
        return new Celsius(hottest);
    }

    public Celsius coldest() {
        return new Celsius(Arrays.stream(layers).min().orElseThrow());
    }

    public synchronized Service service() {
        return new Service(litres, coldLitres, new Celsius(coldest));
    }

    public synchronized Balance balance() {
        return new Balance(
                new Joules(heat),
                new Joules(drawn),
                new Joules(lost),
                new Joules(rejected),
                new Joules(tank.stored(layers, COLD_CELSIUS) - storedAtStart));
    }
}
