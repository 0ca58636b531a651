package org.athanor.comfort.learning;

import java.util.Arrays;
import org.athanor.comfort.model.RoomModel;

/**
 * An extended Kalman filter over the temperatures and parameters of one room model together: the joint state of
 * {@link Shape} with its covariance. Parameters walk at random, but hardly.
 */
final class RoomFilter {
    /** Beyond so many standard deviations a reading is believed only as far as this. */
    private static final double BELIEVED = 3;

    /** A parameter does not leave its prior by more spreads. */
    private static final double FARTHEST = 3.5;

    private static final double COLDEST = -60;
    private static final double HOTTEST = 90;
    private static final double WIDEST_KELVIN = 10;
    private static final double LONGEST_PIECE_SECONDS = 1800;
    private static final double MOST_GAIN = 6;
    private static final double FIRST_ROUGHNESS_KELVIN = 0.15;
    private static final double MOST_ROUGHNESS_KELVIN = 0.6;
    /** A day's readings tell most of it. */
    private static final double ROUGHNESS_PER_READING = 1 / 300.0;

    /**
     * @param kelvin reading less prediction
     * @param variance that was expected of it, K²
     */
    record Innovation(double kelvin, double variance) {
        double squares() {
            return kelvin * kelvin / variance;
        }
    }

    final Beliefs beliefs;
    final Shape shape;
    private final RoomDynamics dynamics;
    private final int size;
    final double[] state;
    private final double[] covariance;
    private final double[] before;
    private final double[] gains;
    /** Variance of a reading about the model's air, K²: noise, and what so simple a model cannot follow within minutes. */
    private double roughness = Beliefs.square(FIRST_ROUGHNESS_KELVIN);

    RoomFilter(Beliefs beliefs, RoomDynamics dynamics) {
        this.beliefs = beliefs;
        this.dynamics = dynamics;
        shape = beliefs.shape;
        size = shape.size();
        state = beliefs.mean.clone();
        covariance = new double[size * size];
        before = new double[shape.nodes() * size];
        gains = new double[size];
        for (int i = 0; i < size; i++) covariance[i * size + i] = Beliefs.square(beliefs.spread[i]);
    }

    RoomFilter copy() {
        var copy = new RoomFilter(beliefs, dynamics);
        System.arraycopy(state, 0, copy.state, 0, size);
        System.arraycopy(covariance, 0, copy.covariance, 0, covariance.length);
        copy.roughness = roughness;
        return copy;
    }

    /** The room is found at this temperature after nobody knows what; parameters stay as learned. */
    void start(double celsius) {
        for (int i = 0; i < shape.firstParameter(); i++) {
            state[i] = i < shape.nodes() ? celsius : 0;
            for (int j = 0; j < size; j++) set(i, j, 0);
            set(i, i, Beliefs.square(beliefs.spread[i]));
        }
    }

    /** Moves on without a reading. */
    void predict(double seconds, Drive drive, double expectedGain) {
        int pieces = (int) Math.max(1, Math.ceil(seconds / LONGEST_PIECE_SECONDS));
        for (int i = 0; i < pieces; i++) piece(seconds / pieces, drive, expectedGain);
    }

    private void piece(double seconds, Drive drive, double expectedGain) {
        dynamics.advance(state, seconds, drive, expectedGain);
        double kept = Beliefs.gainKept(seconds);
        int nodes = shape.nodes();
        int gain = shape.gain();
        state[gain] *= kept;
        var s = dynamics.sensitivity;
        // rows of the temperatures: S P, then S P S'
        for (int i = 0; i < nodes; i++) {
            int row = i * size;
            Arrays.fill(before, row, row + size, 0);
            for (int k = 0; k < size; k++) {
                double factor = s[row + k];
                if (factor == 0) continue;
                int from = k * size;
                for (int j = 0; j < size; j++) before[row + j] += factor * covariance[from + j];
            }
        }
        for (int i = 0; i < nodes; i++)
            for (int j = 0; j <= i; j++) {
                double sum = 0;
                for (int k = 0; k < size; k++) sum += before[i * size + k] * s[j * size + k];
                set(i, j, sum);
            }
        for (int i = 0; i < nodes; i++)
            for (int j = nodes; j < size; j++) set(i, j, before[i * size + j] * (j == gain ? kept : 1));
        for (int j = gain + 1; j < size; j++) set(gain, j, covariance[gain * size + j] * kept);
        double hours = seconds / 3600;
        remember(-Math.expm1(-hours / Beliefs.REMEMBERED_HOURS));
        for (int i = 0; i < size; i++) covariance[i * size + i] += beliefs.noisePerHour[i] * hours;
        double fresh = Beliefs.square(beliefs.gainWatts) * (1 - kept * kept);
        set(gain, gain, covariance[gain * size + gain] * kept * kept + fresh);
        bound();
    }

