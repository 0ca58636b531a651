package org.athanor.simulation;

import java.util.Arrays;

/** A small dense system, factorised once and solved often. Without pivoting, so its matrix must be diagonally dominant. */
final class LinearSystem {
    private final int size;
    private final double[] matrix; // row after row; after factorise its two triangles

    LinearSystem(int size) {
        this.size = size;
        matrix = new double[size * size];
    }

    void identity() {
        Arrays.fill(matrix, 0);
        for (int i = 0; i < size; i++) matrix[i * size + i] = 1;
    }

    void add(int row, int column, double value) {
        matrix[row * size + column] += value;
    }

    void factorise() {
        for (int k = 0; k < size; k++) {
            double pivot = 1 / matrix[k * size + k];
            for (int i = k + 1; i < size; i++) {
                double factor = matrix[i * size + k] * pivot;
                if (factor == 0) continue;
                matrix[i * size + k] = factor;
                for (int j = k + 1; j < size; j++) matrix[i * size + j] -= factor * matrix[k * size + j];
            }
        }
    }

    /** In place. */
    void solve(double[] vector) {
        for (int i = 1; i < size; i++) {
            double sum = vector[i];
            for (int j = 0; j < i; j++) sum -= matrix[i * size + j] * vector[j];
            vector[i] = sum;
        }
        for (int i = size - 1; i >= 0; i--) {
            double sum = vector[i];
            for (int j = i + 1; j < size; j++) sum -= matrix[i * size + j] * vector[j];
            vector[i] = sum / matrix[i * size + i];
        }
    }
}
