package org.athanor.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** Beside plain elimination on the whole matrix, which knows nothing of chains and stars. */
class StarSystemTest {
    @Property(tries = 200)
    void itsSolutionIsThatOfTheWholeMatrix(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 8) int surfaces,
            @ForAll @DoubleRange(max = 2000) double step) {
        var chance = new SplittableRandom(seed);
        var layers = new int[surfaces];
        int nodes = 1;
        int links = 0;
        for (int i = 0; i < surfaces; i++) {
            layers[i] = chance.nextInt(3);
            nodes += 1 + layers[i];
            links += layers[i];
        }
        var capacity = random(chance, nodes, 1e4, 1e6);
        var convection = random(chance, surfaces, 5, 200);
        var radiation = random(chance, surfaces, 5, 200);
        var conductance = random(chance, links, 1, 300);
        var outside = new double[nodes];
        var surface = new int[surfaces];
        var linkFrom = new int[links];
        int node = 1;
        int link = 0;
        for (int i = 0; i < surfaces; i++) {
            surface[i] = node;
            for (int k = 0; k < layers[i]; k++) linkFrom[link++] = node++;
            outside[node++] = chance.nextDouble(200);
        }
        double exchange = chance.nextDouble(300);

        double star = 0;
        for (double each : radiation) star += each;
        var matrix = new double[nodes][nodes];
        for (int i = 0; i < nodes; i++) matrix[i][i] = capacity[i] + step * outside[i];
        matrix[0][0] += step * exchange;
        for (int i = 0; i < surfaces; i++) {
            couple(matrix, step * convection[i], surface[i], 0);
            for (int j = 0; j < i; j++)
                couple(matrix, step * radiation[i] * radiation[j] / star, surface[i], surface[j]);
        }
        for (int i = 0; i < links; i++) couple(matrix, step * conductance[i], linkFrom[i], linkFrom[i] + 1);

        var vector = random(chance, nodes, -1, 1);
        var right = new double[nodes];
        for (int i = 0; i < nodes; i++) right[i] = capacity[i] * vector[i];
        var expected = eliminated(matrix, right);

        var system = new StarSystem(capacity, surface, convection, radiation, linkFrom, conductance);
        system.factorise(step, outside, exchange);
        system.solve(vector);
        for (int i = 0; i < nodes; i++) assertEquals(expected[i], vector[i], 1e-11, "node " + i);
    }

    private static double[] random(SplittableRandom chance, int count, double least, double most) {
        return chance.doubles(count, least, most).toArray();
    }

    private static void couple(double[][] matrix, double conductance, int a, int b) {
        matrix[a][a] += conductance;
        matrix[b][b] += conductance;
        matrix[a][b] -= conductance;
        matrix[b][a] -= conductance;
    }

    private static double[] eliminated(double[][] matrix, double[] right) {
        int size = right.length;
        for (int k = 0; k < size; k++)
            for (int i = k + 1; i < size; i++) {
                double factor = matrix[i][k] / matrix[k][k];
                for (int j = k; j < size; j++) matrix[i][j] -= factor * matrix[k][j];
                right[i] -= factor * right[k];
            }
        var solution = new double[size];
        for (int i = size - 1; i >= 0; i--) {
            double sum = right[i];
            for (int j = i + 1; j < size; j++) sum -= matrix[i][j] * solution[j];
            solution[i] = sum / matrix[i][i];
        }
        return solution;
    }
}