    /**
     * What no reading tells apart, such as more air with more of the heat, would wander off in months; it goes back to where
     * it was believed to be.
     */
    private void remember(double share) {
        for (int i = shape.firstParameter(); i < size; i++) {
            state[i] += share * (beliefs.mean[i] - state[i]);
            for (int j = 0; j < size; j++) if (j != i) set(i, j, covariance[i * size + j] * (1 - share));
            covariance[i * size + i] *= (1 - share) * (1 - share);
        }
    }

    Innovation innovation(double reading) {
        return new Innovation(reading - state[0], covariance[0] + roughness);
    }

    /** Takes the reading in. */
    void learn(double reading) {
        var innovation = innovation(reading);
        double squares =
                Math.min(Beliefs.square(innovation.kelvin()), Beliefs.square(BELIEVED) * innovation.variance());
        roughness += ROUGHNESS_PER_READING * (squares - innovation.variance());
        roughness =
                Math.clamp(roughness, Beliefs.square(Beliefs.READING_KELVIN), Beliefs.square(MOST_ROUGHNESS_KELVIN));
        update(reading, size);
    }

    /** Takes the reading in for the temperatures alone: gains and parameters stay what they are. */
    void follow(double reading) {
        update(reading, shape.nodes());
    }

    /** Minimum variance for the first {@code learning} entries; the rest is only considered (Schmidt, 1966). */
    private void update(double reading, int learning) {
        var innovation = innovation(reading);
        double variance = Math.max(innovation.variance(), Beliefs.square(innovation.kelvin() / BELIEVED));
        for (int i = 0; i < size; i++) {
            before[i] = covariance[i];
            gains[i] = i < learning ? covariance[i] / variance : 0;
            state[i] += gains[i] * innovation.kelvin();
        }
        // P - k p' - p k' + k v k', where p is the first column: right for any k
        for (int i = 0; i < size; i++)
            for (int j = 0; j <= i; j++)
                set(
                        i,
                        j,
                        covariance[i * size + j]
                                - gains[i] * before[j]
                                - before[i] * gains[j]
                                + gains[i] * variance * gains[j]);
        bound();
    }

    /** The air may have gone anywhere: an open window. */
    void loosenAir(double kelvin) {
        covariance[0] += kelvin * kelvin;
    }

    /** Doubts all parameters again by {@code share} of their prior variance. */
    void doubt(double share) {
        for (int i = shape.firstParameter(); i < size; i++)
            covariance[i * size + i] += share * Beliefs.square(beliefs.spread[i]);
        bound();
    }

    /** Remembers the unmodelled gain of now, so that readings to come tell what it was. */
    void markGain() {
        int gain = shape.gain();
        int past = shape.pastGain();
        state[past] = state[gain];
        for (int j = 0; j < size; j++) if (j != past) set(past, j, covariance[gain * size + j]);
        set(past, past, covariance[gain * size + gain]);
    }

    RoomModel model(double draught) {
        return dynamics.model(state, draught);
    }

    /** Of a reading, K². */
    double readingVariance() {
        return covariance[0] + roughness;
    }

    double covariance(int i, int j) {
        return covariance[i * size + j];
    }

    private void set(int i, int j, double value) {
        covariance[i * size + j] = value;
        covariance[j * size + i] = value;
    }

    /** Keeps everything where a room can be. */
    private void bound() {
        int nodes = shape.nodes();
        for (int i = 0; i < size; i++) {
            double widest = i < nodes ? WIDEST_KELVIN : beliefs.spread[i];
            double variance = covariance[i * size + i];
            if (!(variance > 0) || !Double.isFinite(state[i])) {
                forget();
                return;
            }
            if (variance > widest * widest) shrink(i, widest / Math.sqrt(variance));
            if (i < nodes) state[i] = Math.clamp(state[i], COLDEST, HOTTEST);
            else {
                double reach = i < shape.firstParameter() ? MOST_GAIN : FARTHEST;
                state[i] = Math.clamp(
                        state[i],
                        beliefs.mean[i] - reach * beliefs.spread[i],
                        beliefs.mean[i] + reach * beliefs.spread[i]);
            }
        }
    }

    private void shrink(int i, double factor) {
        for (int j = 0; j < size; j++) if (j != i) set(i, j, covariance[i * size + j] * factor);
        covariance[i * size + i] *= factor * factor;
    }

    /** Rounding has left no covariance: correlations are given up, what was learned is not. */
    private void forget() {
        for (int i = 0; i < size; i++) {
            if (!Double.isFinite(state[i])) state[i] = i < shape.nodes() ? 20 : beliefs.mean[i];
            for (int j = 0; j < size; j++) covariance[i * size + j] = 0;
            covariance[i * size + i] = Beliefs.square(beliefs.spread[i]) / 4;
        }
    }

    void write(SavedBytes.Writer out) {
        out.put(state).put(covariance).put(roughness);
    }

    void read(SavedBytes.Reader in) {
        in.fill(state);
        in.fill(covariance);
        roughness = in.real();
    }
}
