package org.athanor.comfort.learning;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.athanor.comfort.model.RoomModel;

class RoomDynamicsTest {
    private static final RoomPrior ROOM = new RoomPrior(30, Construction.MEDIUM, Insulation.AVERAGE);

    @Property(tries = 200)
    void temperaturesAreThoseOfTheRoomModel(
            @ForAll @IntRange(min = 1, max = 3) int nodes,
            @ForAll long seed,
            @ForAll @IntRange(min = 10, max = 1800) int seconds) {
        var beliefs = new Beliefs(ROOM, nodes);
        var dynamics = new RoomDynamics(beliefs.shape);
        double[] state = random(beliefs, seed);
        double gains = 50 + state[beliefs.shape.usualGain()] + state[beliefs.shape.gain()];
        double[] expected = dynamics.model(state, Draught.of(-5, 7))
                .step(
                        Arrays.copyOf(state, nodes),
                        new RoomModel.Inputs(-5, 900, 300, gains),
                        Duration.ofSeconds(seconds));
        dynamics.advance(state, seconds, new Drive(-5, 900, 300, 7), 50);
        for (int i = 0; i < nodes; i++) assertEquals(expected[i], state[i], 1e-5);
    }

    @Property(tries = 100)
    void derivativesAreThoseOfDifferences(
            @ForAll @IntRange(min = 1, max = 3) int nodes, @ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
        var beliefs = new Beliefs(ROOM, nodes);
        var shape = beliefs.shape;
        var dynamics = new RoomDynamics(shape);
        double[] state = random(beliefs, seed);
        dynamics.advance(state.clone(), 900, new Drive(-5, 900, 300, 7), 50);
        var derivatives = dynamics.sensitivity.clone();
        for (int z = 0; z < shape.size(); z++) {
            double step = 1e-4 * beliefs.spread[z];
            double[] above = state.clone();
            double[] below = state.clone();
            above[z] += step;
            below[z] -= step;
            dynamics.advance(above, 900, new Drive(-5, 900, 300, 7), 50);
            dynamics.advance(below, 900, new Drive(-5, 900, 300, 7), 50);
            for (int i = 0; i < nodes; i++) {
                double difference = (above[i] - below[i]) / (2 * step);
                double tolerance = 1e-4 * Math.max(0.1 / beliefs.spread[z], Math.abs(difference));
                assertEquals(difference, derivatives[i * shape.size() + z], tolerance, "entry " + z);
            }
        }
    }

    private static double[] random(Beliefs beliefs, long seed) {
        var chance = new SplittableRandom(seed);
        double[] state = beliefs.mean.clone();
        for (int i = 0; i < state.length; i++) state[i] += beliefs.spread[i] * (2 * chance.nextDouble() - 1);
        for (int i = 0; i < beliefs.shape.nodes(); i++) state[i] += 20;
        return state;
    }
}
