package org.athanor.comfort.model;

import java.time.Duration;
import java.util.List;

/**
 * A hot-water tank in equal layers, the coldest at the bottom. Cold water that comes in at the bottom pushes the warmest out at
 * the top; heat goes into one layer and rises; a layer that is warmer than the one above mixes with it. Temperatures are an array
 * from the bottom up, in °C.
 *
 * @param litres in all
 * @param layers of which there are, 1 to 50: few mix more than a real tank does
 * @param lossWattsPerKelvin through the insulation, in all
 * @param betweenWattsPerKelvin conduction between two layers, the wall's included
 * @param heatedLayer into which the heat exchanger gives its heat, from the bottom, 0 first
 */
public record HotWaterTank(
        double litres, int layers, double lossWattsPerKelvin, double betweenWattsPerKelvin, int heatedLayer) {
    /** J/(l K) of water, between 10 and 60 °C within 1 %. */
    public static final double WATER = 4_150;

    /** WHO, Legionella and the prevention of legionellosis, 2007: water is kept or brought to 60 °C. */
    public static final double DISINFECTED_CELSIUS = 60;

    private static final double LONGEST_SECONDS = 300;

    /**
     * What became of a step. All energies in joules, heat drawn counted above the temperature of the cold water.
     *
     * @param celsius of the layers at its end
     * @param accepted of the heat offered: the rest found the water as hot as its source
     * @param drawn with the water that was taken
     * @param lost through the insulation
     * @param deliveredCelsius mean of the water that was taken, NaN if none was
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Outcome(double[] celsius, double accepted, double drawn, double lost, double deliveredCelsius) {}

    /** @throws IllegalArgumentException for sizes that no tank has */
    public HotWaterTank {
        if (!(litres > 0) || Double.isInfinite(litres))
            throw new IllegalArgumentException("hot-water tank of " + litres + " l (above 0)");
        if (layers < 1 || layers > 50) throw new IllegalArgumentException("layers of a tank: " + layers + " (1 to 50)");
        if (!(lossWattsPerKelvin >= 0) || !(betweenWattsPerKelvin >= 0))
            throw new IllegalArgumentException("hot-water tank: loss " + lossWattsPerKelvin + " and conduction "
                    + betweenWattsPerKelvin + " W/K (neither negative)");
        if (heatedLayer < 0 || heatedLayer >= layers)
            throw new IllegalArgumentException(
                    "heated layer of a tank: " + heatedLayer + " (0 to " + (layers - 1) + ")");
    }

    /** 200 l in ten layers, which loses 1.5 kWh a day at 60 °C in a room of 20 °C, heated from the bottom. */
    public static HotWaterTank ofTwoHundredLitres() {
        return new HotWaterTank(200, 10, 1.56, 3, 0);
    }

    /** J/K of one layer. */
    public double layerCapacity() {
        return litres / layers * WATER;
    }

    /** As a planner sees it: mixed, in surroundings of one temperature. */
    public RoomModel mixed() {
        return store(litres * WATER, lossWattsPerKelvin);
    }

    static RoomModel store(double capacity, double lossWattsPerKelvin) {
        return new RoomModel(capacity, lossWattsPerKelvin, 0, 1, 1, List.of());
    }

    /** Heat held above a temperature, in joules. */
    public double stored(double[] celsius, double aboveCelsius) {
        double sum = 0;
        for (double layer : celsius) sum += layerCapacity() * (layer - aboveCelsius);
        return sum;
    }

    /** Whether a source of this outlet temperature can ever disinfect the tank: one blown by air cannot. */
    public static boolean canDisinfect(double sourceMaximumCelsius) {
        return sourceMaximumCelsius > DISINFECTED_CELSIUS;
    }

    /**
     * One step; longer ones are cut so that neither draws nor losses jump.
     *
     * @param offeredWatts of the source
     * @param sourceCelsius the highest temperature to which it can bring the water
     * @param drawnLitres in this step, spread evenly
     * @param coldCelsius of the water that comes in
     * @throws IllegalArgumentException for a negative draw or offer, or temperatures of another number of layers
     */
    public Outcome step(
            double[] celsius,
            Duration step,
            double offeredWatts,
            double sourceCelsius,
            double drawnLitres,
            double coldCelsius,
            double ambientCelsius) {
        if (celsius.length != layers)
            throw new IllegalArgumentException(celsius.length + " temperatures for a tank of " + layers + " layers");
        if (!(offeredWatts >= 0))
            throw new IllegalArgumentException("heat offered " + offeredWatts + " W (not negative)");
        if (!(drawnLitres >= 0)) throw new IllegalArgumentException("water drawn " + drawnLitres + " l (not negative)");
        double seconds = step.toNanos() / 1e9;
        int parts = (int) Math.max(1, Math.ceil(Math.max(seconds / LONGEST_SECONDS, drawnLitres * layers / litres)));
        var state = celsius.clone();
        double accepted = 0;
        double drawn = 0;
        double lost = 0;
        for (int i = 0; i < parts; i++) {
            drawn += draw(state, drawnLitres / parts, coldCelsius);
            accepted += heat(state, offeredWatts * seconds / parts, sourceCelsius);
            lost += settle(state, seconds / parts, ambientCelsius);
            mix(state);
        }
        double delivered = drawnLitres == 0 ? Double.NaN : coldCelsius + drawn / (drawnLitres * WATER);
        return new Outcome(state, accepted, drawn, lost, delivered);
    }

    /** At most one layer: what leaves is the top's, what each layer gets is the one's below. */
    private double draw(double[] state, double taken, double cold) {
        double share = taken / (litres / layers);
        double out = taken * WATER * (state[layers - 1] - cold);
        for (int i = layers - 1; i > 0; i--) state[i] += share * (state[i - 1] - state[i]);
        state[0] += share * (cold - state[0]);
        return out;
    }

    /** The heated layer and all above it become one temperature once it has reached theirs, up to the source's. */
    private double heat(double[] state, double joules, double source) {
        double left = joules;
        int top = heatedLayer; // the layers from the heated one to this one are as warm
        while (left > 0) {
            double aim = source;
            while (top + 1 < layers && state[top + 1] <= state[heatedLayer]) top++;
            if (top + 1 < layers) aim = Math.min(aim, state[top + 1]);
            double room = (aim - state[heatedLayer]) * layerCapacity() * (top - heatedLayer + 1);
            if (room <= 0) break;
            double given = Math.min(left, room);
            double warmed = state[heatedLayer] + given / (layerCapacity() * (top - heatedLayer + 1));
            for (int i = heatedLayer; i <= top; i++) state[i] = warmed;
            left -= given;
        }
        return joules - left;
    }

    private double settle(double[] state, double seconds, double ambient) {
        double loss = 0;
        var before = state.clone();
        for (int i = 0; i < layers; i++) {
            double out = lossWattsPerKelvin / layers * (before[i] - ambient);
            double up = i + 1 < layers ? betweenWattsPerKelvin * (before[i] - before[i + 1]) : 0;
            double down = i > 0 ? betweenWattsPerKelvin * (before[i] - before[i - 1]) : 0;
            state[i] -= (out + up + down) * seconds / layerCapacity();
            loss += out * seconds;
        }
        return loss;
    }

    /** Neighbours of which the lower is warmer become their mean, and pull others in as far as it takes. */
    private void mix(double[] state) {
        for (int i = 1; i < layers; i++) {
            if (state[i - 1] <= state[i]) continue;
            int from = i - 1;
            double sum = state[from] + state[i];
            double mean = sum / 2;
            while (from > 0 && state[from - 1] > mean) {
                sum += state[--from];
                mean = sum / (i - from + 1);
            }
            for (int j = from; j <= i; j++) state[j] = mean;
        }
    }
}
